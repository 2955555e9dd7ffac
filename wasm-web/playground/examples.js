// Where to start from.

import { pretty } from "./json.js";

const office = {
  slaclock: "1",
  id: "office",
  time_zone: "Europe/Rome",
  calendars: { office: { hours: { "mon-fri": ["09:00-13:00", "14:00-18:00"] }, holidays: [{ date: "2026-12-08", name: "Immaculate Conception" }] } },
  statuses: { New: "open", "In progress": "open", Waiting: { pause: "customer" }, Solved: "resolved" },
  priorities: { order: ["P1", "P2", "P3"] },
  policies: [
    { id: "urgent", when: { priority: "P1" }, clocks: { first_response: { within: "30m", calendar: "always" }, resolution: { within: "4h", calendar: "always" } } },
    { id: "normal", clocks: { first_response: { within: "4h", calendar: "office" }, resolution: { within: "16h", calendar: "office" } } },
  ],
};

export const examples = {
  "Office hours and a pause": {
    agreement: pretty(office),
    ticket: {
      id: "T-1",
      created_at: "2026-12-03T15:20:00Z",
      fields: { priority: "P2", status: "New" },
      events: [
        { at: "2026-12-04T09:05:00Z", reply: { by: "agent", public: true } },
        { at: "2026-12-04T10:30:00Z", status: "Waiting" },
        { at: "2026-12-07T08:45:00Z", status: "In progress" },
      ],
    },
    now: Date.parse("2026-12-07T15:00:00Z"),
  },
  "Priority raised on the way": {
    agreement: pretty(office),
    ticket: {
      id: "T-2",
      created_at: "2026-12-02T08:10:00Z",
      fields: { priority: "P3", status: "New" },
      events: [{ at: "2026-12-02T16:30:00Z", field: { priority: "P1" } }, { at: "2026-12-02T16:50:00Z", reply: { by: "agent", public: true } }, { at: "2026-12-02T19:45:00Z", status: "Solved" }],
    },
    now: Date.parse("2026-12-02T19:00:00Z"),
  },
  "Nights, and an hour that is skipped": {
    agreement: pretty({
      slaclock: "1",
      id: "nights",
      time_zone: "America/New_York",
      calendars: { nights: { hours: { "mon-sun": ["22:00-06:00"] }, holidays: [] } },
      statuses: { New: "open", "Waiting on parts": { pause: "vendor" }, Solved: "resolved" },
      policies: [{ id: "night", clocks: { resolution: { within: "20h", calendar: "nights" } } }],
    }),
    ticket: {
      id: "T-3",
      created_at: "2026-03-07T02:00:00Z",
      fields: { status: "New" },
      events: [{ at: "2026-03-07T05:00:00Z", status: "Waiting on parts" }, { at: "2026-03-08T04:00:00Z", status: "New" }],
    },
    now: Date.parse("2026-03-08T09:30:00Z"),
  },
};
