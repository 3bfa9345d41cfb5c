// Writing a letter: kept and looked at while one types, and taken back within some seconds.

import { post, read, say, stale, undo } from "./doing.js";

const page = document.querySelector("[data-desk]");
const composer = page.querySelector("[data-composer]");
const place = composer.querySelector("[data-letter]");
const LINT = 700; // milliseconds of rest before the text is looked at
const KEEP = 2000;
const KEEP_AGAIN = 15000; // after the line was down
const UPLOAD = 300000;

const form = () => place.querySelector("[data-letter-form]");
const chips = (letter) => [...letter.querySelector("[data-files]").children];

// Opening

page.addEventListener("click", async (event) => {
  const way = event.target.closest("[data-compose]");
  if (!way) return;
  way.closest("details.hb-menu")?.removeAttribute("open");
  const asked = new URLSearchParams({ mode: way.dataset.compose, answers: way.dataset.answers ?? "" });
  try {
    const shown = await read(`${composer.dataset.composer}?${asked}`);
    const before = form();
    place.innerHTML = shown;
    begin();
    if (before) carry(before, form());
  } catch (error) {
    say(error.message, { refused: true });
  }
});

function begin() {
  const letter = form();
  if (!letter) return;
  letter.first = letter.elements.text.value;
  letter.brought = chips(letter);
  leaveAlone(letter);
  letter.scrollIntoView({ block: "nearest", behavior: "smooth" });
  const text = letter.elements.text;
  if (!letter.elements.to.value) letter.elements.to.focus();
  else {
    text.focus({ preventScroll: true });
    // Below the salutation, where the room is.
    const room = text.value.indexOf("\n\n") + 2;
    text.setSelectionRange(room, room);
  }
  lint();
}

function isTouched(letter) {
  const { value } = letter.elements.text;
  return Boolean(value.trim()) && value !== letter.first;
}

// What was written so far goes along, whomever it is for now.
function carry(before, letter) {
  const attached = chips(before).filter((one) => !before.brought.includes(one));
  if (!isTouched(before) && !attached.length) return;
  if (isTouched(before)) letter.elements.text.value = before.elements.text.value;
  letter.querySelector("[data-files]").append(...attached);
  letter.querySelector("[data-attachable-list]").replaceWith(before.querySelector("[data-attachable-list]"));
  lint();
  keep();
}

// The shell's own script writes the name of a chosen file into the first text field that it finds.
function leaveAlone(letter) {
  letter.querySelector("[data-upload]").hasChangeListener = true;
}

// While one types

let linting = null;
let lints = 0;
let keeping = null;
let kept = Promise.resolve(); // the house's last answer about the draft

place.addEventListener("input", () => {
  clearTimeout(linting);
  linting = setTimeout(lint, LINT);
  keepIn(KEEP);
});

function keepIn(milliseconds) {
  clearTimeout(keeping);
  keeping = setTimeout(keep, milliseconds);
}

function body(fields = {}) {
  const said = new FormData(form());
  said.delete("file");
  Object.entries(fields).forEach(([name, value]) => said.set(name, value));
  return said;
}

async function lint() {
  const letter = form();
  const mine = ++lints;
  if (!letter) return;
  try {
    const shown = await post(letter.dataset.lintUrl, body());
    if (mine === lints) letter.querySelector("[data-lint]").innerHTML = shown;
  } catch {
    // It is looked at again when it is sent.
  }
}

function keep(options) {
  clearTimeout(keeping);
  keeping = null;
  const letter = form();
  if (letter && !letter.inert) kept = tell(letter, options);
  return kept;
}

async function tell(letter, options) {
  const line = letter.querySelector("[data-kept]");
  try {
    line.innerHTML = await post(letter.dataset.keepUrl, body(), options);
    letter.unkept = false;
  } catch (error) {
    line.replaceChildren(Object.assign(document.createElement("b"), { className: "hb-bad", textContent: error.message }));
    letter.unkept = true;
    if (!error.status && letter === form()) keepIn(KEEP_AGAIN);
  }
}

// Whoever leaves in the middle of a word finds it again.
const flush = () => keeping && keep({ keepalive: true });
addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => document.hidden && flush());
addEventListener("beforeunload", (event) => form()?.unkept && event.preventDefault());

// Templates and files

place.addEventListener("change", async (event) => {
  const letter = form();
  if (event.target.matches("[data-template]") && event.target.value) await fill(letter, event.target);
  if (event.target.matches("[data-upload]")) await upload(letter, event.target);
  if (event.target.matches("[data-attachable-list] input")) keep();
});

