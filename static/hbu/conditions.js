/* Conditions are put together from words (see editor.js). */
(() => {
  "use strict";

  const { make, Editor, begin } = window.hbEditor;

  /* The tree: groups {mode, not, nodes} and leaves {field, op, value, not}. */
  function read(node) {
    if ("not" in node) {
      const inner = read(node.not);
      return inner.not ? { mode: "all", not: true, nodes: [inner] } : { ...inner, not: true };
    }
    for (const mode of ["all", "any"]) {
      if (Array.isArray(node[mode])) return { mode, not: false, nodes: node[mode].map(read) };
    }
    if (typeof node.field !== "string") throw new Error("no condition");
    return { field: node.field, op: String(node.op), value: node.value, not: false };
  }

  function written(node, known) {
    let said;
    if (node.nodes) said = { [node.mode]: node.nodes.map((one) => written(one, known)) };
    else {
      said = { field: node.field, op: node.op };
      if (!known.withoutValue.includes(node.op)) said.value = node.value ?? "";
    }
    return node.not ? { not: said } : said;
  }

  function whole(root, known) {
    if (!root.nodes.length) return {};
    if (root.nodes.length === 1 && !root.not) return written(root.nodes[0], known);
    return written(root, known);
  }

  function sentence(node, known, around = "") {
    const { words } = known;
    let said;
    if (node.nodes) {
      const parts = node.nodes.map((one) => sentence(one, known, node.not ? "" : node.mode));
      said = parts.join(` ${node.mode === "all" ? words.and : words.or} `) || words.always;
      const mixed = !node.not && around && around !== node.mode && parts.length > 1;
      if (mixed) said = `(${said})`;
    } else said = leafSentence(node, known);
    return node.not ? `${words.isNot} (${said})` : said;
  }

  function leafSentence(leaf, known) {
    const field = known.byName[leaf.field];
    const said = `${field ? field.label : leaf.field} ${known.ops[leaf.op] || leaf.op}`;
    if (known.withoutValue.includes(leaf.op)) return said;
    const values = Array.isArray(leaf.value) ? leaf.value : [leaf.value ?? ""];
    const called = Object.fromEntries(field ? field.values : []);
    return `${said} ${values.map((one) => `"${called[one] ?? one}"`).join(", ")}`;
  }

  class ConditionEditor extends Editor {
    constructor(area) {
      super(area, JSON.parse(area.dataset.hbCondition));
      this.known.byName = Object.fromEntries(this.known.fields.map((one) => [one.name, one]));
      this.said = make("p", { className: "hb-cond-said" });
      this.said.setAttribute("aria-live", "polite");
      this.tree.after(this.said);
    }

    read(text) {
      const given = text ? JSON.parse(text) : {};
      const node = given && Object.keys(given).length ? read(given) : null;
      if (node === null) return { mode: "all", not: false, nodes: [] };
      return node.nodes ? node : { mode: "all", not: false, nodes: [node] };
    }

    json() {
      return whole(this.root, this.known);
    }

    changed(focus, redraw = true) {
      super.changed(focus, redraw);
      if (!redraw) this.say();
    }

    say() {
      const { words } = this.known;
      this.said.textContent = this.root.nodes.length
        ? sentence(this.root.nodes.length === 1 && !this.root.not ? this.root.nodes[0] : this.root, this.known)
        : words.nothing;
    }

    draw() {
      super.draw();
      this.said.hidden = this.root === null;
      if (this.root !== null) this.say();
    }

    drawn() {
      return [this.group(this.root, [], 1)];
    }

    parent(path) {
      return path.slice(0, -1).reduce((node, place) => node.nodes[place], this.root);
    }

    group(node, path, depth) {
      const { words } = this.known;
      const mode = this.select([["all", words.all], ["any", words.any]], node.mode, words.op);
      mode.addEventListener("change", () => { node.mode = mode.value; this.changed(undefined, false); });
      const head = make("div", { className: "hb-cond-head" }, this.not(node), mode, ...this.moves(path));
      this.moved(head, path);
      const rows = node.nodes.map((one, place) =>
        one.nodes ? this.group(one, [...path, place], depth + 1) : this.leaf(one, [...path, place]));
      const add = this.adding(words.add, () => {
        node.nodes.push(this.fresh());
        this.changed([...path, node.nodes.length - 1].join("."));
      });
      const more = this.adding(words.addGroup, () => {
        node.nodes.push({ mode: node.mode === "all" ? "any" : "all", not: false, nodes: [this.fresh()] });
        this.changed([...path, node.nodes.length - 1, 0].join("."));
      });
      more.hidden = depth + 2 >= this.known.maxDepth;
      const foot = make("div", { className: "hb-cond-more" }, add, more);
      return make("div", { className: "hb-cond-group" }, head, ...rows, foot);
    }

    fresh() {
      const field = this.known.fields[0];
      return this.asked({ not: false }, field);
    }

    /* The leaf as it is when its field was chosen anew. */
    asked(leaf, field) {
      leaf.field = field.name;
      leaf.op = this.known.opsOf[field.sort][0];
      leaf.value = field.sort === "choice" ? field.values[0]?.[0] ?? "" : field.sort === "number" ? 0 : "";
      return leaf;
    }

    leaf(leaf, path) {
      const { words, fields, byName, ops, opsOf } = this.known;
      const at = path.join(".");
      const named = fields.map((one) => [one.name, one.label]);
      const field = this.select(named, leaf.field, words.field);
      field.dataset.at = at;
      field.addEventListener("change", () => { this.asked(leaf, byName[field.value]); this.changed(at); });
      const codes = opsOf[byName[leaf.field]?.sort || "text"];
      const op = this.select(codes.map((code) => [code, ops[code]]), leaf.op, words.op);
      op.dataset.at = `${at}.op`;
      op.addEventListener("change", () => {
        leaf.op = op.value;
        const lists = this.known.withList.includes(leaf.op);
        if (lists && !Array.isArray(leaf.value)) leaf.value = [leaf.value].filter((one) => one !== "" && one != null);
        if (!lists && Array.isArray(leaf.value)) leaf.value = leaf.value[0] ?? "";
        this.changed(`${at}.op`);
      });
      const row = make("div", { className: "hb-cond-leaf" },
        this.not(leaf), field, op, this.value(leaf), ...this.moves(path));
      this.moved(row, path);
      return row;
    }

    value(leaf) {
      if (this.known.withoutValue.includes(leaf.op)) return null;
      const field = this.known.byName[leaf.field];
      const lists = this.known.withList.includes(leaf.op);
      if (field?.sort === "choice") return lists ? this.boxes(leaf, field) : this.chosen(leaf, field);
      return lists ? this.lines(leaf) : this.input(leaf, field);
    }

    chosen(leaf, field) {
      const select = this.select(field.values, leaf.value, this.known.words.value);
      select.addEventListener("change", () => { leaf.value = select.value; this.changed(undefined, false); });
      return select;
    }

    boxes(leaf, field) {
      const chosen = new Set((leaf.value || []).map(String));
      const codes = [...field.values, ...[...chosen].filter((one) => !field.values.some(([code]) => code === one)).map((one) => [one, one])];
      const boxes = codes.map(([code, label]) => {
        const box = make("input", { type: "checkbox", checked: chosen.has(code) });
        box.addEventListener("change", () => {
          if (box.checked) chosen.add(code); else chosen.delete(code);
          leaf.value = codes.map(([one]) => one).filter((one) => chosen.has(one));
          this.changed(undefined, false);
        });
        return make("label", {}, box, label);
      });
      return make("div", { className: "hb-cond-boxes" }, ...boxes);
    }

    lines(leaf) {
      const area = make("textarea", { value: (leaf.value || []).join("\n"), placeholder: this.known.words.perLine });
      area.rows = Math.min(6, Math.max(2, (leaf.value || []).length));
      area.setAttribute("aria-label", this.known.words.value);
      area.addEventListener("input", () => {
        leaf.value = area.value.split("\n").map((one) => one.trim()).filter(Boolean);
        this.changed(undefined, false);
      });
      return area;
    }

    input(leaf, field) {
      const number = field?.sort === "number" || this.known.withNumber.includes(leaf.op);
      const input = make("input", { type: number ? "number" : "text", value: leaf.value ?? "" });
      if (number) input.step = "any";
      input.setAttribute("aria-label", this.known.words.value);
      if (field?.values.length) {
        const list = make("datalist", { id: `hb-cond-${this.area.id}-${field.name}` },
          ...field.values.map(([code]) => make("option", { value: code })));
        input.setAttribute("list", list.id);
        if (!document.getElementById(list.id)) this.box.append(list);
      }
      input.addEventListener("input", () => {
        leaf.value = number && input.value !== "" ? Number(input.value) : input.value;
        this.changed(undefined, false);
      });
      return input;
    }

    not(node) {
      const box = make("input", { type: "checkbox", checked: node.not });
      box.addEventListener("change", () => { node.not = box.checked; this.changed(undefined, false); });
      return make("label", { className: "hb-cond-not" }, box, this.known.words.isNot);
    }

    moves(path) {
      if (!path.length) return [];
      const { words } = this.known;
      return [this.tools(
        ["↑", words.up, () => this.move(path, -1)],
        ["↓", words.down, () => this.move(path, 1)],
        ["⇥", words.into, () => this.into(path)],
        ["⇤", words.out, () => this.out(path)],
        ["✕", words.remove, () => this.remove(path)])];
    }

    moved(row, path) {
      if (!path.length) return;
      this.keys(row, { ArrowUp: () => this.move(path, -1), ArrowDown: () => this.move(path, 1),
        ArrowRight: () => this.into(path), ArrowLeft: () => this.out(path) });
    }

    move(path, by) {
      const { nodes } = this.parent(path);
      const place = path.at(-1);
      const to = place + by;
      if (to < 0 || to >= nodes.length) return;
      [nodes[place], nodes[to]] = [nodes[to], nodes[place]];
      this.changed([...path.slice(0, -1), to].join("."));
    }

    into(path) {
      if (path.length + 3 > this.known.maxDepth) return;
      const parent = this.parent(path);
      const place = path.at(-1);
      const former = parent.nodes[place - 1];
      const [node] = parent.nodes.splice(place, 1);
      if (former?.nodes) {
        former.nodes.push(node);
        this.changed([...path.slice(0, -1), place - 1, former.nodes.length - 1].join("."));
      } else {
        parent.nodes.splice(place, 0, { mode: parent.mode === "all" ? "any" : "all", not: false, nodes: [node] });
        this.changed([...path, 0].join("."));
      }
    }

    out(path) {
      if (path.length < 2) return;
      const parent = this.parent(path);
      const above = this.parent(path.slice(0, -1));
      const place = path.at(-2);
      const [node] = parent.nodes.splice(path.at(-1), 1);
      above.nodes.splice(place + 1, 0, node);
      const gone = !parent.nodes.length;
      if (gone) above.nodes.splice(place, 1);
      this.changed([...path.slice(0, -2), gone ? place : place + 1].join("."));
    }

    remove(path) {
      const parent = this.parent(path);
      parent.nodes.splice(path.at(-1), 1);
      this.changed([...path.slice(0, -1), Math.max(0, path.at(-1) - 1)].join("."));
    }
  }

  begin("textarea[data-hb-condition]", ConditionEditor);
})();
