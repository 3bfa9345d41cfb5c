// The orders board: cards are taken on by button, by drag and by keyboard, always through the server,
// which decides; what it refuses is told in its words.

const page = document.querySelector("[data-live]");
const menu = page.querySelector("[data-menu]");
const ask = page.querySelector("[data-ask]");
const toast = page.querySelector("[data-toast]");
const part = () => page.querySelector("[data-part=board]");
const columns = () => [...page.querySelectorAll("[data-column]")];
const cardOf = (element) => element?.closest?.("[data-card]");
const linkOf = (card) => card?.querySelector("a");
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

let fading = null;
function say(words, refused = false) {
  clearTimeout(fading);
  toast.textContent = words;
  toast.classList.toggle("hb-refused", refused);
  toast.hidden = false;
  fading = setTimeout(() => (toast.hidden = true), refused ? 9000 : 4000);
}

// Taking a step

function reasonFor(words) {
  ask.querySelector("[data-ask-what]").textContent = words;
  const field = ask.querySelector("textarea");
  field.value = "";
  ask.returnValue = "";
  ask.showModal();
  field.focus();
  return new Promise((done) => {
    ask.addEventListener("close", () => done(ask.returnValue === "yes" ? field.value : ""), { once: true });
  });
}

async function take(card, name) {
  const entry = menu.querySelector(`[data-step="${CSS.escape(name)}"]`);
  if (!entry || !card.dataset.steps.split(" ").includes(name)) return;
  const body = new URLSearchParams({ step: name, seen: card.dataset.seen });
  if ("asks" in entry.dataset) {
    const reason = await reasonFor(`${entry.textContent}: ${linkOf(card).querySelector("strong").textContent}`);
    if (!reason) return;
    body.set("reason", reason);
  }
  card.classList.add("hb-held-card");
  try {
    const answer = await fetch(card.dataset.do, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
      signal: AbortSignal.timeout(30000),
    });
    const isJSON = (answer.headers.get("content-type") ?? "").includes("json");
    const content = isJSON ? await answer.json() : {};
    say(answer.ok ? content.said : content.detail || answer.statusText, !answer.ok);
  } catch (error) {
    say(error.message, true);
  } finally {
    card.classList.remove("hb-held-card");
    page.dispatchEvent(new CustomEvent("hb:stale"));
  }
}

// The menu of a card