async function fill(letter, choice) {
  const { text, subject } = letter.elements;
  if (isTouched(letter) && !confirm(letter.dataset.replace)) return (choice.value = "");
  const asked = new URLSearchParams({ template: choice.value, to: letter.elements.to.value });
  const before = text.value;
  try {
    const filled = await read(`${letter.dataset.fillUrl}?${asked}`);
    // What was typed meanwhile is worth more than a template.
    if (text.value !== before) return;
    text.value = letter.first = filled.text;
    text.lang = letter.elements.language.value = filled.language;
    letter.elements.template.value = filled.template;
    if (!subject.value) subject.value = filled.subject;
    lint();
    keep();
  } catch (error) {
    say(error.message, { refused: true });
  }
}

async function upload(letter, field) {
  const chosen = [...field.files];
  const list = letter.querySelector("[data-files]");
  field.value = "";
  if (chosen.reduce((sum, file) => sum + file.size, 0) > Number(letter.dataset.most)) {
    return say(letter.dataset.large, { refused: true, seconds: 9 });
  }
  const files = new FormData();
  chosen.forEach((file) => files.append("file", file));
  const coming = Object.assign(document.createElement("li"), { className: "hb-chip", ariaBusy: "true" });
  coming.textContent = `${chosen.map((file) => file.name).join(", ")} …`;
  list.append(coming);
  try {
    const shown = await post(letter.dataset.uploadUrl, files, { patience: UPLOAD });
    list.insertAdjacentHTML("beforeend", shown);
  } catch (error) {
    say(error.message, { refused: true, seconds: 9 });
  }
  coming.remove();
  keep();
}

place.addEventListener("click", async (event) => {
  const letter = form();
  if (event.target.closest("[data-take-off]")) {
    event.target.closest("li").remove();
    keep();
  } else if (event.target.closest("[data-attachable]")) {
    const list = letter.querySelector("[data-attachable-list]");
    list.hidden = !list.hidden;
    if (list.hidden || list.childElementCount) return;
    list.innerHTML = await read(letter.dataset.attachableUrl).catch((error) => say(error.message, { refused: true }) ?? "");
  } else if (event.target.closest("[data-discard]")) {
    await discard(letter);
  }
});

async function discard(letter) {
  if (isTouched(letter) && !confirm(letter.dataset.discardSure)) return;
  clearTimeout(keeping);
  keeping = null;
  await kept;
  try {
    await post(letter.dataset.discardUrl, new URLSearchParams({ discard: "1" }));
    place.replaceChildren();
  } catch (error) {
    say(error.message, { refused: true });
  }
}

// Sending, and taking back

place.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.submitter?.value ?? "");
});

async function send(then, sure = {}) {
  const letter = form();
  if (letter.querySelector("[data-files] [aria-busy]")) return say(letter.dataset.uploading, { refused: true });
  // A draft that is kept after its letter would be there again tomorrow.
  letter.inert = true;
  clearTimeout(keeping);
  keeping = null;
  await kept;
  const rating = letter.elements.invite_rating.checked ? "1" : "0";
  try {
    const sent = await post(letter.action, body({ then, invite_rating: rating, ...sure }));
    letter.unkept = false;
    place.replaceChildren();
    say(sent.said, {
      seconds: sent.seconds,
      actions: [[letter.dataset.undo, () => undo({ ...sent, form: letter })]],
    });
    stale();
  } catch (error) {
    letter.inert = false;
    await refused(letter, error, then, sure);
  }
}

async function refused(letter, error, then, sure) {
  const { code } = error.content ?? {};
  if (code === "letter.discourteous" && confirm(letter.dataset.despite)) {
    await send(then, { ...sure, despite: "1" });
  } else if (code === "case.tasks_open" && confirm(page.querySelector("[data-owing]").dataset.owing)) {
    await send(then, { ...sure, close_tasks: "1" });
  } else {
    say(error.message, { refused: true, seconds: 9 });
    letter.elements.text.focus({ preventScroll: true });
    await keep();
    // The draft is where the case is now.
    if (code === "case.merged" && !letter.unkept) location.reload();
  }
}

page.addEventListener("hb:undo", async ({ detail: { letter, take_back: address, form: sent } }) => {
  try {
    await (keeping ? keep() : kept);
    const again = await post(address, new URLSearchParams({ letter }));
    if (!sent) return location.reload(); // the composer opens with the draft
    const other = form();
    place.replaceChildren(sent);
    sent.inert = false;
    sent.elements.key.value = again.key;
    if (other && isTouched(other)) sent.elements.text.value = again.text;
    say(sent.dataset.takenBack);
  } catch (error) {
    say(error.message, { refused: true });
  }
  stale();
});

page.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-undo-letter]");
  if (button) undo({ letter: button.dataset.undoLetter, take_back: button.dataset.address });
});

place.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form().querySelector("[data-send]").click();
});

if (form()) {
  Object.assign(form(), { first: "", brought: [] });
  leaveAlone(form());
  lint();
}
