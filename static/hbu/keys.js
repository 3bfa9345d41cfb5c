// Keys for hands that stay on the keyboard: an element with data-key is clicked by that key.

const help = document.querySelector("[data-keys]");

const isTyping = (target) => target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") && event.key !== "Escape") return;
  const key = CSS.escape(event.key);
  const target = [...document.querySelectorAll(`[data-key="${key}"]`)].find((one) => one.offsetParent);
  if (!target || target.disabled) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

document.querySelector("[data-help]")?.addEventListener("click", () => {
  const list = help.querySelector("[data-keys-list]");
  list.querySelectorAll("[data-of-page]").forEach((one) => one.remove());
  for (const one of document.querySelectorAll("[data-key]")) {
    if (!one.offsetParent || one.matches("[data-help]")) continue;
    const row = document.createElement("div");
    row.dataset.ofPage = "";
    row.append(document.createElement("dt"), document.createElement("dd"));
    row.firstChild.append(Object.assign(document.createElement("kbd"), { textContent: one.dataset.key }));
    row.lastChild.textContent = one.getAttribute("aria-label") || one.title || one.textContent.trim();
    list.append(row);
  }
  help.showModal();
});
help?.addEventListener("click", (event) => event.target === help && help.close());
