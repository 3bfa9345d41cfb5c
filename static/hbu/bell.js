// The bell of every staff page. The line only says that something is new; the page fetches what it
// may show. While the line is down the bell asks by itself.

import { line } from "./line.js";

const SOONEST = 1000; // milliseconds between two fetches
const WITHOUT_LINE = 30000;
const WITH_LINE = 120000;
const KEPT = "hb-bell-unread";

const bell = document.querySelector("[data-bell]");
const button = bell.querySelector("[data-bell-button]");
const badge = bell.querySelector("[data-bell-count]");
const panel = bell.querySelector("[data-bell-panel]");
const said = bell.querySelector("[data-bell-said]");

// Fetching

let newest = null;
let timer = null;
let busy = false;
let again = false;
let lastAt = 0;

function want() {
  if (line.state === "out" || document.hidden) return;
  if (busy) again = true;
  else timer ??= setTimeout(refresh, Math.max(0, lastAt + SOONEST - Date.now()));
}

async function refresh() {
  [timer, busy, lastAt] = [null, true, Date.now()];
  try {
    const answer = await fetch(bell.dataset.bell, { signal: AbortSignal.timeout(15000) });
    // Only the login page redirects.
    if (answer.redirected) line.is("out");
    else if (answer.ok) show(await answer.text());
  } catch {
    // The next turn asks again.
  } finally {
    busy = false;
    if (again) {
      again = false;
      want();
    }
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  if (!fresh) return;
  const focused = panel.contains(document.activeElement) && document.activeElement.dataset.notice;
  panel.replaceChildren(fresh);
  if (focused) panel.querySelector(`[data-notice="${focused}"]`)?.focus();
  count(Number(fresh.dataset.bellUnread));
  announce(fresh, Number(fresh.dataset.bellNewest));
}

function count(unread) {
  badge.hidden = !unread;
  badge.textContent = unread > 99 ? "99+" : String(unread);
  button.setAttribute("aria-label", unread ? `${button.title}: ${unread}` : button.title);
  sessionStorage.setItem(KEPT, String(unread));
}

function announce(fresh, number) {
  const first = fresh.querySelector(".hb-notice-unread .hb-notice-title");
  if (newest !== null && number > newest && first) {
    said.textContent = `${said.dataset.words}: ${first.textContent.trim()}`;
    bell.classList.remove("hb-bell-rings");
    requestAnimationFrame(() => bell.classList.add("hb-bell-rings"));
  }
  newest = number;
}

// The panel

function toggle(open) {
  panel.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  if (open) want();
}

button.setAttribute("role", "button");
toggle(false);
count(Number(sessionStorage.getItem(KEPT)) || 0);

button.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  toggle(panel.hidden);
});
button.addEventListener("keydown", (event) => {
  if (event.key === " ") {
    event.preventDefault();
    toggle(panel.hidden);
  }
});
document.addEventListener("click", (event) => {
  // What was clicked may have been replaced meanwhile.
  if (!panel.hidden && event.target.isConnected && !bell.contains(event.target)) toggle(false);
});
bell.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) {
    toggle(false);
    button.focus();
  }
});
panel.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "fetch" },
  }).catch(() => null);
  button.focus();
  want();
  // The other windows shall not wait for the line to say it.
  windows.postMessage("look");
});

// The line

const windows = new BroadcastChannel("hb-bell");
windows.addEventListener("message", want);
line.addEventListener("heard", ({ detail: events }) => {
  if (events.some((event) => event.type === "notification")) want();
});
line.addEventListener("anew", want);
document.addEventListener("visibilitychange", want);
want();
setInterval(() => {
  if (line.state !== "on" || Date.now() - lastAt >= WITH_LINE) want();
}, WITHOUT_LINE);
