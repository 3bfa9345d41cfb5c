// What makes the shop smoother. Without any of it every page works.

document.documentElement.classList.add("has-script");

// The order of the list is part of the filters' form, which htmx sends when something in it changes.
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-sort]")) target.form.requestSubmit();
});

// A second click while the first is on its way does nothing.
document.addEventListener("submit", (event) => {
  const { target } = event;
  if (!target.matches("[data-once]")) return;
  if (target.dataset.sent) return void event.preventDefault();
  target.dataset.sent = "1";
  setTimeout(() => delete target.dataset.sent, 1500);
});

// Steps of a pack: − and +.
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step]");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  if (button.dataset.step === "up") field.stepUp();
  else field.stepDown();
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
