// Only fields of a document that were changed are sent.

const form = document.querySelector("[data-corrections]");
if (form) {
  const save = form.querySelector("[data-save]");
  const fields = [...form.elements].filter((one) => one.name && one.type !== "hidden");
  const value = (one) => (one.type === "checkbox" ? String(one.checked) : one.value);
  const before = new Map(fields.map((one) => [one, value(one)]));
  // What came back with an error differs from what was read, although nobody touched it since.
  const typed = new Set(form.dataset.typed.split(" "));
  const changed = (one) => typed.has(one.name) || value(one) !== before.get(one);
  let sending = false;

  function look() {
    const any = fields.some(changed);
    fields.forEach((one) => one.classList.toggle("hb-dirty", changed(one)));
    save.classList.toggle("hb-ready", any);
    save.querySelector("button").disabled = !any;
  }

  if (save) {
    form.addEventListener("input", look);
    form.addEventListener("submit", () => {
      sending = true;
      fields.forEach((one) => (one.disabled = !changed(one)));
    });
    window.addEventListener("beforeunload", (event) => {
      if (!sending && fields.some(changed)) event.preventDefault();
    });
    // Back from the next page, the browser shows this one as it was left.
    window.addEventListener("pageshow", () => {
      sending = false;
      fields.forEach((one) => (one.disabled = false));
      look();
    });
  }
}
