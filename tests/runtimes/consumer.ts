// What a consumer writes: compiled under two module resolutions, and run.

import { Agreement, Board, Calendar, STATES, SlaError, hoursLines, init, lint, version, withDates } from "slaclock";
import { Adapter, adapters, type AdapterSettings, type Translation } from "slaclock/adapters";
import { lint as lintAlone } from "slaclock/lint";
import { WorkerBoard } from "slaclock/worker";
import { serve } from "slaclock/worker/serve";
import type { AgreementDocument, ClockDocument, ClockResult, Evaluation, InitOptions, State, Ticket } from "slaclock";

const document: AgreementDocument = {
  slaclock: "1",
  id: "acme",
  time_zone: "Europe/Rome",
  calendars: { office: { hours: { "mon-fri": ["09:00-17:00"], sat: [] }, holidays: [{ date: "2026-12-25" }] } },
  statuses: { Waiting: { pause: "customer" }, Solved: "resolved" },
  policies: [{ id: "all", when: {}, clocks: { resolution: { within: "4h", calendar: "office", on_reopen: "continue" } } }],
};
const agreement = await Agreement.parse(document);

const whole: AgreementDocument = {
  slaclock: "1",
  id: "whole",
  time_zone: "Europe/Rome",
  calendars: { office: { hours: { "mon-fri": ["09:00-17:00"] } } },
  intake: { channels: ["portal"], required: ["service"], clock_start: "reported" },
  priorities: { order: ["P1"], matrix: { impact: { all: { high: "P1" } } } },
  policy_sets: {
    sla: [{ id: "all", clocks: {
      resolution: {
        within: { counted: "8h", wall: "1d" },
        calendar: { by: "site", map: { plant: "always" }, else: "office" },
        alerts: ["50%", "30m before", "breach"],
        pauses: ["customer"],
        on_change: "retroactive",
        overrides: [{ when: { started_on: ["sat", "sun"] }, within: "12h", because: "weekend" }],
      },
      parts: { metric: "custom", start: { status: "Parts" }, stop: { event: "reply", by: "agent" }, due: { business_days: 5, at: "16:00" }, calendar: "office", pauses: "all" },
    } }],
  },
  escalations: [{ clock: "resolution", steps: [{ at: "80%", notify: "lead" }], hold_until_open: "office" }],
  versions: [{ valid: { from: "2026-01-01" } }, { valid: { from: "2026-07-01" }, title: "Later", recorded_at: "2026-06-01T00:00:00Z" }],
  versions_apply: "ticket_start",
};
await Agreement.parse(whole);
const ticket: Ticket = {
  id: "T-1",
  created_at: new Date("2026-11-23T09:00:00Z"),
  fields: { priority: "P1" },
  events: [
    { at: "2026-11-23T10:00:00Z", reply: { by: "agent", public: true } },
    { at: "2026-11-23T10:10:00Z", exclude: { from: new Date("2026-11-23T09:10:00Z"), to: Date.parse("2026-11-23T09:20:00Z"), clocks: ["resolution"] } },
    { at: "2026-11-23T10:20:00Z", extend: { clock: "resolution", by: "1h" } },
    { at: "2026-11-23T10:30:00Z", excuse: { clock: "resolution", cycle: 1, reason: "a test" } },
  ],
};

const zone: string | null = agreement.timeZone;
if (zone !== (document.time_zone ?? null)) throw new Error(`the zone is ${zone}`);
const evaluation: Evaluation = agreement.evaluate(ticket, Date.parse("2026-11-23T11:00:00Z"));
evaluation.next_event_at satisfies string | null;

const { clocks, matching, words, fingerprint } = agreement.explain(ticket, Date.parse("2026-11-23T11:00:00Z"), { knownAt: null });
clocks.flatMap(({ cycles }) => cycles).flatMap(({ slices }) => slices).forEach((slice) => {
  slice.why satisfies "counted" | "no_policy" | "excluded" | "resolved" | "paused" | "special_day" | "holiday" | "weekday" | "except" | "never";
  slice.counted satisfies boolean;
  slice.party satisfies string | undefined;
});
matching[0]?.tests[0]?.of?.[0]?.[0]?.seen satisfies string | null | undefined;
[...words, fingerprint] satisfies string[];
agreement.preview({ priority: "P1" }, new Date()).evaluation satisfies Evaluation;

function tell(clock: ClockResult): string {
  clock.remaining_ms satisfies number;
  clock.clock satisfies string;
  clock.set satisfies string | undefined;
  clock.consumed_bp satisfies number | null;
  clock.limits?.forEach((limit) => limit.limit satisfies "counted" | "wall");
  clock.alerts?.forEach((alert) => alert.deliver_at satisfies string | null | undefined);
  clock.stopped_by satisfies "reply" | "resolved" | "assigned" | "handed_over" | "condition" | "reset" | undefined;
  clock.due_at satisfies string | null | undefined;
  switch (clock.state) {
    case "pending":
    case "running":
    case "paused":
    case "outside_hours":
      return `${clock.metric} ${clock.state} ${clock.elapsed_ms + clock.rate}`;
    case "met":
    case "breached":
    case "cancelled":
      return `${clock.metric} is over`;
    default:
      return clock.state satisfies never;
  }
}
evaluation.sets?.forEach((set) => set.policy satisfies string | null);
evaluation.version satisfies string | undefined;
evaluation.clocks.forEach((clock) => console.log(tell(clock)));

