// What a consumer writes: compiled under two module resolutions, and run.

import { Agreement, Calendar, SlaError, hoursLines, version } from "slaclock";
import type { AgreementDocument, ClockResult, Evaluation, Ticket } from "slaclock";

const document: AgreementDocument = {
  slaclock: "1",
  id: "acme",
  time_zone: "Europe/Rome",
  calendars: { office: { hours: { "mon-fri": ["09:00-17:00"], sat: [] }, holidays: [{ date: "2026-12-25" }] } },
  statuses: { Waiting: { pause: "customer" }, Solved: "resolved" },
  policies: [{ id: "all", when: {}, clocks: { resolution: { within: "4h", calendar: "office", on_reopen: "continue" } } }],
};
const agreement = Agreement.parse(document);
const ticket: Ticket = {
  id: "T-1",
  created_at: new Date("2026-11-23T09:00:00Z"),
  fields: { priority: "P1" },
  events: [{ at: "2026-11-23T10:00:00Z", reply: { by: "agent", public: true } }],
};

const evaluation: Evaluation = agreement.evaluate(ticket, Date.parse("2026-11-23T11:00:00Z"));
evaluation.next_event_at satisfies string | null;

function tell(clock: ClockResult): string {
  clock.remaining_ms satisfies number;
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
evaluation.clocks.forEach((clock) => console.log(tell(clock)));

for (const result of agreement.evaluateAll([ticket], new Date("2026-11-23T11:00:00Z"))) {
  if ("error" in result) result.error.code satisfies string;
  else result.clocks.length satisfies number;
}

const calendar = Calendar.parse({ time_zone: "Europe/Rome", hours: { mon: ["09:00-17:00"] } });
calendar.elapsed(0, new Date(1)) satisfies number;
calendar.due("2026-11-23T10:00:00Z", 60_000) satisfies string | null;
hoursLines("") satisfies string;
version() satisfies object;

try {
  Agreement.parse("{}");
} catch (error) {
  if (error instanceof SlaError) error.problems.map((problem) => problem.code satisfies string);
}

// @ts-expect-error a misspelt key of the agreement
const misspelt: AgreementDocument = { ...document, calenders: {} };
// @ts-expect-error a misspelt key of a clock
const clockKey: AgreementDocument = { ...document, policies: [{ id: "a", clocks: { resolution: { whitin: "4h", calendar: "office" } } }] };
// @ts-expect-error an unknown way to reopen
const reopen: AgreementDocument["policies"][0]["clocks"][string] = { within: "4h", calendar: "office", on_reopen: "begin" };
// @ts-expect-error a ticket without its creation
const created: Ticket = { id: "T-2" };
// @ts-expect-error an unknown author
const author: Ticket = { ...ticket, events: [{ at: 0, reply: { by: "bot", public: true } }] };
// @ts-expect-error a misspelt key of a result
evaluation.clocks[0]?.elapsed;
const neverCalled = () => {
  // @ts-expect-error an instant is not a flag
  calendar.isOpen(true);
  // @ts-expect-error a forgotten instant
  agreement.evaluate(ticket);
};
void [misspelt, clockKey, reopen, created, author, neverCalled];
