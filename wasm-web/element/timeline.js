import { Entry, history } from "./board/ticket.js";
import { button, make, setAttr, setAttrs, setText } from "./dom.js";
import { SlaElement } from "./element.js";
import { agreementOf, explain, explainAhead, nextEvent, zoneOf } from "./engine.js";
import { svg } from "./icons.js";
import { paperStyle, timelineStyle } from "./style/timeline.js";
import { ownZone } from "./time/format.js";
import { drawHead, drawTimeline } from "./timeline/draw.js";
import { csvOf, print, save, svgOf } from "./timeline/export.js";
import { closedStretches, modelOf } from "./timeline/model.js";
import { Scale } from "./timeline/scale.js";

const GIVEN = ["explanation", "agreement", "ticket"];
// A lunch break stays; nights, weekends and holidays are folded.
const FOLD_FROM = 3 * 3_600_000;
const SNAP = 6;
const MOST_LINES = 1000;

/** `<sla-timeline>`: an explanation, drawn. See `index.d.ts`. */
export class SlaTimeline extends SlaElement {
  static observedAttributes = [...SlaElement.observedAttributes, ...GIVEN, "calendar-zone", "zoom"];

  static {
    for (const name of GIVEN) {
      const get = function () {
        return this.#given[name] ?? null;
      };
      const set = function (value) {
        this.#give(name, value);
      };
      Object.defineProperty(this.prototype, name, { get, set, enumerable: true, configurable: true });
    }
  }

  #given = {};
  #engine = null;
  #problem = null;
  #explanation = null;
  #model = null;
  #good = -Infinity;
  #scale = null;
  #drawn = null;
  #moment = null;
  #row = 0;
  #own = false;
  #resize = null;
  #entry = null;
  #ahead = null;
  #events = [];
  #lang = null;
  #view = make("div", "view");
  #readout = make("p", "readout");
  #zoneName = make("span", "zone-name");
  #tools;
  #table = make("div", "table");
  #details;

