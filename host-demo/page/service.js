// The board of the service: tickets from the store, live changes, clocks computed here.

import { followServer } from "/slaclock/element/index.js";

const TOKEN = "slaclock.token";
const PAUSE = 2_000;
const byId = (id) => document.getElementById(id);
const board = byId("board");

/** The token is kept for the session of this page, and nowhere else. */
let token = sessionStorage.getItem(TOKEN);

class Refused extends Error {}

async function ask(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options, headers: { authorization: `Bearer ${token}`, ...options.headers } });
  if (response.status === 401 || response.status === 403) throw new Refused("The service does not know this token.");
  if (!response.ok) throw new Error(`The service answered ${response.status} to ${path}.`);
  return response;
}

function say(text) {
  byId("banner").hidden = text === "";
  byId("banner").textContent = text;
}

function askForToken(why) {
  sessionStorage.removeItem(TOKEN);
  token = null;
  following?.abort();
  say(why);
  byId("enter").hidden = false;
  board.hidden = byId("which").hidden = byId("leave").hidden = true;
  byId("token").focus();
}

byId("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  token = byId("token").value.trim();
  byId("token").value = "";
  sessionStorage.setItem(TOKEN, token);
  start();
});
byId("leave").addEventListener("click", () => askForToken(""));
byId("agreement").addEventListener("change", () => {
  history.replaceState(null, "", `?agreement=${encodeURIComponent(byId("agreement").value)}`);
  start();
});
board.addEventListener("sla-retry", () => start());

/** Every open ticket of an agreement, as JSON Lines, and the position of the last change before. */
async function openTickets(agreement) {
  let tickets = "";
  let after = "";
  let position;
  do {
    const response = await ask(`/v1/tickets?agreement=${encodeURIComponent(agreement)}${after && `&after=${after}`}`);
    tickets += await response.text();
    // The first, so that nothing falls between the list and the changes.
    position ??= response.headers.get("slaclock-position") ?? "0";
    after = response.headers.get("slaclock-next") ?? "";
  } while (after);
  return { tickets, position };
}

/** The agreements of the tenant; answers the one that is asked for, or the first. */
async function chosen() {
  const versions = await (await ask("/v1/agreements")).json();
  const ids = [...new Set(versions.map(({ id }) => id))];
  const asked = new URLSearchParams(location.search).get("agreement");
  const id = ids.includes(asked) ? asked : ids[0];
  byId("agreement").replaceChildren(...ids.map((id) => new Option(id, id)));
  byId("agreement").value = id ?? "";
  byId("which").hidden = ids.length < 2;
  return id;
}

let following;

/** Follows the changes until told to stop; after a break, from where it was. */
async function follow(agreement, last, signal) {
  while (!signal.aborted) {
    try {
      const response = await ask(`/v1/changes?after=${last}`, { signal });
      say("");
      let rest = "";
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        const events = (rest + text).split("\n\n");
        rest = events.pop();
        for (const event of events) last = (await changed(agreement, event)) ?? last;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused) return askForToken(error.message);
      say("The connection to the service is interrupted; the board goes on counting and comes back by itself.");
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Puts a ticket that changed on the board; answers the position of the change. */
async function changed(agreement, event) {
  const field = (name) => event.split("\n").find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trim();
  const [id, data] = [field("id"), field("data")];
  if (!id || !data) return undefined;
  const { ticket } = JSON.parse(data);
  const response = await fetch(`/v1/tickets/${encodeURIComponent(ticket)}`, { cache: "no-store", headers: { authorization: `Bearer ${token}` } });
  // Another agreement's tickets are not on this board; one that is not created yet has no clocks.
  if (response.ok) {
    const line = await response.text();
    if (decodeURIComponent(response.headers.get("slaclock-agreement") ?? "") === agreement) board.update(line);
  }
  return Number(id);
}

async function start() {
  following?.abort();
  following = new AbortController();
  const { signal } = following;
  try {
    byId("enter").hidden = true;
    const now = async () => (await (await fetch("/health", { cache: "no-store" })).json()).now;
    const [id] = await Promise.all([chosen(), followServer(now)]);
    byId("leave").hidden = false;
    if (id === undefined) return say("There is no agreement yet. Send one with PUT /v1/agreements/ID, then reload.");
    const [agreement, { tickets, position }] = await Promise.all([ask(`/v1/agreements/${encodeURIComponent(id)}`).then((response) => response.text()), openTickets(id)]);
    if (signal.aborted) return;
    const { title, provider, priorities } = JSON.parse(agreement);
    byId("title").textContent = title ?? id;
    byId("subtitle").textContent = provider ?? "";
    board.hidden = false;
    Object.assign(board, { agreement, tickets, priorities: priorities?.order ?? [] });
    say("");
    follow(id, position, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof Refused) return askForToken(error.message);
    say(`${error.message} Reload to try again.`);
  }
}

board.addEventListener("sla-summary", ({ detail }) => {
  document.title = `${detail.overdue > 0 ? `(${detail.overdue}) ` : ""}${byId("title").textContent}`;
});
if (token) start();
else askForToken("");
