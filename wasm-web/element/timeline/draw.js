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
  const bars = rows.map((row, index) => drawRow(row, index, scale, words));
  root.append(...bars);
  if (now <= until) root.append(svg("path", { class: "now", d: `M${scale.x(now)} 30V${height - 8}` }));
  // Above the line of now, which would strike them through.
  root.append(...rows.map((row, index) => rowTitle(row, index, scale, now, say)));
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
  const lines = [];
  const names = [];
  const step = scale.mirrored ? -1 : 1;
  const along = (ms) => (scale.mirrored ? scale.width - scale.x(ms) : scale.x(ms));
  const line = (ms, top, name) => lines.push(svg("path", { class: name, d: `M${scale.x(ms)} ${top}V${height - 8}` }));
  const label = (ms, y, text, name) => names.push(svg("text", { class: name, x: scale.x(ms) + step * 3, y }, text));
  const marks = scale.marks(format);
  const days = marks.filter(({ day }) => day).map(({ ms }) => ms);
  for (const ms of days) if (ms > scale.from) line(ms, 4, "day");
  for (const [ms, text] of dayNames(days, along, scale.width, format)) label(ms, 14, text, "day-name");
  let free = -Infinity;
  for (const { ms } of marks.filter(({ day }) => !day)) {
    const [x, text] = [along(ms), format.time(ms)];
    line(ms, 46, "hour");
    if (x < free || x + text.length * CHAR > scale.width) continue;
    free = x + text.length * CHAR + 12;
    label(ms, 29, text, "hour-name");
  }
  return [...lines, ...names];
}

/**
 * Names of days. Where most are too narrow for theirs, every so many have one; but a sliver of a day beside a wide one has its
 * date alone, or nothing, so that it does not take the place of the next.
 */
function dayNames(days, along, width, format) {
  const room = days.map((ms, index) => (index + 1 < days.length ? along(days[index + 1]) : width) - along(ms) - 6);
  const fits = days.map((ms, index) => format.day(ms).length * CHAR <= room[index]);
  const names = [];
  let free = -Infinity;
  days.forEach((ms, index) => {
    const sliver = !fits[index] && fits[index + 1] !== false;
    const text = sliver ? format.date(ms) : format.day(ms);
    const end = along(ms) + text.length * CHAR;
    if (along(ms) < free || end > width || (sliver && text.length * CHAR > room[index])) return;
    free = fits[index] || sliver ? -Infinity : end + 12;
    names.push([ms, text]);
  });
  return names;
}

const foldMark = (x, wide) => svg("path", { class: "fold", d: `M${x + wide / 2 - 2} 34l4 4-4 4 4 4-4 4` });

function rowTitle({ face, key }, index, scale, now, { words, format }) {
  const start = scale.mirrored ? scale.width : 0;
  const used = face ? [format.span(elapsedAt(face, now), face.neverCloses), face.target === null || scale.width < NARROW ? "" : words.say("of", { t: format.exact(face.target) })].filter(Boolean).join(" ") : "";
  const state = face ? words.say(`state.${faceAt(face, now)}`) : "";
  const title = svg("text", { class: "title", x: start, y: barTop(index) - 9 }, words.clock(key));
  title.append(svg("tspan", { class: "title-more" }, ["", used, state].filter((part, at) => at === 0 || part).join(" · ")));
  return title;
}

function drawRow(row, index, scale, words) {
  const y = barTop(index);
  const lane = svg("rect", { class: "lane", x: 0, y, width: scale.width, height: BAR, rx: 3 });
  const pieces = row.pieces.flatMap((piece) => drawPiece(piece, y, scale));
  const flags = row.flags.map(({ ms, kind }) => flag(scale.x(ms), y, kind, scale.mirrored));
  return svg("g", { class: "row", tabindex: 0, role: "slider", "data-row": index }, lane, ...pieces, ...parties(row.pieces, y, scale, words), ...flags);
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
