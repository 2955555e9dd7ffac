import { history } from "../board/history.js";
import { Entry } from "../board/ticket.js";
import { button, make, setAttr, setAttrs, setText } from "../dom.js";
import { svg } from "../icons.js";
import { paperStyle } from "../style/timeline.js";
import { ownZone } from "../time/format.js";
import english from "../words/en.js";
import { learn } from "../words/index.js";
import { drawHead, drawTimeline } from "./draw.js";
import { csvOf, print, save, svgOf } from "./export.js";
import { closedStretches, modelOf } from "./model.js";
import { Scale } from "./scale.js";

learn("en", english);

export { timelineStyle } from "../style/timeline.js";

// A lunch break stays; nights, weekends and holidays are folded.
const FOLD_FROM = 3 * 3_600_000;
const SNAP = 6;
const MOST_LINES = 1000;

/** The picture of an explanation, with all that is around it. */
export class Picture {
  #host;
  #explanation = null;
  #model = null;
  #scale = null;
  #drawn = null;
  #moment = null;
  #row = 0;
  #events = [];
  #view = make("div", "view");
  #readout = make("p", "readout");
  #zoneName = make("span", "zone-name");
  #tools;
  #table = make("div", "table");
  #details;

  /** `host` is the element. */
  constructor(host) {
    this.#host = host;
    const tool = (act) => button("#tool", "", act);
    this.#tools = {
      fold: tool(() => host.setAttribute("zoom", this.#folds ? "all" : "hours")),
      zone: tool(() => host.useOwnZone(!host.own)),
      svg: tool(() => save(`${this.#title}.svg`, "image/svg+xml", this.toSVG())),
      csv: tool(() => save(`${this.#title}.csv`, "text/csv", this.toCSV())),
      print: tool(() => print(this.#drawn.root, this.#title, paperStyle)),
    };
    const { fold, zone, ...files } = this.#tools;
    this.#details = make("details", "", make("summary"), this.#table);
    this.#details.addEventListener("toggle", () => this.#fillTable());
    host.shadowRoot.append(make("div", "bar-tools", this.#zoneName, make("div", "buttons", fold, zone, ...Object.values(files))), this.#view, this.#readout, this.#details);
    const on = (name, call) => this.#view.addEventListener(name, call);
    for (const name of ["pointermove", "pointerdown"]) on(name, (event) => this.#pointed(event));
    on("pointerleave", () => this.point(null));
    on("focusin", (event) => this.#focused(event));
    on("focusout", () => this.point(null));
    on("keydown", (event) => this.#key(event));
  }

  get #folds() {
    return this.#host.getAttribute("zoom") !== "all";
  }

  get #title() {
    return `${this.#explanation?.evaluation.ticket ?? ""} ${this.#host.say.words.say("timeline")}`.trim();
  }

  /** How wide it is drawn, and how wide it could be. */
  get fits() {
    return this.#view.clientWidth === this.#scale?.width;
  }

  get moment() {
    return this.#moment;
  }

  toSVG() {
    return this.#drawn ? svgOf(this.#drawn.root, this.#title) : "";
  }

  toCSV() {
    return this.#explanation ? csvOf(this.#explanation) : "";
  }

  /** Draws an explanation, with what will be if nothing happens, and the ticket's events. */
  draw({ explanation, ahead, ticket, problem }, say) {
    const { words, format } = say;
    this.#explanation = explanation;
    this.#host.dir = words.rtl ? "rtl" : "ltr";
    this.#words(words, format);
    const there = this.#explanation?.clocks.length > 0;
    for (const name of ["svg", "csv", "print"]) this.#tools[name].disabled = !there;
    this.#details.hidden = !there;
    this.#drawn = null;
    if (!there) {
      this.#view.replaceChildren(make("p", "none", problem ? String(problem.message) : words.say(this.#explanation ? "timeline.none" : "loading")));
      this.#readout.replaceChildren();
      return;
    }
    const focused = this.#host.shadowRoot.activeElement?.dataset.row;
    this.#model = modelOf(this.#explanation, ahead);
    this.#events = ticket ? history(new Entry("", ticket, 0), this.#model.now, say) : [];
    const folds = this.#folds ? closedStretches(this.#model, FOLD_FROM) : [];
    this.#scale = new Scale(this.#model.from, this.#model.until, Math.max(240, this.#view.clientWidth), folds, words.rtl);
    this.#drawn = drawTimeline(this.#model, this.#scale, this.#events, say);
    setAttrs(this.#drawn.root, { role: "group", "aria-label": this.#title });
    this.#drawn.bars.forEach((bar, index) => setAttrs(bar, { "aria-label": `${words.clock(this.#model.rows[index].key)}: ${words.say("timeline.keys")}`, "aria-valuemin": this.#model.from, "aria-valuemax": this.#model.until }));
    this.#view.replaceChildren(this.#drawn.root);
    this.point(this.#moment, false);
    if (focused !== undefined) this.#drawn.bars[focused]?.focus({ preventScroll: true });
    this.#fillTable();
  }

  #words(words, format) {
    const { fold, zone } = this.#tools;
    setText(fold, words.say("hoursOnly"));
    setAttr(fold, "aria-pressed", String(this.#folds));
    setText(zone, words.say("ownZone"));
    setAttr(zone, "aria-pressed", String(this.#host.own));
    zone.hidden = this.#host.calendarZone === ownZone();
    for (const name of ["svg", "csv"]) setText(this.#tools[name], name.toUpperCase());
    setText(this.#tools.print, words.say("print"));
    setText(this.#zoneName, words.say("timesIn", { x: format.zone.replaceAll("_", " ") }));
    setText(this.#details.firstChild, words.say("asTable"));
  }

  #pointed(event) {
    if (!this.#scale) return;
    const box = this.#view.getBoundingClientRect();
    const x = event.clientX - box.left;
    const row = event.target.closest?.("[data-row]")?.dataset.row ?? Math.floor((event.clientY - box.top - 56) / 60);
    this.#row = Math.max(0, Math.min(this.#model.rows.length - 1, Number(row)));
    const near = this.#events.find(({ ms }) => Math.abs(this.#scale.x(ms) - x) <= SNAP / 2);
    this.point(near && event.clientY - box.top < 56 ? near.ms : this.#scale.ms(x));
  }

  #focused(event) {
    const bar = event.target.closest("[data-row]");
    if (!bar || !bar.matches(":focus-visible")) return;
    this.#row = Number(bar.dataset.row);
    this.point(this.#moment ?? this.#model.rows[this.#row].pieces[0]?.from ?? null);
  }

  #key(event) {
    const bar = event.target.closest("[data-row]");
    if (!bar) return;
    const { pieces, flags } = this.#model.rows[this.#row];
    const stops = [...new Set([...pieces.flatMap(({ from, to }) => [from, to]), ...flags.map(({ ms }) => ms), ...this.#events.map(({ ms }) => ms)])].sort((a, b) => a - b);
    const here = this.#moment ?? stops[0];
    const later = stops.find((stop) => stop > here);
    const earlier = stops.findLast((stop) => stop < here);
    const mirrored = this.#scale.mirrored;
    const to = { ArrowRight: mirrored ? earlier : later, ArrowLeft: mirrored ? later : earlier, ArrowUp: later, ArrowDown: earlier, Home: stops[0], End: stops.at(-1) };
    if (!(event.key in to)) return;
    event.preventDefault();
    event.stopPropagation();
    if (to[event.key] !== undefined) this.point(to[event.key]);
  }

  /** Reads an instant out, or shows the legend. */
  point(ms, tell = true) {
    this.#moment = ms;
    if (!this.#drawn) return;
    const { words, format } = this.#host.say;
    drawHead(this.#drawn.head, this.#scale, ms, this.#drawn.height);
    const { pieces } = this.#model.rows[this.#row] ?? this.#model.rows[0];
    const piece = ms === null ? null : (pieces.find(({ from, to }) => ms >= from && ms < to) ?? null);
    for (const each of this.#view.querySelectorAll(".slice.on, .event.on")) each.classList.remove("on");
    const text = [];
    if (piece) {
      this.#drawn.bars[this.#row].querySelectorAll(".slice")[pieces.indexOf(piece)]?.classList.add("on");
      text.push(pieceText(piece, words, format, this.#model.now));
    }
    const met = ms === null ? [] : this.#events.filter((event) => event.ms === ms);
    for (const event of met) text.push(`${format.when(event.ms, this.#model.now, true)} ${[event.text, event.detail].filter(Boolean).join(", ")}`);
    const marks = [...this.#view.querySelectorAll(".event")];
    this.#events.filter(({ ms: at }) => at >= this.#model.from && at <= this.#model.until).forEach((event, index) => event.ms === ms && marks[index]?.classList.add("on"));
    const said = text.join(" · ");
    for (const bar of this.#drawn.bars) setAttrs(bar, { "aria-valuenow": ms ?? this.#model.from, "aria-valuetext": said });
    if (said) this.#readout.replaceChildren(said);
    else this.#readout.replaceChildren(...legend(this.#model, words));
    if (tell) this.#host.tell("sla-moment", { at: ms, slice: piece?.slice ?? null });
  }

  #fillTable() {
    if (!this.#details.open || !this.#model) return;
    const { words, format } = this.#host.say;
    const line = (tag, cells) => make("tr", "", ...cells.map((cell) => make(tag, "", cell)));
    const lines = this.#model.rows.flatMap(({ key, pieces }) => pieces.filter(({ ahead }) => !ahead).map((piece) => [words.clock(key), piece]));
    const body = lines.slice(0, MOST_LINES).map(([name, piece]) => {
      const { from, to, total } = piece;
      return line("td", [name, span(from, to, format, this.#model.now), format.exact(to - from), why(piece, words), format.span(total)]);
    });
    const heads = ["clock", "time", "length", "why", "total"].map((name) => words.say(`table.${name}`));
    this.#table.replaceChildren(make("table", "", make("thead", "", line("th", heads)), make("tbody", "", ...body)));
    this.#table.tabIndex = 0;
    setAttrs(this.#table, { role: "region", "aria-label": words.say("asTable") });
  }
}

/** `Fri 16:30 – 17:00, counted, 30 min, total 3 h 10 min` */
function pieceText(piece, words, format, now) {
  const { from, to, kind, ahead, total } = piece;
  const parts = [span(from, to, format, now), why(piece, words), format.exact(Math.round((to - from) / 1000) * 1000)];
  if (kind === "counted" || kind === "over") parts.push(words.say("total", { t: format.span(total) }));
  if (ahead) parts.push(words.say("ahead"));
  return parts.join(", ");
}

const span = (from, to, format, now) => `${format.when(from, now, true)} – ${format.dayOf(from) === format.dayOf(to) ? format.time(to) : format.when(to, now, true)}`;

function why({ kind, slice }, words) {
  const reason = [words.party(slice.party), slice.reason, kind === "paused" ? slice.status : "", slice.name].filter(Boolean).join(", ");
  const name = words.say(kind === "closed" ? `why.${slice.why}` : `why.${kind}`);
  return reason ? `${name}: ${reason}` : name;
}

function legend({ rows }, words) {
  const kinds = new Set(rows.flatMap(({ pieces }) => pieces.map(({ kind }) => kind)));
  return ["counted", "over", "paused", "closed", "excluded", "resolved"].filter((kind) => kinds.has(kind)).map((kind) => {
    const paint = kind === "paused" ? "url(#sla-hatch)" : kind === "excluded" ? "url(#sla-cross)" : null;
    const box = (more) => svg("rect", { width: 14, height: 10, y: 1, rx: 2, ...more });
    const sample = svg("svg", { width: 14, height: 12, "aria-hidden": "true" }, box({ class: `s-${kind}` }), box(paint ? { fill: paint } : { class: "lane" }));
    return make("span", "legend", sample, words.say(kind === "closed" ? "why.weekday" : `why.${kind}`));
  });
}
