// The playground: an agreement and a ticket as texts, the ticket's events on a track, and what the engine makes of them. The
// texts and the instant are all its state; the address has it, and no server sees it.

import { setServerTime } from "../element/index.js";
import { make, setAttr, setText } from "../element/dom.js";
import { localParts } from "../element/time/format.js";
import { Agreement, SlaError, lint } from "../js/web.js";
import { Answers } from "./answers.js";
import { examples } from "./examples.js";
import { pretty } from "./json.js";
import { list } from "./lists.js";
import { pack, unpack } from "./share.js";
import { kindsOf, nameOf, read, write } from "./ticket.js";
import { Track } from "./track.js";

const byId = (id) => document.getElementById(id);
const agreementText = byId("agreement");
const ticketText = byId("ticket");
const { lang } = document.documentElement;
const SEVERITIES = ["error", "warning", "note"];
const HOUR = 3_600_000;

let now = 0;
let compiled = null;
/** The agreement and the ticket as written, when they could last be read. */
let agreement = {};
let ticket = null;
let running = 0;
let shared = "";

const answers = new Answers({ clocks: byId("clocks"), timeline: byId("timeline"), words: byId("words"), fingerprint: byId("fingerprint") });
const track = new Track(byId("track"), {
  moved: (moved) => {
    ticketText.value = write(moved);
    follow();
  },
  nowIs: (ms) => {
    now = ms;
    follow();
  },
  say,
});

/** Calls `act` once nothing has called for it for a while. */
function later(act, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, wait);
  };
}

const compileSoon = later(compile, 150);
const readSoon = later(readTicket, 150);
const lintSoon = later(look, 500);
const shareSoon = later(share, 300);

async function compile() {
  const text = agreementText.value;
  let problems = [];
  try {
    const made = await Agreement.parse(text);
    if (text !== agreementText.value) return;
    compiled = made;
    agreement = JSON.parse(text);
    offer();
  } catch (error) {
    if (text !== agreementText.value) return;
    problems = problemsOf(error);
  }
  list(byId("problems"), problems, agreementText);
  setText(byId("verdict"), problems.length === 0 ? "no problems" : problems.length === 1 ? "1 problem" : `${problems.length} problems`);
  setAttr(agreementText, "aria-invalid", problems.length > 0 ? "true" : null);
  lintSoon();
  follow();
}

function readTicket() {
  ticket = read(ticketText.value) ?? ticket;
  follow();
}

/** Shows everything for the instant that it is now. */
function follow() {
  const zone = zoneOf(agreement);
  let mistakes = [];
  setServerTime(now);
  setText(byId("zone"), `times in ${zone.replaceAll("_", " ")}`);
  try {
    if (compiled) answers.show(compiled, ticketText.value, now, zone);
  } catch (error) {
    mistakes = problemsOf(error);
  }
  list(byId("mistakes"), mistakes, ticketText);
  setAttr(ticketText, "aria-invalid", mistakes.length > 0 ? "true" : null);
  byId("stale").hidden = !agreementText.hasAttribute("aria-invalid") && mistakes.length === 0;
  if (ticket) track.show(ticket, now, lang, zone, (from, until, most) => (compiled ? answers.openHours(compiled, from, until, most) : []));
  shareSoon();
}

/** The zone of an agreement, or of its first calendar that names one. */
function zoneOf({ time_zone: own, calendars }) {
  const named = own ?? Object.values(calendars ?? {}).find((calendar) => calendar?.time_zone)?.time_zone ?? "UTC";
  try {
    return new Intl.DateTimeFormat("en", { timeZone: named }).resolvedOptions().timeZone;
  } catch {
    // A zone that this browser does not know; the engine has its own.
    return "UTC";
  }
}

/** Lint, the worst first. */
async function look() {
  const text = agreementText.value;
  let findings = [];
  let said = "";
  try {
    findings = await lint(text, localParts(zoneOf(agreement), now).slice(0, 10));
    const count = (severity) => findings.filter((finding) => finding.severity === severity).length;
    said = SEVERITIES.filter(count).map((severity) => `${count(severity)} ${severity}${count(severity) === 1 ? "" : "s"}`).join(", ") || "nothing found";
  } catch (error) {
    // What does not compile is told as problems, above.
    said = problemsOf(error)[0].code === "engine-load" ? error.message : "once there are no problems";
  }
  if (text !== agreementText.value) return;
  list(byId("findings"), findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)), agreementText);
  setText(byId("lint").querySelector("summary"), `Lint: ${said}`);
}

