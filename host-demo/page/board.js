import { make, setAttr, setText } from "./dom.js";
import { icon } from "./icons.js";
import { Row } from "./row.js";
import { words } from "./words.js";

const SPARE = 6;
const groupIcons = { overdue: "overdue", active: "running", closed: "closed", paused: "paused", pending: "pending", failed: "warning", finished: "met" };

/** The list of tickets in its groups. Only the rows in sight exist and are painted. */
export class Board {
  #rows = new Map();
  #pool = [];
  #heads = new Map();
  #sections = [];
  #flat = [];
  #active = null;
  #frame = 0;
  #held = false;
  #holdTimer = 0;

  constructor({ grid, list, head, ranks, onOpen, onMove, paint }) {
    Object.assign(this, { grid, list, head, ranks, onOpen, onMove, repaint: paint });
    this.measure();
    list.addEventListener("click", (event) => this.#click(event));
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("focusin", (event) => this.#focused(event));
    list.addEventListener("pointermove", () => this.#hold());
    for (const name of ["scroll", "resize"]) addEventListener(name, () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.relayout()).observe(grid);
  }

  /** Whether somebody is aiming at a row, so that the rows should not change places now. */
  get held() {
    return this.#held;
  }

  get active() {
    return this.#active;
  }

  /** Takes the entries to show, already in order. */
  show(entries) {
    this.#flat = entries;
    this.#sections = sectionsOf(entries);
    if (!entries.includes(this.#active)) this.#active = entries[0] ?? null;
    setAttr(this.grid, "aria-rowcount", entries.length + this.#sections.length + 1);
    this.#place();
  }

  measure() {
    const style = getComputedStyle(this.list);
    this.rowHeight = parseFloat(style.getPropertyValue("--row-height")) || 64;
    this.headHeight = parseFloat(style.getPropertyValue("--group-height")) || 32;
  }

  relayout() {
    this.measure();
    this.#place();
    this.repaint();
  }

  /** Makes a row for everything in sight and paints all of it for one moment. */
  paint(now, dates) {
    this.#mount();
    for (const row of this.#rows.values()) row.paint(now, dates);
  }

  /** The entry so many places after `entry` in the list, held at its ends. */
  neighbour(entry, step) {
    const at = this.#flat.indexOf(entry);
    return this.#flat[Math.min(this.#flat.length - 1, Math.max(0, at + step))] ?? null;
  }

  choose(entry, { focus = true } = {}) {
    if (!entry) return;
    this.#active = entry;
    this.#scrollTo(this.#flat.indexOf(entry));
    this.repaint();
    if (focus) this.#rows.get(entry)?.element.focus({ preventScroll: true });
  }

  /** Marks the ticket whose panel is open. */
  mark(entry) {
    this.opened = entry;
    for (const [each, row] of this.#rows) setAttr(row.element, "aria-selected", each === entry);
  }

  #place() {
    let top = 0;
    let index = 2;
    for (const section of this.#sections) {
      section.top = top;
      section.index = index;
      top += this.headHeight + section.entries.length * this.rowHeight;
      index += 1 + section.entries.length;
    }
    this.list.style.setProperty("height", `${top}px`);
  }

  #mount() {
    const top = Math.max(0, -this.list.getBoundingClientRect().top) - SPARE * this.rowHeight;
    const end = top + innerHeight + 2 * SPARE * this.rowHeight;
    const wanted = [];
    for (const section of this.#sections) {
      const start = section.top + this.headHeight;
      const bottom = start + section.entries.length * this.rowHeight;
      if (bottom >= top && section.top <= end) wanted.push({ section });
      const first = Math.max(0, Math.floor((top - start) / this.rowHeight));
      const last = Math.min(section.entries.length - 1, Math.floor((end - start) / this.rowHeight));
      // The row with the keyboard focus stays, however far it is scrolled away.
      const kept = section.entries.indexOf(this.#active);
      if (kept >= 0 && kept < first) wanted.push({ section, entry: this.#active, at: kept });
      for (let at = first; at <= last; at += 1) wanted.push({ section, entry: section.entries[at], at });
      if (kept >= 0 && kept > last) wanted.push({ section, entry: this.#active, at: kept });
    }
    this.#reconcile(wanted);
  }

  #reconcile(wanted) {
    const focused = document.activeElement;
    const keep = new Set(wanted.map((item) => item.entry ?? item.section.key));
    for (const [entry, row] of this.#rows) if (!keep.has(entry)) this.#drop(entry, row);
    for (const [key, head] of this.#heads) if (!keep.has(key)) this.#heads.delete(key), head.remove();
    let before = null;
    for (const item of wanted) {
      const element = item.entry ? this.#row(item) : this.#groupHead(item.section);
      const next = before ? before.nextSibling : this.list.firstChild;
      if (next !== element) this.list.insertBefore(element, next);
      before = element;
    }
    if (focused !== document.activeElement && this.list.contains(focused)) focused.focus({ preventScroll: true });
  }

  #drop(entry, row) {
    this.#rows.delete(entry);
    row.element.remove();
    this.#pool.push(row);
  }

  #row({ section, entry, at }) {
    let row = this.#rows.get(entry);
    if (!row) {
      row = this.#pool.pop() ?? new Row();
      row.bind(entry, this.ranks);
      this.#rows.set(entry, row);
    }
    move(row.element, section.top + this.headHeight + at * this.rowHeight);
    setAttr(row.element, "aria-rowindex", section.index + 1 + at);
    setAttr(row.element, "aria-selected", entry === this.opened);
    row.element.tabIndex = entry === this.#active ? 0 : -1;
    return row.element;
  }

  #groupHead(section) {
    let head = this.#heads.get(section.key);
    if (!head) {
      const cell = make("div", "group-cell", icon(groupIcons[section.key]), make("span", "group-name", words.group[section.key]), make("span", "group-count"));
      setAttr(cell, "role", "gridcell");
      setAttr(cell, "aria-colspan", "6");
      head = make("div", `group group-${section.key}`, cell);
      setAttr(head, "role", "row");
      this.#heads.set(section.key, head);
    }
    setText(head.querySelector(".group-count"), section.entries.length.toLocaleString());
    setAttr(head, "aria-rowindex", section.index);
    move(head, section.top);
    return head;
  }

  #scrollTo(index) {
    if (index < 0) return;
    let rest = index;
    const section = this.#sections.find((each) => rest < each.entries.length || ((rest -= each.entries.length), false));
    if (!section) return;
    const listTop = this.list.getBoundingClientRect().top + scrollY;
    const top = listTop + section.top + this.headHeight + rest * this.rowHeight;
    const ceiling = this.head.getBoundingClientRect().height + (parseFloat(getComputedStyle(this.head).top) || 0);
    const reach = rest === 0 ? this.headHeight : 0;
    if (top - reach < scrollY + ceiling) scrollTo({ top: index === 0 ? 0 : top - reach - ceiling });
    else if (top + this.rowHeight > scrollY + innerHeight) scrollTo({ top: top + this.rowHeight - innerHeight + 8 });
  }

  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.repaint();
    });
  }

  #hold() {
    this.#held = true;
    clearTimeout(this.#holdTimer);
    this.#holdTimer = setTimeout(() => (this.#held = false), 1200);
  }

  #entryOf(target) {
    const element = target.closest(".row");
    return element ? [...this.#rows.values()].find((row) => row.element === element)?.entry : null;
  }

  #click(event) {
    const entry = this.#entryOf(event.target);
    if (!entry || String(getSelection()) !== "") return;
    this.choose(entry);
    this.onOpen(entry);
  }

  #focused(event) {
    const entry = this.#entryOf(event.target);
    if (entry && entry !== this.#active) this.choose(entry);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(innerHeight / this.rowHeight) - 3);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      const entry = this.neighbour(this.#active, steps[event.key]);
      this.choose(entry);
      this.onMove(entry);
    } else if ((event.key === "Enter" || event.key === " ") && this.#active) {
      this.onOpen(this.#active);
    } else {
      return;
    }
    event.preventDefault();
  }
}

function sectionsOf(entries) {
  const sections = [];
  for (const entry of entries) {
    if (sections.at(-1)?.key !== entry.group) sections.push({ key: entry.group, entries: [] });
    sections.at(-1).entries.push(entry);
  }
  return sections;
}

function move(element, top) {
  const value = `translateY(${top}px)`;
  if (element.style.transform !== value) element.style.setProperty("transform", value);
}
