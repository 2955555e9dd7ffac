// The HTTP contract on the npm package: a standard `Request -> Response` handler for Workers, Deno, Bun and Node.

import { Agreements } from "./agreements.js";
import { text } from "./body.js";
import { Refusal } from "./refusal.js";

const LINES = "application/x-ndjson";
const JSON_TYPE = "application/json";
const NEXT = '"next_event_at":"';

/**
 * @param {object} options
 * @param {object} options.slaclock the package: `Agreement`, `lint`, `version`
 * @param {(id: string) => Promise<string | null | undefined>} options.find the document of an agreement, by its id
 * @param {readonly string[]} [options.tokens] SHA-256 of the bearer tokens, in hexadecimal; without any, nobody is asked
 * @param {readonly string[]} [options.origins] pages that may read the answers
 * @param {boolean} [options.inline] whether a question may bring its agreement
 * @param {object | (() => Promise<object>)} [options.description] the OpenAPI document, served at /v1/openapi.json, or how to get it
 */
export function createHandler(options) {
  const settings = {
    tokens: [], origins: [], inline: true, maxBody: 16 << 20, bodyTime: 10_000, kept: 64, fresh: 60_000, clock: () => Date.now(), ...options,
  };
  const { slaclock, find, kept, fresh, clock } = settings;
  const parse = (document) => slaclock.Agreement.parse(document);
  const context = { ...settings, agreements: new Agreements({ parse, find, kept, fresh, clock }) };
  return async (request) => {
    let reply;
    try {
      reply = await answer(request, context);
    } catch (error) {
      reply = Refusal.from(error).reply();
    }
    // Made once and whole: runtimes cross into themselves for each header that is set later.
    const { body, status, headers } = reply;
    return new Response(body, { status, headers: Object.assign(headers, corsHeaders(request, settings.origins)) });
  };
}

const ROUTES = {
  "/v1/evaluate": { POST: evaluate },
  "/v1/explain": { POST: explain },
  "/v1/preview": { POST: preview },
  "/v1/lint": { POST: lint },
  "/v1/hours": { GET: hours, POST: hoursLines },
  "/v1/health": { GET: health, open: true },
  "/v1/openapi.json": { GET: description, open: true },
};

async function answer(request, context) {
  const [path, query] = target(request.url);
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (!route) throw Refusal.of("notFound", `there is nothing at ${path}`);
  const methods = Object.keys(route).filter((key) => key !== "open");
  if (request.method === "OPTIONS") return { body: null, status: 204, headers: { allow: [...methods, "OPTIONS"].join(", ") } };
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (!methods.includes(method)) {
    throw Refusal.of("badMethod", `${path} does not take ${request.method}`, "", { allow: methods.join(", ") });
  }
  if (!route.open) await authorize(request, context.tokens);
  const found = await route[method](new Asked(new URLSearchParams(query), context.clock), request, context);
  return request.method === "HEAD" ? { ...found, body: null } : found;
}

/** The path and the query of a request's address, which the runtime has brought into its normal form. */
function target(url) {
  const from = url.indexOf("/", url.indexOf("//") + 2);
  const [, path, query = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(url.slice(from));
  return [path, query];
}

/** The tokens are kept as hashes, so that comparing them tells nothing. */
async function authorize(request, tokens) {
  if (tokens.length === 0) return;
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
  const digest = token && new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const hex = digest && Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!tokens.includes(hex)) {
    throw Refusal.of("noToken", "no token was given, or none that is known", "", { "www-authenticate": 'Bearer realm="slaclock"' });
  }
}

/** The parameters of a question. */
class Asked {
  constructor(parameters, clock) {
    this.parameters = parameters;
    this.clock = clock;
  }

  get(name) {
    const values = this.parameters.getAll(name);
    if (values.length > 1) throw Refusal.of("badRequest", `\`${name}\` is given more than once`, `/${name}`);
    return values[0];
  }

  /** An instant; a plus sign in an address reads as a space. */
  instant(name) {
    return this.get(name)?.trim().replace(" ", "+");
  }

  now() {
    return this.instant("now") ?? this.clock();
  }

  knownAt() {
    return { knownAt: this.instant("known_at") };
  }
}

