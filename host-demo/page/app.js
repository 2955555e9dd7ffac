// The board of `slaclock serve`: fetches, and hands over to the elements of the package.

import { followServer, serverNow, serverOffset, setServerTime } from "/slaclock/element/index.js";
import { version } from "/slaclock/js/web.js";
import { recall, remember } from "./settings.js";
import { chosen, sayer } from "./words.js";

const byId = (id) => document.getElementById(id);
const board = byId("board");
const asked = new URLSearchParams(location.search);
const SKEW = 60_000;

const lang = chosen([asked.get("lang") ?? [], navigator.languages].flat());
const say = sayer(lang);
Object.assign(document.documentElement, { lang, dir: /^ar\b/.test(lang) ? "rtl" : "ltr" });
byId("title").textContent = document.title = say("board");
byId("replay").textContent = say("replay");
byId("replay").title = say("replayWhy");
byId("zone").title = say("zone");
byId("playground").textContent = say("playground");
if (asked.has("lang")) byId("playground").href += `&lang=${encodeURIComponent(lang)}`;

const themes = ["auto", "light", "dark"];
function showTheme() {
  const { theme } = document.documentElement.dataset;
  byId("theme").textContent = say("theme", say(themes.includes(theme) ? theme : "auto"));
}
byId("theme").addEventListener("click", () => {
  const next = themes[(themes.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % themes.length];
  document.documentElement.dataset.theme = next;
  remember("theme", next);
  showTheme();
});
showTheme();

/** Shows times in the reader's zone or in the agreement's. */
function showZone(agreementZone) {
  const zone = recall("zone", "own") === "agreement" && agreementZone ? agreementZone : Intl.DateTimeFormat().resolvedOptions().timeZone;
  board.setAttribute("time-zone", zone);
  byId("zone-name").textContent = zone.replaceAll("_", " ");
  const format = new Intl.DateTimeFormat(lang, { timeZone: zone, weekday: "short", hour: "numeric", minute: "2-digit" });
  const write = () => (byId("clock").textContent = format.format(serverNow()));
  clearInterval(showZone.timer);
  showZone.timer = setInterval(write, 5_000);
  write();
}

/** Follows the server's clock, or lives from the instant that the address asks for, and says what is out of the ordinary. */
async function startClock() {
  const now = asked.get("now");
  byId("replay").hidden = now === null;
  // A plus sign in an address reads as a space.
  if (now !== null) return setServerTime(now.trim().replace(/ (\d\d:\d\d)$/, "+$1"));
  await followServer("/v1/now");
  const banner = byId("banner");
  banner.hidden = Math.abs(serverOffset()) < SKEW;
  const wrong = new Intl.NumberFormat(lang, { style: "unit", unit: "minute" }).format(Math.round(Math.abs(serverOffset()) / 60_000));
  banner.textContent = say(serverOffset() > 0 ? "slow" : "fast", wrong);
}

async function text(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(say("answered", `${response.status} (${path})`));
  return response.text();
}

async function load() {
  const [agreement, tickets] = await Promise.all([text("/v1/agreement"), text("/v1/tickets"), startClock()]);
  const { title, id, provider, time_zone: zone, priorities } = JSON.parse(agreement);
  const name = title ?? id ?? say("board");
  byId("title").textContent = name;
  version().then((engine) => (byId("subtitle").textContent = [provider, `slaclock ${engine.version} · tz ${engine.tz_version}`].filter(Boolean).join(" · ")));
  showZone(zone);
  byId("zone").addEventListener("click", () => {
    remember("zone", recall("zone", "own") === "own" ? "agreement" : "own");
    showZone(zone);
  });
  board.addEventListener("sla-summary", ({ detail }) => (document.title = `${detail.overdue > 0 ? `(${detail.overdue}) ` : ""}${name}`));
  Object.assign(board, { agreement, tickets, priorities: priorities?.order ?? [] });
  openAsked();
}

/** Opens the ticket that the address names, once the board is there. */
function openAsked() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (id) board.addEventListener("sla-summary", () => board.open(id), { once: true });
}

const density = new MutationObserver(() => remember("density", board.getAttribute("density") ?? ""));
if (recall("density", "")) board.setAttribute("density", recall("density", ""));
density.observe(board, { attributeFilter: ["density"] });
board.addEventListener("sla-open", ({ detail }) => history.replaceState(null, "", `#${encodeURIComponent(detail.id)}`));
board.addEventListener("sla-close", () => history.replaceState(null, "", location.pathname + location.search));
board.addEventListener("sla-retry", () => location.reload());

load().catch((error) => {
  byId("banner").hidden = false;
  byId("banner").textContent = say("failed", error.message);
});
