// Ties the two sides of a document's page together: what is pointed at on one side is shown on the
// other. Only fields that were changed are sent.

const bench = document.querySelector("[data-bench]");
if (bench) {
  const desk = bench.querySelector("[data-desk]");
  const form = bench.querySelector("[data-corrections]");
  const side = form.parentElement;

  const twins = (path) => bench.querySelectorAll(`[data-mark="${CSS.escape(path)}"]`);
  const markOn = (path) => desk.querySelector(`[data-mark="${CSS.escape(path)}"]`);

  function light(path) {
    bench.querySelectorAll(".hb-on").forEach((one) => one.classList.remove("hb-on"));
    if (path) twins(path).forEach((one) => one.classList.add("hb-on"));
  }

  // A field without a place of its own is shown where its party or its line stands.
  function placed(element) {
    const path = element?.closest("[data-mark]")?.dataset.mark ?? "";
    return markOn(path) || !path.includes(".") ? path : path.split(".")[0];
  }

  function show(path) {
    const mark = path && markOn(path);
    if (!mark) return;
    const [outer, inner] = [desk.getBoundingClientRect(), mark.getBoundingClientRect()];
    const above = inner.top < outer.top + 24;
    const below = inner.bottom > outer.bottom - 24;
    if (above || below) desk.scrollTop += inner.top - outer.top - outer.height / 3;
    const hidden = inner.left < outer.left || inner.right > outer.right;
    if (hidden) desk.scrollLeft += inner.left - outer.left - 24;
  }

  side.addEventListener("pointerover", (event) => light(placed(event.target)));
  side.addEventListener("pointerleave", () => light(placed(document.activeElement)));
  side.addEventListener("focusin", (event) => {
    light(placed(event.target));
    show(placed(event.target));
  });
  desk.addEventListener("pointerover", (event) => {
    light(event.target.closest("[data-mark]")?.dataset.mark ?? "");
  });
  desk.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-mark]");
    if (!mark) return;
    event.preventDefault();
    const twin = side.querySelector(`[data-mark="${CSS.escape(mark.dataset.mark)}"]`);
    twin?.querySelector("input:not([type=checkbox]), select")?.focus({ preventScroll: true });
    twin?.scrollIntoView({ block: "center", behavior: "smooth" });
    light(mark.dataset.mark);
  });

  // The tools

  let zoom = 1;
  bench.querySelectorAll("[data-zoom]").forEach((button) =>
    button.addEventListener("click", () => {
      zoom = Math.min(3, Math.max(1, zoom + Number(button.dataset.zoom) * 0.5));
      desk.style.setProperty("--zoom", zoom);
    }),
  );
  bench.querySelector("[data-marks]").addEventListener("click", (event) => {
    const hidden = desk.classList.toggle("hb-unmarked");
    event.currentTarget.setAttribute("aria-pressed", String(!hidden));
  });

  // Saving

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
