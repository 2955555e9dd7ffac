import { button, make, setAttr, setAttrs, setText } from "../element/dom.js";
import { formatFor } from "../element/time/format.js";
import { instant, nameOf } from "./ticket.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEP = 5 * MINUTE;
const LABEL = 84;
const MOST_OPENINGS = 120;

/**
 * The events of a ticket on one axis of time, each a slider, which pointers, fingers and keys move alike. The first is the
 * creation, the last is now.
 */
export class Track {
  #rows = [];
  #ticket = null;
  #now = 0;
  #span = [0, DAY];
  #axis = make("div", "axis");
  #list = make("ol", "rows");
  #shade = setAttrs(make("div", "shade"), { "aria-hidden": "true" });
  #format = formatFor("en", "UTC");
  #open = () => [];
  #filling = false;

  /** `page` has `moved(ticket)`, `nowIs(ms)` and `say(text)`. */
  constructor(element, page) {
    Object.assign(this, { element, page });
    element.append(this.#axis, make("div", "lanes", this.#shade, this.#list));
    // Rows stay where they are while one of them is moved.
    this.#list.addEventListener("focusout", (event) => !this.#filling && !this.#list.contains(event.relatedTarget) && this.#settle());
    this.#list.addEventListener("pointerup", () => setTimeout(() => this.#widen()));
    new ResizeObserver(() => this.#drawAxis()).observe(element);
  }

  /** Shows a ticket at an instant, written in a language and zone; `open(from, until)` gives the open stretches. */
  show(ticket, now, lang, zone, open) {
    this.#open = open;
    this.#format = formatFor(lang, zone);
    this.#now = now;
    if (ticket !== this.#ticket) {
      this.#ticket = ticket;
      this.#span = this.#wanted();
      this.#fill();
    }
    this.#widen();
    this.#paint();
  }

  /** Adds an event at now, or shortly before it where one stands already. */
  add(event) {
    const ticket = this.#ticket;
    if (!ticket) return;
    const last = Math.max(Date.parse(ticket.created_at), ...ticket.events.map(({ at }) => Date.parse(at)).filter((ms) => ms <= this.#now));
    const at = snapped(last + (this.#now - last) / 2);
    const added = { at: instant(Math.max(at, last)), ...event };
    ticket.events.push(added);
    this.#settle();
    this.#rows.find((row) => row.event === added)?.slider.focus();
    this.page.moved(ticket);
  }

  /** From a day before what is there to a day after. */
  #wanted() {
    const moments = [Date.parse(this.#ticket.created_at), this.#now, ...this.#ticket.events.map(({ at }) => Date.parse(at))].filter(Number.isFinite);
    const [from, until] = [Math.min(...moments), Math.max(...moments)];
    const room = Math.max(8 * HOUR, (until - from) / 4);
    return [snapped(from - room / 2), snapped(until + room)];
  }

  // The axis holds still while something is moved, unless that comes to its end.
  #widen() {
    if (!this.#ticket) return;
    const [from, until] = this.#wanted();
    const [least, most] = this.#span;
    const room = (most - least) / 20;
    const moments = [Date.parse(this.#ticket.created_at), this.#now, ...this.#ticket.events.map(({ at }) => Date.parse(at))];
    if (moments.every((ms) => ms > least + room && ms < most - room)) return;
    this.#span = [from, until];
    this.#paint();
  }

  #settle() {
    if (!this.#ticket) return;
    this.#ticket.events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
    this.#fill();
    this.#widen();
    this.#paint();
  }

  #fill() {
    const { events } = this.#ticket;
    this.#rows = [
      this.#row("Created", null, () => Date.parse(this.#ticket.created_at), (ms) => (this.#ticket.created_at = instant(ms))),
      ...events.map((event) => this.#row(nameOf(event), event, () => Date.parse(event.at), (ms) => (event.at = instant(ms)))),
      this.#row("Now", "now", () => this.#now, (ms) => (this.#now = ms)),
    ];
    // A row that goes while it has the focus is not left by somebody.
    this.#filling = true;
    this.#list.replaceChildren(...this.#rows.map(({ element }) => element));
    this.#filling = false;
  }

  #row(name, event, read, write) {
    const slider = setAttrs(make("input", "slider"), { type: "range", step: STEP, "aria-label": name });
    const time = make("span", "event-time");
    const remove = event && event !== "now" ? button("remove", `Remove: ${name}`, () => this.#remove(event), "×") : make("span");
    const label = make("span", "event-name", name);
    label.title = name;
    const element = make("li", event === "now" ? "row row-now" : "row", label, time, remove, slider);
    slider.addEventListener("input", () => {
      write(Number(slider.value));
      this.#paint(false);
      if (event === "now") this.page.nowIs(this.#now);
      else this.page.moved(this.#ticket);
    });
    slider.addEventListener("keydown", (pressed) => {
      if (pressed.key !== "Delete" || !event || event === "now") return;
      pressed.preventDefault();
      this.#remove(event);
    });
    return { element, slider, time, event, read };
  }

  #remove(event) {
    const { events } = this.#ticket;
    const index = events.indexOf(event);
    events.splice(index, 1);
    this.#settle();
    this.#rows[Math.min(index + 1, this.#rows.length - 1)].slider.focus();
    this.page.say(`Removed: ${nameOf(event)}`);
    this.page.moved(this.#ticket);
  }

  #paint(all = true) {
    const [from, until] = this.#span;
    for (const { slider, time, read } of this.#rows) {
      const ms = read();
      setAttrs(slider, { min: from, max: until });
      if (Number(slider.value) !== ms) slider.value = ms;
      const text = `${this.#format.day(ms)} ${this.#format.time(ms)}`;
      setText(time, text);
      setAttr(slider, "aria-valuetext", text);
    }
    this.element.style.setProperty("--longest", `${Math.max(...this.#rows.map(({ time }) => time.offsetWidth + 12))}px`);
    this.element.style.setProperty("--now", share(this.#now, this.#span));
    if (all) this.#drawAxis();
  }

  #drawAxis() {
    const [from, until] = this.#span;
    const width = this.#axis.clientWidth;
    const days = [];
    for (let ms = this.#format.endOfDay(from); ms < until && days.length < 400; ms = this.#format.endOfDay(ms)) days.push(ms);
    const stride = Math.max(1, Math.ceil(((days.length + 1) * LABEL) / Math.max(1, width)));
    const labels = days.filter((_, index) => index % stride === 0).filter((ms) => width * (1 - share(ms, this.#span)) > LABEL);
    this.#axis.replaceChildren(...labels.map((ms) => placed("day-name", ms, ms, this.#span, this.#format.day(ms))));
    const open = this.#ticket ? this.#open(from, until, MOST_OPENINGS) : [];
    const nights = days.length <= 60 ? days.map((ms) => placed("day", ms, ms, this.#span)) : [];
    this.#shade.replaceChildren(...open.map(([a, b]) => placed("open", a, b, this.#span)), ...nights, make("div", "now"));
  }
}

const snapped = (ms) => Math.round(ms / STEP) * STEP;

const share = (ms, [from, until]) => Math.min(1, Math.max(0, (ms - from) / (until - from)));

function placed(name, from, to, span, text = "") {
  const element = make("div", name, text);
  element.style.setProperty("--from", share(from, span));
  element.style.setProperty("--to", share(to, span));
  return element;
}
