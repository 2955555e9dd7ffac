// A ticket between its text and its events on the track.

import { spaced } from "./json.js";

/** The text of a ticket, an event a line. */
export function write({ events = [], ...ticket }) {
  const lines = Object.entries(ticket).map(([name, value]) => `  ${JSON.stringify(name)}: ${spaced(value)}`);
  const list = events.map((event) => `    ${spaced(event)}`);
  lines.push(list.length > 0 ? `  "events": [\n${list.join(",\n")}\n  ]` : '  "events": []');
  return `{\n${lines.join(",\n")}\n}\n`;
}

const isMoment = (at) => typeof at === "string" && Number.isFinite(Date.parse(at));

/** The ticket of a text, or null where that is not JSON with instants for its creation and its events. */
export function read(text) {
  try {
    const ticket = { events: [], ...JSON.parse(text) };
    return isMoment(ticket.created_at) && ticket.events.every((event) => isMoment(event.at)) ? ticket : null;
  } catch {
    // What is wrong with it, the engine says.
    return null;
  }
}

export const instant = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");

/** An event in a few words. */
export function nameOf({ at, recorded_at, reply, status, field, pause, resume, note, ...rest }) {
  const parts = [];
  if (reply) parts.push(reply.public === false ? "Internal note" : reply.by === "requester" ? "Requester writes" : reply.by === "system" ? "Automatic message" : "Agent replies");
  if (status !== undefined) parts.push(`Status: ${status}`);
  for (const name in field) parts.push(`${name.charAt(0).toUpperCase()}${name.slice(1)}: ${[field[name]].flat().join(", ")}`);
  if (pause) parts.push(["Pause", pause.party, pause.reason].filter(Boolean).join(", "));
  if (resume) parts.push(["Resume", resume.party].filter(Boolean).join(", "));
  if (note !== undefined) parts.push("Note");
  return [...parts, ...Object.keys(rest)].join(" · ") || "Event";
}

/** What can be added under an agreement: a name, and the event without its instant. */
export function kindsOf({ statuses = {}, priorities = {} }) {
  return {
    Messages: [{ reply: { by: "agent", public: true } }, { reply: { by: "requester", public: true } }, { reply: { by: "agent", public: false } }],
    Status: Object.keys(statuses).map((status) => ({ status })),
    Priority: (Array.isArray(priorities.order) ? priorities.order : []).map((priority) => ({ field: { priority } })),
    Pauses: [{ pause: { party: "customer" } }, { pause: { party: "vendor" } }, { resume: {} }],
  };
}
