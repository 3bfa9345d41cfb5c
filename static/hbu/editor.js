/* What is put together from words in place of a textarea with JSON. The textarea stays the field of
   the form: it is read when the page opens and written with every change; nothing is written before
   one. Conditions and actions are such editors. */
window.hbEditor = (() => {
  "use strict";

  const make = (tag, properties = {}, ...children) => {
    const { dataset, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.dataset, dataset || {});
    element.append(...children.filter((one) => one !== null));
    return element;
  };

  /* One says what its text means (`read`, which throws where it means nothing, into `this.root`),
     how that is written (`json`) and how it looks (`drawn`). */
  class Editor {
    constructor(area, known) {
      this.area = area;
      this.known = known;
      const { words } = known;
      this.tree = make("div", { className: "hb-cond-tree" });
      this.problem = make("p", { className: "hb-cond-problem", hidden: true, textContent: words.unreadable });
      this.toggle = this.button(words.asText, () => {
        this.shown = area.hidden;
        this.load();
      });
      this.toggle.className = "hb-cond-link";
      // Leaving the text would read it and move the button away from under the pointer.
      this.toggle.addEventListener("mousedown", (event) => event.preventDefault());
      const keys = make("span", { className: "hb-cond-hint", textContent: words.keys });
      const foot = make("div", { className: "hb-cond-foot" }, this.toggle, keys);
      this.box = make("div", { className: "hb-cond" }, this.tree, this.problem, foot);
      area.before(this.box);
      area.addEventListener("change", () => this.load());
    }

    load() {
      try {
        this.root = this.read(this.area.value.trim());
      } catch {
        this.root = null;
      }
      this.problem.hidden = this.root !== null;
      this.showText(this.root === null || this.shown === true);
      this.draw();
    }

    showText(shown) {
      this.shown = shown;
      this.area.hidden = !shown;
      this.area.classList.toggle("hb-cond-hidden", !shown);
      this.toggle.textContent = shown ? this.known.words.asWords : this.known.words.asText;
    }

    draw() {
      this.tree.replaceChildren(...(this.root === null ? [] : this.drawn()));
    }

    /* After a change: the JSON first, then the page. `focus` names what the keyboard stands on. */
    changed(focus, redraw = true) {
      this.area.value = JSON.stringify(this.json(), null, 2);
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
      if (redraw) this.draw();
      if (focus !== undefined) this.tree.querySelector(`[data-at="${focus}"]`)?.focus();
    }

    button(label, act) {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", act);
      return button;
    }

    adding(label, act) {
      const button = this.button(`+ ${label}`, act);
      button.className = "hb-cond-add";
      return button;
    }

    /* Signs, each with what it does: [sign, label, act]. */
    tools(...signs) {
      return make("span", { className: "hb-cond-tools" }, ...signs.map(([sign, label, act]) => {
        const button = this.button(sign, act);
        button.title = label;
        button.setAttribute("aria-label", label);
        return button;
      }));
    }

    /* With Alt the arrow keys do to a row what its signs do. */
    keys(row, acts) {
      row.addEventListener("keydown", (event) => {
        if (!event.altKey || !acts[event.key]) return;
        event.preventDefault();
        acts[event.key]();
      });
    }

    select(pairs, value, label) {
      const select = make("select", {}, ...pairs.map(([code, text]) => make("option", { value: code, textContent: text })));
      if (!pairs.some(([code]) => code === String(value ?? ""))) {
        select.prepend(make("option", { value: value ?? "", textContent: value || "–" }));
      }
      select.value = value ?? "";
      select.setAttribute("aria-label", label);
      return select;
    }
  }

  const begin = (selector, kind) => {
    const all = () => document.querySelectorAll(selector).forEach((area) => new kind(area).load());
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
    else all();
  };

  return { make, Editor, begin };
})();
