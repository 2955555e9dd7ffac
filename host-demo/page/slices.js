import { reading } from "./figures.js";

const WORK = 200_000;

/**
 * What every clock of a ticket did between two instants, as stretches of one kind: counted, over, paused,
 * closed. Nothing is reckoned here: the engine is asked at the start and at each change that it announces,
 * so the stretches add up to its own figures. A ticket with very many events is asked fewer times; `end` says
 * how far the stretches reach. What lies after `now` is marked as ahead: it holds if nothing happens.
 */
export function slicesOf(store, entry, from, until, now) {
  const byKey = new Map();
  const most = Math.max(2, Math.min(600, Math.floor(WORK / (entry.events.length + 50))));
  let at = from;
  for (let asked = 0; at < until && asked < most; asked += 1) {
    const clocks = store.evaluateOne(entry, at).clocks.map((clock) => reading(clock, at));
    const present = at < now ? now : Infinity;
    const next = Math.min(until, present, nextEvent(entry, at), ...clocks.map((clock) => clock.next));
    for (const clock of clocks) add(byKey, clock, at, next, at >= now);
    at = next;
  }
  return { byKey, end: at };
}

function add(byKey, clock, from, to, ahead) {
  if (!byKey.has(clock.key)) byKey.set(clock.key, []);
  const list = byKey.get(clock.key);
  const kind = kindOf(clock);
  if (!kind) return;
  const party = clock.raw.paused_by?.party ?? "";
  const total = clock.elapsed + clock.rate * (to - from);
  const last = list.at(-1);
  if (last && last.to === from && last.kind === kind && last.party === party && last.ahead === ahead) {
    Object.assign(last, { to, total, counted: last.counted + clock.rate * (to - from) });
  } else {
    list.push({ from, to, kind, party, ahead, total, counted: clock.rate * (to - from) });
  }
}

function kindOf(clock) {
  if (clock.state === "paused") return "paused";
  if (clock.state === "outside_hours") return "closed";
  if (clock.state !== "running") return null;
  return clock.overdue ? "over" : "counted";
}

function nextEvent(entry, at) {
  let low = 0;
  let high = entry.events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entry.events[middle].ms > at) high = middle;
    else low = middle + 1;
  }
  return entry.events[low]?.ms ?? Infinity;
}
