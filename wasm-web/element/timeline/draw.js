import { elapsedAt, faceAt } from "../clock/figures.js";
import { svg } from "../icons.js";

const TOP = 56;
const ROW = 60;
const BAR = 20;
const CHAR = 6.2;
// Narrower pictures leave the promise out of the rows' titles.
const NARROW = 420;

/** Height of the picture of so many rows. */
export const heightOf = (rows) => TOP + rows * ROW;

/** Where the bar of a row begins. */
const barTop = (index) => TOP + index * ROW + 24;

/** Draws a model with a scale; gives the picture and, by row, its elements. */
export function drawTimeline(model, scale, events, say) {
  const { words, format } = say;
  const { rows, now, from, until } = model;
  const height = heightOf(rows.length);
  const side = { direction: words.rtl ? "rtl" : "ltr" };
  const root = svg("svg", { class: "picture", part: "picture", width: scale.width, height, viewBox: `0 0 ${scale.width} ${height}`, ...side }, patterns());
  root.append(...axis(scale, format, height));
  for (const { a, b, fold } of scale.parts) if (fold) root.append(foldMark(...scale.box(a, b)));
  root.append(...events.filter(({ ms }) => ms >= from && ms <= until).map(({ ms }) => svg("path", { class: "event", d: `M${scale.x(ms)} 34v12` })));
  const bars = rows.map((row, index) => {
    const bar = drawRow(row, index, scale, now, say);
    root.append(bar);
    return bar;
  });
  if (now <= until) root.append(svg("path", { class: "now", d: `M${scale.x(now)} 30V${height - 8}` }));
  const head = svg("path", { class: "head" });
  root.append(head);
  return { root, bars, head, height };
}

function patterns() {
  const hatch = svg("pattern", { id: "sla-hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("path", { class: "hatch", d: "M0 0v5" }));
  const cross = svg("pattern", { id: "sla-cross", width: 8, height: 8, patternUnits: "userSpaceOnUse" }, svg("path", { class: "cross", d: "M0 0 8 8M8 0 0 8" }));
  return svg("defs", {}, hatch, cross);
}

function axis(scale, format, height) {
  const parts = [];
  let free = -Infinity;
  let freeDay = -Infinity;
  const step = scale.mirrored ? -1 : 1;
  const along = (x) => (scale.mirrored ? scale.width - x : x);
  const label = (ms, y, text, name) => svg("text", { class: name, x: scale.x(ms) + step * 3, y }, text);
  for (const { ms, day } of scale.marks(format)) {
    const x = along(scale.x(ms));
    if (day) {
      if (ms > scale.from) parts.push(svg("path", { class: "day", d: `M${scale.x(ms)} 4V${height - 8}` }));
      const text = format.day(ms);
      if (x < freeDay || x + text.length * CHAR > scale.width) continue;
      freeDay = x + text.length * CHAR + 12;
      parts.push(label(ms, 14, text, "day-name"));
    } else {
      const text = format.time(ms);
      parts.push(svg("path", { class: "hour", d: `M${scale.x(ms)} 46V${height - 8}` }));
      if (x < free || x + text.length * CHAR > scale.width) continue;
      free = x + text.length * CHAR + 12;
      parts.push(label(ms, 29, text, "hour-name"));
    }
  }
  return parts;
}

const foldMark = (x, wide) => svg("path", { class: "fold", d: `M${x + wide / 2 - 2} 34l4 4-4 4 4 4-4 4` });

function drawRow(row, index, scale, now, say) {
  const { words, format } = say;
  const y = barTop(index);
  const { face } = row;
  const start = scale.mirrored ? scale.width : 0;
  const used = face ? [format.span(elapsedAt(face, now), face.neverCloses), face.target === null || scale.width < NARROW ? "" : words.say("of", { t: format.exact(face.target) })].filter(Boolean).join(" ") : "";
  const state = face ? words.say(`state.${faceAt(face, now)}`) : "";
  const title = svg("text", { class: "title", x: start, y: y - 9 }, words.clock(row.key));
  title.append(svg("tspan", { class: "title-more" }, ["", used, state].filter((part, at) => at === 0 || part).join(" · ")));
  const lane = svg("rect", { class: "lane", x: 0, y, width: scale.width, height: BAR, rx: 3 });
  const pieces = row.pieces.flatMap((piece) => drawPiece(piece, y, scale));
  const flags = row.flags.map(({ ms, kind }) => flag(scale.x(ms), y, kind, scale.mirrored));
  return svg("g", { class: "row", tabindex: 0, role: "slider", "data-row": index }, title, lane, ...pieces, ...parties(row.pieces, y, scale, words), ...flags);
}

function drawPiece({ from, to, kind, ahead }, y, scale) {
  const [x, width] = scale.box(from, to);
  const rect = (name, more = {}) => svg("rect", { class: name, x, y, width, height: BAR, ...more });
  const over = { paused: "sla-hatch", excluded: "sla-cross" }[kind];
  const slice = rect(`slice s-${kind}${ahead ? " ahead" : ""}`);
  return over ? [slice, rect("pattern", { fill: `url(#${over})` })] : [slice];
}

/** The names of those who were waited for, each once over the whole of its pause, where there is room. */
function parties(pieces, y, scale, words) {
  const runs = [];
  for (const { from, to, kind, slice } of pieces) {
    const name = kind === "paused" ? words.party(slice.party) || slice.reason || slice.status || "" : "";
    const last = runs.at(-1);
    if (last && last.name === name && last.to === from) last.to = to;
    else runs.push({ from, to, name });
  }
  return runs.flatMap(({ from, to, name }) => {
    const [x, width] = scale.box(from, to);
    return name && name.length * CHAR + 8 < width ? [svg("text", { class: "party", x: x + width / 2, y: y + 14 }, name)] : [];
  });
}

function flag(x, y, kind, mirrored) {
  if (kind === "stop" || kind === "late") return svg("path", { class: `flag f-${kind}`, d: `M${x} ${y - 2}v${BAR + 4}` });
  const cloth = mirrored ? "-8 4 8 4" : "8 4-8 4";
  return svg("path", { class: `flag f-${kind}`, d: `M${x} ${y + BAR + 4}V${y - 6}l${cloth}` });
}

/** Puts the reading line at an instant, or takes it away. */
export function drawHead(head, scale, ms, height) {
  head.setAttribute("d", ms === null || ms < scale.from || ms > scale.until ? "" : `M${scale.x(ms)} 30V${height - 8}`);
}
