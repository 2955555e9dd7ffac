import { keyOf, reading } from "../clock/figures.js";

const KIND = { counted: "counted", paused: "paused", excluded: "excluded", resolved: "resolved", no_policy: "none" };

/**
 * An explanation as rows of pieces on one axis. `ahead` is the explanation as of a later instant: what it has after `now`
 * holds if nothing happens.
 */
export function modelOf(explanation, ahead = null) {
  const now = Date.parse(explanation.now);
  const clocks = explanation.evaluation.clocks.map((clock) => reading(clock, now));
  const rows = explanation.clocks.filter((clock) => clock.cycles.length > 0).map((clock) => rowOf(clock, clocks, now, ahead));
  const instants = rows.flatMap(({ pieces, flags }) => [...pieces.flatMap(({ from, to }) => [from, to]), ...flags.map(({ ms }) => ms)]);
  const from = Math.min(...instants, now);
  const last = Math.max(...instants, from + 60_000);
  return { now, from, until: last + Math.ceil((last - from) / 50), rows };
}

function rowOf(clock, clocks, now, ahead) {
  const key = keyOf(clock);
  const face = clocks.find((each) => each.key === key) ?? null;
  const pieces = clock.cycles.flatMap((cycle) => cycle.slices.flatMap((slice) => piecesOf(slice, cycle.cycle, face, cycle === clock.cycles.at(-1))));
  if (face && !face.finished && ahead) {
    const later = ahead.clocks.find((each) => keyOf(each) === key)?.cycles.at(-1);
    for (const slice of later?.slices ?? []) {
      if (Date.parse(slice.until) <= now) continue;
      const cut = { ...slice, from: new Date(Math.max(now, Date.parse(slice.from))).toISOString() };
      pieces.push(...piecesOf(cut, later.cycle, face, true).map((piece) => ({ ...piece, ahead: true })));
    }
  }
  return { key, face, pieces, flags: flagsOf(clock, face) };
}

/** A slice as one piece, or as two where the promise ends within it. */
function piecesOf(slice, cycle, face, isLast) {
  const from = Date.parse(slice.from);
  const to = Date.parse(slice.until);
  const kind = KIND[slice.why] ?? "closed";
  const piece = { slice, cycle, from, to, kind, counted: slice.counted ? to - from : 0, total: slice.total_ms };
  const limit = isLast && slice.counted ? (face?.breached ?? (face && !face.finished ? face.due : null)) : null;
  if (typeof limit !== "number" || limit >= to) return [piece];
  if (limit <= from) return [{ ...piece, kind: "over" }];
  return [
    { ...piece, to: limit, counted: limit - from, total: piece.total - (to - limit) },
    { ...piece, from: limit, counted: to - limit, kind: "over" },
  ];
}

function flagsOf(clock, face) {
  const flags = [];
  const add = (ms, kind) => typeof ms === "number" && flags.push({ ms, kind });
  if (!face) return flags;
  add(face.due, face.overdue || face.breached !== null ? "missed" : "due");
  if (face.breached !== null && face.breached !== face.due) add(face.breached, "breach");
  for (const raw of [...(face.raw.earlier ?? []), face.raw]) if (raw.stopped_at) add(Date.parse(raw.stopped_at), raw.state === "breached" ? "late" : "stop");
  return flags;
}

/** Stretches in which no row has open time: nights, weekends, holidays. */
export function closedStretches({ rows, from }, least) {
  const edges = [];
  for (const { pieces } of rows) for (const { slice, from: a, to: b } of pieces) if (slice.open) edges.push([a, b]);
  edges.sort((a, b) => a[0] - b[0]);
  const closed = [];
  let at = from;
  for (const [a, b] of edges) {
    if (a - at >= least) closed.push([at, a]);
    at = Math.max(at, b);
  }
  return closed;
}