/** The agreement that is asked and the rest of the body. */
async function asked(question, request, context) {
  const id = question.get("agreement");
  if (id === undefined) throw Refusal.of("badRequest", "`agreement` is missing: an id, or `inline` with the agreement on the first line", "/agreement");
  const body = await text(request, context);
  if (id !== "inline") return [await context.agreements.byId(id), body];
  if (!context.inline) throw Refusal.of("badRequest", "this function answers about its own agreements only", "/agreement");
  const end = body.indexOf("\n");
  const document = end < 0 ? body : body.slice(0, end);
  return [await context.agreements.inline(document), end < 0 ? "" : body.slice(end + 1)];
}

const fresh = (body, type) => ({ body, status: 200, headers: { "content-type": type, "cache-control": "no-store" } });

async function evaluate(question, request, context) {
  const [agreement, tickets] = await asked(question, request, context);
  const lines = agreement.evaluateLines(tickets, question.now(), question.knownAt());
  const reply = fresh(lines, LINES);
  const next = nextEvent(lines);
  if (next) reply.headers["slaclock-next-event-at"] = next;
  return reply;
}

/** The earliest instant at which one of the answers ceases to hold by itself. */
function nextEvent(lines) {
  let earliest;
  for (let at = lines.indexOf(NEXT); at >= 0; at = lines.indexOf(NEXT, at)) {
    at += NEXT.length;
    const end = lines.indexOf('"', at);
    // Only the ticket's own stands before its notices.
    if (!lines.startsWith(',"notices":', end + 1)) continue;
    const found = lines.slice(at, end);
    if (earliest === undefined || Date.parse(found) < Date.parse(earliest)) earliest = found;
  }
  return earliest;
}

async function explain(question, request, context) {
  const [agreement, tickets] = await asked(question, request, context);
  return fresh(agreement.explainLines(tickets, question.now(), question.knownAt()), LINES);
}

async function preview(question, request, context) {
  const [agreement, fields] = await asked(question, request, context);
  return fresh(`${JSON.stringify(agreement.preview(fields, question.now()))}\n`, JSON_TYPE);
}

async function lint(question, request, context) {
  const document = await text(request, context);
  const today = question.get("today") ?? new Date(context.clock()).toISOString().slice(0, 10);
  const findings = await context.slaclock.lint(document, today);
  return fresh(findings.map((finding) => `${JSON.stringify(finding)}\n`).join(""), LINES);
}

/** Whether a calendar of an agreement is open: holds until it opens or closes next, and may be cached until then. */
async function hours(question, request, context) {
  const id = question.get("agreement") ?? "";
  const calendar = question.get("calendar");
  if (calendar === undefined) throw Refusal.of("badRequest", "`calendar` is missing", "/calendar");
  const agreement = await context.agreements.byId(id);
  const at = question.instant("at");
  const now = context.clock();
  const found = agreement.hours(calendar, at ?? now);
  const reply = fresh(`${JSON.stringify(found)}\n`, JSON_TYPE);
  const change = found.open ? found.closes_at : found.opens_at;
  // An answer about a given instant changes only with the agreement.
  const holds = at === undefined && change ? Date.parse(change) - now : context.fresh;
  const age = Math.max(0, Math.floor(Math.min(holds, 86_400_000) / 1000));
  reply.headers["cache-control"] = `${context.tokens.length > 0 ? "private" : "public"}, max-age=${age}`;
  return reply;
}

/** Questions that bring their calendar, a line each. */
async function hoursLines(_, request, context) {
  return fresh(await context.slaclock.hoursLines(await text(request, context)), LINES);
}

async function health(_, __, context) {
  return fresh(`${JSON.stringify({ status: "ok", ...(await context.slaclock.version()) })}\n`, JSON_TYPE);
}

async function description(_, __, { description }) {
  if (!description) throw Refusal.of("notFound", "no description was given to this function");
  const document = typeof description === "function" ? await description() : description;
  const reply = fresh(JSON.stringify(document), JSON_TYPE);
  reply.headers["cache-control"] = "public, max-age=3600";
  return reply;
}

/** Nothing for pages that are not named. */
function corsHeaders(request, origins) {
  const origin = request.headers.get("origin");
  if (!origin || !origins.includes(origin)) return { vary: "origin" };
  return {
    vary: "origin",
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-expose-headers": "slaclock-next-event-at",
    "access-control-max-age": "86400",
  };
}
