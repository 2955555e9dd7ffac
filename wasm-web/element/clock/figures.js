// What a clock of the engine shows at a moment between two evaluations: plain arithmetic, no rules.

const instant = (text) => (typeof text === "string" ? Date.parse(text) : (text ?? null));

/** Share of the promise from which a running clock is at risk where the agreement names no alert, in per cent. */
const RISK_PERCENT = 80;

/**
 * A clock of an evaluation, with its instants as numbers, as computed at `at`. `key` tells it from the ticket's others:
 * several may measure the same, and two sets of policies may use one name.
 */
export function reading(clock, at) {
  return {
    raw: clock,
    at,
    key: keyOf(clock),
    metric: clock.metric,
    state: clock.state,
    finished: isFinished(clock.state),
    overdue: clock.overdue === true,
    risk: clock.alerts?.length ? clock.at_risk !== undefined : undefined,
    rate: clock.rate === 1 ? 1 : 0,
    elapsed: clock.elapsed_ms ?? 0,
    target: clock.target_ms ?? null,
    wallLeft: clock.limits?.find((limit) => limit.limit === "wall")?.remaining_ms ?? null,
    due: clock.due_at === undefined ? undefined : instant(clock.due_at),
    dueIfResumed: instant(clock.due_if_resumed_now),
    opens: instant(clock.opens_at),
    stopped: instant(clock.stopped_at),
    started: instant(clock.started_at),
    starts: clock.state === "pending" ? instant(clock.next_change_at) : null,
    breached: instant(clock.breached_at),
    next: instant(clock.next_change_at) ?? Infinity,
    neverCloses: clock.calendar === "always",
  };
}

export const isFinished = (state) => state === "met" || state === "breached" || state === "cancelled";

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
  return clock.risk ?? elapsedAt(clock, now) * 100 >= clock.target * RISK_PERCENT;
}

/** What the clock looks like: its state, with risk and lateness told apart. */
export function faceAt(clock, now) {
  if (clock.finished || clock.state === "pending") return clock.state;
  if (clock.overdue) return "overdue";
  if (clock.state === "paused") return "paused";
  if (atRisk(clock, now)) return "risk";
  return clock.state === "outside_hours" ? "closed" : "running";
}

/** The groups of the board, the most urgent first. */
export const GROUPS = ["overdue", "running", "closed", "paused", "pending", "failed", "finished"];

// What only counts again on Monday is less urgent tonight than what counts now.
const GROUP_OF = { running: 1, outside_hours: 2, paused: 3 };
const NEVER = Number.MAX_SAFE_INTEGER;

/** Where a clock stands at `now`: its group's place, and a key that is smaller for the more urgent. */
export function rankAt(clock, now) {
  if (clock.finished) return [6, -(clock.stopped ?? clock.at)];
  // A clock that has not started and may never do so says less about a ticket than one that is over.
  if (clock.state === "pending") return clock.starts === null ? [7, NEVER] : [4, clock.starts];
  return [clock.overdue ? 0 : GROUP_OF[clock.state], remainingAt(clock, now) ?? NEVER];
}

/** The clock that needs somebody first, with its rank. */
export function mostUrgent(clocks, now) {
  let first = null;
  for (const clock of clocks) {
    const rank = rankAt(clock, now);
    if (!first || rank[0] < first.rank[0] || (rank[0] === first.rank[0] && rank[1] < first.rank[1])) first = { clock, rank };
  }
  return first;
}

/**
 * The instant from which the words of a clock are others: the next minute of what is left, the next second in the last
 * five minutes, and at the latest what the engine announces.
 */
export function nextPicture(clock, now) {
  let next = Math.min(now + 60_000, clock.next > now ? clock.next : Infinity);
  const left = clock.finished ? null : remainingAt(clock, now);
  if (left === null || (clock.rate === 0 && !clock.overdue)) return next;
  const unit = Math.abs(left) < 300_000 + 60_000 ? 1000 : 60_000;
  const step = left > 0 ? left % unit : unit - (-left % unit);
  return Math.min(next, now + step + (left > 0 ? 1 : 0));
}
