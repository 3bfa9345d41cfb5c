// Keeps the start page true. An event only says what to fetch anew; whatever was missed while the
// line was down is fetched when it is back, and everything once in a while.

const SOONEST = 1000; // milliseconds between two fetches, however many events there are
const AFTER_FAILURE = 5000;
const EVERYTHING = 30000;
const PING = 20000;
const LONGEST_PAUSE = 30000;
const SIGNED_OUT = 4401;

const page = document.querySelector("[data-live]");
const connection = document.querySelector("[data-connection]");
const box = document.querySelector("[data-dialog-box]");

const parts = () => [...page.querySelectorAll("[data-part]")];
const show = (state) => connection.setAttribute("data-connection", state);

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
    replace(await read(`${page.dataset.live}?${new URLSearchParams(names.map((n) => ["part", n]))}`));
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
    show("out");
    throw new Error("signed out");
  }
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

function replace(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old) continue;
    greet(part, old);
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(part);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

function greet(part, old) {
  const known = new Set([...old.querySelectorAll("[data-mail]")].map((row) => row.dataset.mail));
  for (const row of part.querySelectorAll("[data-mail]")) {
    row.classList.toggle("hb-fresh", !known.has(row.dataset.mail));
  }
}

// The line

let socket = null;
let attempts = 0;
let answered = true;

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  socket = new WebSocket(`${scheme}://${location.host}/live`);
  socket.addEventListener("open", opened);
  socket.addEventListener("message", heard);
  socket.addEventListener("close", closed);
}

function opened() {
  [attempts, answered] = [0, true];
  show("on");
  wantAll();
}

function heard(message) {
  answered = true;
  const { events = [] } = JSON.parse(message.data);
  wantFor(new Set(events.map((event) => event.type)));
}

function closed(event) {
  if (event.code === SIGNED_OUT) {
    show("out");
    return;
  }
  show("off");
  const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** attempts++);
  // Pages that lost the same server do not come back in the same instant.
  setTimeout(connect, pause * (0.5 + Math.random() / 2));
}

function ping() {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (!answered) {
    socket.close();
    return;
  }
  answered = false;
  socket.send("ping");
}

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
  const link = event.target.closest("a[data-dialog]");
  const another = event.ctrlKey || event.metaKey || event.shiftKey || event.button;
  if (link && !another) {
    event.preventDefault();
    open(link);
  }
});
box.addEventListener("click", (event) => event.target === box && box.close());
document.addEventListener("visibilitychange", () => document.hidden || wantAll());

connect();
setInterval(ping, PING);
setInterval(wantAll, EVERYTHING);
