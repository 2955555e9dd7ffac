// A queue board: tickets once, then what changes.

import { setServerTime } from "../../element/index.js";

const board = document.querySelector("sla-board");

// Your server's list. These are made up around now, so that the example always has something to show.
const minutesAgo = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
board.tickets = Array.from({ length: 200 }, (_, index) => ({
  id: `T-${1000 + index}`,
  created_at: minutesAgo((index * 37) % 2000),
  fields: { priority: ["P1", "P2", "P3"][index % 3], status: "New", subject: `Request ${index + 1}`, customer: ["Northwind", "Contoso"][index % 2] },
  events: index % 5 ? [] : [{ at: minutesAgo((index * 37) % 2000 / 2), status: "Waiting" }],
}));
board.priorities = ["P1", "P2", "P3"];

// Your server's time: `followServer("/your/time")` asks for it and asks again after a sleep.
setServerTime(Date.now());

// Your server's changes: in the place of this channel, an EventSource or a WebSocket.
new BroadcastChannel("tickets").addEventListener("message", ({ data }) => (data.removed ? board.removeTicket(data.removed) : board.update(data)));

// The count of overdue tickets where everybody sees it, and a ticket in your own view rather than in the board's.
board.addEventListener("sla-summary", ({ detail }) => (document.title = `${detail.overdue > 0 ? `(${detail.overdue}) ` : ""}Queue`));
board.addEventListener("sla-open", (event) => {
  if (location.hash !== "#own") return;
  event.preventDefault();
  document.title = event.detail.id;
});
