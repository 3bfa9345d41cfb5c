// Doing things with a case without leaving its page: by POST, and what is refused is told.

const page = document.querySelector("[data-desk]");
const toast = page.querySelector("[data-toast]");
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

export async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    body,
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
    signal: AbortSignal.timeout(30000),
  });
  const kind = answer.headers.get("content-type") ?? "";
  const content = kind.includes("json") ? await answer.json() : await answer.text();
  if (!answer.ok) {
    const detail = content?.detail ?? content?.title;
    throw Object.assign(new Error(detail || answer.statusText), { content, status: answer.status });
  }
  return content;
}

async function takeBack({ letter, take_back }) {
  try {
    const { said } = await post(take_back, new URLSearchParams({ letter }));
    say(said);
    location.reload(); // the letter is a draft again, and the composer opens with it
  } catch (error) {
    say(error.message, { refused: true });
  }
}

export async function act(verb, fields = {}) {
  const body = new FormData();
  body.set("do", verb);
  Object.entries(fields).forEach(([name, value]) => body.set(name, value));
  try {
    const done = await post(page.dataset.desk, body);
    const { said, url } = done;
    if (done.letter) say(said, { seconds: done.seconds, actions: [[done.undo, () => takeBack(done)]] });
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
