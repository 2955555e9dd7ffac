import { button, make, setAttr, setAttrs, setText, setVar } from "../dom.js";
import { icon } from "./icons.js";
import { MARKS } from "./model.js";

const HOUR = 3_600_000;
const ICONS = { hour: "flag", today: "flag" };
const WORDS = { hour: "strip.hour", today: "strip.today" };

/** The summary above the board; each count is a switch that filters by it. */
export class Strip {
  constructor(onChoose) {
    this.tiles = MARKS.map((mark, bit) => {
      const count = make("span", "tile-count");
      const name = make("span", "tile-name");
      const tile = button(`tile tile-${mark}#tile`, "", () => onChoose(bit), count, make("span", "tile-label", icon(ICONS[mark] ?? mark), name));
      return { mark, tile, count, name };
    });
    this.marks = setAttrs(make("div", "strip-marks", ...this.tiles.map(({ tile }) => tile)), { role: "group" });
    this.metCount = make("span", "tile-count");
    this.metName = make("span", "tile-name");
    this.metFill = make("i");
    this.met = make("div", "tile tile-met#tile", this.metCount, make("span", "tile-label", icon("met"), this.metName), make("span", "tile-bar", this.metFill));
    this.bars = Array.from({ length: 24 }, () => make("i"));
    this.plot = setAttrs(make("div", "chart-plot", ...this.bars), { role: "img" });
    this.axis = make("div", "chart-axis", ...[0, 6, 12, 18].map(() => make("span")));
    this.title = make("span", "tile-label");
    this.element = make("section", "strip#strip", this.marks, this.met, make("div", "chart#chart", this.title, this.plot, this.axis));
  }

  /** Paints a summary, unless it stands there already. */
  paint(summary, chosen, now, { words, format }) {
    const of = [summary, chosen, words, format];
    if (of.every((each, index) => each === this.of?.[index])) return;
    this.of = of;
    const { counts, hours, met, ended } = summary;
    setAttr(this.marks, "aria-label", words.say("strip"));
    this.tiles.forEach(({ mark, tile, count, name }, bit) => {
      setText(count, format.number(counts[bit]));
      setText(name, words.say(WORDS[mark] ?? `state.${mark}`, { t: format.exact(HOUR) }));
      setAttr(tile, "aria-pressed", String(chosen === bit));
      setAttr(tile, "data-none", counts[bit] === 0 ? "" : null);
    });
    const share = ended === 0 ? 0 : met / ended;
    setText(this.metName, words.say("strip.met"));
    setText(this.metCount, ended === 0 ? "–" : format.percent(share, 1));
    setAttr(this.met, "title", words.say("strip.metOf", { met: format.number(met), n: format.number(ended) }, ended));
    setVar(this.metFill, "--_share", share.toFixed(3));
    this.#paintChart(hours, now, words, format);
  }

  #paintChart(hours, now, words, format) {
    const most = Math.max(4, ...hours);
    const due = (count) => words.say("strip.due", { n: format.number(count) }, count);
    hours.forEach((count, hour) => {
      setVar(this.bars[hour], "--_share", (count / most).toFixed(3));
      setAttr(this.bars[hour], "data-none", count === 0 ? "" : null);
      setAttr(this.bars[hour], "title", `${format.time(now + hour * HOUR)}–${format.time(now + (hour + 1) * HOUR)}: ${due(count)}`);
    });
    [...this.axis.children].forEach((mark, index) => setText(mark, format.time(now + index * 6 * HOUR)));
    setText(this.title, words.say("strip.chart"));
    setAttr(this.plot, "aria-label", `${words.say("strip.chart")}: ${due(hours.reduce((sum, count) => sum + count, 0))}`);
  }
}
