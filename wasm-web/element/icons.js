const SVG = "http://www.w3.org/2000/svg";

// 16-pixel drawings: a path, with "+" before it filled, otherwise stroked; several are separated by "|".
export const states = {
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
};

/** An SVG element with its attributes. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const name in attributes) if (attributes[name] !== null) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

/** Gives for names of drawings 16-pixel icons in the colour of the text; they say nothing to a screen reader. */
export function iconsOf(drawings) {
  const made = new Map();
  return (name) => {
    if (!made.has(name)) made.set(name, draw(name, drawings[name] ?? drawings.pending));
    return made.get(name).cloneNode(true);
  };
}

export const icon = iconsOf(states);

function draw(name, text) {
  const filled = text.startsWith("+");
  const paint = filled ? { fill: "currentColor", "fill-rule": "evenodd" } : { stroke: "currentColor" };
  return frame(name, svg("path", { d: filled ? text.slice(1) : text, ...paint }));
}

/** The frame of a drawing. */
export function frame(name, ...children) {
  const fixed = { class: `icon icon-${name}`, viewBox: "0 0 16 16", fill: "none", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
  return svg("svg", fixed, ...children);
}
