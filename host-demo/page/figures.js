// What a clock of the engine shows at a moment between two evaluations: plain arithmetic, no rules.

const instant = (text) => (typeof text === "string" ? Date.parse(text) : (text ?? null));

/** Share of the promise from which a running clock counts as at risk, in per cent. */
export const RISK_PERCENT = 80;

/**
 * An engine's clock, with its instants as numbers, as computed at `at`. `key` tells it from the ticket's others:
 * several may measure the same, and two sets of policies may use one name.
 */
export function reading(clock, at) {
  return {
    raw: clock,
    at,
    key: keyOf(clock),
    name: clock.clock,
    metric: clock.metric,
    state: clock.state,
    finished: clock.state === "met" || clock.state === "breached" || clock.state === "cancelled",
    overdue: clock.overdue === true,
    rate: clock.rate === 1 ? 1 : 0,
    elapsed: clock.elapsed_ms ?? 0,
    target: clock.target_ms ?? null,
    wallLeft: clock.limits?.find((limit) => limit.limit === "wall")?.remaining_ms ?? null,
    due: clock.due_at === undefined ? undefined : instant(clock.due_at),
    dueIfResumed: clock.due_if_resumed_now === undefined ? undefined : instant(clock.due_if_resumed_now),
    opens: instant(clock.opens_at),
    stopped: instant(clock.stopped_at),
    started: instant(clock.started_at),
    starts: clock.state === "pending" ? instant(clock.next_change_at) : null,
    breached: instant(clock.breached_at),
    next: instant(clock.next_change_at) ?? Infinity,
    neverCloses: clock.calendar === "always",
  };
}

export const keyOf = (clock) => (clock.set === undefined ? clock.clock : `${clock.set} / ${clock.clock}`);

export const elapsedAt = (clock, now) => clock.elapsed + clock.rate * (now - clock.at);

/** What is left; of two limits the counted one, unless only the other is passed. */
export function remainingAt(clock, now) {
  if (clock.target === null) return null;
  const left = clock.target - elapsedAt(clock, now);
  if (!clock.overdue || left < 0 || clock.wallLeft === null) return left;
  // Real time runs on outside hours.
  return clock.wallLeft - (clock.state === "running" || clock.state === "outside_hours" ? now - clock.at : 0);
}

/** Part of the target used, 0 and up; for drawing only. */
export const shareAt = (clock, now) => (clock.target ? elapsedAt(clock, now) / clock.target : clock.overdue ? 1 : 0);

/** Whether a clock still to be kept is near its promise. */
export function atRisk(clock, now) {
  if (clock.overdue || clock.target === null || (clock.state !== "running" && clock.state !== "outside_hours")) return false;
  return clock.raw.at_risk !== undefined || elapsedAt(clock, now) * 100 >= clock.target * RISK_PERCENT;
}

/** What the clock looks like: its state, with risk and lateness told apart. */
export function faceAt(clock, now) {
  if (clock.finished || clock.state === "pending") return clock.state;
  if (clock.overdue) return "overdue";
  if (clock.state === "paused") return "paused";
  if (clock.state === "outside_hours") return atRisk(clock, now) ? "risk" : "closed";
  return atRisk(clock, now) ? "risk" : "running";
}

const GROUPS = ["overdue", "active", "closed", "paused", "pending", "failed", "finished"];

// What only counts again on Monday is less urgent tonight than what counts now.
const GROUP_OF = { running: "active", outside_hours: "closed", paused: "paused" };

/** Where a ticket stands in the list at `now`: its group, and a key that is smaller for the more urgent. */
export function rankAt(entry, now) {
  if (entry.error) return { group: "failed", key: 0 };
  return mostUrgent(entry.clocks, now)?.rank ?? { group: "finished", key: Infinity };
}

/** The clock that needs somebody first, with its rank; one that waits for its start comes after all others. */
export function mostUrgent(clocks, now) {
  let first = null;
  for (const clock of clocks) {
    const rank = rankOf(clock, now);
    const closer = first ? place(rank) - place(first.rank) : -1;
    if (closer < 0 || (closer === 0 && rank.key < first.rank.key)) first = { clock, rank };
  }
  return first;
}

function rankOf(clock, now) {
  if (clock.finished) return { group: "finished", key: -(clock.stopped ?? clock.at) };
  if (clock.state === "pending") return { group: "pending", key: clock.starts ?? Number.MAX_SAFE_INTEGER };
  const group = clock.overdue ? "overdue" : GROUP_OF[clock.state];
  return { group, key: remainingAt(clock, now) ?? Number.MAX_SAFE_INTEGER };
}

// A clock that has not started and may never do so says less about a ticket than one that is over.
const place = ({ group, key }) => (group === "pending" && key === Number.MAX_SAFE_INTEGER ? GROUPS.length : GROUPS.indexOf(group));

export const groupOrder = (group) => GROUPS.indexOf(group);
