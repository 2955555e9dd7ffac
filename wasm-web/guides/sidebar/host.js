// The part of the system for tickets: it holds a ticket, and sends it to the frame whenever it changes.

const frame = document.querySelector("#sidebar");
const status = document.querySelector("#status");
const ticket = { id: "T-1", created_at: new Date(Date.now() - 20 * 60_000).toISOString(), fields: { priority: "P1", status: "New" }, events: [] };

const send = () => frame.contentWindow.postMessage({ type: "ticket", ticket }, location.origin);

addEventListener("message", ({ data, source }) => {
  if (source !== frame.contentWindow) return;
  if (data.type === "ready") send();
  if (data.type === "height") frame.height = data.height;
});
status.addEventListener("change", () => {
  ticket.events.push({ at: new Date().toISOString(), status: status.value });
  send();
});