function problemsOf(error) {
  if (error instanceof SlaError) return error.problems;
  throw error;
}

/** What can be added, in the agreement's own words. */
function offer() {
  const select = byId("kind");
  const chosen = select.value;
  const groups = Object.entries(kindsOf(agreement)).filter(([, kinds]) => kinds.length > 0);
  select.replaceChildren(...groups.map(([label, kinds]) => {
    const options = kinds.map((kind) => Object.assign(make("option", "", nameOf(kind)), { value: JSON.stringify(kind) }));
    return Object.assign(make("optgroup", "", ...options), { label });
  }));
  if ([...select.options].some(({ value }) => value === chosen)) select.value = chosen;
}

/** Lets the time run, an hour a second. */
function run() {
  const stop = running !== 0;
  clearInterval(running);
  running = stop ? 0 : setInterval(() => ((now += HOUR / 10), follow()), 100);
  setText(byId("run"), stop ? "Run" : "Stop");
}

async function share() {
  shared = `#${await pack({ agreement: agreementText.value, ticket: ticketText.value, now })}`;
  history.replaceState(null, "", location.pathname + location.search + shared);
}

async function copy() {
  await share();
  try {
    await navigator.clipboard.writeText(location.href);
    say("Link copied. It holds everything; no server keeps it.");
  } catch {
    say("The address of this page is the link.");
  }
}

let silence = 0;
function say(text) {
  setText(byId("said"), text);
  clearTimeout(silence);
  silence = setTimeout(() => setText(byId("said"), ""), 5000);
}

function take(state) {
  agreementText.value = state.agreement;
  ticketText.value = state.ticket;
  now = state.now;
  ticket = read(state.ticket);
  return compile();
}

const takeExample = (name) => take({ ...examples[name], ticket: write(examples[name].ticket) });

/** What the address asks for: a state in its fragment, an agreement of this server, or the first example. */
async function start() {
  const banner = byId("banner");
  const first = Object.keys(examples)[0];
  const address = new URLSearchParams(location.search).get("agreement");
  banner.hidden = true;
  try {
    if (location.hash.length > 1) return await take(await unpack(location.hash.slice(1)));
    if (address) return await take(await fetched(address));
  } catch (error) {
    banner.hidden = false;
    setText(banner, `${address ? `${address} cannot be shown` : "This link is damaged"} (${error.message}), so here is an example.`);
  }
  return takeExample(first);
}

/** The agreement at an address, with a ticket of an hour ago to play with. */
async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  const found = await response.json();
  const present = Math.floor(Date.now() / 60_000) * 60_000;
  const statuses = Object.entries(found.statuses ?? {});
  // Servers sort keys, so that the first status may well be that of closed tickets.
  const [status] = statuses.find(([, meaning]) => meaning === "open") ?? statuses[0] ?? [];
  const fields = { priority: found.priorities?.order?.at(-1), status };
  const made = { id: "T-1", created_at: new Date(present - HOUR).toISOString().replace(".000Z", "Z"), fields: JSON.parse(JSON.stringify(fields)), events: [] };
  return { agreement: `${pretty(found)}\n`, ticket: write(made), now: present };
}

byId("example").append(...["", ...Object.keys(examples)].map((name) => Object.assign(make("option", "", name || "an example …"), { value: name })));
byId("example").addEventListener("change", ({ target }) => {
  if (target.value) takeExample(target.value);
  target.value = "";
});
agreementText.addEventListener("input", compileSoon);
ticketText.addEventListener("input", readSoon);
byId("add").addEventListener("click", () => byId("kind").value && track.add(JSON.parse(byId("kind").value)));
byId("run").addEventListener("click", run);
byId("share").addEventListener("click", copy);
addEventListener("hashchange", () => location.hash !== shared && start());
start();