  constructor() {
    super(timelineStyle);
    const tool = (act) => button("#tool", "", act);
    this.#tools = {
      fold: tool(() => this.setAttribute("zoom", this.#folds ? "all" : "hours")),
      zone: tool(() => this.#setZone(!this.#own)),
      svg: tool(() => save(`${this.#title}.svg`, "image/svg+xml", this.toSVG())),
      csv: tool(() => save(`${this.#title}.csv`, "text/csv", this.toCSV())),
      print: tool(() => print(this.#drawn.root, this.#title, paperStyle)),
    };
    const { fold, zone, ...files } = this.#tools;
    this.#details = make("details", "", make("summary"), this.#table);
    this.#details.addEventListener("toggle", () => this.#fillTable());
    this.shadowRoot.append(make("div", "bar-tools", this.#zoneName, fold, zone, ...Object.values(files)), this.#view, this.#readout, this.#details);
    const on = (name, call) => this.#view.addEventListener(name, call);
    for (const name of ["pointermove", "pointerdown"]) on(name, (event) => this.#pointed(event));
    on("pointerleave", () => this.#point(null));
    on("focusin", (event) => this.#focused(event));
    on("focusout", () => this.#point(null));
    on("keydown", (event) => this.#key(event));
  }

  #give(name, value) {
    this.#given[name] = value;
    this.#explanation = null;
    if (name === "agreement") this.#compile(value);
    if (name === "ticket") this.#entry = value ? new Entry("", value, 0) : null;
    this.changed();
  }

  attributeChangedCallback(name, before, value) {
    if (GIVEN.includes(name)) this[name] = name === "agreement" || value === null ? value : JSON.parse(value);
    else {
      this.#model = null;
      this.changed();
    }
  }

  connectedCallback() {
    super.connectedCallback();
    this.#resize ??= new ResizeObserver(() => {
      if (this.#view.clientWidth === this.#scale?.width) return;
      this.#model = null;
      this.changed();
    });
    this.#resize.observe(this);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resize.disconnect();
  }

  /** The instant that is read out, in milliseconds, or null. */
  get moment() {
    return this.#moment;
  }

  set moment(ms) {
    this.#point(ms, false);
  }

  /** Times stand in the calendar's zone, unless the reader or the page wants another. */
  get zone() {
    return this.#own ? ownZone() : this.hasAttribute("time-zone") ? super.zone : this.#calendarZone;
  }

  get #calendarZone() {
    return this.getAttribute("calendar-zone") || zoneOf(this.#engine) || ownZone();
  }

  get #folds() {
    return this.getAttribute("zoom") !== "all";
  }

  get #title() {
    return `${this.#explanation?.evaluation.ticket ?? ""} ${this.say.words.say("timeline")}`.trim();
  }

  /** The picture as an SVG document. */
  toSVG() {
    return this.#drawn ? svgOf(this.#drawn.root, this.#title) : "";
  }

  /** Every slice as CSV, with the exact instants. */
  toCSV() {
    return this.#explanation ? csvOf(this.#explanation) : "";
  }

  tick(now) {
    const { say } = this;
    if (!this.#explanation || now >= this.#good) this.#explain(now);
    if (!this.#model || this.#lang !== say.words) this.#draw(say);
    return this.#good;
  }

  async #compile(agreement) {
    this.#engine = null;
    this.#problem = null;
    try {
      const engine = await agreementOf(agreement);
      if (agreement !== this.#given.agreement) return;
      this.#engine = engine;
    } catch (error) {
      if (agreement === this.#given.agreement) this.#fail(error);
    }
    this.#explanation = null;
    this.changed();
  }

  #fail(error) {
    this.#problem = error;
    this.tell("sla-problem", { error });
  }

  #explain(now) {
    const { explanation, ticket } = this.#given;
    this.#model = null;
    this.#good = Infinity;
    this.#explanation = explanation ?? null;
    this.#ahead = null;
    if (explanation || !this.#engine || !ticket) return;
    try {
      this.#explanation = explain(this.#engine, ticket, now);
      this.#problem = null;
      this.#ahead = explainAhead(this.#engine, this.#entry.ticket, this.#explanation);
      const next = Date.parse(this.#explanation.evaluation.next_event_at);
      const open = this.#explanation.evaluation.clocks.some((clock) => clock.rate === 1);
      this.#good = Math.min(next > now ? next : Infinity, nextEvent(this.#entry.ticket, now), open ? now + 60_000 : Infinity);
    } catch (error) {
      this.#fail(error);
    }
  }

  #draw(say) {
    const { words, format } = say;
    this.#lang = words;
    this.dir = words.rtl ? "rtl" : "ltr";
    this.#words(words, format);
    const there = this.#explanation?.clocks.length > 0;
    for (const name of ["svg", "csv", "print"]) this.#tools[name].disabled = !there;
    this.#details.hidden = !there;
    this.#drawn = null;
    if (!there) {
      this.#view.replaceChildren(make("p", "none", this.#problem ? String(this.#problem.message) : words.say(this.#explanation ? "timeline.none" : "loading")));
      this.#readout.replaceChildren();
      return;
    }
    const focused = this.shadowRoot.activeElement?.dataset.row;
    this.#model = modelOf(this.#explanation, this.#ahead);
    this.#events = this.#entry ? history(this.#entry, this.#model.now, say) : [];
    const folds = this.#folds ? closedStretches(this.#model, FOLD_FROM) : [];
    this.#scale = new Scale(this.#model.from, this.#model.until, Math.max(240, this.#view.clientWidth), folds, words.rtl);
    this.#drawn = drawTimeline(this.#model, this.#scale, this.#events, say);
    setAttrs(this.#drawn.root, { role: "group", "aria-label": this.#title });
    this.#drawn.bars.forEach((bar, index) => setAttrs(bar, { "aria-label": `${words.clock(this.#model.rows[index].key)}: ${words.say("timeline.keys")}`, "aria-valuemin": this.#model.from, "aria-valuemax": this.#model.until }));
    this.#view.replaceChildren(this.#drawn.root);
    this.#point(this.#moment, false);
    if (focused !== undefined) this.#drawn.bars[focused]?.focus({ preventScroll: true });
    this.#fillTable();
  }

  #words(words, format) {
    const { fold, zone } = this.#tools;
    setText(fold, words.say("hoursOnly"));
    setAttr(fold, "aria-pressed", String(this.#folds));
    setText(zone, words.say("ownZone"));
    setAttr(zone, "aria-pressed", String(this.#own));
    zone.hidden = this.#calendarZone === ownZone();
    for (const name of ["svg", "csv"]) setText(this.#tools[name], name.toUpperCase());
    setText(this.#tools.print, words.say("print"));
    setText(this.#zoneName, words.say("timesIn", { x: format.zone.replaceAll("_", " ") }));
    setText(this.#details.firstChild, words.say("asTable"));
  }

  #setZone(own) {
    this.#own = own;
    this.#model = null;
    this.changed();
  }

  #pointed(event) {
    if (!this.#scale) return;
    const box = this.#view.getBoundingClientRect();
    const x = event.clientX - box.left;
    const row = event.target.closest?.("[data-row]")?.dataset.row ?? Math.floor((event.clientY - box.top - 56) / 60);
    this.#row = Math.max(0, Math.min(this.#model.rows.length - 1, Number(row)));
    const near = this.#events.find(({ ms }) => Math.abs(this.#scale.x(ms) - x) <= SNAP / 2);
    this.#point(near && event.clientY - box.top < 56 ? near.ms : this.#scale.ms(x));
  }

  #focused(event) {
    const bar = event.target.closest("[data-row]");
    if (!bar || !bar.matches(":focus-visible")) return;
    this.#row = Number(bar.dataset.row);
    this.#point(this.#moment ?? this.#model.rows[this.#row].pieces[0]?.from ?? null);
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
    if (to[event.key] !== undefined) this.#point(to[event.key]);
  }

  /** Reads an instant out, or shows the legend. */
  #point(ms, tell = true) {
    this.#moment = ms;
    if (!this.#drawn) return;
    const { words, format } = this.say;
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
    if (tell) this.tell("sla-moment", { at: ms, slice: piece?.slice ?? null });
  }

  #fillTable() {
    if (!this.#details.open || !this.#model) return;
    const { words, format } = this.say;
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
