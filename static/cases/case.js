// The page of a case: its buttons, its attachments, and who else has it open.

import { line } from "../hbu/line.js";
import { onChoice } from "./choosing.js";
import { act, post, read, say, token } from "./doing.js";

const page = document.querySelector("[data-desk]");
const look = page.querySelector("[data-look]");
const EVERY = 10000; // milliseconds between two words of "I am here"

// Buttons, choices and small forms

page.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button) {
    event.preventDefault();
    button.closest("details.hb-menu")?.removeAttribute("open");
    press(button);
    return;
  }
  const rename = event.target.closest("[data-rename]");
  if (rename) {
    const title = prompt(rename.dataset.ask, rename.dataset.rename);
    if (title) act("title", { value: title });
    return;
  }
  const file = event.target.closest("a[data-look-at]");
  if (file && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(file.href);
  }
});

async function press(button) {
  const { do: verb, value = "", ask, sure } = button.dataset;
  if (sure && !confirm(sure)) return;
  const said = ask ? prompt(ask, "") : value;
  if (said === null || (ask && !said && !("mayBeEmpty" in button.dataset))) return;
  if (verb === "status" && (said === "resolved" || said === "closed")) await finish(said);
  else await act(verb, { value: said });
}

// What is still owed is done with the case, if the person says so.
async function finish(status) {
  const open = page.querySelectorAll(".hb-tasks li:not(.hb-done) button").length;
  if (!open) return act("status", { value: status });
  const sure = page.querySelector("[data-owing]").dataset.owing;
  if (confirm(sure)) await act("status", { value: status, close_tasks: "1" });
}

onChoice(page, async (field) => {
  await act(field.dataset.do, { value: field.value });
  // A macro can be run again.
  if ("enter" in field.dataset) field.selectedIndex = 0;
});

page.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-form]");
  if (!form) return;
  event.preventDefault();
  // Pressed twice it is done once.
  if (form.ariaBusy) return;
  form.ariaBusy = "true";
  if (await act(form.dataset.form, Object.fromEntries(new FormData(form)))) {
    form.reset();
    form.closest("details")?.removeAttribute("open");
  }
  form.ariaBusy = null;
});

// A menu closes when somebody clicks beside it.
document.addEventListener("click", (event) => {
  for (const menu of page.querySelectorAll("details.hb-menu[open]")) {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  }
});

// Attachments, and mails as they came

async function show(address) {
  try {
    look.querySelector("[data-look-body]").innerHTML = await read(address);
    look.showModal();
    look.scrollTop = 0;
  } catch (error) {
    say(error.message, { refused: true });
  }
}
look.addEventListener("click", (event) => event.target === look && look.close());

page.addEventListener(
  "toggle",
  async (event) => {
    const original = event.target;
    const body = original.querySelector?.(":scope > div");
    if (!original.open || !original.dataset?.original || body.childElementCount) return;
    try {
      body.innerHTML = await read(original.dataset.original);
    } catch (error) {
      say(error.message, { refused: true });
    }
  },
  true,
);

// Who else has it open

let typed = 0;
let told = 0; // when the house last heard that somebody types here
page.addEventListener("input", (event) => {
  if (!event.target.matches("textarea")) return;
  typed = Date.now();
  if (typed - told > EVERY) here();
});

async function here() {
  if (document.hidden) return;
  const body = new URLSearchParams({ here: "1" });
  if (typed > told) {
    body.set("typing", "1");
    told = Date.now();
  }
  try {
    page.querySelector("[data-others]").innerHTML = await post(page.dataset.here, body);
  } catch {
    // The line is down; the lamp says so.
  }
}
here();
setInterval(here, EVERY);
line.addEventListener("heard", ({ detail }) => {
  const mine = ({ type, id }) => type === "presence" && String(id) === page.dataset.case;
  if (detail.some(mine)) here();
});
addEventListener("pagehide", () => {
  const body = new URLSearchParams({ gone: "1" });
  fetch(page.dataset.here, {
    method: "POST",
    body,
    keepalive: true,
    headers: { "X-CSRFToken": token() },
  });
});
