const SHOWN = 1000;
const HIDDEN = 30_000;

/** The one timer of the page: on full seconds of page time, earlier when a figure changes its course. */
export class Ticker {
  #timer = 0;

  constructor(clock, nextWake, onTick) {
    Object.assign(this, { clock, nextWake, onTick });
    // After a sleep of the machine, timers may come late and the page must not show old figures meanwhile.
    for (const [target, name] of [[document, "visibilitychange"], [window, "focus"], [window, "pageshow"]]) {
      target.addEventListener(name, () => this.tick());
    }
  }

  tick() {
    clearTimeout(this.#timer);
    const now = this.clock.now();
    if (this.onTick(now) === false) return;
    const pace = document.hidden ? HIDDEN : SHOWN;
    const wait = Math.min(pace - (now % pace), this.nextWake() - now);
    this.#timer = setTimeout(() => this.tick(), Math.max(4, wait));
  }
}
