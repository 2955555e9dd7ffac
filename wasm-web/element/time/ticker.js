import { forgetZone } from "./format.js";
import { pageTime } from "./page_time.js";

// One timer for all elements of the page. It looks every second whose picture changes, which costs a comparison each,
// and so also finds out that the machine has slept. In a hidden tab it sleeps.
const parts = new Set();
let timer = 0;

/**
 * Takes part in the page's time: `tick(now)` draws, and gives the instant from which its picture is another.
 * @param {{ tick(now: number): number, wakeAt?: number }} part
 */
export function join(part) {
  part.wakeAt = 0;
  parts.add(part);
  if (!timer) run();
}

export function leave(part) {
  parts.delete(part);
}

/** Draws a part now. */
export function draw(part, now = pageTime.now()) {
  if (!parts.has(part)) return;
  // One that fails must not stop the others' time; it is heard of, and tried again when something changes.
  part.wakeAt = Infinity;
  try {
    part.wakeAt = part.tick(now);
  } catch (error) {
    reportError(error);
  }
}

function run(all = false) {
  clearTimeout(timer);
  timer = 0;
  if (parts.size === 0) return;
  const now = pageTime.now();
  let next = now + 1000 - (now % 1000);
  for (const part of parts) {
    if (all || part.wakeAt <= now) draw(part, now);
    if (part.wakeAt > now) next = Math.min(next, part.wakeAt);
  }
  if (!document.hidden) timer = setTimeout(run, Math.max(4, next - pageTime.now()));
}

pageTime.onCorrect = () => run(true);
// After a sleep timers may come late, and old figures must not stand meanwhile.
if (typeof document !== "undefined") {
  for (const [target, name] of [[document, "visibilitychange"], [document, "resume"], [window, "focus"], [window, "pageshow"]]) {
    target.addEventListener(name, () => {
      forgetZone();
      if (!document.hidden) run(true);
    });
  }
}
