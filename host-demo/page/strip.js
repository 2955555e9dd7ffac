import { make, setAttr, setText, setVar } from "./dom.js";
import { icon } from "./icons.js";
import { words } from "./words.js";

const say = words.strip;
const HOUR = 3_600_000;

const tiles = [
  { mark: "overdue", icon: "overdue", hint: "" },
  { mark: "risk", icon: "risk", hint: say.riskHint },
  { mark: "hour", icon: "flag", hint: "" },
  { mark: "today", icon: "flag", hint: "" },
  { mark: "paused", icon: "paused", hint: "" },
];

/** The summary above the board; each count is a switch that filters by it. */
export class Strip {
  constructor(element, onChoose) {
    this.buttons = new Map();
    this.marks = make("div", "strip-marks");
    setAttr(this.marks, "role", "group");
    setAttr(this.marks, "aria-label", say.label);
    for (const tile of tiles) this.marks.append(this.#tile(tile, onChoose));
    this.met = this.#metTile();
    this.chart = this.#chart();
    element.replaceChildren(this.marks, this.met.element, this.chart.element);
  }

  paint(summary, chosen, now, dates) {
    for (const [mark, { button, count }] of this.buttons) {
      setText(count, summary.counts[mark].toLocaleString());
      setAttr(button, "aria-pressed", chosen === mark);
      setAttr(button, "data-none", summary.counts[mark] === 0 ? "" : null);
    }
    this.#paintMet(summary.ended);
    this.#paintChart(summary.hours, now, dates);
  }

  #tile({ mark, icon: name, hint }, onChoose) {
    const count = make("span", "tile-count", "–");
    const label = make("span", "tile-label", icon(name), say[mark]);
    const button = make("button", `tile tile-${mark}`, count, label);
    button.type = "button";
    setAttr(button, "data-mark", mark);
    if (hint) button.title = hint;
    button.addEventListener("click", () => onChoose(mark));
    this.buttons.set(mark, { button, count });
    return button;
  }

  #metTile() {
    const count = make("span", "tile-count", "–");
    const bar = make("span", "tile-bar", make("i"));
    const element = make("div", "tile tile-met", count, make("span", "tile-label", icon("met"), say.met), bar);
    return { element, count, fill: bar.firstChild };
  }

  #paintMet({ met, all }) {
    // One decimal, cut and not rounded: 99.96 % is not 100 %.
    const tenths = all === 0 ? 0 : Math.floor((met * 1000) / all);
    setText(this.met.count, all === 0 ? "–" : tenths === 1000 ? "100 %" : `${(tenths / 10).toFixed(1)} %`);
    setAttr(this.met.element, "title", all === 0 ? say.metNone : say.metHint(met, all));
    setVar(this.met.fill, "--share", String(tenths / 1000));
  }

  #chart() {
    const bars = Array.from({ length: 24 }, () => make("i"));
    const plot = make("div", "chart-plot", ...bars);
    setAttr(plot, "role", "img");
    const axis = make("div", "chart-axis", ...[0, 6, 12, 18].map(() => make("span")));
    const label = make("span", "tile-label", say.chart);
    return { element: make("div", "chart", plot, axis, label), plot, bars, axis };
  }

  #paintChart(hours, now, dates) {
    const most = Math.max(4, ...hours);
    hours.forEach((count, hour) => {
      const bar = this.chart.bars[hour];
      setVar(bar, "--share", String(count / most));
      setAttr(bar, "title", say.chartBar(dates.when(now + hour * HOUR, now), count));
      setAttr(bar, "data-none", count === 0 ? "" : null);
    });
    [...this.chart.axis.children].forEach((mark, index) => setText(mark, dates.clock.format(now + index * 6 * HOUR)));
    setAttr(this.chart.plot, "aria-label", say.chartText(hours.reduce((sum, count) => sum + count, 0)));
  }
}
