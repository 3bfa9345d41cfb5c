// Ties the two sides of a document's page together: what is pointed at on one side is shown on the
// other.

const bench = document.querySelector("[data-bench]");
if (bench) {
  const desk = bench.querySelector("[data-desk]");
  const side = bench.querySelector("[data-side]");

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
    twin?.querySelector("input:not([type=checkbox], [type=hidden]), select, button")?.focus({ preventScroll: true });
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
}