for (const result of agreement.evaluateAll([ticket], new Date("2026-11-23T11:00:00Z"))) {
  if ("error" in result) result.error.code satisfies string;
  else result.clocks.length satisfies number;
}

const calendar = await Calendar.parse({ time_zone: "Europe/Rome", hours: { mon: ["09:00-17:00"] } });
calendar.elapsed(0, new Date(1)) satisfies number;
calendar.due("2026-11-23T10:00:00Z", 60_000) satisfies string | null;
calendar.hours(0).opens_at satisfies string | null;
agreement.hours("office", new Date()).open satisfies boolean;
withDates(evaluation).next_event_at satisfies Date | null;
withDates(evaluation).clocks[0]?.due_at satisfies Date | null | undefined;
withDates(evaluation).clocks[0]?.clock satisfies string | undefined;

{
  using board = new Board(agreement, Date.parse("2026-11-23T11:00:00Z"), { ticket: () => ticket });
  const stop = board.onChange(({ now, rows, removed }) => {
    now satisfies number;
    rows satisfies Uint32Array;
    removed satisfies string[];
  });
  board.add(ticket) satisfies number;
  board.addAll([ticket]).map((answer) => (typeof answer === "number" ? answer : answer.error.code));
  const rows = board.tick("2026-11-23T11:00:00Z");
  STATES[board.columns.state[rows[0] ?? 0] ?? 0] satisfies State | undefined;
  board.columns.due_at satisfies Float64Array;
  board.row("T-1")?.clocks satisfies ClockResult[] | undefined;
  board.nextEventAt satisfies number | null;
  stop();
}
const elsewhere: InitOptions = { wasm: new URL("https://cdn.example/slaclock.wasm"), integrity: "sha384-…" };
init satisfies (options?: InitOptions) => Promise<void>;
void elsewhere;

(await hoursLines("")) satisfies string;
(await lint(whole, "2026-11-23")).map((finding) => finding.severity satisfies "error" | "warning" | "note");
(await version()).tz_version satisfies string;
lintAlone satisfies typeof lint;

try {
  await Agreement.parse("{}");
} catch (error) {
  if (error instanceof SlaError) error.problems.map((problem) => problem.code satisfies string);
}

// @ts-expect-error a misspelt key of the agreement
const misspelt: AgreementDocument = { ...document, calenders: {} };
// @ts-expect-error a misspelt key of a clock
const clockKey: AgreementDocument = { ...document, policies: [{ id: "a", clocks: { resolution: { whitin: "4h", calendar: "office" } } }] };
// @ts-expect-error an unknown way to reopen
const reopen: ClockDocument = { within: "4h", calendar: "office", on_reopen: "begin" };
// @ts-expect-error a misspelt key of a version
const version2: AgreementDocument = { ...document, versions: [{ vallid: { from: "2026-01-01" } }] };
// @ts-expect-error an exclusion without its end
const exclusion: Ticket = { ...ticket, events: [{ at: 0, exclude: { from: 0 } }] };
// @ts-expect-error a ticket without its creation
const created: Ticket = { id: "T-2" };
// @ts-expect-error an unknown author
const author: Ticket = { ...ticket, events: [{ at: 0, reply: { by: "bot", public: true } }] };
// @ts-expect-error a misspelt key of a result
evaluation.clocks[0]?.elapsed;
const neverCalled = async () => {
  serve(new MessageChannel().port1);
  const far = await WorkerBoard.open(document, new Date(), { worker: new MessageChannel().port2, engine: { wasm: "/slaclock.wasm" } });
  (await far.tick(0)) satisfies Uint32Array;
  (await far.explain("T-1"))?.words satisfies string[] | undefined;
  far.columns.state satisfies Uint8Array;
  // @ts-expect-error an instant is not a flag
  calendar.isOpen(true);
  // @ts-expect-error a forgotten instant
  agreement.evaluate(ticket);
  // @ts-expect-error fields have names
  agreement.preview(7, 0);
};
void [misspelt, clockKey, reopen, version2, exclusion, created, author, neverCalled];

{
  const settings: AdapterSettings = { prefix: "HD-", mapping: { ticket: "/id", at: "/at", status: { at: "/state", values: { "1": "New" }, else: "Open" } } };
  const desk = await Adapter.open("generic", settings);
  const { agreement: made, tickets, losses }: Translation = desk.message({ id: 7, at: "2026-11-23T09:00:00Z", state: 1 });
  made satisfies AgreementDocument | null;
  losses.forEach(({ kind }) => kind satisfies "left_out" | "approximated" | "unknown");
  for (const { id, created_at = "2026-11-23T08:00:00Z", events } of tickets) agreement.evaluate({ id, created_at, events } satisfies Ticket, new Date());
  (await adapters()).find(({ signs }) => signs)?.title satisfies string | undefined;
  void (() => desk.export({ "tickets.json": new Uint8Array() }) satisfies Translation);
  void (() => desk.verify(new ArrayBuffer(0), { secret: "whsec_", headers: new Headers(), now: new Date() }));
  // @ts-expect-error a misspelt key of the settings
  void (() => Adapter.open("zendesk", { prefixes: "ZD-" }));
  // @ts-expect-error what was read has no signature
  void (() => desk.verify({ id: 7 }, { secret: "", headers: {}, now: 0 }));
}
