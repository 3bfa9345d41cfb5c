// Writing a letter: kept and looked at while one types, and taken back within some seconds.

import { post, say, stale } from "./doing.js";

const page = document.querySelector("[data-desk]");
const composer = page.querySelector("[data-composer]");
const place = composer.querySelector("[data-letter]");
const note = composer.querySelector("[data-note]");
const LINT = 700; // milliseconds of rest before the text is looked at
const KEEP = 2000;

const form = () => place.querySelector("[data-letter-form]");

// Opening

page.addEventListener("click", async (event) => {
  const way = event.target.closest("[data-compose]");
  if (!way) return;
  way.closest("details.hb-menu")?.removeAttribute("open");
  const asked = new URLSearchParams({ mode: way.dataset.compose, answers: way.dataset.answers ?? "" });
  try {
    const answer = await fetch(`${composer.dataset.composer}?${asked}`, { signal: AbortSignal.timeout(15000) });
    if (!answer.ok) throw new Error((await answer.json()).detail);
    place.innerHTML = await answer.text();
    begin();
  } catch (error) {
    say(error.message, { refused: true });
  }
});

function begin() {
  const letter = form();
  if (!letter) return;
  letter.first = letter.elements.text.value;
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

// The shell's own script writes the name of a chosen file into the first text field that it finds.
function leaveAlone(letter) {
  letter.querySelector("[data-upload]").hasChangeListener = true;
}

// While one types

let linting = null;
let keeping = null;

place.addEventListener("input", () => {
  clearTimeout(linting);
  clearTimeout(keeping);
  linting = setTimeout(lint, LINT);
  keeping = setTimeout(keep, KEEP);
});

function body(fields = {}) {
  const said = new FormData(form());
  said.delete("file");
  Object.entries(fields).forEach(([name, value]) => said.set(name, value));
  return said;
}

async function lint() {
  const letter = form();
  if (!letter) return;
  try {
    const shown = await post(letter.dataset.lintUrl, body());
    if (letter.isConnected) letter.querySelector("[data-lint]").innerHTML = shown;
  } catch {
    // It is looked at again when it is sent.
  }
}

async function keep() {
  const letter = form();
  if (!letter) return;
  try {
    letter.querySelector("[data-kept]").innerHTML = await post(letter.dataset.keepUrl, body());
  } catch (error) {
    say(error.message, { refused: true });
  }
}

// Templates and files

place.addEventListener("change", async (event) => {
  const letter = form();
  if (event.target.matches("[data-template]") && event.target.value) await fill(letter, event.target);
  if (event.target.matches("[data-upload]")) await upload(letter, event.target);
  if (event.target.matches("[data-attachable-list] input")) keep();
});

async function fill(letter, choice) {
  const { text, subject } = letter.elements;
  const touched = text.value.trim() && text.value !== letter.first;
  if (touched && !confirm(letter.dataset.replace)) return (choice.value = "");
  const asked = new URLSearchParams({ template: choice.value, to: letter.elements.to.value });
  const before = text.value;
  try {
    const answer = await fetch(`${letter.dataset.fillUrl}?${asked}`, {
      headers: { "X-Requested-With": "fetch" },
      signal: AbortSignal.timeout(15000),
    });
    const filled = await answer.json();
    if (!answer.ok) throw new Error(filled.detail);
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
  const files = new FormData();
  [...field.files].forEach((file) => files.append("file", file));
  try {
    const shown = await post(letter.dataset.uploadUrl, files);
    letter.querySelector("[data-files]").insertAdjacentHTML("beforeend", shown);
    keep();
  } catch (error) {
    say(error.message, { refused: true });
  } finally {
    field.value = "";
  }
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
    const answer = await fetch(letter.dataset.attachableUrl, { headers: { "X-Requested-With": "fetch" } });
    list.innerHTML = await answer.text();
  } else if (event.target.closest("[data-discard]")) {
    await post(letter.dataset.discardUrl, new URLSearchParams({ discard: "1" })).catch(() => null);
    place.replaceChildren();
  }
});

// Sending, and taking back

place.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.submitter?.value ?? "");
});

async function send(then, sure = {}) {
  const letter = form();
  const buttons = letter.querySelectorAll("[data-send]");
  buttons.forEach((one) => (one.disabled = true));
  clearTimeout(keeping);
  const rating = letter.elements.invite_rating.checked ? "1" : "0";
  try {
    const sent = await post(letter.action, body({ then, invite_rating: rating, ...sure }));
    place.replaceChildren();
    say(sent.said, {
      seconds: sent.seconds,
      actions: [[letter.dataset.undo, () => takeBack(sent, letter)]],
    });
    stale();
  } catch (error) {
    buttons.forEach((one) => (one.disabled = false));
    const { code } = error.content ?? {};
    if (code === "letter.discourteous" && confirm(letter.dataset.despite)) {
      await send(then, { ...sure, despite: "1" });
    } else if (code === "case.tasks_open" && confirm(page.querySelector("[data-owing]").dataset.owing)) {
      await send(then, { ...sure, close_tasks: "1" });
    } else {
      say(error.message, { refused: true, seconds: 9 });
    }
  }
}

async function takeBack(sent, letter) {
  const said = new FormData();
  said.set("letter", sent.letter);
  try {
    const again = await post(sent.take_back, said);
    place.replaceChildren(letter);
    letter.querySelectorAll("[data-send]").forEach((one) => (one.disabled = false));
    if (again.key) letter.elements.key.value = again.key;
    say(letter.dataset.takenBack);
  } catch (error) {
    say(error.message, { refused: true });
  }
  stale();
}

// Notes

composer.querySelector("[data-note-open]")?.addEventListener("click", () => {
  note.hidden = false;
  note.elements.text.focus();
});
composer.querySelector("[data-note-close]")?.addEventListener("click", () => (note.hidden = true));

const mentions = composer.querySelector("[data-mentions]");
const typing = () => {
  const { value, selectionStart } = note.elements.text;
  return value.slice(0, selectionStart).match(/(?:^|\s)@([\w.+-]*)$/);
};

note?.addEventListener("input", async () => {
  const at = typing();
  mentions.hidden = true;
  if (!at) return;
  const answer = await fetch(`${page.dataset.people}?${new URLSearchParams({ q: at[1] })}`);
  if (!answer.ok || !typing()) return;
  const { people } = await answer.json();
  mentions.replaceChildren(
    ...people.map((one) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${one.full} @${one.name}` });
      button.addEventListener("click", () => complete(one.name));
      item.append(button);
      return item;
    }),
  );
  mentions.hidden = !people.length;
});

function complete(name) {
  const text = note.elements.text;
  const begin = text.selectionStart - typing()[1].length;
  text.setRangeText(`${name} `, begin, text.selectionStart, "end");
  mentions.hidden = true;
  text.focus();
}

note?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) note.requestSubmit();
  if (event.key === "ArrowDown" && !mentions.hidden) {
    event.preventDefault();
    mentions.querySelector("button").focus();
  }
});
place.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form().querySelector("[data-send]").click();
});

if (form()) {
  form().first = "";
  leaveAlone(form());
  lint();
}
