// An agreement and any number of tickets around one instant, the same on every run; and one case that needs its picture.

import { NOW } from "./clocks.js";

const MINUTE = 60_000;
const DAY = 1440;

export const agreement = {
  slaclock: "1",
  id: "gallery",
  title: "Managed services",
  time_zone: "Europe/Rome",
  calendars: {
    office: { hours: { "mon-fri": ["09:00-13:00", "14:00-18:00"] }, holidays: [{ date: "2026-11-17", name: "Patron saint’s day" }] },
    nights: { hours: { "mon-sun": ["22:00-06:00"] } },
  },
  statuses: { New: "open", "In progress": "open", "Waiting on customer": { pause: "customer" }, "Waiting on parts": { pause: "vendor" }, Resolved: "resolved", Closed: "closed" },
  priorities: { order: ["P1", "P2", "P3", "P4"] },
  policies: [
    { id: "p1", when: { priority: "P1" }, clocks: { first_response: { within: "15m", calendar: "always" }, resolution: { within: "4h", calendar: "always" } } },
    { id: "p2", when: { priority: "P2" }, clocks: { first_response: { within: "1h", calendar: "office" }, resolution: { within: "8h", calendar: "office" } } },
    { id: "night", when: { service: "Night watch" }, clocks: { resolution: { within: "12h", calendar: "nights" } } },
    { id: "rest", clocks: { first_response: { within: "4h", calendar: "office" }, resolution: { within: "24h", calendar: "office" } } },
  ],
};

const subjects = ["Mailbox full, sending fails", "VPN drops every few minutes", "Printer on the second floor prints blank pages", "New starter on Monday: laptop and accounts", "Shared drive very slow since the update", "Cannot sign in after password reset", "Backup of the file server failed", "Invoice PDF shows wrong totals in the export that accounting needs by the end of the quarter"];
const customers = ["Northwind", "Contoso", "Fabrikam Textiles", "Adventure Works", "Ristorante da Mario"];
const people = ["A. Rossi", "B. Kowalski", "C. Nguyen", "D. Okafor", ""];

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
  const created = NOW - roll(index % 3 ? DAY : 5 * DAY) * MINUTE;
  const moment = () => new Date(created + (1 + roll(2 * DAY)) * MINUTE).toISOString();
  const kinds = [
    () => ({ status: pick(["In progress", "Waiting on customer", "Waiting on parts", "Resolved", "Closed"]) }),
    () => ({ reply: { by: pick(["agent", "agent", "requester"]), public: roll(4) > 0 } }),
    () => ({ field: { priority: pick(["P1", "P2", "P3", "P4"]) } }),
  ];
  return {
    id: `T-${1000 + index}`,
    created_at: new Date(created).toISOString(),
    fields: { priority: pick(["P1", "P2", "P3", "P3", "P4"]), service: pick(["Mail", "Network", "Night watch"]), status: "New", subject: pick(subjects), customer: pick(customers), site: pick(["Milan", "Turin", ""]), assignee: pick(people), group: pick(["Desk", "Field"]) },
    events: Array.from({ length: roll(5) }, () => ({ at: moment(), ...pick(kinds)() })),
  };
}

export const tickets = (count) => Array.from({ length: count }, (_, index) => ticket(index));

/** A disputed case: reported on a Friday, over a holiday, with pauses for customer and parts, an exclusion and a reopening. */
export const dispute = {
  id: "CS-4711",
  created_at: "2026-11-13T15:10:00Z",
  fields: { priority: "P2", status: "New", subject: "Checkout tills offline", customer: "Fabrikam Textiles", site: "Turin", service: "Network", assignee: "A. Rossi" },
  events: [
    { at: "2026-11-13T15:42:00Z", reply: { by: "agent", public: true, channel: "mail" } },
    { at: "2026-11-13T15:45:00Z", status: "In progress" },
    { at: "2026-11-16T09:20:00Z", status: "Waiting on customer" },
    { at: "2026-11-16T13:05:00Z", reply: { by: "requester", public: true, channel: "phone" } },
    { at: "2026-11-16T13:05:00Z", status: "In progress" },
    { at: "2026-11-18T08:30:00Z", status: "Waiting on parts" },
    { at: "2026-11-18T15:00:00Z", status: "In progress" },
    { at: "2026-11-19T08:10:00Z", status: "Resolved" },
    { at: "2026-11-19T10:00:00Z", status: "In progress" },
    { at: "2026-11-20T10:15:00Z", exclude: { from: "2026-11-16T13:30:00Z", to: "2026-11-16T15:00:00Z", reason: "Power cut at the site" } },
  ],
};
