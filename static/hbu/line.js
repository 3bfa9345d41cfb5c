// The one line to the house, for all windows of a browser: a server allows a person few. A window that
// somebody looks at holds it and passes on what it hears. Events that come twice are heard once.
//
// line.addEventListener("heard", ({ detail: events }) => ...)   what happened
//                       "anew"     read everything anew: the line is new, or too much was missed
//                       "state"    line.state is another: "off", "on", "out" (signed out)
//                       "changed"  the person may do other things than before

const PING = 20000;
const SILENCE = 2.5 * PING; // who holds the line and says nothing for so long has lost it
const LONGEST_PAUSE = 12000;
const HIDDEN_FOR = 60000; // after so long a window that nobody looks at lets the line go
const SIGNED_OUT = 4401;
const CHANGED = 4403;
const REMEMBERED = 3000;
const NAME = "hb-line";

class Line extends EventTarget {
  state = "off";
  since = new Date(); // of this state

  is(state) {
    if (state === this.state) return;
    [this.state, this.since] = [state, new Date()];
    this.say("state");
  }

  say(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

export const line = new Line();

// What is heard, by whoever holds the line

const known = new Set();
let last = null;

function take({ events = [], at, reload }) {
  const news = events.filter((event) => !known.has(event.event));
  for (const { event } of news) if (event) known.add(event);
  for (const old of known) {
    if (known.size <= REMEMBERED) break;
    known.delete(old);
  }
  last = Math.max(last ?? 0, at ?? 0, ...news.map((event) => event.event ?? 0));
  if (news.length) line.say("heard", news);
  if (reload || at !== undefined) line.say("anew");
}

// The other windows; plain HTTP knows no locks, and every window has a line of its own there

const windows = navigator.locks ? new BroadcastChannel(NAME) : null;
let heardAt = Date.now();

function pass(message) {
  heardAt = Date.now();
  windows?.postMessage(message);
}

function become(state) {
  line.is(state);
  pass({ state });
}

windows?.addEventListener("message", ({ data }) => {
  if (data.asks) {
    if (socket) windows.postMessage({ state: line.state, at: last });
    return;
  }
  heardAt = Date.now();
  if (data.at) last = Math.max(last ?? 0, data.at);
  if (data.changed) line.say("changed");
  if (data.frame) take(data.frame);
  if (data.state && data.state !== line.state) {
    line.is(data.state);
    if (data.state === "on") line.say("anew");
  }
});

// Holding it

let release = null; // lets the line go
let turn = 0; // counts the requests; only the newest one counts

function compete() {
  if (windows) {
    if (!turn) request({});
  } else if (!socket) connect();
}

async function request(options) {
  const mine = ++turn;
  try {
    await navigator.locks.request(NAME, options, () => (mine === turn ? hold() : null));
  } catch {
    // Another window took it.
  }
  if (mine !== turn) return;
  turn = 0;
  letGo();
  if (!document.hidden && line.state !== "out") compete();
}

function hold() {
  if (document.hidden) return null;
  return new Promise((resolve) => {
    release = resolve;
    connect();
  });
}

function letGo() {
  clearTimeout(again);
  release?.();
  release = null;
  const old = socket;
  socket = null;
  old?.close();
}

// The socket

let socket = null;
let attempts = 0;
let answered = true;
let again = null;

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const since = last === null ? "" : `?since=${last}`;
  const mine = new WebSocket(`${scheme}://${location.host}/live${since}`);
  socket = mine;
  mine.addEventListener("message", (message) => mine === socket && heard(JSON.parse(message.data)));
  mine.addEventListener("close", (event) => mine === socket && closed(event.code));
}

function heard(frame) {
  answered = true;
  if (frame.pong) {
    pass({ state: line.state });
    return;
  }
  if (frame.at !== undefined || frame.reload) {
    attempts = 0;
    become("on");
  }
  pass({ frame });
  take(frame);
}

function closed(code) {
  if (code === SIGNED_OUT) {
    become("out");
    letGo();
    return;
  }
  become("off");
  if (code === CHANGED) {
    pass({ changed: true });
    line.say("changed");
  }
  const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** attempts++);
  // Pages that lost the same server do not come back in the same instant.
  again = setTimeout(connect, pause * (0.5 + Math.random() / 2));
}

function ping() {
  if (socket?.readyState === WebSocket.OPEN) {
    if (!answered) {
      socket.close();
      return;
    }
    answered = false;
    socket.send("ping");
  } else if (!socket && !document.hidden && Date.now() - heardAt > SILENCE) {
    // Whoever holds it sleeps.
    if (windows && line.state !== "out") request({ steal: true });
  }
}

let leaving = null;
document.addEventListener("visibilitychange", () => {
  clearTimeout(leaving);
  if (document.hidden) {
    leaving = setTimeout(letGo, HIDDEN_FOR);
  } else {
    heardAt = Date.now();
    compete();
  }
});
addEventListener("online", () => {
  if (socket?.readyState !== WebSocket.CLOSED) return;
  clearTimeout(again);
  connect();
});

windows?.postMessage({ asks: true });
if (!document.hidden) compete();
setInterval(ping, PING);
