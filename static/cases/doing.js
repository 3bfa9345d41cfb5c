// Doing things with a case without leaving its page: by POST, and what is refused is told.

const page = document.querySelector("[data-desk]");
const toast = page.querySelector("[data-toast]");
const REFUSALS = { 403: "forbidden", 404: "gone", 413: "large" };
let fading = null;

export const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export function stale() {
  page.dispatchEvent(new CustomEvent("hb:stale"));
}

// Says something for a while; `seconds` 0 stays. `actions` are [words, what to do] pairs.
export function say(words, { refused = false, seconds = 5, actions = [] } = {}) {
  clearTimeout(fading);
  toast.replaceChildren(document.createTextNode(words));
  for (const [label, act] of actions) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
    button.addEventListener("click", act);
    toast.append(button);
  }
  toast.classList.toggle("hb-refused", refused);
  toast.hidden = !words;
  if (seconds) fading = setTimeout(() => (toast.hidden = true), seconds * 1000);
}

// What goes wrong is thrown in the reader's words; with `status` where the house answered at all.
async function ask(address, { patience = 30000, ...options }) {
  let answer;
  try {
    answer = await fetch(address, { signal: AbortSignal.timeout(patience), ...options });
  } catch {
    throw new Error(toast.dataset.down);
  }
  // Only the login page redirects.
  if (answer.redirected) throw new Error(toast.dataset.out);
  const kind = answer.headers.get("content-type") ?? "";
  const content = kind.includes("json") ? await answer.json() : await answer.text();
  if (answer.ok) return content;
  const words = content?.detail ?? content?.title ?? toast.dataset[REFUSALS[answer.status] ?? "broken"];
  throw Object.assign(new Error(words), { content, status: answer.status });
}

export const read = (address) => ask(address, { headers: { "HX-Request": "true" } });

export function post(address, body, options = {}) {
  const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch" };
  return ask(address, { method: "POST", body, headers, ...options });
}

// Takes a letter back that has not left; the composer does it.
export const undo = (letter) => page.dispatchEvent(new CustomEvent("hb:undo", { detail: letter }));

export async function act(verb, fields = {}) {
  const body = new FormData();
  body.set("do", verb);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  try {
    const done = await post(page.dataset.desk, body);
    const { said, url } = done;
    if (done.letter) say(said, { seconds: done.seconds, actions: [[done.undo, () => undo(done)]] });
    else if (said) say(said);
    if (url && new URL(url, location.href).pathname !== location.pathname) location.assign(url);
    stale();
    return true;
  } catch (error) {
    say(error.message, { refused: true });
    stale();
    return false;
  }
}
