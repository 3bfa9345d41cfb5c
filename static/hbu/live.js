// Keeps the parts of a page true. An event only says what to fetch anew; what was missed while the line
// was down is fetched when it is back, and everything once in a while.
//
// <div data-live="address of the parts">
//   <section data-part="feed" data-events="new_email case">      fetched anew after these events
//     <button data-fresh hidden><b data-fresh-count></b> new</button>
//     <a data-mail="12">                                         a row, known by its number
//
// A part with [data-fresh] waits while somebody reads in it, and while it has [data-paused]; the button
// says how many rows there would be more, and brings them in.

import { line } from "./line.js";

const SOONEST = 1000; // milliseconds between two fetches, however many events there are
const AFTER_FAILURE = 5000;
const EVERYTHING = 30000;
const BLINK = 4000; // a line that is back so soon was not missed
const NEW_FOR = 30000;
const ROW = "[data-mail]";

const page = document.querySelector("[data-live]");
const connection = document.querySelector("[data-connection]");
const box = document.querySelector("[data-dialog-box]");

const parts = () => [...page.querySelectorAll("[data-part]")];
const find = (name) => page.querySelector(`[data-part="${CSS.escape(name)}"]`);

// Fetching

const wanted = new Set();
let timer = null;
let busy = false;
let notBefore = 0;

function want(names) {
  names.forEach((name) => wanted.add(name));
  if (timer || busy || !wanted.size || document.hidden) return;
  timer = setTimeout(fetchWanted, Math.max(0, notBefore - Date.now()));
}

const wantAll = () => want(parts().map((part) => part.dataset.part));

function wantFor(types) {
  const touched = parts().filter((part) =>
    part.dataset.events.split(" ").some((type) => types.has(type)),
  );
  want(touched.map((part) => part.dataset.part));
}

async function fetchWanted() {
  const names = [...wanted];
  wanted.clear();
  [timer, busy, notBefore] = [null, true, Date.now() + SOONEST];
  try {
    const address = new URL(page.dataset.live, location.href);
    names.forEach((name) => address.searchParams.append("part", name));
    replace(await read(address));
  } catch {
    names.forEach((name) => wanted.add(name));
    notBefore = Date.now() + AFTER_FAILURE;
  } finally {
    busy = false;
    want([]);
  }
}

async function read(address) {
  const answer = await fetch(address, {
    headers: { "HX-Request": "true" },
    signal: AbortSignal.timeout(15000),
  });
  if (answer.redirected) {
    // Only the login page redirects: whoever looked at this page may not any more.
    line.is("out");
    throw new Error("signed out");
  }
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

// Replacing

// What the server last said of each part; a token that differs each time says nothing new.
const plain = (part) => part.outerHTML.replace(/name="csrfmiddlewaretoken" value="\w*"/g, "");
const said = new Map(parts().map((part) => [part.dataset.part, plain(part)]));
const held = new Map(); // parts that came while somebody reads the older one

function replace(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const name = part.dataset.part;
    const old = find(name);
    if (!old || said.get(name) === plain(part)) continue;
    if (isBusy(old)) {
      setTimeout(want, AFTER_FAILURE, [name]);
      continue;
    }
    said.set(name, plain(part));
    if (isHeld(old)) hold(old, part);
    else steadily(() => put(old, part), old);
  }
  away = false;
}

function put(old, part) {
  held.delete(part.dataset.part);
  old.removeAttribute("aria-busy");
  if ("paused" in old.dataset) part.dataset.paused = old.dataset.paused;
  greet(part, old);
  keepOpen(part, old);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  old.replaceWith(part);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  page.dispatchEvent(new CustomEvent("hb:replaced", { detail: part }));
}

// Nobody's words disappear while they are typed.
function isBusy(part) {
  const typed = document.activeElement;
  if (part.contains(typed) && typed.matches("input:not([type=checkbox]), textarea") && typed.value) return true;
  const begun = part.querySelectorAll("[data-form] input, [data-form] textarea");
  return [...begun].some((one) => one.value !== one.defaultValue);
}

function keepOpen(part, old) {
  for (const one of old.querySelectorAll("details[open][id]")) {
    part.querySelector(`#${CSS.escape(one.id)}`)?.setAttribute("open", "");
  }
}

// What stood before somebody's eyes stays where it was, whatever grows above it.
function steadily(change, old) {
  const rows = [...page.querySelectorAll(`${ROW}, [data-part]`)];
  const seen = rows.find((row) => row.getBoundingClientRect().top >= 0 && !row.contains(old));
  const [selector, top] = seen ? [named(seen), seen.getBoundingClientRect().top] : [];
  const inner = [old, ...old.children].map((one) => one.scrollTop);
  change();
  const part = find(old.dataset.part);
  [part, ...part.children].forEach((one, n) => inner[n] && (one.scrollTop = inner[n]));
  const now = scrollY && selector && page.querySelector(selector);
  if (now) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
}

