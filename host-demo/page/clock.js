import { make, setAttr, setHidden, setText, setVar } from "./dom.js";
import { elapsedAt, faceAt, remainingAt, shareAt } from "./figures.js";
import { icon } from "./icons.js";
import { exactSpan, span } from "./time.js";
import { clockWord, partyWord, words } from "./words.js";

const say = words.clock;

/**
 * One clock in two lines: what is left, and under it the promise, the state and the due time.
 * `paint` writes figures and their machine-readable twins together, for one moment. `home` is the name that
 * stands above it anyway; a clock of another name says its own.
 */
export class ClockView {
  #face = null;
  #aside = null;

  constructor(home) {
    this.home = home;
    this.icon = make("span", "clock-icon");
    this.state = make("span", "clock-state");
    this.main = make("span", "clock-main");
    this.word = make("span", "clock-word");
    this.fill = make("i");
    this.bar = make("div", "bar", this.fill);
    this.asideIcon = make("span", "clock-aside");
    this.note = make("span", "clock-note");
    this.name = make("span", "clock-metric", clockWord(home));
    const head = make("div", "clock-head", this.name, make("span", "", " · "), this.state);
    const line = make("div", "clock-line", this.main, " ", this.word);
    const below = make("div", "clock-below", this.asideIcon, this.note);
    this.element = make("div", "clock", head, this.icon, line, this.bar, below);
  }

  paint(clock, now, dates) {
    if (!clock) {
      this.#paintNone();
      return;
    }
    const face = faceAt(clock, now);
    const shown = faceText(clock, face, now, dates);
    this.#setFace(face, clock.state);
    setText(this.main, shown.main);
    setText(this.word, shown.word);
    setText(this.state, words.face[face]);
    setText(this.name, clockWord(clock.key));
    const own = clock.key === this.home ? "" : clockWord(clock.key);
    setText(this.note, [own, shown.note].filter(Boolean).join(" · "));
    setAttr(this.note, "title", shown.full);
    this.#paintBar(clock, now);
    this.#paintData(clock, now);
  }

  #setFace(face, state) {
    if (face !== this.#face) {
      this.#face = face;
      this.icon.replaceChildren(...(face === "none" ? [] : [icon(face)]));
      setAttr(this.element, "data-face", face);
    }
    // Lateness and risk hide what the clock is doing, so that gets a small icon of its own.
    const doing = state === "paused" && face !== "paused" ? "paused" : state === "outside_hours" && face !== "closed" ? "closed" : null;
    if (doing !== this.#aside) {
      this.#aside = doing;
      this.asideIcon.replaceChildren(...(doing ? [icon(doing)] : []));
    }
    setHidden(this.asideIcon, !doing);
  }

  #paintBar(clock, now) {
    const share = shareAt(clock, now);
    const over = share > 1;
    setVar(this.fill, "--share", String(Math.min(1, Math.max(0, share))));
    setAttr(this.bar, "data-over", over ? "" : null);
    if (over) setVar(this.bar, "--mark", String(1 / share));
  }

  #paintData(clock, now) {
    setAttr(this.element, "data-metric", clock.metric);
    setAttr(this.element, "data-clock", clock.key);
    setAttr(this.element, "data-state", clock.state);
    setAttr(this.element, "data-overdue", clock.overdue);
    setAttr(this.element, "data-elapsed-ms", elapsedAt(clock, now));
    setAttr(this.element, "data-remaining-ms", remainingAt(clock, now));
    setAttr(this.element, "data-target-ms", clock.target);
    setAttr(this.element, "data-due-at", clock.due === undefined ? null : clock.due === null ? "never" : clock.raw.due_at);
    setAttr(this.element, "data-as-of", now);
  }

  #paintNone() {
    if (this.#face === "none") return;
    this.#setFace("none", "none");
    for (const name of ["metric", "clock", "state", "overdue", "elapsed-ms", "remaining-ms", "target-ms", "due-at", "as-of"]) {
      setAttr(this.element, `data-${name}`, null);
    }
    setText(this.name, clockWord(this.home));
    setText(this.main, "–");
    setText(this.word, "");
    setText(this.state, say.none);
    setText(this.note, "");
    setAttr(this.note, "title", null);
  }
}

/** The words of a clock: the large line, the word beside it, the small line, and all in full. */
export function faceText(clock, face, now, dates) {
  const target = clock.target === null ? "" : exactSpan(clock.target);
  const left = remainingAt(clock, now);
  const text = main(clock, face, left);
  const parts = note(clock, face, target, now, dates);
  const due = typeof clock.due === "number" ? ` · ${dates.full(clock.due)}` : "";
  return { ...text, note: parts.join(" · "), full: `${words.face[face]} · ${parts.join(" · ")}${due}` };
}

function main(clock, face, left) {
  const length = (ms) => span(ms, clock.neverCloses);
  if (face === "met" || face === "breached" || face === "cancelled" || face === "pending" || left === null) {
    return { main: words.face[face], word: "" };
  }
  // The last millisecond in time is not over yet: lateness is what the engine says, not the sign.
  if (clock.overdue) return { main: `+${length(left)}`, word: say.over };
  return { main: length(Math.max(0, left)), word: say.left };
}

function note(clock, face, target, now, dates) {
  const length = (ms) => span(ms, clock.neverCloses);
  if (face === "cancelled") return [say.cancelled];
  if (face === "pending") return clock.starts === null ? [] : [say.starts(dates.when(clock.starts, now))];
  if (face === "met") return target ? [say.metIn(length(clock.elapsed), target)] : [];
  if (face === "breached") return breachNote(clock, target, length);
  const parts = [];
  if (face === "risk") parts.push(words.face.risk.toLowerCase());
  if (clock.state === "paused") parts.push(say.paused(pausedWhy(clock)));
  if (clock.state === "outside_hours" && clock.opens !== null) parts.push(say.opens(dates.when(clock.opens, now)));
  const due = dueText(clock, now, dates);
  if (due) parts.push(due);
  if (target && clock.state !== "paused" && clock.state !== "outside_hours" && face !== "overdue") parts.push(say.of(target));
  return parts;
}

function dueText(clock, now, dates) {
  if (clock.due === null) return say.never;
  if (clock.due === undefined) {
    return typeof clock.dueIfResumed === "number" ? say.dueIfResumed(dates.when(clock.dueIfResumed, now)) : "";
  }
  return clock.overdue ? say.wasDue(dates.when(clock.due, now)) : say.due(dates.when(clock.due, now));
}

function breachNote(clock, target, length) {
  const over = clock.target === null ? 0 : clock.elapsed - clock.target;
  // A stop in time after a late one stays a breach, and then nothing is over.
  return over > 0 ? [say.breachedBy(`+${length(over)}`, target)] : target ? [say.metIn(length(clock.elapsed), target)] : [];
}

/** Whom or what a paused clock waits for. */
export function pausedWhy(clock) {
  const by = clock.raw.paused_by;
  if (!by) return "";
  const own = by.condition ? say.condition : by.excluded ? say.excluded : "";
  return partyWord(by.party) || by.reason || by.status || own;
}
