// A helpdesk's webhooks at the edge, and alarms from there: each ticket is a Durable Object that keeps its events, answers
// its clocks, and sleeps until one of them changes. `npx wrangler deploy --config helpdesk.jsonc`.

import { DurableObject } from "cloudflare:workers";
import { Agreement } from "slaclock";
import { Adapter, SlaError } from "slaclock/adapters";

import { text } from "../handler/body.js";
import { Refusal } from "../handler/refusal.js";

/** Largest message of a helpdesk, in bytes, unless said; and how long one may take to arrive. */
const MAX_BODY = 1 << 20;
const BODY_TIME_MS = 10_000;

let opening;
/** The agreement and the adapter, once per isolate: bindings do not change while it lives. */
const desk = ({ AGREEMENT, SYSTEM, SETTINGS = "{}" }) =>
  (opening ??= Promise.all([Agreement.parse(AGREEMENT), Adapter.open(SYSTEM, SETTINGS)]).then(([agreement, adapter]) => ({ agreement, adapter })));

export default {
  async fetch(request, env) {
    try {
      const { pathname } = new URL(request.url);
      const [, id] = /^\/tickets\/([^/]+)$/.exec(pathname) ?? [];
      if (request.method === "POST" && pathname === "/hook") return await hook(request, env);
      if (request.method === "GET" && id) return await clocks(request, env, decodeURIComponent(id));
      return answer(404, { message: "POST /hook or GET /tickets/ID" });
    } catch (error) {
      if (error instanceof Refusal) return answer(error.status, error.problems[0]);
      if (!(error instanceof SlaError)) throw error;
      return answer(error.code === "SLA-H0715" ? 401 : 422, error.problems[0]);
    }
  },
};

const answer = (status, error) => Response.json({ error }, { status });
const ticketOf = (env, id) => env.TICKETS.get(env.TICKETS.idFromName(id));

/** Takes a message that the helpdesk signed. It is acknowledged when its events are kept, so that none is lost. */
async function hook(request, env) {
  const body = await text(request, { maxBody: Number(env.MAX_BODY || MAX_BODY), bodyTime: BODY_TIME_MS });
  const { adapter } = await desk(env);
  adapter.verify(body, { secret: env.SECRET, headers: request.headers, now: Date.now() });
  const { tickets, losses } = adapter.message(body);
  for (const ticket of tickets) await ticketOf(env, ticket.id).take(ticket);
  return Response.json({ tickets: tickets.map(({ id }) => id), losses });
}

/** The clocks of a ticket, for those who have the token. */
async function clocks(request, env, id) {
  const [, token = ""] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const hex = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hex !== env.TOKEN_SHA256?.toLowerCase()) return answer(401, { message: "no token was given, or another" });
  const evaluation = await ticketOf(env, id).clocks();
  return evaluation ? Response.json(evaluation) : answer(404, { message: `nothing is known of the creation of ${id}` });
}

/** A ticket. Whatever it answers is computed from its events. */
export class Ticket extends DurableObject {
  async #ticket() {
    return (await this.ctx.storage.get("ticket")) ?? { events: [] };
  }

  /** Adds what a message says: each event once, whenever it comes. */
  async take({ id, created_at, events }) {
    const known = await this.#ticket();
    const texts = new Set(known.events.map((event) => JSON.stringify(event)));
    const more = events.filter((event) => !texts.has(JSON.stringify(event)));
    await this.ctx.storage.put("ticket", { id, created_at: known.created_at ?? created_at, events: [...known.events, ...more] });
    await this.ctx.storage.setAlarm(Date.now());
  }

  async clocks(now = Date.now()) {
    const ticket = await this.#ticket();
    if (!ticket.created_at) return null;
    const { agreement } = await desk(this.env);
    return agreement.evaluate(ticket, now);
  }

  /** Tells what is due, at least once, each with an id that stays; then sleeps until something changes. */
  async alarm() {
    const now = Date.now();
    const evaluation = await this.clocks(now);
    if (!evaluation) return;
    const told = (await this.ctx.storage.get("told")) ?? [];
    const alerts = evaluation.clocks.flatMap(({ clock, alerts = [] }) => alerts.map((alert) => ({ ...alert, clock, ticket: evaluation.ticket })));
    const instant = ({ at, deliver_at: held = at }) => (held === null ? Infinity : Date.parse(held));
    for (const alert of alerts.filter((alert) => instant(alert) <= now && !told.includes(alert.id))) {
      const response = await fetch(this.env.ALARMS, { method: "POST", headers: { "content-type": "application/json", "idempotency-key": alert.id }, body: JSON.stringify(alert) });
      // What is thrown here is tried again, with longer and longer waits.
      if (!response.ok) throw new Error(`${this.env.ALARMS} answers ${response.status}`);
      told.push(alert.id);
      await this.ctx.storage.put("told", told);
    }
    const next = Math.min(...[evaluation.next_event_at].filter(Boolean).map(Date.parse), ...alerts.map(instant).filter((at) => at > now));
    if (Number.isFinite(next)) await this.ctx.storage.setAlarm(next);
  }
}
