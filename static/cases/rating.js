// One click is enough. A star that came with the link is sent as soon as a person is there: programs
// that follow the links of mails open the page, too, and neither move a pointer nor touch a key.

const form = document.querySelector("[data-rating]");
const SIGNS = ["pointermove", "pointerdown", "touchstart", "keydown", "wheel"];
let sent = false;

function send() {
  if (sent) return;
  sent = true;
  form.requestSubmit();
}

if (form) {
  form.addEventListener("click", (event) => {
    // Arrow keys change a radio with a click of their own; they choose, they do not send.
    if (event.target.matches("input[type=radio]") && event.detail > 0) send();
  });
  form.querySelectorAll("label").forEach((label) => label.addEventListener("click", () => setTimeout(send)));
  if ("chosen" in form.dataset) {
    SIGNS.forEach((sign) => addEventListener(sign, (event) => event.isTrusted && later(), { once: true, passive: true }));
  }
}

// Whoever came with one star and moves at once to another one gets the chance.
function later() {
  setTimeout(() => !form.matches(":hover") && send(), 700);
}
