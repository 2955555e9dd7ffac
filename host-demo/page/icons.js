const SVG = "http://www.w3.org/2000/svg";

// 16-pixel drawings: a path per entry; "+" before a path fills it, otherwise it is stroked.
const drawings = {
  running: ["+M5 3.2v9.6c0 .5.5.8 1 .5l7.2-4.8a.6.6 0 0 0 0-1L6 2.7c-.5-.3-1 0-1 .5Z"],
  risk: ["M8 2.6 14.2 13.2H1.8Z", "M8 6.6v3", "M8 11.3v.2"],
  overdue: ["+M7.3 1.9a.8.8 0 0 1 1.4 0l6.2 11a.8.8 0 0 1-.7 1.2H1.8a.8.8 0 0 1-.7-1.2l6.2-11ZM7.2 5.8v4h1.6v-4H7.2Zm0 5.2v1.6h1.6V11H7.2Z"],
  paused: ["+M4 3h2.8v10H4zM9.2 3H12v10H9.2z"],
  closed: ["M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z"],
  met: ["M2.8 8.6 6.2 12 13.2 4.4"],
  breached: ["M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4"],
  cancelled: ["M3 8h10"],
  pending: ["M8 2.2a5.8 5.8 0 0 1 2.9.8M12.9 4.9a5.8 5.8 0 0 1 .8 2.4M13.4 10.2a5.8 5.8 0 0 1-1.6 2.2M9.4 13.6a5.8 5.8 0 0 1-2.8 0M4.2 12.4a5.8 5.8 0 0 1-1.6-2.2M2.3 7.3a5.8 5.8 0 0 1 .8-2.4M5.1 3A5.8 5.8 0 0 1 8 2.2"],
  search: ["M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z", "M10.4 10.4 13.6 13.6"],
  close: ["M4 4l8 8M12 4l-8 8"],
  up: ["M3.5 10 8 5.5l4.5 4.5"],
  down: ["M3.5 6 8 10.5 12.5 6"],
  system: ["M2.5 3h11v7.5h-11zM6 13.4h4M8 10.5v2.8"],
  light: ["M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6Z", "M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M12.5 3.5l-.8.8M4.3 11.7l-.8.8"],
  dark: ["M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z"],
  comfortable: ["M2.5 3.5h11M2.5 8h11M2.5 12.5h11"],
  compact: ["M2.5 2.8h11M2.5 6.3h11M2.5 9.7h11M2.5 13.2h11"],
  warning: ["M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2Z", "M8 5v3.6M8 10.9v.2"],
  created: ["M2.5 9.5 4.3 3h7.4l1.8 6.5v3.5h-11ZM2.5 9.5h3.4a2.1 2.1 0 0 0 4.2 0h3.4"],
  reply: ["M6.5 3.5 2.5 7.2l4 3.7M2.8 7.2h6.4a4.3 4.3 0 0 1 4.3 4.3v1"],
  requester: ["M2.5 3h11v8H8l-3.2 2.4V11H2.5Z"],
  note: ["M3.5 2.5h9v11h-9zM5.8 5.6h4.4M5.8 8h4.4M5.8 10.4h2.4"],
  status: ["M8 4.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8Z"],
  field: ["M10.6 2.9l2.5 2.5-7.3 7.3-3.1.6.6-3.1Z"],
  pause: ["M5.5 3.5v9M10.5 3.5v9"],
  resume: ["M5 3.4v9.2l7-4.6Z"],
  flag: ["M4 14V2.5M4 3h8l-1.8 2.8L12 8.6H4"],
  now: ["+M8 5.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8Z"],
};

const made = new Map();

/** A 16-pixel icon in the colour of the text; it says nothing to a screen reader. */
export function icon(name) {
  let drawing = made.get(name);
  if (!drawing) {
    drawing = draw(drawings[name] ?? drawings.status);
    drawing.setAttribute("class", `icon icon-${name}`);
    made.set(name, drawing);
  }
  return drawing.cloneNode(true);
}

/** Bars for a rank from 0 (most urgent): the fewer stand, the less urgent. */
export function rankIcon(rank) {
  const key = `rank${rank}`;
  let drawing = made.get(key);
  if (!drawing) {
    drawing = frame();
    drawing.setAttribute("class", "icon icon-rank");
    for (let bar = 0; bar < 4; bar += 1) {
      const height = 3.5 + bar * 3;
      const shape = path(`M${1.5 + bar * 3.5} ${14 - height}h2.4v${height}h-2.4z`);
      shape.setAttribute("class", bar < 4 - rank ? "bar-on" : "bar-off");
      drawing.append(shape);
    }
    made.set(key, drawing);
  }
  return drawing.cloneNode(true);
}

function draw(paths) {
  const svg = frame();
  for (const text of paths) {
    const filled = text.startsWith("+");
    const shape = path(filled ? text.slice(1) : text);
    if (filled) {
      shape.setAttribute("fill", "currentColor");
      shape.setAttribute("fill-rule", "evenodd");
    } else {
      shape.setAttribute("stroke", "currentColor");
    }
    svg.append(shape);
  }
  return svg;
}

function frame() {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 16, height: 16, fill: "none", "stroke-width": 1.6, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false" })) {
    svg.setAttribute(name, value);
  }
  return svg;
}

function path(d) {
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", d);
  return shape;
}
