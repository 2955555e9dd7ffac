const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const FOLD = 14;
const STEPS = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];

/** From instants to pixels and back, with folded stretches as wide as a fold. In right-to-left, time runs leftwards. */
export class Scale {
  constructor(from, until, width, folds = [], mirrored = false) {
    Object.assign(this, { from, until, width, mirrored });
    const folded = folds.reduce((sum, [a, b]) => sum + b - a, 0);
    const rate = Math.max(1, width - folds.length * FOLD) / Math.max(1, until - from - folded);
    this.rate = rate;
    this.parts = [];
    let x = 0;
    const add = (a, b, wide, fold) => {
      if (b > a) this.parts.push({ a, b, x, wide, fold });
      if (b > a) x += wide;
    };
    let at = from;
    for (const [a, b] of folds) {
      add(at, a, (a - at) * rate, false);
      add(a, b, FOLD, true);
      at = b;
    }
    add(at, until, (until - at) * rate, false);
  }

  x(ms) {
    const part = this.parts.find(({ b }) => ms <= b) ?? this.parts.at(-1);
    const share = Math.min(1, Math.max(0, (ms - part.a) / (part.b - part.a)));
    const x = part.x + share * part.wide;
    return Math.round((this.mirrored ? this.width - x : x) * 10) / 10;
  }

  ms(x) {
    const at = this.mirrored ? this.width - x : x;
    const part = this.parts.findLast((each) => each.x <= at) ?? this.parts[0];
    return Math.round(part.a + Math.min(1, (at - part.x) / part.wide) * (part.b - part.a));
  }

  /** The left edge and the width of a stretch. */
  box(from, to) {
    const [a, b] = [this.x(from), this.x(to)];
    return [Math.min(a, b), Math.max(0.5, Math.abs(b - a))];
  }

  /** Marks of the axis: days where they begin or come out of a fold, and hours as close as they can be read. */
  marks(format) {
    const step = STEPS.find((each) => each * this.rate >= 56) ?? DAY;
    const marks = [];
    // Days that cannot be told apart are not all looked at.
    const stride = Math.max(1, Math.ceil(24 / (DAY * this.rate)));
    let last = "";
    for (const { a, b, fold } of this.parts) {
      if (fold) continue;
      if (format.dayOf(a) !== last) marks.push({ ms: a, day: true });
      let start = format.endOfDay(a - DAY);
      for (let count = 0; start < b && count < 400; count += 1) {
        const next = format.endOfDay(start);
        if (start > a && count % stride === 0) marks.push({ ms: start, day: true });
        for (let ms = start + step; step < DAY && ms < next - step / 2; ms += step) if (ms > a && ms < b) marks.push({ ms, day: false });
        start = next;
      }
      last = format.dayOf(b - 1);
    }
    return marks;
  }
}
