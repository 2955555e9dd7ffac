// The board of `slaclock serve`: fetches, and hands over to the elements of the package.

import { followServer, serverNow, serverOffset, setServerTime } from "/slaclock/element/index.js";
import { version } from "/slaclock/js/web.js";
import { recall, remember } from "./settings.js";

const byId = (id) => document.getElementById(id);
const board = byId("board");
const asked = new URLSearchParams(location.search);
const SKEW = 60_000;

document.documentElement.lang = asked.get("lang") ?? "en";

const themes = ["auto", "light", "dark"];
function showTheme() {
  const theme = document.documentElement.dataset.theme ?? "auto";
  byId("theme").textContent = `Theme: ${theme}`;
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
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, weekday: "short", hour: "numeric", minute: "2-digit" });
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
  banner.textContent = `This computer’s clock is ${Math.round(Math.abs(serverOffset()) / 60_000)} min ${serverOffset() > 0 ? "slow" : "fast"}. The board follows the server’s clock.`;
}

async function text(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`The server answered ${response.status} to ${path}.`);
  return response.text();
}

async function load() {
  const [agreement, tickets] = await Promise.all([text("/v1/agreement"), text("/v1/tickets"), startClock()]);
  const { title, id, provider, time_zone: zone, priorities } = JSON.parse(agreement);
  const name = title ?? id ?? "Service board";
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
  byId("banner").textContent = `${error.message} Check that slaclock serve is still running, then reload.`;
});
