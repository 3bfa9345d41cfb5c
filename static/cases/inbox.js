// Down and up the list by keyboard, and one thing for many cases at once.

import { onChoice } from "./choosing.js";

const form = document.querySelector("[data-many]");
const bar = document.querySelector("[data-bar]");
const rows = () => [...form.querySelectorAll("[data-row]")];
const boxes = () => [...form.querySelectorAll("[name=case]")];
const chosen = new Set();

// Moving

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "x") {
    const box = document.activeElement.closest("[data-row]")?.querySelector("[name=case]");
    box?.click();
  }
});

// Choosing; what was chosen stays chosen when the list is fetched anew

function count() {
  chosen.clear();
  boxes().forEach((box) => box.checked && chosen.add(box.value));
  if (!bar) return;
  bar.hidden = !chosen.size;
  bar.querySelector("[data-count]").textContent = chosen.size;
}

form.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) {
    boxes().forEach((box) => (box.checked = event.target.checked));
  }
  if (event.target.matches("[type=checkbox]")) count();
});
form.closest("[data-live]").addEventListener("hb:replaced", () => {
  boxes().forEach((box) => (box.checked = chosen.has(box.value)));
  count();
});

// Doing

function send(verb, value) {
  form.elements.do.value = verb;
  form.elements.value.value = value;
  form.submit();
}

onChoice(form, ({ dataset, value }) => value && send(dataset.do, value));

bar?.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button) return;
  const first = boxes().find((box) => box.checked)?.getAttribute("aria-label") ?? "";
  const value = button.dataset.ask
    ? prompt(button.dataset.ask, "first" in button.dataset ? first : "")
    : button.dataset.value;
  if (value) send(button.dataset.do, value);
});
count();
