// A page with a clock that is there before any script: `node render.mjs > page.html`, where `slaclock` is installed.

import { Agreement } from "slaclock";

const escaped = (text) => String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

/** A clock of an evaluation as HTML. Its text is for readers without scripts; the element takes its place. */
export function clockHtml(evaluation, name, now) {
  const clock = evaluation.clocks.find((each) => each.clock === name);
  const text = clock ? `${name.replaceAll("_", " ")}: ${clock.state}${clock.due_at ? `, due ${clock.due_at}` : ""}` : "nothing promised";
  return `<sla-clock metric="${escaped(name)}" evaluation="${escaped(JSON.stringify(evaluation))}" as-of="${now.toISOString()}">${escaped(text)}</sla-clock>`;
}

export async function pageHtml(document, ticket, now, script) {
  const agreement = await Agreement.parse(document);
  const evaluation = agreement.evaluate(ticket, now);
  const clocks = evaluation.clocks.map(({ clock }) => clockHtml(evaluation, clock, now));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(ticket.id)}</title>
<script type="module" src="${escaped(script)}"></script></head><body>${clocks.join("\n")}</body></html>`;
}

if (process.argv[1] === import.meta.filename) {
  const document = { slaclock: "1", id: "ssr", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] };
  const now = new Date();
  console.log(await pageHtml(document, { id: "T-1", created_at: new Date(now - 600_000) }, now, "/node_modules/slaclock/element/index.js"));
}
