const HOLD = 60_000;
const STEP = 2_000;

/**
 * The time that a page lives by: this machine's clock, corrected by what the server says. A step of the machine's
 * clock is found by the monotonic clock, which no setting of the time moves.
 */
export class PageTime {
  #offset = 0;
  #doubt = Infinity;
  #shown = -Infinity;
  #wall = Date.now();
  #mono = performance.now();
  #source = null;
  #asking = false;

  /** By how many milliseconds the server is ahead of this machine. */
  get offset() {
    return this.#offset;
  }

  /** False after a jump of this machine's clock, until the server has been asked again. */
  trusted = true;

  /** Called after the time was corrected. */
  onCorrect = () => {};

  /**
   * Learns the server's time. `sentAt` and `receivedAt` are readings of this machine's clock before and after asking: the
   * answer lies between them, and of several answers the quickest is believed, since it leaves the least doubt.
   * @param {number} server Milliseconds since 1970.
   * @param {number} [sentAt]
   * @param {number} [receivedAt]
   */
  learn(server, sentAt = Date.now(), receivedAt = sentAt) {
    const doubt = (receivedAt - sentAt) / 2;
    const offset = Math.round(server - sentAt - doubt);
    if (!Number.isFinite(offset) || doubt < 0) return;
    // A slow answer that agrees with a quick one, as far as it can tell, adds nothing.
    if (this.trusted && doubt > this.#doubt && Math.abs(offset - this.#offset) <= doubt + this.#doubt) return;
    this.#offset = offset;
    this.#doubt = doubt;
    this.trusted = true;
    this.onCorrect();
  }

  /**
   * Whole milliseconds. Never earlier than what was given before, since that may be on the screen: time stands until it
   * is caught up. Only where it was wrong by more than a minute is it set right at once.
   */
  now() {
    const wall = Date.now();
    const mono = performance.now();
    const drift = wall - this.#wall - (mono - this.#mono);
    this.#wall = wall;
    this.#mono = mono;
    if (drift < -STEP) this.#offset -= Math.round(drift);
    // Ahead may also mean that the machine has slept, where the monotonic clock stands still: only the server can tell.
    else if (drift > STEP && this.#source) this.trusted = false;
    if (Math.abs(drift) > STEP) this.ask();
    const now = Math.round(wall) + this.#offset;
    if (now > this.#shown || now < this.#shown - HOLD) this.#shown = now;
    return this.#shown;
  }

  /**
   * Follows a server: an address that answers its time (`{"now": …}`, an instant, or any answer's `Date`), or a function.
   * It is asked now, and again whenever this machine's clock jumps.
   * @param {string | URL | (() => unknown)} source
   */
  follow(source) {
    this.#source = typeof source === "function" ? source : () => fetchTime(source);
    return this.ask();
  }

  async ask() {
    if (!this.#source || this.#asking) return;
    this.#asking = true;
    try {
      const sentAt = Date.now();
      const answer = await this.#source();
      this.learn(instantOf(answer), sentAt, Date.now());
    } catch (error) {
      console.warn("slaclock: the server's time is not known", error);
    } finally {
      this.#asking = false;
    }
  }
}

async function fetchTime(address) {
  const response = await fetch(address, { cache: "no-store" });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}`);
  let answer = text.trim();
  try {
    answer = JSON.parse(text);
  } catch {
    // Bare text is an instant as it stands.
  }
  const ms = instantOf(answer);
  // The header has whole seconds: their middle is the best guess.
  return Number.isFinite(ms) ? ms : Date.parse(response.headers.get("date")) + 500;
}

/** Milliseconds of a `Date`, a number, RFC 3339 text, or `{ now }`; `NaN` for anything else. */
export function instantOf(value) {
  if (value instanceof Date || typeof value === "number") return Number(value);
  if (typeof value === "string") return Date.parse(value);
  return value?.now === undefined ? NaN : instantOf(value.now);
}

/** The one of this page. */
export const pageTime = new PageTime();
