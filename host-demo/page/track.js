import { make, setAttr, setHidden, setVar } from "./dom.js";
import { exactSpan, span } from "./time.js";
import { partyWord, words } from "./words.js";

const say = words.detail;
const SNAP_PX = 5;

/** One clock on a time axis that it shares with the ticket's other clocks. */
export class Track {
  constructor(metric, onMoment) {
    this.onMoment = onMoment;
    this.lane = make("div", "track-lane");
    this.marks = make("div", "track-marks");
    this.present = make("div", "track-now");
    this.head = make("div", "track-head");
    this.element = make("div", "track", this.marks, this.lane, this.present, this.head);
    this.element.tabIndex = 0;
    setAttr(this.element, "role", "slider");
    setAttr(this.element, "aria-label", say.track(metric));
    this.element.addEventListener("pointermove", (event) => onMoment(this.#instantAt(event.clientX)));
    this.element.addEventListener("pointerdown", (event) => onMoment(this.#instantAt(event.clientX)));
    this.element.addEventListener("pointerleave", () => onMoment(null));
    this.element.addEventListener("blur", () => onMoment(null));
    this.element.addEventListener("focus", () => this.element.matches(":focus-visible") && onMoment(this.moment ?? this.stops[0] ?? null));
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** `axis` is { from, until }; `marks` are instants with a kind: event, due, breached. */
  draw(axis, slices, marks, now) {
    this.axis = axis;
    this.slices = slices;
    this.stops = [...new Set([...slices.flatMap((slice) => [slice.from, slice.to]), ...marks.map((mark) => mark.ms)])]
      .filter((ms) => ms >= axis.from && ms <= axis.until)
      .sort((a, b) => a - b);
    this.lane.replaceChildren(...axis.midnights.map((ms) => this.#at("track-day", ms)), ...slices.map((slice) => this.#piece(slice)));
    this.marks.replaceChildren(...marks.filter((mark) => mark.ms >= axis.from && mark.ms <= axis.until).map((mark) => this.#at(`track-mark mark-${mark.kind}`, mark.ms)));
    setAttr(this.element, "aria-valuemin", axis.from);
    setAttr(this.element, "aria-valuemax", axis.until);
    this.paint(now);
  }

  paint(now) {
    setHidden(this.present, now > this.axis.until);
    setVar(this.present, "--at", this.#share(now));
  }

  /** Puts the reading line at an instant, or takes it away. */
  point(ms, text) {
    this.moment = ms;
    const inside = ms !== null && ms >= this.axis.from && ms <= this.axis.until;
    setHidden(this.head, !inside);
    if (inside) setVar(this.head, "--at", this.#share(ms));
    setAttr(this.element, "aria-valuenow", ms ?? this.axis.from);
    setAttr(this.element, "aria-valuetext", text);
  }

  /** The stretch that contains an instant. */
  sliceAt(ms) {
    return this.slices.find((slice) => ms >= slice.from && ms < slice.to) ?? null;
  }

  #piece(slice) {
    const piece = this.#at(`slice slice-${slice.kind}${slice.ahead ? " slice-ahead" : ""}`, slice.from);
    setVar(piece, "--to", this.#share(slice.to));
    return piece;
  }

  #at(className, ms) {
    const element = make("i", className);
    setVar(element, "--at", this.#share(ms));
    return element;
  }

  #share(ms) {
    const { from, until } = this.axis;
    return String(Math.max(0, Math.min(1, (ms - from) / (until - from))));
  }

  #instantAt(x) {
    const box = this.element.getBoundingClientRect();
    const { from, until } = this.axis;
    const ms = Math.round(from + ((x - box.left) / box.width) * (until - from));
    const reach = (SNAP_PX / box.width) * (until - from);
    const near = this.stops.reduce((best, stop) => (Math.abs(stop - ms) < Math.abs(best - ms) ? stop : best), Infinity);
    return Math.abs(near - ms) <= reach ? near : Math.max(from, Math.min(until, ms));
  }

  #key(event) {
    const here = this.moment ?? this.stops[0];
    const targets = {
      ArrowRight: this.stops.find((stop) => stop > here),
      ArrowLeft: this.stops.findLast((stop) => stop < here),
      Home: this.stops[0],
      End: this.stops.at(-1),
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    event.stopPropagation();
    if (targets[event.key] !== undefined) this.onMoment(targets[event.key]);
  }
}

/** `Fri 16:30–17:00, counted, 30 min, total 3 h 10 min` */
export function sliceText(slice, now, dates) {
  const kind = slice.kind === "paused" ? `${say.legend.paused}${slice.party ? ` (${partyWord(slice.party)})` : ""}` : say.legend[slice.kind];
  const until = dates.day.format(slice.from) === dates.day.format(slice.to) ? dates.clock.format(slice.to) : dates.dayAndTime(slice.to, now);
  const length = slice.to - slice.from < 300_000 ? exactSpan(Math.floor((slice.to - slice.from) / 1000) * 1000) : span(slice.to - slice.from, true);
  const total = slice.counted > 0 ? `, ${say.total(span(slice.total))}` : "";
  return `${dates.dayAndTime(slice.from, now)} – ${until}, ${kind}, ${length}${total}${slice.ahead ? `, ${say.ahead}` : ""}`;
}
