// A button asks before it does: by POST, in one dialog of the page.

const dialog = document.querySelector("[data-asking]");
const form = dialog.querySelector("form");
const find = (name) => dialog.querySelector(`[data-asking-${name}]`);

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-ask]");
  if (!button) return;
  const { ask, name, question, field = "", value = "1" } = button.dataset;
  form.action = ask;
  find("title").textContent = `${button.textContent.trim()}: ${name}`;
  find("question").textContent = question;
  find("do").textContent = button.textContent.trim();
  find("field").name = field;
  find("field").value = value;
  dialog.showModal();
});
find("no").addEventListener("click", () => dialog.close());
dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
