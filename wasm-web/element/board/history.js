import { changesOf } from "./ticket.js";

/** What has happened to a ticket by `now`, in words: instant, icon, text, and more about it. */
export function history(entry, now, { words }) {
  const { ticket, events } = entry;
  const fields = { ...ticket.fields };
  const list = [];
  const add = (ms, icon, key, values, detail = "") => list.push({ ms, icon, text: words.say(key, values), detail: detail ?? "" });
  if (Number.isFinite(entry.created)) add(entry.created, "created", "event.created", {}, [fields.channel, fields.status].filter(Boolean).join(", "));
  for (const event of events) {
    const { ms, reply, pause, exclude, extend, excuse, merge, note } = event;
    if (ms > now) break;
    if (reply) {
      const by = reply.by === "requester" || reply.by === "system" ? reply.by : "agent";
      add(ms, reply.public === false ? "note" : by === "requester" ? by : "agent", reply.public === false ? "event.internal" : `event.${by}`, {}, reply.channel);
    }
    const changes = changesOf(event);
    for (const name in changes) {
      const value = [changes[name] ?? "–"].flat().join(", ");
      const before = fields[name] === undefined ? "" : `${[fields[name] ?? "–"].flat().join(", ")} → `;
      list.push({ ms, icon: name === "status" ? name : "field", text: `${words.field(name)}: ${before}${value}`, detail: "" });
      fields[name] = changes[name];
    }
    if (pause) add(ms, "paused", "event.pause", {}, [words.party(pause.party), pause.reason].filter(Boolean).join(", "));
    if (event.resume) add(ms, "running", "event.resume", {}, words.party(event.resume.party));
    if (exclude) add(ms, "cancelled", "event.exclude", {}, exclude.reason);
    if (extend) add(ms, "flag", "event.extend", { x: words.clock(extend.clock) }, [extend.by, extend.reason].filter(Boolean).join(", "));
    if (excuse) add(ms, "flag", "event.excuse", { x: words.clock(excuse.clock) }, excuse.reason);
    if (merge) add(ms, "flag", "event.merge", { x: merge.into });
    if (note !== undefined) add(ms, "note", "event.note", {}, typeof note === "string" ? note : "");
  }
  return list;
}
