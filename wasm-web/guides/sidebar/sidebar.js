// The clocks of one ticket, in a frame of the system that holds it. The page around sends the ticket and is told the height.

import "../../element/index.js";
import { Agreement } from "../../js/web.js";

/** Who may say what is shown here: the origins of your system for tickets. */
const HOSTS = [location.origin];

const agreement = await Agreement.parse(await (await fetch("../board/agreement.json")).json());
const clocks = document.querySelector("#clocks");
const timeline = document.querySelector("#timeline");

addEventListener("message", ({ data, origin }) => {
  if (!HOSTS.includes(origin) || data?.type !== "ticket") return;
  document.querySelector("#waiting").hidden = true;
  const { ticket } = data;
  const names = agreement.evaluate(ticket, Date.now()).clocks.map(({ clock }) => clock);
  // Kept where it can be, so that a changed ticket is a change of the clock and is announced as one.
  if (names.join() !== [...clocks.children].map((clock) => clock.getAttribute("metric")).join()) {
    clocks.replaceChildren(...names.map((name) => {
      const clock = document.createElement("sla-clock");
      clock.setAttribute("metric", name);
      return clock;
    }));
  }
  for (const element of [...clocks.children, timeline]) Object.assign(element, { agreement, ticket });
});

const tell = (message) => HOSTS.forEach((host) => parent.postMessage(message, host));
new ResizeObserver(() => tell({ type: "height", height: document.body.offsetHeight })).observe(document.body);
tell({ type: "ready" });
