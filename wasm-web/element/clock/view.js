import { make, setAttr, setText, setVar } from "../dom.js";
import { icon, svg } from "../icons.js";
import { elapsedAt, faceAt, nextPicture, remainingAt, shareAt } from "./figures.js";
import { clockText } from "./text.js";

const DATA = ["metric", "clock", "state", "overdue", "elapsedMs", "remainingMs", "dueAt", "asOf"];

/**
 * One clock in two lines: what is left, and under it the promise, the state and the due time.
 * `paint` writes figures and their machine-readable twins together, for one moment. `home` is the name that stands above
 * it anyway; a clock of another name says its own.
 */
export class ClockView {
  #face = "";
  #aside = "";
  #full = "";
  #of = [];
  #until = 0;

  constructor(home = "") {
    this.home = home;
    this.icon = make("span", "clock-icon#icon");
    this.main = make("span", "clock-main#main");
    this.fill = make("i", "#fill");
    this.bar = make("div", "bar#bar", this.fill);
    this.asideIcon = make("span", "clock-aside");
    this.note = make("span", "clock-note#note");
    this.below = make("div", "clock-below", this.asideIcon, this.note);
    this.element = make("div", "clock#clock", this.icon, this.main, this.bar, this.below);
  }

  /** A ring around the icon instead of the bar. */
  useRing() {
    this.arc = svg("circle", { cx: 16, cy: 16, r: 14, pathLength: 100, class: "ring-fill" });
    const track = svg("circle", { cx: 16, cy: 16, r: 14, class: "ring-track" });
    this.bar.remove();
    const ring = svg("svg", { viewBox: "0 0 32 32", class: "ring", part: "ring", "aria-hidden": "true" }, track, this.arc);
    this.element.prepend(ring);
    this.element.classList.add("clock-round");
  }

  /** Paints a clock, or that there is none; `doubt` says why its figures may no longer hold. Gives the full text. */
  paint(clock, now, say, doubt = "") {
    if (!clock) return this.#paintNone(say);
    this.#paintShare(clock, now);
    this.#paintData(clock, now);
    const { words, format, display } = say;
    const of = [clock, doubt, words, format, display];
    // Most seconds change no word of most clocks.
    if (now >= this.#until || now < this.#until - 60_000 || of.some((each, index) => each !== this.#of[index])) {
      this.#of = of;
      this.#until = nextPicture(clock, now);
      this.#paintWords(clock, now, say, doubt);
    }
    return this.#full;
  }

  #paintWords(clock, now, say, doubt) {
    const face = faceAt(clock, now);
    const text = clockText(clock, face, now, say);
    const own = clock.key === this.home ? "" : say.words.clock(clock.key);
    this.#setFace(doubt ? "stale" : face, clock.state);
    this.#setMain(text.main);
    setText(this.note, [own, doubt || text.note].filter(Boolean).join(" · "));
    this.#full = doubt ? `${text.full} · ${doubt}` : text.full;
  }

  #setMain(pieces) {
    const { main } = this;
    if (main.childNodes.length !== pieces.length) main.replaceChildren(...pieces.map((piece, index) => make("span", index % 2 ? "figure" : "")));
    pieces.forEach((piece, index) => setText(main.childNodes[index], piece));
  }

  #setFace(face, state) {
    if (face !== this.#face) {
      this.#face = face;
      this.icon.replaceChildren(...(face === "none" ? [] : [icon(face)]));
      setAttr(this.element, "data-face", face);
    }
    // Lateness and risk hide what the clock is doing, so that gets a small icon of its own.
    const doing = state === "paused" ? "paused" : state === "outside_hours" ? "closed" : "";
    const aside = doing === face ? "" : doing;
    if (aside !== this.#aside) {
      this.#aside = aside;
      this.asideIcon.replaceChildren(...(aside ? [icon(aside)] : []));
    }
  }

  #paintShare(clock, now) {
    const share = shareAt(clock, now);
    const filled = Math.min(1, Math.max(0, share));
    if (this.arc) setAttr(this.arc, "stroke-dasharray", clock.state === "paused" ? dashes(filled * 100) : `${filled * 100} 200`);
    setVar(this.fill, "--_share", filled.toFixed(4));
    setAttr(this.bar, "data-over", share > 1 ? "" : null);
    if (share > 1) setVar(this.bar, "--_mark", (1 / share).toFixed(4));
  }

  #paintData(clock, now) {
    const due = clock.due === undefined ? null : clock.due === null ? "never" : clock.raw?.due_at;
    const values = [clock.metric, clock.key, clock.state, clock.overdue, elapsedAt(clock, now), remainingAt(clock, now), due, now];
    DATA.forEach((name, index) => {
      if (values[index] === null) delete this.element.dataset[name];
      else this.element.dataset[name] = values[index];
    });
  }

  #paintNone(say) {
    this.#until = 0;
    if (this.#face !== "none") {
      this.#setFace("none", "");
      for (const name of DATA) delete this.element.dataset[name];
    }
    this.#setMain([this.home ? "–" : say.words.say("state.none")]);
    setText(this.note, "");
    return say.words.say("state.none");
  }
}

/** A dashed stroke of a length. */
function dashes(length) {
  const list = [];
  for (let at = 0; at < length; at += 4) list.push(Math.min(2, length - at), 2);
  return `${list.slice(0, -1).join(" ") || 0} 200`;
}
