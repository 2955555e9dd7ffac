// A clock in every state, as an engine would give it at one instant.

export const NOW = Date.parse("2026-11-20T14:30:00Z");

const at = (hours) => new Date(NOW + hours * 3_600_000).toISOString().replace(".000", "");
const hour = 3_600_000;

const clock = (state, elapsed, target, more = {}) => ({
  metric: "resolution",
  clock: "resolution",
  cycle: 1,
  state,
  overdue: elapsed > target,
  policy: "all",
  calendar: "office",
  started_at: at(-4),
  elapsed_ms: elapsed * hour,
  wall_elapsed_ms: 4 * hour,
  target_ms: target * hour,
  remaining_ms: (target - elapsed) * hour,
  consumed_bp: Math.floor((elapsed * 10_000) / target),
  original_due_at: at(target - elapsed),
  breached_at: null,
  rate: state === "running" ? 1 : 0,
  next_change_at: at(200),
  ...more,
});

export const clocks = {
  running: clock("running", 2.8, 4, { due_at: at(1.2) }),
  soon: clock("running", 0.98, 1, { metric: "first_response", clock: "first_response", due_at: at(0.02), at_risk: "80%", next_change_at: at(0.02) }),
  risk: clock("running", 7, 8, { due_at: at(66), at_risk: "80%" }),
  overdue: clock("running", 8.7, 8, { due_at: at(-0.7), breached_at: at(-0.7) }),
  pausedLate: clock("paused", 8.7, 8, { due_at: at(-20), breached_at: at(-20), paused_by: { party: "vendor", status: "Parts", since: at(-1) } }),
  paused: clock("paused", 2, 8, { due_at: undefined, due_if_resumed_now: at(66), paused_by: { party: "customer", status: "Waiting", since: at(-1) } }),
  pausedReason: clock("paused", 2, 8, { due_at: undefined, due_if_resumed_now: at(66), paused_by: { reason: "site access not granted before the keys are found", since: at(-1) } }),
  closed: clock("outside_hours", 2, 8, { due_at: at(72), opens_at: at(66.5) }),
  days: clock("running", 30, 240, { calendar: "always", due_at: at(210) }),
  met: clock("met", 3, 4, { due_at: at(-1), stopped_at: at(-2), stopped_by: "resolved", next_change_at: null }),
  breached: clock("breached", 5, 4, { due_at: at(-3), breached_at: at(-3), stopped_at: at(-2), stopped_by: "resolved", next_change_at: null }),
  cancelled: clock("cancelled", 1, 4, { due_at: at(-3), next_change_at: null }),
  pending: clock("pending", 0, 4, { metric: "next_response", clock: "next_response", due_at: null, next_change_at: at(18.5) }),
  never: clock("outside_hours", 0, 4, { due_at: null, next_change_at: null }),
  stale: clock("running", 2.8, 4, { due_at: at(1.2), next_change_at: at(-0.5) }),
  none: null,
};
