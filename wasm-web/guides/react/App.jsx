import { useState } from "react";
import "slaclock/elements";

// Outside of components: the same object at every rendering, and compiled once for all elements that are given it.
const agreement = {
  slaclock: "1",
  id: "react",
  policies: [{ id: "all", clocks: { first_response: { within: "30m", calendar: "always" }, resolution: { within: "4h", calendar: "always" } } }],
};
const asNew = { id: "T-1", created_at: new Date(Date.now() - 10 * 60_000).toISOString(), events: [] };

export function App() {
  const [ticket, setTicket] = useState(asNew);
  const [faces, setFaces] = useState([]);
  const reply = () => setTicket({ ...ticket, events: [...ticket.events, { at: new Date().toISOString(), reply: { by: "agent", public: true } }] });
  return (
    <main>
      <sla-clock metric="first_response" agreement={agreement} ticket={ticket} onsla-change={({ detail }) => setFaces((all) => [...all, detail.face])} />
      <sla-clock metric="resolution" shape="ring" agreement={agreement} ticket={ticket} />
      <button type="button" onClick={reply}>Reply</button>
      <output>{faces.join(", ")}</output>
      <sla-timeline agreement={agreement} ticket={ticket} />
    </main>
  );
}
