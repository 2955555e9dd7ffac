import { make, setAttr } from "./dom.js";
import { icon } from "./icons.js";
import { describe } from "./tickets.js";
import { clockWord, words } from "./words.js";

const MOST = 300;
const FIRST = 40;

/** What happened to a ticket, oldest first, with the moments of its clocks among it. */
export class EventList {
  constructor(onMoment) {
    this.onMoment = onMoment;
    this.element = make("ol", "events");
    this.element.addEventListener("pointerover", (event) => this.#choose(event.target));
    this.element.addEventListener("pointerleave", () => onMoment(null));
    this.element.addEventListener("focusin", (event) => this.#choose(event.target));
    this.element.addEventListener("focusout", () => onMoment(null));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  draw(entry, now, dates) {
    const focused = this.element.contains(document.activeElement) ? document.activeElement.dataset.ms : null;
    const items = [...describe(entry.ticket, entry.events, now), ...momentsOf(entry, now)];
    items.push({ ms: now, icon: "now", text: words.detail.now, kind: "now" });
    items.sort((a, b) => a.ms - b.ms);
    const shown = items.length <= MOST ? items : [...items.slice(0, FIRST), null, ...items.slice(FIRST - MOST)];
    let day = "";
    this.element.replaceChildren(
      ...shown.flatMap((item) => {
        if (!item) return [make("li", "events-gap", words.event.more(items.length - MOST))];
        const itemDay = dates.day.format(item.ms);
        const head = itemDay === day ? [] : [make("li", "events-day", `${dates.weekday.format(item.ms)} ${dates.date.format(item.ms)}`)];
        day = itemDay;
        return [...head, eventItem(item, dates)];
      }),
    );
    const first = this.element.querySelector(".event");
    if (first) first.tabIndex = 0;
    if (focused) this.element.querySelector(`[data-ms="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** Highlights the entries of an instant; between two, a line shows where it falls. */
  point(ms) {
    let before = null;
    for (const item of this.element.querySelectorAll(".event")) {
      const at = Number(item.dataset.ms);
      item.classList.toggle("on", at === ms);
      item.classList.remove("near");
      if (ms !== null && at <= ms) before = item;
    }
    if (before && Number(before.dataset.ms) !== ms) before.classList.add("near");
    return before;
  }

  #choose(target) {
    const item = target.closest(".event");
    if (item) this.onMoment(Number(item.dataset.ms));
  }

  #key(event) {
    const items = [...this.element.querySelectorAll(".event")];
    const at = items.indexOf(event.target.closest(".event"));
    const target = { ArrowDown: items[at + 1], ArrowUp: items[at - 1], Home: items[0], End: items.at(-1) };
    if (!(event.key in target)) return;
    event.preventDefault();
    event.stopPropagation();
    if (!target[event.key]) return;
    items[at].tabIndex = -1;
    target[event.key].tabIndex = 0;
    target[event.key].focus();
  }
}

function momentsOf(entry, now) {
  const list = [];
  for (const clock of entry.clocks) {
    const name = clockWord(clock.key);
    const add = (ms, text, kind) => typeof ms === "number" && ms <= now && list.push({ ms, icon: kind, text, kind: "clock" });
    if (clock.state === "met") add(clock.stopped, words.event.met(name), "met");
    if (clock.state === "breached") add(clock.stopped, words.event.missed(name), "breached");
    if (clock.breached !== null) add(clock.breached, words.event.breached(name), "overdue");
  }
  return list;
}

function eventItem(item, dates) {
  const time = make("time", "event-time", dates.clock.format(item.ms));
  time.dateTime = new Date(item.ms).toISOString();
  time.title = dates.full(item.ms);
  const text = make("span", "event-text", item.text);
  if (item.detail) text.append(make("span", "event-detail", item.detail));
  const element = make("li", `event event-${item.kind ?? "ticket"} event-${item.icon}`, time, make("span", "event-dot", icon(item.icon)), text);
  setAttr(element, "data-ms", item.ms);
  element.tabIndex = -1;
  return element;
}
