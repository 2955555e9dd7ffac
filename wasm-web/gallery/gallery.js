// Every state of every element, living from a fixed instant. The address chooses: `?theme=dark&lang=ar&only=board&tickets=10000`.

import { setServerTime } from "../element/index.js";
import { Agreement } from "../js/web.js";
import { NOW, clocks } from "./clocks.js";
import { agreement, dispute, tickets } from "./tickets.js";

const asked = new URLSearchParams(location.search);
const root = document.documentElement;
root.lang = asked.get("lang") ?? "en";
root.dir = root.lang === "ar" ? "rtl" : "ltr";
root.dataset.theme = asked.get("theme") ?? "";
const only = asked.get("only");
for (const section of document.querySelectorAll("section")) section.hidden = Boolean(only) && section.id !== only;
setServerTime(NOW);

const place = document.querySelector(".clocks");
for (const shape of ["bar", "ring"]) {
  for (const name in clocks) {
    const element = document.createElement("sla-clock");
    element.setAttribute("shape", shape);
    element.setAttribute("time-zone", "Europe/Rome");
    element.asOf = NOW - (name === "stale" ? 3_600_000 : 0);
    element.clock = clocks[name];
    element.id = `${shape}-${name}`;
    const box = document.createElement("div");
    box.append(element);
    place.append(box);
  }
}

const engine = await Agreement.parse(agreement);
const count = asked.get("tickets") ?? "30";
const board = document.createElement("sla-board");
board.setAttribute("time-zone", "Europe/Rome");
if (asked.has("dense")) board.setAttribute("density", "compact");
board.priorities = agreement.priorities.order;
if (count === "failed") board.agreement = { slaclock: "1", calendars: { x: { hours: { mun: ["9"] } } }, policies: [{}] };
else board.agreement = engine;
if (count === "failed") board.tickets = [];
else if (count !== "loading") board.tickets = count === "hostile" ? hostile() : tickets(Number(count));
document.querySelector("#board").append(board);
if (asked.has("open")) {
  const open = () => (board.open(asked.get("open") || "T-1002") ? null : setTimeout(open, 50));
  open();
}

const timeline = document.createElement("sla-timeline");
timeline.setAttribute("calendar-zone", "Europe/Rome");
if (asked.has("zoom")) timeline.setAttribute("zoom", asked.get("zoom"));
Object.assign(timeline, { agreement: engine, ticket: dispute });
document.querySelector("#timeline").append(timeline);
Object.assign(window, { board, timeline });

function hostile() {
  const text = '<img src=x onerror="alert(1)"><b>bold</b>&amp;\u202Eright to left';
  return [{ id: text, created_at: NOW - 3_600_000, fields: { subject: text.repeat(4), customer: text, priority: text, assignee: text, status: "New" } }, { id: "bad" }, { id: "T-2", created_at: "nonsense" }];
}
