// Narrowing the start page without leaving it: the address says what is shown, so that a reload and
// each live refresh show the same.

const page = document.querySelector("[data-live]");
const form = page.querySelector("[data-filters]");
const live = page.dataset.live.split("?")[0];

function show(query) {
  const said = [...query].filter(([, value]) => value);
  const address = new URLSearchParams(said).toString();
  history.replaceState(null, "", address ? `?${address}` : location.pathname);
  page.dataset.live = address ? `${live}?${address}` : live;
  goOn();
  // What was asked for comes at once, though somebody reads in the older one.
  page.querySelector("[data-part=feed] [data-fresh]")?.remove();
  page.dispatchEvent(new CustomEvent("hb:stale"));
}

function goOn() {
  for (const part of page.querySelectorAll("[data-paused]")) pause(part, false);
}

function pause(part, wanted) {
  part.toggleAttribute("data-paused", wanted);
  part.querySelector("[data-pause]").setAttribute("aria-pressed", String(wanted));
}

page.addEventListener("hb:replaced", ({ detail: part }) => {
  if (part.hasAttribute("data-paused")) pause(part, true);
});

form?.addEventListener("change", () => {
  const query = new URLSearchParams(location.search);
  for (const select of form.querySelectorAll("select")) query.set(select.name, select.value);
  query.delete("rows");
  show(query);
});

page.addEventListener("click", (event) => {
  const another = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
  const link = event.target.closest("a[data-narrow]");
  if (link && !another) {
    event.preventDefault();
    const query = new URL(link.href).searchParams;
    for (const select of form?.querySelectorAll("select") ?? []) select.value = query.get(select.name) ?? "";
    show(query);
  }
  const button = event.target.closest("[data-pause]");
  if (button) {
    const part = button.closest("[data-part]");
    pause(part, !part.hasAttribute("data-paused"));
    if (!part.hasAttribute("data-paused")) page.dispatchEvent(new CustomEvent("hb:stale"));
  }
});
