// Notes among colleagues, and the names that one may mention in them.

import { read } from "./doing.js";

const page = document.querySelector("[data-desk]");
const note = page.querySelector("[data-note]");
const text = note.elements.text;
const mentions = note.querySelector("[data-mentions]");

page.querySelector("[data-note-open]").addEventListener("click", () => {
  note.hidden = false;
  text.focus();
});
note.querySelector("[data-note-close]").addEventListener("click", () => (note.hidden = true));

// Nobody keeps a note but this page.
addEventListener("beforeunload", (event) => text.value.trim() && event.preventDefault());

const typing = () => text.value.slice(0, text.selectionStart).match(/(?:^|\s)@([\w.+-]*)$/);

note.addEventListener("input", async () => {
  const at = typing();
  mentions.hidden = true;
  if (!at) return;
  const { people } = await read(`${page.dataset.people}?${new URLSearchParams({ q: at[1] })}`).catch(() => ({ people: [] }));
  if (typing()?.[1] !== at[1]) return;
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
  const begin = text.selectionStart - typing()[1].length;
  text.setRangeText(`${name} `, begin, text.selectionStart, "end");
  mentions.hidden = true;
  text.focus();
}

note.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) note.requestSubmit();
  if (event.key === "ArrowDown" && !mentions.hidden) {
    event.preventDefault();
    mentions.querySelector("button").focus();
  }
});
