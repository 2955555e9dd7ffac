import { ClockView } from "./clock.js";
import { make, setAttr, setText } from "./dom.js";
import { mostUrgent } from "./figures.js";
import { icon, rankIcon } from "./icons.js";
import { words } from "./words.js";

/** The two columns of clocks, each with what stands in it: of several the most urgent. */
export const COLUMNS = [
  { home: "first_response", metrics: new Set(["first_response", "next_response", "periodic_update", "assignment"]) },
  { home: "resolution", metrics: new Set(["ownership", "plan", "resolution", "requester_wait", "agent_work", "custom"]) },
];

/** A row of the board. It is bound to another ticket when it scrolls out of sight. */
export class Row {
  constructor() {
    this.subject = make("span", "row-subject");
    this.id = make("span");
    this.who = make("span", "row-who");
    this.what = make("span");
    this.under = make("span", "row-under", this.id, this.who, this.what);
    this.customer = make("span", "row-main");
    this.site = make("span", "row-under");
    this.priority = make("span", "priority");
    this.assignee = make("span", "row-main");
    this.group = make("span", "row-under");
    this.problem = make("span", "row-problem");
    this.clocks = COLUMNS.map(({ home }) => new ClockView(home));
    this.element = make(
      "div",
      "row",
      cell("ticket", this.subject, this.under),
      cell("customer", this.customer, this.site),
      cell("priority", this.priority),
      ...this.clocks.map((clock, index) => cell(`clock cell-${COLUMNS[index].home}`, clock.element)),
      cell("assignee", this.assignee, this.group),
    );
    this.element.lastChild.before(this.problem);
    setAttr(this.element, "role", "row");
    setAttr(this.problem, "role", "gridcell");
    this.element.tabIndex = -1;
  }

  bind(entry, ranks) {
    this.entry = entry;
    this.evaluation = undefined;
    setAttr(this.element, "data-ticket", entry.id);
    this.ranks = ranks;
  }

  paint(now, dates) {
    const entry = this.entry;
    if (this.evaluation !== entry.evaluation || entry.error) this.#paintFields();
    setAttr(this.element, "data-group", entry.group);
    this.clocks.forEach((view, index) => {
      const { metrics } = COLUMNS[index];
      view.paint(mostUrgent(entry.clocks.filter((clock) => metrics.has(clock.metric)), now)?.clock, now, dates);
    });
  }

  #paintFields() {
    const { entry } = this;
    const { fields } = entry;
    this.evaluation = entry.evaluation;
    setText(this.subject, text(fields.subject) || (entry.ticket ? words.noSubject : entry.id));
    setText(this.id, entry.id);
    setText(this.who, fields.customer ? ` · ${text(fields.customer)}` : "");
    setText(this.what, [text(fields.status), text(fields.service)].filter(Boolean).map((part) => ` · ${part}`).join(""));
    setText(this.customer, text(fields.customer));
    setText(this.site, text(fields.site));
    setText(this.assignee, text(fields.assignee) || words.unassigned);
    setAttr(this.assignee, "data-none", fields.assignee ? null : "");
    setText(this.group, text(fields.group));
    this.#paintPriority(text(fields.priority));
    setAttr(this.element, "data-failed", entry.error ? "" : null);
    this.problem.replaceChildren(...(entry.error ? [icon("warning"), `${entry.error.code ?? ""} ${entry.error.message ?? ""}`.trim()] : []));
  }

  #paintPriority(name) {
    if (this.priority.dataset.name === name) return;
    this.priority.dataset.name = name;
    const rank = this.ranks.indexOf(name);
    this.priority.replaceChildren(...(rank < 0 ? [] : [rankIcon(Math.min(3, rank))]), make("span", "priority-name", name));
  }
}

const cell = (name, ...children) => {
  const element = make("div", `cell cell-${name}`, ...children);
  setAttr(element, "role", "gridcell");
  return element;
};

const text = (value) => (value === null || value === undefined ? "" : [value].flat().join(", "));
