import { locale } from "./words.js";

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 86_400_000;

/** The time the page lives by: the server's clock as read once, or a replay that starts at a given instant. */
export class PageClock {
  #offset = 0;
  #shown = -Infinity;
  #raw = -Infinity;
  stepped = false;

  constructor(startAt = null) {
    this.replay = startAt !== null;
    if (this.replay) this.#offset = startAt - Date.now();
  }

  /** Learns the server's time; a replay keeps its own. Gives by how much this machine differs. */
  learn(serverMs, sentAt, receivedAt) {
    const offset = Math.round(serverMs - (sentAt + receivedAt) / 2);
    if (!this.replay) this.#offset = offset;
    this.stepped = false;
    return offset;
  }

  /** Whole milliseconds; never earlier than what was given before, since it may be on the screen. */
  now() {
    const raw = Math.round(Date.now()) + this.#offset;
    if (raw < this.#raw - 5 * SECOND) this.#stepBack(raw);
    this.#raw = raw;
    if (raw > this.#shown) this.#shown = raw;
    return this.#shown;
  }

  // A replay asks nobody and simply goes on from what it showed.
  #stepBack(raw) {
    if (this.replay) this.#offset += this.#shown - raw;
    else this.stepped = true;
  }
}

const two = (number) => String(number).padStart(2, "0");

/**
 * A length in two units, with seconds only below five minutes. Days appear on calendars that never close:
 * elsewhere a day of counted time would be read as a working day.
 */
export function span(ms, neverCloses = false) {
  const seconds = Math.floor(Math.abs(ms) / SECOND);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (seconds < 300) return `${minutes} min ${two(seconds % 60)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (!neverCloses || hours < 48) return `${hours} h ${two(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** A promise, exactly: `4 h`, `1 h 30 min`. */
export function exactSpan(ms) {
  const units = [["h", HOUR], ["min", 60 * SECOND], ["s", SECOND], ["ms", 1]];
  const parts = [];
  let rest = Math.abs(ms);
  for (const [unit, size] of units) {
    if (rest >= size) parts.push(`${Math.floor(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(" ") || "0 min";
}

/** Writes instants in one time zone. */
export class Dates {
  #cache = new Map();

  constructor(zone) {
    this.zone = zone;
    const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options });
    this.clock = format({ hour: "2-digit", minute: "2-digit" });
    this.seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.weekday = format({ weekday: "short" });
    this.date = format({ day: "numeric", month: "short" });
    this.year = format({ day: "numeric", month: "short", year: "numeric" });
    this.day = format({ year: "numeric", month: "2-digit", day: "2-digit" });
    this.long = format({ dateStyle: "full", timeStyle: "long" });
  }

  /** As short as is clear at `now`: `11:30`, `Mon 11:30`, `14 Oct 11:30`, `14 Oct 2025`. */
  when(ms, now) {
    const today = this.#remember(now - (now % (15 * 60 * SECOND)), "day", this.day);
    const day = this.#remember(ms, "day", this.day);
    const time = this.#remember(ms, "clock", this.clock);
    if (day === today) return time;
    if (Math.abs(ms - now) < 6 * DAY) return `${this.#remember(ms, "weekday", this.weekday)} ${time}`;
    if (day.slice(-4) === today.slice(-4)) return `${this.#remember(ms, "date", this.date)} ${time}`;
    return this.#remember(ms, "year", this.year);
  }

  /** The same, always with its day. */
  dayAndTime(ms, now) {
    const name = Math.abs(ms - now) < 6 * DAY ? this.weekday : this.day.format(ms).slice(-4) === this.day.format(now).slice(-4) ? this.date : this.year;
    return `${name.format(ms)} ${this.clock.format(ms)}`;
  }

  full(ms) {
    return this.#remember(ms, "long", this.long);
  }

  /** The end of the day that contains `now`, also on days of 23 or 25 hours. */
  endOfDay(now) {
    const guess = now + DAY - this.#intoDay(now);
    const into = this.#intoDay(guess);
    return into > DAY / 2 ? guess + DAY - into : guess - into;
  }

  #intoDay(ms) {
    const [hours, minutes, seconds] = this.seconds.format(ms).split(":").map(Number);
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND + (ms % SECOND);
  }

  #remember(ms, kind, format) {
    const key = `${kind}${ms}`;
    let text = this.#cache.get(key);
    if (text === undefined) {
      if (this.#cache.size > 20_000) this.#cache.clear();
      text = format.format(ms);
      this.#cache.set(key, text);
    }
    return text;
  }
}

/** The zone of this machine. */
export const ownZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;