let chosen = null;
function openMenu(card) {
  chosen = card;
  const steps = card.dataset.steps.split(" ");
  for (const entry of menu.querySelectorAll("[data-step]")) entry.hidden = !steps.includes(entry.dataset.step);
  menu.querySelector("[data-open]").href = linkOf(card).href;
  const query = new URLSearchParams(location.search);
  query.set("customer", card.dataset.customer ?? "");
  Object.assign(menu.querySelector("[data-only]"), { href: `?${query}`, hidden: !card.dataset.customer });
  menu.showPopover();
  const at = (card.querySelector("[data-more]") ?? linkOf(card)).getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8));
  const below = at.bottom + menu.offsetHeight + 8 < innerHeight;
  menu.style.left = `${left}px`;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - menu.offsetHeight - 4)}px`;
  entries()[0]?.focus();
}

const entries = () => [...menu.children].filter((one) => !one.hidden);

menu.addEventListener("click", (event) => {
  const name = event.target.closest("[data-step]")?.dataset.step;
  if (!name) return;
  menu.hidePopover();
  take(chosen, name);
});
menu.addEventListener("keydown", (event) => {
  const all = entries();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    all.at((all.indexOf(document.activeElement) + step) % all.length)?.focus();
  } else if (event.key === "Escape") {
    menu.hidePopover();
    linkOf(chosen)?.focus();
  }
  event.stopPropagation();
});

page.addEventListener("click", (event) => {
  const card = cardOf(event.target);
  if (!card) return;
  if (event.target.closest("[data-more]")) openMenu(card);
  const step = event.target.closest("[data-step]")?.dataset.step;
  if (step) take(card, step);
});
page.addEventListener("contextmenu", (event) => {
  // The key of the menu alone; the mouse keeps the browser's own.
  const card = cardOf(event.target);
  if (!card || event.button === 2) return;
  event.preventDefault();
  openMenu(card);
});

// The keyboard

function move(card, down, right) {
  const column = card.closest("[data-column]");
  const cards = [...column.querySelectorAll("[data-card]")];
  const at = cards.indexOf(card);
  if (down) return cards[at + down];
  const filled = columns().filter((one) => one === column || one.querySelector("[data-card]"));
  const beside = filled[filled.indexOf(column) + right];
  const others = beside ? [...beside.querySelectorAll("[data-card]")] : [];
  return others[Math.min(at, others.length - 1)];
}

const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

page.addEventListener("keydown", (event) => {
  const card = cardOf(event.target);
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in MOVES) {
    const link = linkOf(move(card, ...MOVES[event.key]));
    event.preventDefault();
    link?.focus();
    link?.scrollIntoView({ block: "nearest", inline: "nearest" });
  } else if (event.key === "m") {
    event.preventDefault();
    openMenu(card);
  } else if (event.key === "n") {
    card.querySelector(".hb-card-next")?.click();
  }
});

// Dragging. Meanwhile nothing is replaced under the hand: a part that has a place to say what is new
// waits while it is paused (hbu/live.js).

let dragged = null;
const waits = Object.assign(document.createElement("button"), { hidden: true });
waits.dataset.fresh = "";
const stepInto = (card, column) =>
  card.dataset.into
    .split(" ")
    .map((one) => one.split(":"))
    .find(([code]) => code === column.dataset.column)?.[1];

page.addEventListener("dragstart", (event) => {
  dragged = cardOf(event.target);
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", linkOf(dragged).href);
  part().append(waits);
  part().dataset.paused = "";
  page.classList.add("hb-dragging");
  columns().forEach((one) => one.classList.toggle("hb-may", Boolean(stepInto(dragged, one))));
});
page.addEventListener("dragover", (event) => {
  const column = event.target.closest?.("[data-column]");
  columns().forEach((one) => one.classList.toggle("hb-over", one === column && one.matches(".hb-may")));
  if (dragged && column?.matches(".hb-may")) event.preventDefault();
});
page.addEventListener("drop", (event) => {
  const column = event.target.closest("[data-column]");
  const step = dragged && column && stepInto(dragged, column);
  if (!step) return;
  event.preventDefault();
  take(dragged, step);
});
page.addEventListener("dragend", () => {
  dragged = null;
  waits.remove();
  delete part().dataset.paused;
  page.classList.remove("hb-dragging");
  columns().forEach((one) => one.classList.remove("hb-may", "hb-over"));
});

// On a phone one column is shown at a time; which one is remembered while the tab lives.

function showColumn() {
  const select = part().querySelector("[data-switch]");
  const kept = sessionStorage.getItem("board-column");
  const filled = columns().find((one) => one.querySelector("[data-card]"));
  select.value = kept ?? filled?.dataset.column ?? select.options[0].value;
  part().dataset.switched = "";
  columns().forEach((one) => one.toggleAttribute("data-shown", one.dataset.column === select.value));
}

page.addEventListener("change", (event) => {
  if (!event.target.matches("[data-switch]")) return;
  sessionStorage.setItem("board-column", event.target.value);
  showColumn();
});

// What is fetched anew stands where the old one was scrolled to.
let across = 0;
const down = new Map();
page.addEventListener("scroll", (event) => {
  const column = event.target.closest?.("[data-column]");
  if (column) down.set(column.dataset.column, event.target.scrollTop);
  else if (event.target.matches?.("[data-board]")) across = event.target.scrollLeft;
}, true);
page.addEventListener("hb:replaced", () => {
  showColumn();
  part().querySelector("[data-board]").scrollLeft = across;
  columns().forEach((one) => (one.querySelector("ol").scrollTop = down.get(one.dataset.column) ?? 0));
});
showColumn();
