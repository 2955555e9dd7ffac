import "../timeline.js";
import { mostUrgent } from "../clock/figures.js";
import { standing } from "../clock/text.js";
import { ClockView } from "../clock/view.js";
import { button, make, setAttr, setAttrs, setText } from "../dom.js";
import { history } from "./history.js";
import { icon } from "./icons.js";

export { detailStyle } from "../style/detail.js";

const DOCKS = 1200;

/** The panel of one ticket: its clocks, their timeline, and beside it its events; one moment is shown in both. */
export class Detail {
  #shape = null;
  #full = null;
  #cards = new Map();
  entry = null;

  constructor({ close, step }) {
    this.tools = [button("tool", "", () => step(-1), icon("up")), button("tool", "", () => step(1), icon("down")), button("tool", "", close, icon("close"))];
    this.id = make("span");
    this.title = make("h2", "detail-title");
    this.title.id = "detail-title";
    this.meta = make("p", "row-under");
    this.clocks = make("div", "cards");
    this.timeline = document.createElement("sla-timeline");
    this.timeline.addEventListener("sla-moment", (event) => this.#mark(event.detail.at));
    this.events = make("ol", "events");
    this.notices = make("ul", "notices");
    const top = make("div", "detail-top", make("div", "detail-line", this.id, make("span", "detail-tools", ...this.tools)), this.title, this.meta);
    this.element = setAttrs(make("div", "detail#detail", top, this.clocks, this.timeline, this.notices, this.events), { tabindex: -1, "aria-labelledby": "detail-title" });
    this.element.hidden = true;
    const on = (name, call) => this.events.addEventListener(name, call);
    on("pointerover", (event) => this.#choose(event.target));
    on("pointerleave", () => (this.timeline.moment = null));
    on("focusin", (event) => this.#choose(event.target));
    on("keydown", (event) => this.#key(event));
  }

  /** Whether the panel stands beside the board instead of over it. */
  get docked() {
    return this.element.parentElement.clientWidth >= DOCKS;
  }

  words(words) {
    ["previous", "next", "close"].forEach((key, index) => setAttrs(this.tools[index], { title: words.say(key), "aria-label": words.say(key) }));
    this.#full = null;
  }

  open(entry, shape, focus) {
    this.entry = entry;
    this.#shape = shape;
    this.#full = null;
    this.element.hidden = false;
    this.element.scrollTop = 0;
    setAttr(this.timeline, "time-zone", shape.zone);
    setAttr(this.timeline, "calendar-zone", shape.calendarZone);
    this.timeline.hidden = !shape.agreement || Boolean(entry.error);
    Object.assign(this.timeline, { agreement: shape.agreement, ticket: entry.error ? null : shape.model.textOf(entry) });
    this.#layer();
    if (focus || !this.docked) this.element.focus({ preventScroll: true });
  }

  close() {
    this.entry = null;
    this.timeline.ticket = null;
    this.element.hidden = true;
    this.#layer();
  }

  paint(now, say) {
    const { entry } = this;
    if (!entry) return;
    const clocks = this.#shape.model.clocksOf(entry);
    if (this.#full !== clocks) {
      this.#full = clocks;
      this.#draw(clocks, now, say);
    }
    for (const clock of clocks) {
      const [at, doubt] = standing(clock, now, say);
      this.#cards.get(clock.key)?.paint(clock, at, say, doubt);
    }
  }

  #draw(clocks, now, say) {
    const { entry } = this;
    const { fields } = this.#shape;
    const values = entry.fieldsAt(now);
    setText(this.id, [entry.id, values[fields.priority], values[fields.status]].filter(Boolean).join(" · "));
    setText(this.title, values[fields.subject] || entry.id);
    setText(this.meta, [fields.customer, fields.site, fields.service, fields.assignee].map((name) => values[name]).filter(Boolean).join(" · "));
    this.#cards = new Map(clocks.map(({ key }) => [key, new ClockView()]));
    // The most urgent first, as on the board.
    const order = clocks.map((clock) => ({ clock, ...mostUrgent([clock], now) })).sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
    const none = entry.error ? [entry.error.code, entry.error.message, entry.error.mend].filter(Boolean).join(" · ") : say.words.say("noPolicy");
    this.clocks.replaceChildren(...(order.length > 0 ? order.map(({ clock }) => this.#cards.get(clock.key).element) : [make("p", "row-under", none)]));
    this.notices.replaceChildren(...(entry.evaluation?.notices ?? []).map((notice) => make("li", "row-under", notice.message)));
    this.#drawEvents(now, say);
  }

  #drawEvents(now, say) {
    const { format } = say;
    let day = "";
    const items = this.entry.error ? [] : history(this.entry, now, say);
    const rows = items.flatMap(({ ms, icon: name, text, detail }) => {
      const head = format.day(ms) === day ? [] : [make("li", "events-day", (day = format.day(ms)))];
      const time = make("time", "event-time", format.time(ms));
      time.title = format.full(ms);
      const row = make("li", "event", time, icon(name), make("span", "event-text", text, ...(detail ? [make("span", "row-under", detail)] : [])));
      row.dataset.ms = ms;
      row.tabIndex = -1;
      return [...head, row];
    });
    this.events.replaceChildren(...rows);
    const first = this.events.querySelector(".event");
    if (first) first.tabIndex = 0;
  }

  #mark(ms) {
    for (const row of this.events.querySelectorAll(".event")) row.classList.toggle("on", Number(row.dataset.ms) === ms);
  }

  #choose(target) {
    const row = target.closest(".event");
    if (!row) return;
    this.timeline.moment = Number(row.dataset.ms);
    this.#mark(Number(row.dataset.ms));
  }

  #key(event) {
    const rows = [...this.events.querySelectorAll(".event")];
    const at = rows.indexOf(event.target.closest(".event"));
    const to = { ArrowDown: rows[at + 1], ArrowUp: rows[at - 1], Home: rows[0], End: rows.at(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    rows[at].tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  // Over the board the panel is a dialog and the rest takes no part; beside it, a region of its own.
  #layer() {
    const { element } = this;
    const over = this.entry !== null && !this.docked;
    setAttrs(element, { role: over ? "dialog" : "complementary", "aria-modal": over ? "true" : null });
    element.previousElementSibling.inert = over;
    setAttr(element.parentElement, "data-detail", this.entry ? (over ? "over" : "beside") : null);
  }
}
