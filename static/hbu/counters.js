// The counters in the menu of every staff page: how much waits for a person.

import { line } from "./line.js";

const SOONEST = 1000; // milliseconds from an event to the question: what belongs to it comes as well
const BETWEEN = 5000; // a burst of events asks no more often
const ONCE_IN_A_WHILE = 120000;
const UNCOUNTED = new Set(["notification", "kpi_update", "agent", "alert"]);

const address = document.querySelector("[data-counters]").dataset.counters;
let timer = null;
let askedAt = 0;

function want() {
  if (line.state === "out" || document.hidden) return;
  timer ??= setTimeout(ask, Math.max(SOONEST, askedAt + BETWEEN - Date.now()));
}

async function ask() {
  [timer, askedAt] = [null, Date.now()];
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(15000) });
    if (answer.ok && !answer.redirected) show(await answer.json());
  } catch {
    // The next turn asks again.
  }
}

function show(counts) {
  for (const place of document.querySelectorAll("[data-waiting]")) {
    const count = counts[place.dataset.waiting] ?? 0;
    place.textContent = count || "";
    place.hidden = !count;
  }
}

line.addEventListener("heard", ({ detail: events }) => {
  if (events.some((event) => !UNCOUNTED.has(event.type))) want();
});
line.addEventListener("anew", want);
document.addEventListener("visibilitychange", () => Date.now() - askedAt > BETWEEN && want());
setInterval(want, ONCE_IN_A_WHILE);
