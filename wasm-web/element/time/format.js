const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

let zone = "";

/** The zone of this machine, looked up once: a traveller's page is told by `forgetZone` when it is looked at again. */
export const ownZone = () => (zone ||= new Intl.DateTimeFormat().resolvedOptions().timeZone);

export const forgetZone = () => (zone = "");

const made = new Map();

/** The writer of a language and zone; they are dear to make, and so kept. */
export function formatFor(lang, zone) {
  const key = `${lang} ${zone}`;
  if (!made.has(key)) made.set(key, new Format(lang, zone));
  return made.get(key);
}

/** Writes something of each kind: the first of each takes a browser longer than thousands that follow. */
export function rehearse(lang) {
  const format = formatFor(lang, ownZone());
  const now = Date.now();
  for (const days of [0, 1, 30]) format.when(now + days * DAY, now);
  for (const write of ["span", "exact", "full", "number", "percent"]) format[write](now);
}

/** Writes numbers, lengths of time and instants as a language and a zone have them. */
class Format {
  #texts = new Map();
  #formats = new Map();

  constructor(lang, zone) {
    Object.assign(this, { lang, zone });
    this.units = new Intl.ListFormat(lang, { type: "unit", style: "narrow" });
  }

  number(value, options = {}) {
    return this.#format(Intl.NumberFormat, options).format(value);
  }

  /** A share between 0 and 1, cut and not rounded: 99.96 % is not 100 %. */
  percent(share, digits = 0) {
    const scale = 100 * 10 ** digits;
    return this.number(Math.floor(share * scale + 1e-9) / scale, { style: "percent", maximumFractionDigits: digits });
  }

  /**
   * A length in two units, with seconds only below five minutes. Days appear where a calendar never closes: elsewhere a
   * day of counted time would be read as a working day. `display` is `short`, or `narrow` where room is.
   */
  span(ms, neverCloses = false, display = "short") {
    const seconds = Math.floor(Math.abs(ms) / SECOND);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    if (minutes === 0) return this.#unit(seconds, "second", 1, display);
    if (minutes < 5) return this.#two(minutes, "minute", seconds % 60, "second", display);
    if (hours === 0) return this.#unit(minutes, "minute", 1, display);
    if (!neverCloses || hours < 48) return this.#two(hours, "hour", minutes % 60, "minute", display);
    return this.#two(Math.floor(hours / 24), "day", hours % 24, "hour", display);
  }

  /** A length, exactly: `4 h`, `1 h 30 min`. */
  exact(ms) {
    const parts = [];
    let rest = Math.abs(ms);
    for (const [unit, size] of [["hour", HOUR], ["minute", MINUTE], ["second", SECOND], ["millisecond", 1]]) {
      if (rest >= size) parts.push(this.#unit(Math.floor(rest / size), unit));
      rest %= size;
    }
    return parts.length > 0 ? this.units.format(parts) : this.#unit(0, "minute");
  }

  time(ms) {
    return this.#text(ms, { hour: "numeric", minute: "2-digit" });
  }

  /** As short as is clear at `now`: the time alone today, with its weekday this week, with its date otherwise. */
  when(ms, now, alwaysDay = false) {
    const day = { ...(alwaysDay && { weekday: "short" }), day: "numeric", month: "short" };
    if (!alwaysDay && this.dayOf(ms) === this.dayOf(now)) return this.time(ms);
    if (Math.abs(ms - now) < 6 * DAY) return this.#text(ms, { weekday: "short", hour: "numeric", minute: "2-digit" });
    if (this.dayOf(ms).slice(0, 4) === this.dayOf(now).slice(0, 4)) return this.#text(ms, { ...day, hour: "numeric", minute: "2-digit" });
    return this.#text(ms, { ...day, year: "numeric" });
  }

  day(ms) {
    return this.#text(ms, { weekday: "short", day: "numeric", month: "short" });
  }

  /** The same without the weekday, where room is short. */
  date(ms) {
    return this.#text(ms, { day: "numeric", month: "short" });
  }

  /** Exactly, with its zone. */
  full(ms) {
    return this.#text(ms, { dateStyle: "full", timeStyle: "long" });
  }

  /** The local date as `2026-11-20`, to compare. */
  dayOf(ms) {
    return localParts(this.zone, ms).slice(0, 10);
  }

  /** The end of the day that contains `now`, also on days of 23 or 25 hours. */
  endOfDay(now) {
    const day = this.dayOf(now);
    let low = Math.floor(now / MINUTE);
    let high = low + 26 * 60;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.dayOf(middle * MINUTE) === day) low = middle;
      else high = middle;
    }
    return high * MINUTE;
  }

  // A second unit of nothing says nothing, except where it counts down.
  #two(first, unit, second, next, display) {
    const parts = [this.#unit(first, unit, 1, display)];
    if (second > 0 || next === "second") parts.push(this.#unit(second, next, next === "second" ? 2 : 1, display));
    return this.units.format(parts);
  }

  #unit(value, unit, digits = 1, unitDisplay = "short") {
    return this.number(value, { style: "unit", unit, unitDisplay, minimumIntegerDigits: digits });
  }

  #format(Kind, options) {
    const key = Object.entries(options).join();
    if (!this.#formats.has(key)) this.#formats.set(key, new Kind(this.lang, Kind === Intl.DateTimeFormat ? { timeZone: this.zone, ...options } : options));
    return this.#formats.get(key);
  }

  #text(ms, options) {
    const format = this.#format(Intl.DateTimeFormat, options);
    const key = `${ms} ${Object.entries(options).join()}`;
    let text = this.#texts.get(key);
    if (text === undefined) {
      if (this.#texts.size > 20_000) this.#texts.clear();
      this.#texts.set(key, (text = format.format(ms)));
    }
    return text;
  }
}

const zones = new Map();

/** The local date and time as `2026-11-20 17:00:00`. */
export function localParts(zone, ms) {
  if (!zones.has(zone)) zones.set(zone, new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" }));
  return zones.get(zone).format(ms);
}
