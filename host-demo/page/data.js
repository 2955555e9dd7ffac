import { words } from "./words.js";

const ENGINE = "/slaclock/js/web.js";
const say = words.failure;

/** Why the board cannot be shown: what, where, and how to mend it. */
export class Failure extends Error {
  constructor(message, where, mend, problems = []) {
    super(message);
    Object.assign(this, { where, mend, problems });
  }
}

/** The engine, the compiled agreement, the ticket lines and the server's time, fetched side by side. */
export async function load() {
  const [engine, document, tickets, server] = await Promise.all([
    startEngine(),
    fetchText("/v1/agreement"),
    fetchText("/v1/tickets"),
    serverTime(),
  ]);
  return { ...(await compile(engine, document)), version: versionText(await engine.version()), tickets, server };
}

/** The server's instant with the two readings of this machine's clock around it, or null. */
export async function serverTime() {
  try {
    const sentAt = Date.now();
    const response = await fetch("/v1/now", { cache: "no-store" });
    const text = await response.text();
    const ms = response.ok ? readInstant(text) : NaN;
    return Number.isFinite(ms) ? { ms, sentAt, receivedAt: Date.now() } : null;
  } catch {
    return null;
  }
}

/** The instant that the address asks for, or null. */
export function askedInstant() {
  const text = new URLSearchParams(location.search).get("now");
  if (text === null) return null;
  // A plus sign in an address reads as a space.
  const ms = Date.parse(text.trim().replace(/ (\d\d:\d\d)$/, "+$1"));
  if (!Number.isFinite(ms)) throw new Failure(say.now, text, say.nowMend);
  return ms;
}

async function startEngine() {
  try {
    const engine = await import(ENGINE);
    await engine.init();
    return engine;
  } catch (error) {
    throw new Failure(say.engine, `${ENGINE}: ${error.message}`, say.engineMend);
  }
}

async function fetchText(path) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store" });
  } catch {
    throw new Failure(say.network, path, say.networkMend);
  }
  const text = await response.text();
  if (!response.ok) throw new Failure(say.fetch(response.status), path, firstMessage(text) || say.networkMend);
  return text;
}

async function compile(engine, text) {
  try {
    return { agreement: await engine.Agreement.parse(text), about: outline(text) };
  } catch (error) {
    const problems = Array.isArray(error.problems) ? error.problems : [error];
    throw new Failure(say.agreement, "/v1/agreement", say.agreementMend, problems);
  }
}

/** What the page itself shows of an agreement. */
function outline(text) {
  const value = JSON.parse(text);
  return {
    title: value.title ?? value.id ?? "",
    provider: value.provider ?? "",
    zone: typeof value.time_zone === "string" ? value.time_zone : null,
    priorities: Array.isArray(value.priorities?.order) ? value.priorities.order : [],
  };
}

function readInstant(text) {
  let value = text.trim();
  try {
    value = JSON.parse(value);
  } catch {
    // Bare text is an instant as it stands.
  }
  if (value !== null && typeof value === "object") value = value.now ?? value.now_ms;
  return typeof value === "number" ? value : Date.parse(value);
}

function firstMessage(text) {
  try {
    const value = JSON.parse(text);
    return value.error?.message ?? value.message ?? "";
  } catch {
    return "";
  }
}

const versionText = ({ version, tz_version: zones }) => `${version} · tz ${zones}`;
