import { clockWord, sentence, words } from "./words.js";

/** The lines of a ticket file, each with the ticket it holds or null. */
export function readTickets(text) {
  const rows = [];
  text.split("\n").forEach((line, index) => {
    if (line.trim() === "") return;
    rows.push({ line, number: index + 1, ticket: parse(line) });
  });
  return rows;
}

function parse(line) {
  try {
    const value = JSON.parse(line);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** The events of a ticket, oldest first, with `ms` for their instant. */
export function orderedEvents(ticket) {
  const events = Array.isArray(ticket?.events) ? ticket.events : [];
  return events
    .map((event) => ({ ...event, ms: toMs(event?.at) }))
    .filter((event) => Number.isFinite(event.ms))
    .sort((a, b) => a.ms - b.ms);
}

export const toMs = (at) => (typeof at === "number" ? at : Date.parse(at));

/** The fields of an event, its status being one of them. */
export function changesOf(event) {
  const changes = event.field && typeof event.field === "object" ? { ...event.field } : {};
  if (event.status !== undefined) changes.status = event.status;
  return changes;
}

/** The fields as they stand at `now`. */
export function fieldsAt(ticket, events, now) {
  const fields = { ...ticket?.fields };
  for (const event of events) {
    if (event.ms > now) break;
    Object.assign(fields, changesOf(event));
  }
  return fields;
}

/** Events in words: icon, text, what it is, and a mark for those that clocks care about. */
export function describe(ticket, events, now) {
  const fields = { ...ticket.fields };
  const list = [{ ms: toMs(ticket.created_at), icon: "created", text: words.event.created(fields.channel), detail: fields.status ?? "" }];
  for (const event of events) {
    if (event.ms > now) break;
    if (event.reply) list.push(replyText(event));
    for (const [name, value] of Object.entries(changesOf(event))) {
      const shown = (any) => (any === null || any === undefined ? words.event.unset : [any].flat().join(", "));
      const before = fields[name] === undefined ? null : shown(fields[name]);
      list.push({ ms: event.ms, icon: name === "status" ? "status" : "field", text: words.event.changed(sentence(name), before, shown(value)) });
      fields[name] = value;
    }
    if (event.pause) list.push({ ms: event.ms, icon: "pause", text: words.event.pause(event.pause.party ? (words.party[event.pause.party] ?? event.pause.party) : ""), detail: event.pause.reason ?? "" });
    if (event.resume) list.push({ ms: event.ms, icon: "resume", text: words.event.resume });
    list.push(...correctionTexts(event));
    if (event.note !== undefined) list.push({ ms: event.ms, icon: "note", text: words.event.note, detail: typeof event.note === "string" ? event.note : "" });
  }
  return list;
}

/** What people decided about the ticket afterwards. */
function correctionTexts({ ms, exclude, extend, excuse, merge }) {
  const list = [];
  if (exclude) list.push({ ms, icon: "pause", text: words.event.exclude, detail: exclude.reason ?? "" });
  if (extend) list.push({ ms, icon: "flag", text: words.event.extend(clockWord(extend.clock), extend.by), detail: extend.reason ?? "" });
  if (excuse) list.push({ ms, icon: "flag", text: words.event.excuse(clockWord(excuse.clock)), detail: excuse.reason ?? "" });
  if (merge) list.push({ ms, icon: "flag", text: words.event.merge(merge.into) });
  return list;
}

function replyText(event) {
  const { by, public: isPublic, channel } = event.reply;
  const table = isPublic === false ? words.event.internal : words.event.reply;
  const name = isPublic === false ? "note" : by === "requester" ? "requester" : "reply";
  return { ms: event.ms, icon: name, text: table[by] ?? sentence(by ?? "reply"), detail: channel ?? "" };
}
