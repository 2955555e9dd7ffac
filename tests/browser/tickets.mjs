// An agreement and some hundred tickets around one instant, the same on every run.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

const MINUTE = 60_000;
const DAY = 1440;

/** A Tuesday afternoon in Rome, two hours before the office closes. */
export const NOW = Date.parse("2026-11-24T15:00:00+01:00");

const AGREEMENT = {
  slaclock: "1",
  id: "browser-test",
  title: "Board under test",
  time_zone: "Europe/Rome",
  calendars: {
    office: { hours: { "mon-fri": ["09:00-17:00"] }, holidays: [{ date: "2026-11-23", name: "Closed for repairs" }] },
    lunch: { time_zone: "Europe/London", hours: { "mon-fri": ["08:00-12:00", "13:00-17:30"], sat: ["10:00-14:00"] } },
    nights: { hours: { "mon-sun": ["22:00-06:00"] } },
  },
  statuses: { New: "open", "In Progress": "open", Waiting: { pause: "customer" }, Parts: { pause: "vendor" }, Resolved: "resolved", Closed: "closed" },
  priorities: { order: ["P1", "P2", "P3", "P4"] },
  policies: [
    { id: "p1", when: { priority: "P1" }, clocks: { first_response: { within: "15m", calendar: "always" }, resolution: { within: "4h", calendar: "always", on_reopen: "restart" } } },
    { id: "p2", when: { priority: "P2" }, clocks: { first_response: { within: "1h", calendar: "lunch" }, resolution: { within: "8h", calendar: "lunch", on_change: "restart" } } },
    { id: "night", when: { service: "night watch" }, clocks: { resolution: { within: "12h", calendar: "nights" } } },
    { id: "unpromised", when: { priority: "P4" }, clocks: { first_response: { within: "1d", calendar: "never" } } },
    { id: "rest", when: {}, clocks: { first_response: { within: "4h", calendar: "office" }, resolution: { within: "24h", calendar: "office" } } },
  ],
};

/** A repeatable stream of whole numbers below a limit. */
function dice(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function ticket(index) {
  const roll = dice(index * 7919 + 1);
  const pick = (list) => list[roll(list.length)];
  const created = NOW - roll(8 * DAY) * MINUTE;
  // Some happen after now: the page must take them in when their time comes.
  const moment = () => new Date(created + (1 + roll(3 * DAY)) * MINUTE).toISOString();
  const kinds = [
    () => ({ status: pick(["In Progress", "Waiting", "Parts", "Resolved", "Closed", "Odd"]) }),
    () => ({ reply: { by: pick(["agent", "agent", "requester"]), public: roll(4) > 0 } }),
    () => ({ field: { priority: pick(["P1", "P2", "P3", "P4"]) } }),
    () => ({ pause: { party: "vendor", reason: "parts" } }),
    () => ({ resume: {} }),
  ];
  return {
    id: `T-${index}`,
    created_at: new Date(created).toISOString(),
    fields: { priority: pick(["P1", "P2", "P3", "P3", "P3", "P4"]), service: pick(["mail", "files", "night watch"]), status: "New", subject: `Case ${index}`, customer: pick(["Acme", "Globex"]) },
    events: Array.from({ length: roll(6) }, () => ({ at: moment(), ...pick(kinds)() })),
  };
}

/**
 * Writes both files into a folder; `SLACLOCK_AGREEMENT`, `SLACLOCK_TICKETS` and `SLACLOCK_NOW` name others and their
 * instant to use instead.
 */
export function filesIn(folder) {
  const { SLACLOCK_AGREEMENT: agreement, SLACLOCK_TICKETS: tickets, SLACLOCK_NOW: now } = process.env;
  if (agreement && tickets) return { agreement, tickets, now: Date.parse(now) };
  const files = { agreement: join(folder, "agreement.json"), tickets: join(folder, "tickets.jsonl"), now: NOW };
  writeFileSync(files.agreement, JSON.stringify(AGREEMENT));
  writeFileSync(files.tickets, Array.from({ length: 300 }, (_, index) => `${JSON.stringify(ticket(index))}\n`).join(""));
  return files;
}
