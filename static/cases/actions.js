/* Actions of rules and macros are put together from words (see editor.js). */
(() => {
  "use strict";

  const { make, Editor, begin } = window.hbEditor;

  class ActionsEditor extends Editor {
    constructor(area) {
      super(area, JSON.parse(area.dataset.hbActions));
    }

    read(text) {
      const given = JSON.parse(text || "[]");
      if (!Array.isArray(given) || given.some((one) => !this.known.kinds[one?.kind])) throw new Error("no actions");
      return given;
    }

    json() {
      return this.root;
    }

    drawn() {
      const { words, kinds } = this.known;
      const rows = this.root.map((action, place) => this.row(action, place));
      const none = make("p", { className: "hb-cond-hint", textContent: words.noActions });
      const add = this.adding(words.addAction, () => {
        this.root.push({ kind: Object.keys(kinds)[0] });
        this.changed(this.root.length - 1);
      });
      return [...(rows.length ? rows : [none]), make("div", { className: "hb-cond-more" }, add)];
    }

    row(action, place) {
      const { words, kinds } = this.known;
      const names = Object.entries(kinds).map(([kind, one]) => [kind, one.label]);
      const kind = this.select(names, action.kind, words.what);
      kind.dataset.at = place;
      kind.addEventListener("change", () => {
        this.root[place] = { kind: kind.value };
        this.changed(place);
      });
      const fields = kinds[action.kind].fields
        .filter((field) => field.name !== "person" || !("whom" in action) || action.whom === "person")
        .map((field) => this.field(action, field));
      const row = make("div", { className: "hb-act hb-cond-leaf" },
        make("b", { textContent: `${place + 1}.` }),
        make("div", { className: "hb-cond-fields" }, kind, ...fields), this.moves(place));
      this.keys(row, { ArrowUp: () => this.move(place, -1), ArrowDown: () => this.move(place, 1) });
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

    moves(place) {
      const { words } = this.known;
      return this.tools(
        ["↑", words.up, () => this.move(place, -1)],
        ["↓", words.down, () => this.move(place, 1)],
        ["✕", words.remove, () => { this.root.splice(place, 1); this.changed(Math.max(0, place - 1)); }]);
    }

    move(place, by) {
      const to = place + by;
      if (to < 0 || to >= this.root.length) return;
      [this.root[place], this.root[to]] = [this.root[to], this.root[place]];
      this.changed(to);
    }
  }

  begin("textarea[data-hb-actions]", ActionsEditor);
})();
