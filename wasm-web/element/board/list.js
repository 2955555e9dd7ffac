import { GROUPS } from "../clock/figures.js";
import { make, setAttr, setAttrs, setText } from "../dom.js";
import { icon } from "./icons.js";
import { Row } from "./row.js";

/** So many rows out of sight are there as well, once those in sight are. */
const SPARE = 4;
const ICONS = { failed: "stale", finished: "met" };

/** The list of tickets in its groups. Only the rows in sight exist and are painted. */
export class List {
  #rows = new Map();
  #pool = [];
  #heads = new Map();
  #sections = [];
  #flat = [];
  #held = 0;
  active = null;
  opened = null;

  /** `page` has `open(entry)`, `move(entry)`, `paint()` and `soon()`. */
  constructor(page, scroller, head) {
    Object.assign(this, { page, scroller, head });
    this.element = setAttrs(make("div", "list#list"), { role: "rowgroup" });
    const on = (name, call) => this.element.addEventListener(name, call);
    on("click", (event) => this.#click(event));
    on("keydown", (event) => this.#key(event));
    on("focusin", (event) => {
      const entry = this.#entryOf(event);
      if (entry && entry !== this.active) this.choose(entry, false);
    });
    // Rows do not change places under a pointer that aims.
    on("pointermove", () => (this.#held = performance.now() + 1200));
    scroller.addEventListener("scroll", () => page.soon(), { passive: true });
  }

  get held() {
    return performance.now() < this.#held;
  }

  get hasFocus() {
    return this.element.contains(this.element.getRootNode().activeElement);
  }

  /** Takes the entries to show, already in order. */
  show(entries, grouped) {
    this.#flat = entries;
    this.#sections = grouped ? sectionsOf(entries) : [{ key: "", entries }];
    if (!entries.includes(this.active)) this.active = entries[0] ?? null;
    this.place();
  }

  /** Gives every group its place, after a change of the list or of the heights. */
  place() {
    const style = getComputedStyle(this.element);
    this.rowHeight = parseFloat(style.getPropertyValue("--_row")) || 64;
    this.headHeight = parseFloat(style.getPropertyValue("--_group")) || 32;
    let top = 0;
    let index = 2;
    for (const section of this.#sections) {
      const head = section.key ? 1 : 0;
      Object.assign(section, { top, index, start: top + head * this.headHeight });
      top = section.start + section.entries.length * this.rowHeight;
      index += head + section.entries.length;
    }
    this.count = index - 1;
    this.element.style.setProperty("height", `${top}px`);
  }

  /** Makes a row for everything in sight and paints all of it for one moment. */
  paint(now, say) {
    const box = this.scroller.getBoundingClientRect();
    const from = this.element.getBoundingClientRect().top;
    const spare = this.#rows.size > 0 ? SPARE * this.rowHeight : 0;
    const top = Math.max(0, box.top - from) - spare;
    const end = box.bottom - from + spare;
    const wanted = [];
    for (const section of this.#sections) {
      const { start, entries } = section;
      if (section.key && start + entries.length * this.rowHeight >= top && section.top <= end) wanted.push({ section });
      const first = Math.max(0, Math.floor((top - start) / this.rowHeight));
      const last = Math.min(entries.length - 1, Math.floor((end - start) / this.rowHeight));
      // The row with the keyboard focus stays, however far it is scrolled away.
      const kept = this.active ? entries.indexOf(this.active) : -1;
      const put = (at) => wanted.push({ section, entry: entries[at], at });
      if (kept >= 0 && kept < first) put(kept);
      for (let at = first; at <= last; at += 1) put(at);
      if (kept >= 0 && kept > last) put(kept);
    }
    this.#mount(wanted, say);
    for (const row of this.#rows.values()) row.paint(now, say);
  }

  /** The entry so many places after `entry` in the list, held at its ends. */
  neighbour(entry, step) {
    const at = this.#flat.indexOf(entry) + step;
    return this.#flat[Math.min(this.#flat.length - 1, Math.max(0, at))] ?? null;
  }

  /** Makes an entry the one that keys start from, brings it into sight and, unless told, gives it the focus. */
  choose(entry, focus = true) {
    if (!entry) return;
    this.active = entry;
    this.#scrollTo(entry);
    this.page.paint();
    if (focus) this.#rows.get(entry)?.element.focus({ preventScroll: true });
  }

  /** Other columns, other words, other tickets: all rows are made anew. */
  reset(shape) {
    this.shape = shape;
    for (const row of this.#rows.values()) row.element.remove();
    for (const head of this.#heads.values()) head.remove();
    this.#rows.clear();
    this.#heads.clear();
    this.#pool = [];
  }

  #mount(wanted, say) {
    const root = this.element.getRootNode();
    const focused = root.activeElement;
    const keep = new Set(wanted.map((item) => item.entry ?? item.section.key));
    for (const [entry, row] of this.#rows) {
      if (keep.has(entry)) continue;
      this.#rows.delete(entry);
      row.element.remove();
      this.#pool.push(row);
    }
    for (const [key, head] of this.#heads) {
      if (!keep.has(key)) head.remove(), this.#heads.delete(key);
    }
    let next = this.element.firstChild;
    for (const item of wanted) {
      const element = item.entry ? this.#row(item) : this.#groupHead(item.section, say);
      if (next === element) next = next.nextSibling;
      else this.element.insertBefore(element, next);
    }
    if (focused !== root.activeElement && this.element.contains(focused)) focused.focus({ preventScroll: true });
  }

  #row({ section, entry, at }) {
    let row = this.#rows.get(entry);
    if (!row) {
      row = this.#pool.pop() ?? new Row(this.shape);
      row.bind(entry);
      this.#rows.set(entry, row);
    }
    move(row.element, section.start + at * this.rowHeight);
    setAttr(row.element, "aria-rowindex", section.index + (section.key ? 1 : 0) + at);
    setAttr(row.element, "aria-selected", String(entry === this.opened));
    row.element.tabIndex = entry === this.active ? 0 : -1;
    return row.element;
  }

  #groupHead(section, { words, format }) {
    let head = this.#heads.get(section.key);
    if (!head) {
      const cell = make("div", "group-cell", icon(ICONS[section.key] ?? section.key), make("span", "group-name", words.say(`state.${section.key}`)), make("span"));
      setAttrs(cell, { role: "gridcell", "aria-colspan": this.shape.columns.length });
      head = setAttrs(make("div", `group group-${section.key}#group`, cell), { role: "row" });
      this.#heads.set(section.key, head);
    }
    setText(head.firstChild.lastChild, format.number(section.entries.length));
    setAttr(head, "aria-rowindex", section.index);
    move(head, section.top);
    return head;
  }

  #scrollTo(entry) {
    const section = this.#sections.find(({ entries }) => entries.includes(entry));
    if (!section) return;
    const at = section.entries.indexOf(entry);
    const box = this.scroller.getBoundingClientRect();
    const top = this.element.getBoundingClientRect().top - box.top + section.start + at * this.rowHeight;
    const ceiling = this.head.getBoundingClientRect().bottom - box.top + (at === 0 ? this.headHeight : 0);
    if (this.#flat[0] === entry) this.scroller.scrollTop = 0;
    else if (top < ceiling) this.scroller.scrollTop += top - ceiling;
    else if (top + this.rowHeight > box.height) this.scroller.scrollTop += top + this.rowHeight + 8 - box.height;
  }

  #entryOf(event) {
    const element = event.target.closest(".row");
    for (const [entry, row] of this.#rows) if (row.element === element) return entry;
    return null;
  }

  #click(event) {
    const entry = this.#entryOf(event);
    if (!entry || String(getSelection()) !== "") return;
    this.choose(entry);
    this.page.open(entry);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 3);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      this.choose(this.neighbour(this.active, steps[event.key]));
      this.page.move(this.active);
    } else if ((event.key === "Enter" || event.key === " ") && this.active) this.page.open(this.active);
    else return;
    event.preventDefault();
  }
}

function sectionsOf(entries) {
  const sections = [];
  for (const entry of entries) {
    const key = GROUPS[entry.group];
    if (sections.at(-1)?.key !== key) sections.push({ key, entries: [] });
    sections.at(-1).entries.push(entry);
  }
  return sections;
}

function move(element, top) {
  const value = `translateY(${top}px)`;
  if (element.style.transform !== value) element.style.setProperty("transform", value);
}
