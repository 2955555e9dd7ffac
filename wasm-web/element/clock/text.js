import { remainingAt } from "./figures.js";

/** The instant for which a clock can be shown at `now`, and why it may no longer hold: an answer ends with its next change. */
export function standing(clock, now, { words, format }) {
  const stale = clock !== null && clock !== undefined && now >= clock.next;
  return stale ? [clock.next, words.say("asOf", { t: format.when(clock.next, now, true) })] : [now, ""];
}

/**
 * What a clock says: the large line in pieces of which the odd ones are figures, the small line, and all in full.
 * @returns {{ main: string[], note: string, full: string }}
 */
export function clockText(clock, face, now, { words, format, display }) {
  const length = (ms) => format.span(ms, clock.neverCloses, display);
  const target = clock.target === null ? "" : format.exact(clock.target);
  const left = remainingAt(clock, now);
  const main = mainLine(clock, face, left, words, length);
  const parts = noteLine(clock, face, target, now, words, format, length);
  const due = clock.due ?? clock.dueIfResumed;
  const exact = typeof due === "number" ? [format.full(due)] : [];
  const full = [words.clock(clock.key), main.join(""), words.say(`state.${face}`), ...parts, ...exact];
  return { main, note: parts.join(" · "), full: [...new Set(full)].join(" · ") };
}

function mainLine(clock, face, left, words, length) {
  if (clock.finished || face === "pending" || left === null) return [words.say(`state.${face}`)];
  // The last millisecond in time is not over yet: lateness is what the engine says, not the sign.
  if (clock.overdue) return words.pieces("over", { t: `+${length(left)}` });
  return words.pieces("left", { t: length(Math.max(0, left)) });
}

function noteLine(clock, face, target, now, words, format, length) {
  const at = (key, ms) => words.say(key, { t: format.when(ms, now) });
  if (face === "cancelled") return [words.say("noStop")];
  if (face === "pending") return clock.starts === null ? [] : [at("starts", clock.starts)];
  if (clock.finished) return endNote(clock, target, words, length);
  const parts = [];
  if (face === "risk") parts.push(words.say("state.risk").toLocaleLowerCase(words.lang));
  if (clock.state === "paused") parts.push(pausedText(clock, words));
  if (clock.state === "outside_hours" && clock.opens !== null) parts.push(at("opens", clock.opens));
  if (clock.due === null) parts.push(words.say("never"));
  else if (clock.due !== undefined) parts.push(at(clock.overdue ? "wasDue" : "due", clock.due));
  else if (clock.dueIfResumed !== null) parts.push(at("dueIfResumed", clock.dueIfResumed));
  if (target && parts.length === 1 && !clock.overdue) parts.push(words.say("of", { t: target }));
  return parts;
}

function endNote(clock, target, words, length) {
  if (!target) return [];
  // A stop in time after a late one stays a breach, and then nothing is over.
  const over = clock.elapsed - clock.target;
  return [words.say(over > 0 ? "exceeded" : "took", { t: over > 0 ? `+${length(over)}` : length(clock.elapsed), p: target })];
}

function pausedText(clock, words) {
  const why = pausedWhy(clock, words);
  return why ? words.say("pausedFor", { x: why }) : words.say("paused");
}

/** Whom or what a paused clock waits for. */
export function pausedWhy(clock, words) {
  const by = clock.raw?.paused_by;
  if (!by) return "";
  const own = by.condition ? words.say("condition") : by.excluded ? words.say("excluded") : "";
  return words.party(by.party) || by.reason || by.status || own;
}
