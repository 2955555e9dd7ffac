// What a clock of the engine shows at a moment between two evaluations: plain arithmetic, no rules.

const instant = (text) => (typeof text === "string" ? Date.parse(text) : (text ?? null));

/** Share of the promise from which a running clock counts as at risk, in per cent. */
export const RISK_PERCENT = 80;

/** An engine's clock, with its instants as numbers, as computed at `at`; one that is pending starts at `created`. */
export function reading(clock, at, created = null) {
  return {
    raw: clock,
    at,
    metric: clock.metric,
    state: clock.state,
    finished: clock.state === "met" || clock.state === "breached" || clock.state === "cancelled",
    overdue: clock.overdue === true,
    rate: clock.rate === 1 ? 1 : 0,
    elapsed: clock.elapsed_ms ?? 0,
    target: clock.target_ms ?? null,
    due: clock.due_at === undefined ? undefined : instant(clock.due_at),
    dueIfResumed: clock.due_if_resumed_now === undefined ? undefined : instant(clock.due_if_resumed_now),
    opens: instant(clock.opens_at),
    stopped: instant(clock.stopped_at),
    started: instant(clock.started_at),
    starts: clock.state === "pending" ? created : null,
    breached: instant(clock.breached_at),
    next: instant(clock.next_change_at) ?? Infinity,
    neverCloses: clock.calendar === "always",
  };
}

export const elapsedAt = (clock, now) => clock.elapsed + clock.rate * (now - clock.at);

export const remainingAt = (clock, now) => (clock.target === null ? null : clock.target - elapsedAt(clock, now));

/** Part of the target used, 0 and up; for drawing only. */
export const shareAt = (clock, now) => (clock.target ? elapsedAt(clock, now) / clock.target : clock.overdue ? 1 : 0);

/** Whether a clock still to be kept is near its promise. */
export function atRisk(clock, now) {
  if (clock.overdue || clock.target === null || (clock.state !== "running" && clock.state !== "outside_hours")) return false;
  return elapsedAt(clock, now) * 100 >= clock.target * RISK_PERCENT;
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
const GROUP_OF = { running: "active", outside_hours: "closed", paused: "paused", pending: "pending" };

/** Where a ticket stands in the list at `now`: its group, and a key that is smaller for the more urgent. */
export function rankAt(entry, now) {
  if (entry.error) return { group: "failed", key: 0 };
  let group = "finished";
  let key = Infinity;
  let lastStop = -Infinity;
  for (const clock of entry.clocks) {
    if (clock.finished) {
      lastStop = Math.max(lastStop, clock.stopped ?? clock.at);
      continue;
    }
    const mine = clock.overdue ? "overdue" : GROUP_OF[clock.state];
    const left = mine === "pending" ? entry.created : (remainingAt(clock, now) ?? Number.MAX_SAFE_INTEGER);
    const closer = GROUPS.indexOf(mine) - GROUPS.indexOf(group);
    if (closer < 0 || (closer === 0 && left < key)) {
      group = mine;
      key = left;
    }
  }
  return group === "finished" ? { group, key: -lastStop } : { group, key };
}

export const groupOrder = (group) => GROUPS.indexOf(group);
