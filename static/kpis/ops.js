// The log page goes along with the log: every two seconds it asks for what was written since.

const EVERY = 2000;
const MOST = 500; // lines that a page keeps

const list = document.querySelector("[data-log]");
const lamp = document.querySelector("[data-connection]");
const pause = document.querySelector("[data-pause]");
const news = document.querySelector("[data-new]");

let end = list.dataset.end;
let waiting = "";
let paused = false;
let asking = false;

const reads = () => list.getBoundingClientRect().top < 0;
const typed = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
};

function show() {
  const fresh = typed(waiting);
  for (const line of fresh.children) line.classList.add("hb-fresh-line");
  list.prepend(fresh);
  while (list.children.length > MOST) list.lastElementChild.remove();
  waiting = "";
  news.hidden = true;
}

function take(html) {
  waiting = html + waiting;
  // Whoever reads further down is not pushed away from it.
  if (!reads()) return show();
  news.querySelector("[data-count]").textContent = typed(waiting).children.length;
  news.hidden = false;
}

async function look() {
  // What two questions at a time bring would stand there twice.
  if (paused || asking || document.hidden) return;
  asking = true;
  const address = new URL(list.dataset.log, location.href);
  address.searchParams.set("after", end);
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(10000) });
    if (answer.redirected || !answer.ok) throw new Error(answer.statusText);
    end = answer.headers.get("X-Log-End") ?? end;
    if (answer.status !== 204) take(await answer.text());
    lamp.dataset.connection = "on";
  } catch {
    lamp.dataset.connection = "out";
  } finally {
    asking = false;
  }
}

pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", paused);
  lamp.dataset.connection = paused ? "off" : "on";
  if (!paused) look();
});
news.addEventListener("click", () => {
  show();
  list.scrollIntoView({ block: "nearest" });
  window.scrollTo({ top: 0 });
});
document.addEventListener("visibilitychange", look);

async function goAlong() {
  await look();
  setTimeout(goAlong, EVERY);
}
setTimeout(goAlong, EVERY);
