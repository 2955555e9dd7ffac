import { ClockView, pausedWhy } from "./clock.js";
import { make, setText } from "./dom.js";
import { elapsedAt, faceAt, keyOf, reading, remainingAt } from "./figures.js";
import { exactSpan, span } from "./time.js";
import { Track, sliceText } from "./track.js";
import { clockWord, words } from "./words.js";

const say = words.detail;

/** One clock in the panel: its face, its time line, what it was at the moment pointed at, and its facts. */
export class ClockCard {
  constructor(key, onMoment) {
    this.key = key;
    this.view = new ClockView(key);
    this.track = new Track(clockWord(key), onMoment);
    this.readout = make("p", "readout");
    this.facts = make("dl", "facts");
    this.facts.addEventListener("pointerover", (event) => this.#choose(event, onMoment));
    this.facts.addEventListener("pointerleave", () => onMoment(null));
    this.element = make("section", "card", this.view.element, this.track.element, this.readout, this.facts);
  }

  draw(clock, axis, slices, marks, now, dates) {
    this.clock = clock;
    this.track.draw(axis, slices, marks, now);
    this.point(null, null, now, dates);
    this.used = make("span");
    const facts = factsOf(clock, this.used, now, dates);
    this.facts.replaceChildren(...facts.map(([name, value]) => make("div", "", make("dt", "", name), make("dd", "", value))));
    this.paint(clock, now, dates);
  }

  paint(clock, now, dates) {
    this.clock = clock;
    this.view.paint(clock, now, dates);
    this.track.paint(now);
    const bp = clock.target ? Math.floor((elapsedAt(clock, now) * 100) / clock.target) : null;
    setText(this.used, `${span(elapsedAt(clock, now), clock.neverCloses)}${bp === null ? "" : ` · ${bp} %`}`);
  }

  /** Shows this clock as the engine gives it for another moment. */
  point(ms, evaluation, now, dates) {
    const raw = ms === null ? null : evaluation.clocks.find((clock) => keyOf(clock) === this.key);
    const text = raw ? momentText(reading(raw, ms), this.track.sliceAt(ms), ms, now, dates) : "";
    this.readout.replaceChildren(...(raw ? [text] : legend(this.track.axis.cut, now, dates)));
    this.track.point(ms, text);
    for (const time of this.facts.querySelectorAll("time")) time.classList.toggle("on", Number(time.dataset.ms) === ms);
  }

  #choose(event, onMoment) {
    const time = event.target.closest("time");
    if (time) onMoment(Number(time.dataset.ms));
  }
}

function momentText(clock, slice, ms, now, dates) {
  const left = remainingAt(clock, ms);
  const face = words.face[faceAt(clock, ms)].toLowerCase();
  const parts = [say.at(dates.dayAndTime(ms, now)), face, say.used2(span(clock.elapsed, clock.neverCloses))];
  if (left !== null && !clock.finished) parts.push(`${clock.overdue ? "+" : ""}${span(left, clock.neverCloses)} ${clock.overdue ? words.clock.over : words.clock.left}`);
  return slice ? `${parts.join(" · ")}\n${sliceText(slice, now, dates)}` : parts.join(" · ");
}

function legend(cut, now, dates) {
  const entries = Object.entries(say.legend).map(([kind, name]) => make("span", "legend", make("i", `slice-${kind}`), name));
  return cut === undefined ? entries : [...entries, make("span", "", say.cut(dates.dayAndTime(cut, now)))];
}

function factsOf(clock, used, now, dates) {
  const { raw } = clock;
  const time = (ms) => timeElement(ms, now, dates);
  const facts = [[say.used, used]];
  const add = (name, value) => value !== null && value !== undefined && value !== "" && facts.push([name, value]);
  if (clock.target !== null) add(say.target, exactSpan(clock.target));
  add(say.calendar, clock.neverCloses ? say.always : raw.calendar);
  add(say.policy, raw.policy);
  add(say.override, raw.because);
  for (const limit of raw.limits ?? []) if (limit.limit === "wall") add(say.wall, exactSpan(limit.target_ms));
  if (raw.extended_ms !== undefined) add(say.extended, exactSpan(raw.extended_ms));
  if (clock.started !== null) add(say.started, time(clock.started));
  if (clock.due === null) add(say.due, say.never);
  if (typeof clock.due === "number") add(say.due, time(clock.due));
  if (clock.due === undefined && typeof clock.dueIfResumed === "number") add(say.dueResumed, time(clock.dueIfResumed));
  const original = typeof raw.original_due_at === "string" ? Date.parse(raw.original_due_at) : null;
  if (original !== null && original !== clock.due) add(say.original, time(original));
  if (raw.paused_by) add(say.pausedSince, make("span", "", time(Date.parse(raw.paused_by.since)), pausedWhy(clock) ? ` · ${pausedWhy(clock)}` : ""));
  if (clock.opens !== null) add(say.opens, time(clock.opens));
  if (clock.breached !== null) add(say.breachedAt, time(clock.breached));
  for (const stop of raw.stops ?? []) add(say.stopped, stopText(stop, time));
  if (clock.stopped !== null) add(say.stopped, make("span", "", time(clock.stopped), raw.stopped_by ? ` · ${say.stoppedBy[raw.stopped_by] ?? raw.stopped_by}` : ""));
  for (const alert of raw.alerts ?? []) add(say.alert(alert.threshold), time(Date.parse(alert.at)));
  if (raw.excused) add(say.excused, raw.excused.reason ?? time(Date.parse(raw.excused.at)));
  if (raw.corrected) add(say.corrected, say.yes);
  if (raw.cycle > 1) add(say.cycle, String(raw.cycle));
  for (const cycle of raw.earlier ?? []) add(say.earlier(cycle.cycle), `${words.face[cycle.state] ?? cycle.state} · ${say.used2(span(cycle.elapsed_ms, clock.neverCloses))}`);
  return facts;
}

function stopText(stop, time) {
  const text = make("span", "", time(Date.parse(stop.at ?? stop)));
  if (stop.reopened_at) text.append(` · ${say.reopened} `, time(Date.parse(stop.reopened_at)));
  return text;
}

function timeElement(ms, now, dates) {
  const element = make("time", "", dates.dayAndTime(ms, now));
  element.dateTime = new Date(ms).toISOString();
  element.dataset.ms = ms;
  element.title = dates.full(ms);
  return element;
}
