// The box in the header: "/" goes there, arrows choose, Enter opens, Escape leaves.

const form = document.querySelector("[data-search]");
const box = form?.querySelector("input");
const found = form?.querySelector("[role=listbox]");
const hits = () => [...found.querySelectorAll("[role=option]")];
let chosen = -1;

const show = (open) => {
  found.hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  if (!open) choose(-1);
};

const choose = (index) => {
  chosen = index;
  hits().forEach((hit, at) => hit.setAttribute("aria-selected", String(at === index)));
  const hit = hits()[index];
  if (hit) {
    box.setAttribute("aria-activedescendant", hit.id);
    hit.scrollIntoView({ block: "nearest" });
  } else box.removeAttribute("aria-activedescendant");
};

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

if (form) {
  found.addEventListener("htmx:afterSwap", () => {
    show(document.activeElement === box && box.value.trim() !== "");
    choose(-1);
  });
  box.addEventListener("focus", () => show(found.childElementCount > 0 && box.value.trim() !== ""));
  box.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (moves && !found.hidden) {
      event.preventDefault();
      const count = hits().length + 1;
      choose(((chosen + 1 + moves + count) % count) - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      hits()[chosen].click();
    } else if (event.key === "Escape") {
      show(false);
      box.blur();
    }
  });
  form.addEventListener("submit", (event) => box.value.trim() === "" && event.preventDefault());
  document.addEventListener("click", (event) => form.contains(event.target) || show(false));
  form.addEventListener("focusout", (event) => event.relatedTarget && !form.contains(event.relatedTarget) && show(false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    // A page with a box of its own, such as the inbox or a list of the admin, keeps the key.
    if ([...document.querySelectorAll('[data-key="/"], #searchbar')].some((one) => one.offsetParent)) return;
    event.preventDefault();
    const there = [box, document.getElementById("hb-finds-words")].find((one) => one?.offsetParent);
    there?.focus();
    there?.select();
  });
}
