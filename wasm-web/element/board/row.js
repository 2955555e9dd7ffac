import { mostUrgent } from "../clock/figures.js";
import { standing } from "../clock/text.js";
import { ClockView } from "../clock/view.js";
import { make, setAttr, setAttrs, setText } from "../dom.js";
import { icon, rankIcon } from "./icons.js";

/** A row of the board. It is bound to another ticket when it scrolls out of sight. */
export class Row {
  /** `shape` has the columns, the names of fields, the order of priorities and the model. */
  constructor(shape) {
    this.model = shape.model;
    this.cells = shape.columns.map((column) => new Cell(column, shape));
    this.problem = setAttrs(make("div", "row-problem"), { role: "gridcell" });
    this.element = setAttrs(make("div", "row#row", ...this.cells.map((cell) => cell.element), this.problem), { role: "row" });
  }

  bind(entry) {
    this.entry = entry;
    this.shown = undefined;
    setAttr(this.element, "data-ticket", entry.id);
  }

  paint(now, say) {
    const { entry } = this;
    setAttr(this.element, "data-group", entry.group);
    const clocks = this.model.clocksOf(entry);
    if (this.shown !== clocks) {
      this.shown = clocks;
      const fields = entry.fieldsAt(now);
      for (const cell of this.cells) cell.paintField(entry, fields, say);
      setAttr(this.element, "data-failed", entry.error ? "" : null);
      this.problem.hidden = !entry.error;
      this.problem.replaceChildren(...(entry.error ? [icon("stale"), `${entry.error.code ?? ""} ${entry.error.message ?? ""}`] : []));
    }
    for (const cell of this.cells) cell.paintClock(clocks, now, say);
  }
}

/** One cell: the ticket itself, a field with another under it, or the most urgent of some clocks. */
class Cell {
  constructor(column, { fields, priorities }) {
    Object.assign(this, { column, fields, priorities });
    this.main = make("span", column.ticket ? "row-subject#subject" : "row-main");
    this.under = make("span", "row-under");
    if (column.clocks) this.view = new ClockView(column.home);
    const inside = this.view ? [this.view.element] : [this.main, this.under];
    this.element = setAttrs(make("div", `cell cell-${column.kind}`, ...inside), { role: "gridcell" });
  }

  paintField(entry, fields, { words }) {
    const { column, main, under } = this;
    if (this.view) return;
    if (column.ticket) {
      const subject = fields[this.fields.subject];
      setText(main, subject || entry.id);
      setText(under, [subject ? entry.id : "", ...column.under.map((name) => fields[name])].filter(Boolean).join(" · "));
      return;
    }
    const value = fields[column.field] ?? "";
    setText(under, fields[column.second] ?? "");
    setAttr(main, "data-none", value ? null : "");
    if (column.field === this.fields.priority) this.#paintPriority(value);
    else setText(main, value || (column.field === this.fields.assignee ? words.say("unassigned") : ""));
  }

  paintClock(clocks, now, say) {
    if (!this.view) return;
    const { column, view } = this;
    const found = mostUrgent(clocks.filter((clock) => column.takes(clock)), now)?.clock;
    const [at, doubt] = standing(found, now, say);
    setAttr(view.note, "title", view.paint(found, at, say, doubt));
  }

  #paintPriority(name) {
    if (this.main.dataset.name === name) return;
    this.main.dataset.name = name;
    const rank = this.priorities.indexOf(name);
    this.main.replaceChildren(...(rank < 0 ? [] : [rankIcon(Math.min(3, rank))]), make("span", "", name));
  }
}
