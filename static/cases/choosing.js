// A choice among steps. With the mouse it is made by choosing; with the keyboard arrows only walk, Enter
// makes it, and so does leaving the field, unless it has [data-enter].

export function onChoice(root, make) {
  let walks = false;
  let chosen = null;

  function done() {
    const field = chosen;
    chosen = null;
    make(field);
  }

  root.addEventListener("pointerdown", () => (walks = false));
  root.addEventListener("keydown", (event) => {
    if (!event.target.matches("select[data-do]")) return;
    walks = event.key !== "Enter";
    if (walks || !chosen) return;
    event.preventDefault();
    done();
  });
  root.addEventListener("change", (event) => {
    if (!event.target.matches("select[data-do]")) return;
    chosen = event.target;
    if (!walks) done();
  });
  root.addEventListener("focusout", ({ target }) => {
    if (target !== chosen) return;
    if (!("enter" in target.dataset)) return done();
    chosen = null;
    target.selectedIndex = 0;
  });
}
