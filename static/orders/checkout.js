// The fields of another address are there when another address is wanted. Without a script they
// always are.
const form = document.querySelector("[data-delivery]");

function show() {
  const other = form.querySelector("[data-other]");
  other.hidden = form.elements.where.value !== "other";
}

if (form) {
  form.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}
