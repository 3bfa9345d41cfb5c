/* Actions of rules and macros are put together from words. The textarea with the JSON stays the field
   of the form: it is read when the page opens and written with every change. */
(() => {
  "use strict";

  const make = (tag, properties = {}, ...children) => {
    const { dataset, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.dataset, dataset || {});
    element.append(...children.filter((one) => one !== null));
    return element;
  };

  class Editor {
    constructor(area) {
      this.area = area;
      this.known = JSON.parse(area.dataset.hbActions);
      const { words } = this.known;
      this.list = make("div", { className: "hb-cond-tree" });
      this.problem = make("p", { className: "hb-cond-problem", hidden: true, textContent: words.unreadable });
      this.toggle = this.button(words.asText, () => this.showText(area.hidden));
      this.toggle.className = "hb-cond-link";
      const keys = make("span", { className: "hb-cond-hint", textContent: words.keys });
      area.before(make("div", { className: "hb-cond" }, this.list, this.problem,
        make("div", { className: "hb-cond-foot" }, this.toggle, keys)));
      area.addEventListener("change", () => this.load());
      this.load();
    }

    button(label, act) {
      const button = make("button", { type: "button", textContent: label });
      button.addEventListener("click", act);
      return button;
    }

    load() {
      try {
        const given = JSON.parse(this.area.value.trim() || "[]");
        if (!Array.isArray(given) || given.some((one) => !this.known.kinds[one?.kind])) throw new Error("no actions");
        this.actions = given;
      } catch {
        this.actions = null;
      }
      this.problem.hidden = this.actions !== null;
      this.showText(this.actions === null || this.shown === true);
      this.draw();
    }

    showText(shown) {
      this.shown = shown;
      this.area.hidden = !shown;
      this.area.classList.toggle("hb-cond-hidden", !shown);
      this.toggle.textContent = shown ? this.known.words.asWords : this.known.words.asText;
      if (!shown && this.actions === null) this.load();
    }

    changed(focus, redraw = true) {
      this.area.value = JSON.stringify(this.actions, null, 2);
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
      if (redraw) this.draw();
      if (focus !== undefined) this.list.querySelector(`[data-at="${focus}"]`)?.focus();
    }

    draw() {
      this.list.replaceChildren();
      if (this.actions === null) return;
      const { words } = this.known;
      if (!this.actions.length) this.list.append(make("p", { className: "hb-cond-hint", textContent: words.noActions }));
      this.list.append(...this.actions.map((action, place) => this.row(action, place)));
      const add = this.button(`+ ${words.addAction}`, () => {
        this.actions.push({ kind: Object.keys(this.known.kinds)[0] });
        this.changed(this.actions.length - 1);
      });
      add.className = "hb-cond-add";
      this.list.append(make("div", { className: "hb-cond-more" }, add));
    }

    row(action, place) {
      const { words, kinds } = this.known;
      const names = Object.entries(kinds).map(([kind, one]) => [kind, one.label]);
      const kind = this.select(names, action.kind, words.what);
      kind.dataset.at = place;
      kind.addEventListener("change", () => {
        this.actions[place] = { kind: kind.value };
        this.changed(place);
      });
      const fields = kinds[action.kind].fields
        .filter((field) => field.name !== "person" || !("whom" in action) || action.whom === "person")
        .map((field) => this.field(action, field));
      const row = make("div", { className: "hb-act hb-cond-leaf" },
        make("b", { textContent: `${place + 1}.` }),
        make("div", { className: "hb-cond-fields" }, kind, ...fields), this.tools(place));
      row.addEventListener("keydown", (event) => {
        const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!event.altKey || !by) return;
        event.preventDefault();
        this.move(place, by);
      });
      return row;
    }

    field(action, field) {
      const set = (value, redraw = false) => {
        if (value === "" || (Array.isArray(value) && !value.length)) delete action[field.name];
        else action[field.name] = value;
        this.changed(undefined, redraw);
      };
      const input = this.input(action, field, set);
      input.required = false;
      const wide = ["text", "long", "words", "url"].includes(field.sort) ? " hb-cond-field-wide" : "";
      return make("label", { className: `hb-cond-field${wide}` }, field.needed ? `${field.label} *` : field.label, input);
    }

    input(action, field, set) {
      const value = action[field.name];
      if (field.sort === "choice") {
        const select = this.select([["", this.known.words.choose], ...field.values], value ?? "", field.label);
        select.addEventListener("change", () => set(select.value, field.name === "whom"));
        return select;
      }
      if (field.sort === "long") {
        const area = make("textarea", { value: value ?? "", rows: 2, maxLength: field.most });
        area.addEventListener("input", () => set(area.value));
        return area;
      }
      const number = field.sort === "number";
      const input = make("input", { type: number ? "number" : "text", value: Array.isArray(value) ? value.join(", ") : value ?? "" });
      if (number) Object.assign(input, { step: "any", min: 0 });
      else if (field.sort !== "words") input.maxLength = field.most;
      if (field.sort === "words") input.placeholder = this.known.words.commas;
      if (field.sort === "url") input.placeholder = "https://";
      input.addEventListener("input", () => {
        if (number) set(input.value === "" ? "" : Number(input.value));
        else if (field.sort === "words") set(input.value.split(",").map((one) => one.trim()).filter(Boolean));
        else set(input.value);
      });
      return input;
    }

    select(pairs, value, label) {
      const select = make("select", {}, ...pairs.map(([code, text]) => make("option", { value: code, textContent: text })));
      if (!pairs.some(([code]) => code === value)) select.prepend(make("option", { value, textContent: value }));
      select.value = value;
      select.setAttribute("aria-label", label);
      return select;
    }

    tools(place) {
      const { words } = this.known;
      const tool = (sign, label, act) => {
        const button = this.button(sign, act);
        button.title = label;
        button.setAttribute("aria-label", label);
        return button;
      };
      return make("span", { className: "hb-cond-tools" },
        tool("↑", words.up, () => this.move(place, -1)),
        tool("↓", words.down, () => this.move(place, 1)),
        tool("✕", words.remove, () => { this.actions.splice(place, 1); this.changed(Math.max(0, place - 1)); }));
    }

    move(place, by) {
      const to = place + by;
      if (to < 0 || to >= this.actions.length) return;
      [this.actions[place], this.actions[to]] = [this.actions[to], this.actions[place]];
      this.changed(to);
    }
  }

  const begin = () => document.querySelectorAll("textarea[data-hb-actions]").forEach((area) => new Editor(area));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
