import { ClockCard } from "./clockcard.js";
import { make, setAttr, setHidden, setText } from "./dom.js";
import { EventList } from "./events.js";
import { icon } from "./icons.js";
import { slicesOf } from "./slices.js";
import { words } from "./words.js";

const say = words.detail;
const DAY = 86_400_000;

/** The panel of one ticket: its events beside its clocks, and one moment shown in both. */
export class Detail {
  #docks = matchMedia("(min-width: 1200px)");
  entry = null;

  constructor(element, { store, onClose, onStep }) {
    Object.assign(this, { element, store });
    this.events = new EventList((ms) => this.point(ms));
    this.title = make("h2", "detail-title");
    this.title.id = "detail-title";
    this.id = make("span", "detail-id");
    this.meta = make("p", "detail-meta");
    this.cards = make("div", "cards");
    this.notices = make("ul", "detail-notices");
    const buttons = make("div", "detail-tools", tool("up", say.previous, () => onStep(-1)), tool("down", say.next, () => onStep(1)), tool("close", say.close, onClose));
    const column = (name, text, ...children) => make("section", `detail-${name}`, make("h3", "", text), ...children);
    element.replaceChildren(
      make("div", "detail-top", make("div", "detail-line", this.id, buttons), this.title, this.meta),
      make("div", "detail-body", column("clocks", say.clocks, this.cards, this.notices), column("events", say.events, this.events.element)),
    );
    setAttr(element, "aria-labelledby", "detail-title");
    this.#docks.addEventListener("change", () => this.#layer());
    element.addEventListener("keydown", (event) => this.#keepFocus(event));
  }

  /** Whether the panel stands beside the board instead of over it. */
  get docked() {
    return this.#docks.matches;
  }

  open(entry, now, dates, focus) {
    const fresh = this.entry === null;
    this.entry = entry;
    setHidden(this.element, false);
    setAttr(this.element, "data-ticket", entry.id);
    document.documentElement.dataset.detail = fresh ? "opening" : "open";
    this.#layer();
    this.redraw(now, dates);
    this.element.scrollTo(0, 0);
    if (focus || !this.docked) this.element.focus({ preventScroll: true });
  }

  close() {
    this.entry = null;
    setHidden(this.element, true);
    delete document.documentElement.dataset.detail;
    this.#layer();
  }

  /** Draws all of it anew: another ticket, other figures, another time zone. */
  redraw(now, dates) {
    const { entry } = this;
    if (!entry) return;
    this.now = now;
    this.dates = dates;
    this.evaluation = entry.evaluation;
    const { fields } = entry;
    setText(this.id, [entry.ticket && entry.id, fields.priority, fields.status].filter(Boolean).join(" · "));
    setText(this.title, fields.subject || (entry.ticket ? words.noSubject : entry.id));
    setText(this.meta, [fields.customer, fields.site, fields.service, fields.assignee ?? words.unassigned].filter(Boolean).join(" · "));
    this.#drawClocks(now, dates);
    this.#drawNotices();
    if (entry.ticket) this.events.draw(entry, now, dates);
    else this.events.element.replaceChildren();
  }

  paint(now, dates) {
    if (!this.entry) return;
    this.now = now;
    this.dates = dates;
    if (this.entry.evaluation !== this.evaluation || (this.axis && now > this.axis.until && this.entry.clocks.some((clock) => !clock.finished))) {
      this.redraw(now, dates);
      return;
    }
    this.byKey?.forEach((card, key) => card.paint(this.entry.clocks.find((clock) => clock.key === key), now, dates));
  }

  /** Shows one moment in the events and on every clock, or none. */
  point(ms) {
    if (!this.entry?.evaluation || ms === this.moment) return;
    this.moment = ms;
    this.events.point(ms);
    const evaluation = ms === null ? null : this.store.evaluateOne(this.entry, ms);
    this.byKey.forEach((card) => card.point(ms, evaluation, this.now, this.dates));
  }

  #drawClocks(now, dates) {
    const { entry } = this;
    this.moment = null;
    const clocks = entry.clocks.filter((clock) => clock.started !== null || clock.finished);
    // Cards that stay keep their elements, so that a redraw takes no focus away.
    this.byKey = new Map(clocks.map(({ key }) => [key, this.byKey?.get(key) ?? new ClockCard(key, (ms) => this.point(ms))]));
    this.axis = clocks.length > 0 ? axisOf(entry, clocks, now, dates) : null;
    const drawn = this.axis ? slicesOf(this.store, entry, this.axis.from, this.axis.until, now) : { byKey: new Map() };
    if (this.axis && drawn.end < this.axis.until) this.axis.cut = drawn.end;
    for (const clock of clocks) {
      const card = this.byKey.get(clock.key);
      card.draw(clock, this.axis, drawn.byKey.get(clock.key) ?? [], marksOf(entry, clock, now), now, dates);
    }
    const elements = [...this.byKey.values()].map((card) => card.element);
    if (elements.some((element, index) => this.cards.children[index] !== element) || elements.length !== this.cards.children.length) this.cards.replaceChildren(...elements);
    if (clocks.length === 0) this.cards.replaceChildren(make("p", "detail-none", whyNone(entry)));
  }

  #drawNotices() {
    const notices = this.entry.evaluation?.notices ?? [];
    setHidden(this.notices, notices.length === 0);
    this.notices.replaceChildren(...notices.map((notice) => make("li", "", icon("warning"), make("span", "", notice.message ?? notice.code))));
  }

  // Over the board the panel is a dialog and the rest takes no part; beside it, a region of its own.
  #layer() {
    const over = this.entry !== null && !this.docked;
    setAttr(this.element, "role", over ? "dialog" : "complementary");
    setAttr(this.element, "aria-modal", over ? "true" : null);
    for (const part of document.querySelectorAll("main, .top, .skip")) part.inert = over;
  }

  #keepFocus(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (event.target === this.element && this.docked) event.preventDefault();
  }
}

function whyNone({ error, clocks }) {
  if (error) return [error.code, error.message, error.pointer, error.mend].filter(Boolean).join(" · ");
  return clocks.length > 0 ? words.face.pending : say.noPolicy;
}

function axisOf(entry, clocks, now, dates) {
  const from = Math.min(...clocks.map((clock) => clock.started ?? Infinity), entry.created);
  const open = clocks.some((clock) => !clock.finished);
  const ends = clocks.map((clock) => (clock.finished ? (clock.stopped ?? 0) : Math.max(now, clock.due ?? 0, clock.dueIfResumed ?? 0)));
  const until = Math.max(from + 60_000, ...ends, open ? now : 0);
  const midnights = [];
  for (let day = dates.endOfDay(from); day < until && midnights.length < 32; day = dates.endOfDay(day + 1)) midnights.push(day);
  return { from, until: until + Math.ceil((until - from) / 40), midnights: until - from > 31 * DAY ? [] : midnights };
}

function marksOf(entry, clock, now) {
  const marks = entry.events.filter((event) => event.ms <= now).slice(-200).map((event) => ({ ms: event.ms, kind: "event" }));
  if (typeof clock.due === "number") marks.push({ ms: clock.due, kind: clock.overdue || clock.breached !== null ? "missed" : "due" });
  if (clock.stopped !== null) marks.push({ ms: clock.stopped, kind: "stop" });
  return marks;
}

function tool(name, label, onClick) {
  const button = make("button", "tool", icon(name));
  button.type = "button";
  button.title = label;
  setAttr(button, "aria-label", label);
  button.addEventListener("click", onClick);
  return button;
}
