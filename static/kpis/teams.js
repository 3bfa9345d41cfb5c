// Giving a case to a colleague: dragged by mouse or finger, or chosen from a list by keyboard.

import { post, say, stale } from "../cases/doing.js";

const page = document.querySelector("[data-desk]");
const dialog = document.querySelector("[data-giving]");
const list = dialog.querySelector("[data-giving-list]");
const options = [...list.querySelectorAll("[role=option]")];
const FAR = 6; // pixels: less is a click
const EDGE = 60; // so near to the edge of the window the page scrolls along

async function give(number, was, { to, department }) {
  try {
    const { said } = await post(page.dataset.desk, new URLSearchParams({ case: number, was, to, department }));
    say(said);
  } catch (error) {
    say(error.message, { refused: true, seconds: 10 });
  }
  stale();
}

// Dragging

let drag = null;
let dropped = false;

function laneAt(x, y) {
  return document.elementFromPoint(x, y)?.closest("[data-lane]") ?? null;
}

page.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  const card = event.target.closest("[data-case]");
  // A finger on a card scrolls the page; it drags by the handle alone.
  if (!card || event.button || (event.pointerType === "touch" && !handle)) return;
  if (event.target.closest("button:not([data-handle])")) return;
  drag = { card, x: event.clientX, y: event.clientY, id: event.pointerId, ghost: null, lane: null };
});

document.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
    lift();
  }
  event.preventDefault();
  drag.ghost.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
  drag.lane?.classList.remove("hb-lane-over");
  drag.lane = laneAt(event.clientX, event.clientY);
  drag.lane?.classList.add("hb-lane-over");
  if (event.clientY < EDGE) window.scrollBy(0, -12);
  else if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 12);
});

function lift() {
  const ghost = drag.card.cloneNode(true);
  ghost.removeAttribute("data-case");
  ghost.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
  ghost.classList.add("hb-ghost");
  ghost.style.width = `${drag.card.offsetWidth}px`;
  page.append(ghost);
  drag.ghost = ghost;
  drag.card.classList.add("hb-lifted");
  document.documentElement.classList.add("hb-dragging");
}

function drop(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const { card, ghost } = drag;
  const lane = ghost && event.type === "pointerup" ? laneAt(event.clientX, event.clientY) : null;
  drag.lane?.classList.remove("hb-lane-over");
  drag = null;
  if (!ghost) return;
  ghost.remove();
  card.classList.remove("hb-lifted");
  document.documentElement.classList.remove("hb-dragging");
  dropped = true;
  setTimeout(() => (dropped = false));
  if (lane && lane !== card.closest("[data-lane]")) give(card.dataset.case, card.dataset.was, lane.dataset);
}

document.addEventListener("pointerup", drop);
// The click that follows a drop was the end of it.
document.addEventListener(
  "click",
  (event) => {
    if (!dropped) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("pointercancel", drop);
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-case]") && event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drag) return;
  drop({ type: "pointercancel", pointerId: drag.id });
});

// Choosing

let giving = null;
let typed = "";
let typing = null;

function point(option) {
  options.forEach((one) => one.setAttribute("aria-selected", one === option));
  list.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

const pointed = () => options.find((one) => one.getAttribute("aria-selected") === "true") ?? options[0];

function openFor(card) {
  giving = card;
  dialog.querySelector("[data-giving-case]").textContent = card.dataset.case;
  const { was } = card.dataset;
  const home = card.closest("[data-lane]")?.dataset.department;
  const theirs = (one) => (one.dataset.to || "0") === was && one.dataset.department === home;
  point(options.find(theirs) ?? options.find((one) => one.dataset.department === home) ?? options[0]);
  dialog.showModal();
  list.focus();
}

function choose(option) {
  const { case: number, was } = giving.dataset;
  dialog.close();
  document.getElementById(`handle-${number}`)?.focus();
  give(number, was, option.dataset);
}

// Someone is found by the first letters of the name.
function find(letter) {
  clearTimeout(typing);
  typed += letter.toLowerCase();
  typing = setTimeout(() => (typed = ""), 800);
  const from = options.indexOf(pointed()) + (typed.length === 1 ? 1 : 0);
  const around = [...options.slice(from), ...options.slice(0, from)];
  const found = around.find((one) => one.textContent.trim().toLowerCase().startsWith(typed));
  if (found) point(found);
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

list.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = options.indexOf(pointed());
  if (event.key in STEPS) point(options[Math.max(0, Math.min(options.length - 1, at + STEPS[event.key]))]);
  else if (event.key === "Enter" || (event.key === " " && !typed)) choose(options[at]);
  else if (event.key.length === 1) find(event.key);
  else return;
  event.preventDefault();
});
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(option);
});
page.addEventListener("click", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (handle) openFor(handle.closest("[data-case]"));
});
dialog.querySelector("[data-giving-no]").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
