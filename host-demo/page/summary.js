import { atRisk } from "./figures.js";

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

/** Marks every entry for the strip's filters and counts the marks. */
export function summarise(entries, now, endOfDay) {
  const counts = { all: entries.length, overdue: 0, risk: 0, hour: 0, today: 0, paused: 0, failed: 0 };
  const ended = { met: 0, all: 0 };
  const hours = new Array(24).fill(0);
  for (const entry of entries) {
    const marks = mark(entry, now, endOfDay, hours);
    entry.marks = marks;
    for (const name in marks) if (marks[name]) counts[name] += 1;
    countEnded(entry, now, ended);
  }
  return { counts, ended, hours };
}

function mark(entry, now, endOfDay, hours) {
  const marks = { overdue: false, risk: false, hour: false, today: false, paused: false, failed: Boolean(entry.error) };
  let waiting = 0;
  let open = 0;
  for (const clock of entry.clocks) {
    if (clock.finished || clock.state === "pending") continue;
    open += 1;
    if (clock.state === "paused") waiting += 1;
    if (clock.overdue) marks.overdue = true;
    else if (atRisk(clock, now)) marks.risk = true;
    if (clock.overdue || typeof clock.due !== "number") continue;
    const ahead = clock.due - now;
    if (ahead <= HOUR) marks.hour = true;
    if (clock.due <= endOfDay) marks.today = true;
    if (ahead >= 0 && ahead < 24 * HOUR) hours[Math.floor(ahead / HOUR)] += 1;
  }
  if (marks.overdue) marks.risk = false;
  marks.paused = open > 0 && waiting === open && !marks.overdue;
  return marks;
}

function countEnded(entry, now, ended) {
  for (const clock of entry.clocks) {
    if (clock.finished) countCycle(clock.state, clock.stopped, now, ended);
    for (const cycle of clock.raw.earlier ?? []) countCycle(cycle.state, Date.parse(cycle.stopped_at), now, ended);
  }
}

function countCycle(state, stopped, now, ended) {
  if (state === "cancelled" || stopped === null || !(stopped > now - WEEK)) return;
  ended.all += 1;
  if (state === "met") ended.met += 1;
}
