const SVG = "http://www.w3.org/2000/svg";

// 16-pixel drawings: a path, with "+" before it filled, otherwise stroked; several are separated by "|".
const drawings = {
  running: "+M5 3.2v9.6c0 .5.5.8 1 .5l7.2-4.8a.6.6 0 0 0 0-1L6 2.7c-.5-.3-1 0-1 .5Z",
  risk: "M8 2.6 14.2 13.2H1.8ZM8 6.6v3M8 11.3v.2",
  overdue: "+M7.3 1.9a.8.8 0 0 1 1.4 0l6.2 11a.8.8 0 0 1-.7 1.2H1.8a.8.8 0 0 1-.7-1.2l6.2-11ZM7.2 5.8v4h1.6v-4H7.2Zm0 5.2v1.6h1.6V11H7.2Z",
  paused: "+M4 3h2.8v10H4zM9.2 3H12v10H9.2z",
  closed: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z",
  met: "M2.8 8.6 6.2 12 13.2 4.4",
  breached: "M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4",
  cancelled: "M3 8h10",
  pending: "M8 2.2a5.8 5.8 0 0 1 4 1.6M13.7 7.3a5.8 5.8 0 0 1-1.2 4.3M9.4 13.6a5.8 5.8 0 0 1-4-.4M2.6 10a5.8 5.8 0 0 1 .2-4.6",
  stale: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2ZM8 5v3.6M8 10.9v.2",
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
};

const made = new Map();

/** An SVG element with its attributes. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const name in attributes) if (attributes[name] !== null) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

/** A 16-pixel icon in the colour of the text; it says nothing to a screen reader. */
export function icon(name) {
  if (!made.has(name)) made.set(name, draw(name));
  return made.get(name).cloneNode(true);
}

function draw(name) {
  const text = drawings[name] ?? drawings.status;
  const filled = text.startsWith("+");
  const paint = filled ? { fill: "currentColor", "fill-rule": "evenodd" } : { stroke: "currentColor" };
  return frame(name, svg("path", { d: filled ? text.slice(1) : text, ...paint }));
}

/** Bars for a rank from 0 (most urgent): the fewer stand, the less urgent. */
export function rankIcon(rank) {
  const bar = (index) => svg("path", { class: index < 4 - rank ? "bar-on" : "bar-off", d: `M${1.5 + index * 3.5} ${10.5 - index * 3}h2.4v${3.5 + index * 3}h-2.4z` });
  return frame("rank", ...[0, 1, 2, 3].map(bar));
}

function frame(name, ...children) {
  const fixed = { class: `icon icon-${name}`, viewBox: "0 0 16 16", fill: "none", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  return svg("svg", fixed, ...children);
}
