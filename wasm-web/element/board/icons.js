import { frame, iconsOf, states, svg } from "../icons.js";

/** Icons of states, and of what boards and histories have besides. */
export const icon = iconsOf({
  ...states,
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.4 10.4 13.6 13.6",
  close: "M4 4l8 8M12 4l-8 8",
  up: "M3.5 10 8 5.5l4.5 4.5",
  down: "M3.5 6 8 10.5 12.5 6",
  rows: "M2.5 3.5h11M2.5 8h11M2.5 12.5h11",
  groups: "M2.5 3h5M5.5 6.5h8M2.5 10h5M5.5 13.5h8",
  created: "M2.5 9.5 4.3 3h7.4l1.8 6.5v3.5h-11ZM2.5 9.5h3.4a2.1 2.1 0 0 0 4.2 0h3.4",
  agent: "M6.5 3.5 2.5 7.2l4 3.7M2.8 7.2h6.4a4.3 4.3 0 0 1 4.3 4.3v1",
  requester: "M2.5 3h11v8H8l-3.2 2.4V11H2.5Z",
  note: "M3.5 2.5h9v11h-9zM5.8 5.6h4.4M5.8 8h4.4M5.8 10.4h2.4",
  status: "M8 4.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8Z",
  field: "M10.6 2.9l2.5 2.5-7.3 7.3-3.1.6.6-3.1Z",
  flag: "M4 14V2.5M4 3h8l-1.8 2.8L12 8.6H4",
});

/** Bars for a rank from 0 (most urgent): the fewer stand, the less urgent. */
export function rankIcon(rank) {
  const bar = (index) => svg("path", { class: index < 4 - rank ? "bar-on" : "bar-off", d: `M${1.5 + index * 3.5} ${10.5 - index * 3}h2.4v${3.5 + index * 3}h-2.4z` });
  return frame("rank", ...[0, 1, 2, 3].map(bar));
}