function named(element) {
  const { part, mail } = element.dataset;
  return part ? `[data-part="${CSS.escape(part)}"]` : `[data-mail="${CSS.escape(mail)}"]`;
}

// New rows

const newUntil = new Map();
let away = false; // whether nobody could see what came last

const keys = (part) => [...part.querySelectorAll(ROW)].map((row) => row.dataset.mail);

function greet(part, old) {
  const known = new Set(keys(old));
  const missed = away || "held" in old.dataset;
  const now = Date.now();
  for (const row of part.querySelectorAll(ROW)) {
    const key = `${part.dataset.part} ${row.dataset.mail}`;
    const isNew = !known.has(row.dataset.mail);
    row.classList.toggle("hb-fresh", isNew);
    if (isNew && missed) newUntil.set(key, now + NEW_FOR);
    row.toggleAttribute("data-new", newUntil.get(key) > now);
  }
  for (const [key, until] of newUntil) if (until <= now) newUntil.delete(key);
}

// Reading

function isHeld(part) {
  return part.querySelector("[data-fresh]") && ("paused" in part.dataset || isRead(part));
}

function isRead(part) {
  const { top, bottom } = part.getBoundingClientRect();
  const scrolled = [part, ...part.children].some((one) => one.scrollTop > 0);
  const chosen = getSelection();
  const selects = !chosen.isCollapsed && part.contains(chosen.anchorNode);
  return scrolled || selects || (scrollY > 0 && top < -40 && bottom > 0);
}

function hold(old, part) {
  held.set(part.dataset.part, part);
  const known = new Set(keys(old));
  const fresh = keys(part);
  const count = fresh.filter((key) => !known.has(key)).length;
  const button = old.querySelector("[data-fresh]");
  const place = button.querySelector("[data-fresh-count]") ?? button;
  place.textContent = count === fresh.length && known.size ? `${count}+` : String(count);
  button.hidden = !count;
  old.toggleAttribute("data-held", count > 0);
}

function bringIn(old) {
  const part = held.get(old.dataset.part);
  if (part) put(old, part);
}

function look() {
  for (const name of held.keys()) {
    const old = find(name);
    if (old && !isHeld(old)) steadily(() => bringIn(old), old);
  }
}

let looking = null;
const lookSoon = () => (looking ??= setTimeout(() => ((looking = null), look()), 250));
for (const type of ["scroll", "selectionchange"]) {
  document.addEventListener(type, lookSoon, { capture: true, passive: true });
}
new MutationObserver(lookSoon).observe(page, { subtree: true, attributeFilter: ["data-paused"] });

page.addEventListener("click", (event) => {
  const part = event.target.closest("[data-fresh]")?.closest("[data-part]");
  if (!part) return;
  bringIn(part);
  const now = find(part.dataset.part);
  [now, ...now.children].forEach((one) => (one.scrollTop = 0));
  if (now.getBoundingClientRect().top < 0) now.scrollIntoView({ block: "start" });
});

// The line

const lost = document.querySelector("[data-lost]");
let telling = null;

function tellState() {
  connection?.setAttribute("data-connection", line.state);
  clearTimeout(telling);
  if (line.state === "on") tellLost();
  else telling = setTimeout(tellLost, line.state === "out" ? 0 : BLINK);
}

function tellLost() {
  if (!lost) return;
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  lost.dataset.lost = line.state;
  lost.hidden = line.state === "on";
  lost.querySelector("time").textContent = line.since.toLocaleTimeString(document.documentElement.lang, time);
}

document.body.append(...(lost ? [lost] : []));
tellState();
line.addEventListener("state", () => {
  if (line.state !== "on") away = true;
  tellState();
});
line.addEventListener("heard", ({ detail }) => wantFor(new Set(detail.map((event) => event.type))));
line.addEventListener("anew", wantAll);
line.addEventListener("changed", () => {
  // The menu and the parts are those of other rights; words that are being typed are kept.
  if (![...document.querySelectorAll("textarea")].some((one) => one.value)) location.reload();
});
// What a person did on the page shows at once, not only when its event comes back.
page.addEventListener("hb:stale", wantAll);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) away = true;
  else wantAll();
});
setInterval(wantAll, EVERYTHING);

// The dialog

async function open(link) {
  const body = box.querySelector("[data-dialog-body]");
  try {
    body.innerHTML = await read(link.href);
    if (!box.open) box.showModal();
    box.scrollTop = 0;
  } catch {
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const link = box && event.target.closest("a[data-dialog]");
  const another = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
  if (link && !another) {
    event.preventDefault();
    open(link);
  }
});
box?.addEventListener("click", (event) => event.target === box && box.close());
