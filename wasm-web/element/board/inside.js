import { button, make, setAttr, setAttrs, setText } from "../dom.js";
import { languageOf } from "../element.js";
import { agreementOf, boardOf, ticketsOf } from "../engine.js";
import { boardStyle } from "../style/board.js";
import { rehearse } from "../time/format.js";
import { pageTime } from "../time/page_time.js";
import english from "../words/en.js";
import { learn } from "../words/index.js";
import { columnsFor, FIELDS, standardColumns } from "./columns.js";
import { icon } from "./icons.js";
import { List } from "./list.js";
import { MARKS, Model, summarise } from "./model.js";
import { order } from "./order.js";
import { putAll } from "./slices.js";
import { StatePanel } from "./states.js";
import { Strip } from "./strip.js";

const NARROW = 640;
/** So often in a row the engine may break under the board before it is given up. */
const MOST_TRAPS = 3;

learn("en", english);
// While a page waits for its tickets.
(globalThis.requestIdleCallback ?? setTimeout)(() => rehearse(languageOf(document.documentElement)));

/** What is inside a board, and all that it does; `../board.js` is what a page sees of it. */
export class Inside {
  #host;
  #given;
  #early;
  #ready = false;
  #traps = 0;
  #turn = 0;
  #load = null;
  #error = null;
  #compiled = null;
  #model = null;
  #view = null;
  #list;
  #filter = { text: "", bit: null };
  #sort = { index: null, down: false };
  #painting = 0;
  #lang = null;
  #summary = null;
  #late = null;
  #now = 0;
  #resize;
  // Keys that nobody else wants are the board's.
  #pageKey = (event) => event.target === document.body && this.#key(event);
  #strip;
  #search;
  #shown;
  #groupTool;
  #denseTool;
  #heads;
  #panel;
  #grid;
  #scroller;
  #detail;
  #frame;

  /**
   * `host` is the element, `given` what the page has given it, which stays the same object, and `early` the changes that came
   * before there was a list to change.
   */
  constructor(host, given, early) {
    this.#host = host;
    this.#given = given;
    this.#early = early;
    host.wear(boardStyle);
    this.#build();
    host.addEventListener("keydown", (event) => this.#key(event));
    this.#resize = new ResizeObserver(() => {
      if (this.#scroller.clientWidth !== this.#view?.width) this.#view = null;
      host.changed();
    });
  }

  connect() {
    this.#resize.observe(this.#scroller);
    document.addEventListener("keydown", this.#pageKey);
  }

  disconnect() {
    this.#resize.disconnect();
    document.removeEventListener("keydown", this.#pageKey);
  }

  /** Other tickets or another agreement. */
  reload() {
    this.#load = null;
    this.#ready = false;
  }

  /** Other columns, or another look. */
  relayout() {
    this.#view = null;
  }

  update(tickets, options) {
    if (!this.#ready) return void this.#early.push(["update", tickets, options]);
    this.#model.put(typeof tickets === "string" || Array.isArray(tickets) ? tickets : [tickets], options?.asOf);
    this.#host.changed();
  }

  removeTicket(id) {
    if (!this.#ready) this.#early.push(["removeTicket", id]);
    const found = this.#model?.remove(id) ?? false;
    if (this.opened === id) this.close();
    this.#host.changed();
    return found;
  }

  open(id) {
    const entry = this.#model?.byId(id);
    if (entry) this.#show(entry, false);
    return Boolean(entry);
  }

  close() {
    const entry = this.#list.opened;
    if (!entry) return;
    this.#detail?.close();
    this.#list.opened = null;
    this.#host.tell("sla-close", { id: entry.id });
    this.#list.choose(this.#list.active ?? entry);
  }

  get opened() {
    return this.#list.opened?.id ?? null;
  }

  /** Counts by mark, what is due in each of the next 24 hours, met and ended in the last 7 days. */
  get summary() {
    if (!this.#summary || !this.#ready) return null;
    const { counts, ...rest } = this.#summary;
    return { ...Object.fromEntries(MARKS.map((mark, bit) => [mark, counts[bit]])), ...rest, tickets: this.#model.size };
  }

  tick(now) {
    if (!this.#load) this.#start();
    const { say } = this.#host;
    this.#words(say);
    if (this.#error || !this.#model) {
      this.#place(this.#error ? "failed" : "loading", say);
      return this.#error ? Infinity : now + 1000;
    }
    const changed = this.#moved(now);
    if (changed === null) return now + 1000;
    const told = this.#summary;
    if (changed || !told) {
      this.#summary = summarise(this.#model.entries, now, say.format.endOfDay(now));
      if (this.#ready) this.#announce(say);
    }
    this.#now = now;
    const held = this.#list.hasFocus;
    if (!this.#view) this.#layout(say);
    if ((changed && !this.#list.held) || !this.#view.listed) this.#fill();
    this.#paint();
    if (this.#summary !== told && this.#ready) this.#host.tell("sla-summary", this.summary);
    // New rows do not take the focus away from who walks through them.
    if (held && !this.#list.hasFocus) this.#list.choose(this.#list.active);
    return Math.min(now + 1000 - (now % 1000), Math.max(now + 1, this.#model.nextWake));
  }

  /**
   * Moves the board to `now`; whether anything has changed. When the engine breaks, null: a fresh one has the board at the
   * next tick, and only where that breaks again and again the board has failed.
   */
  #moved(now) {
    try {
      const changed = this.#model.tick(now);
      this.#traps = 0;
      return changed;
    } catch (error) {
      if (error.code !== "engine-trap") throw error;
      this.#traps += 1;
      if (this.#traps > MOST_TRAPS) this.#error = error;
      this.#host.tell("sla-problem", { error });
      return null;
    }
  }

  /** Paints what is in sight, for the moment of the last tick. */
  #paint() {
    if (!this.#model || !this.#view) return;
    const { say } = this.#host;
    const now = this.#now;
    this.#list.paint(now, { ...say, display: this.#view.width < 900 ? "narrow" : "short" });
    this.#strip.paint(this.#summary, this.#filter.bit, now, say);
    this.#detail?.paint(now, say);
  }

  #soon() {
    this.#painting ||= requestAnimationFrame(() => {
      this.#painting = 0;
      this.#paint();
    });
  }

  #start() {
    const { agreement, tickets, board, evaluations } = this.#given;
    if (!board && !evaluations && (!agreement || tickets === undefined || tickets === null)) return;
    const turn = (this.#turn += 1);
    this.#load = this.#open(this.#given, turn).catch((error) => {
      if (turn !== this.#turn) return;
      this.#error = error;
      this.#host.tell("sla-problem", { error });
      this.#host.changed();
    });
  }

  async #open({ agreement, tickets, board, evaluations, asOf }, turn) {
    this.#error = null;
    const [compiled, list, answers] = await Promise.all([agreementOf(agreement), ticketsOf(tickets), ticketsOf(evaluations)]);
    if (turn !== this.#turn) return;
    const model = await this.#modelFor(compiled, board, answers);
    if (turn !== this.#turn) return model.free();
    this.#model?.free();
    this.#compiled = compiled;
    this.#model = model;
    this.close();
    this.#list.active = null;
    this.#summary = null;
    this.#view = null;
    if (answers) for (const part of [answers, list ?? []]) model.put(part, asOf);
    else if (!board && !(await putAll(model, list, () => this.#host.changed(), () => turn === this.#turn))) return;
    this.#ready = true;
    // What stands now is the beginning of what is told.
    this.#summary = null;
    if (this.#view) this.#view.listed = false;
    for (const [change, ...of] of this.#early.splice(0)) this[change](...of);
    this.#host.changed();
  }

  async #modelFor(agreement, board, answers) {
    if (!answers) return new Model(board ?? (await boardOf(agreement, pageTime.now())), !board);
    const { DataModel } = await import("./data.js");
    return new DataModel((ids) => this.#host.tell("sla-stale", { ids }));
  }

  #build() {
    this.#strip = new Strip((bit) => this.#setFilter({ bit: this.#filter.bit === bit ? null : bit }));
    this.#search = setAttrs(make("input", "search#search"), { type: "search", autocomplete: "off", spellcheck: "false" });
    this.#search.addEventListener("input", () => this.#setFilter({ text: this.#search.value }));
    this.#search.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "Enter") return;
      event.preventDefault();
      this.#list.choose(this.#list.neighbour(null, 1));
    });
    this.#shown = setAttrs(make("span", "shown"), { "aria-live": "polite" });
    const toggle = (name, attribute, value) => button("tool#tool", "", () => this.#host.toggleAttribute(attribute) && this.#host.setAttribute(attribute, value), icon(name));
    this.#groupTool = toggle("groups", "group", "none");
    this.#denseTool = toggle("rows", "density", "compact");
    const label = make("label", "search-box", icon("search"), this.#search);
    const tools = make("div", "tools", label, this.#shown, this.#groupTool, this.#denseTool);
    this.#heads = setAttrs(make("div", "heads"), { role: "row", "aria-rowindex": 1 });
    const head = setAttrs(make("div", "head#head", this.#heads), { role: "rowgroup" });
    this.#panel = new StatePanel();
    this.#grid = setAttrs(make("div", "grid#grid", head), { role: "grid" });
    this.#scroller = make("div", "scroll", this.#strip.element, tools, this.#grid, this.#panel.element);
    const page = {
      open: (entry) => this.#show(entry, true),
      move: (entry) => this.#list.opened && this.#detail?.docked && this.#show(entry, false),
      paint: () => this.#paint(),
      soon: () => this.#soon(),
    };
    this.#list = new List(page, this.#scroller, head);
    this.#grid.append(this.#list.element);
    this.#frame = make("div", "frame", this.#scroller);
    // What an open ticket needs is fetched when somebody comes near one.
    for (const name of ["pointerover", "focusin"]) this.#list.element.addEventListener(name, () => this.#loadDetail(), { once: true });
    this.#host.shadowRoot.append(this.#frame);
  }

  /** Says everything that stands still, once for each language. */
  #words({ words }) {
    if (this.#lang === words) return;
    this.#lang = words;
    this.#frame.dir = words.rtl ? "rtl" : "ltr";
    setAttrs(this.#search, { placeholder: words.say("search"), "aria-label": words.say("search") });
    for (const [tool, name] of [[this.#groupTool, "group"], [this.#denseTool, "dense"]]) setAttrs(tool, { title: words.say(name), "aria-label": words.say(name) });
    setAttr(this.#grid, "aria-label", words.say("board"));
    this.#detail?.words(words);
    this.#panel.kind = "";
    this.#view = null;
  }

  #layout(say) {
    const width = this.#scroller.clientWidth;
    const fields = { ...FIELDS, ...this.#given.fields };
    const wanted = this.#given.columns ?? standardColumns(fields, this.#model.clocks);
    const columns = columnsFor(wanted, fields, width);
    this.#view = { width, fields, columns, priorities: this.#given.priorities ?? [], listed: false };
    setAttr(this.#frame, "data-width", width < NARROW ? "narrow" : width < 900 ? "middle" : null);
    setAttr(this.#denseTool, "aria-pressed", String(this.#host.getAttribute("density") === "compact"));
    setAttr(this.#groupTool, "aria-pressed", String(this.#host.getAttribute("group") !== "none"));
    this.#frame.style.setProperty("--_columns", columns.map((column) => column.width).join(" "));
    this.#heads.replaceChildren(...columns.map((column, index) => this.#columnHead(column, index, say.words)));
    setAttr(this.#grid, "aria-colcount", columns.length);
    this.#list.reset({ ...this.#view, model: this.#model });
  }

  #columnHead(column, index, words) {
    const name = column.label ?? (column.ticket ? words.say("ticket") : column.clocks ? words.clock(column.home) : words.field(column.field));
    const { index: sorted, down } = this.#sort;
    const press = () => {
      // By time left first, then by this column up, down, and not at all.
      this.#sort = sorted !== index ? { index, down: false } : down ? { index: null, down: false } : { index, down: true };
      this.#view = null;
      this.#host.changed();
    };
    const inside = [name, ...(sorted === index ? [icon(down ? "down" : "up")] : [])];
    const cell = make("div", `cell cell-${column.kind}`, button("sort", "", press, ...inside));
    return setAttrs(cell, { role: "columnheader", "aria-sort": sorted === index ? (down ? "descending" : "ascending") : "none" });
  }

  /** Puts the entries in order, filters them, and hands them to the list. */
  #fill() {
    const now = this.#now;
    const tokens = this.#filter.text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const { bit } = this.#filter;
    const found = this.#model.entries.filter((entry) => (bit === null || entry.marks & (1 << bit)) && (tokens.length === 0 || tokens.every((token) => entry.textAt(now).includes(token))));
    const grouped = this.#host.getAttribute("group") !== "none";
    found.sort(order({ grouped, sort: this.#sort, view: this.#view, lang: this.#host.say.words.lang, now }));
    this.#view.listed = true;
    this.#list.show(found, grouped);
    const { say } = this.#host;
    setAttr(this.#grid, "aria-rowcount", this.#list.count);
    const all = this.#model.size;
    const values = { n: say.format.number(found.length), all: say.format.number(all) };
    setText(this.#shown, say.words.say(found.length === all ? "shownAll" : "shown", values, all));
    this.#place(all === 0 ? "empty" : found.length === 0 ? "nothing" : "", say);
  }

  #place(kind, say) {
    const retry = () => {
      this.#load = null;
      this.#error = null;
      this.#host.tell("sla-retry", {});
      this.#host.changed();
    };
    const clear = () => {
      this.#search.value = "";
      this.#setFilter({ text: "", bit: null });
      this.#search.focus();
    };
    this.#panel.show(kind, say, kind === "failed" ? retry : clear, this.#error);
    this.#grid.hidden = kind !== "";
    setAttr(this.#frame, "data-state", kind);
    setAttr(this.#frame, "aria-busy", kind === "loading" || (kind !== "failed" && !this.#ready) ? "true" : null);
  }

  #setFilter(change) {
    Object.assign(this.#filter, change);
    if (!this.#view) return;
    this.#view.listed = false;
    this.#host.changed();
  }

  #announce({ words, format }) {
    const late = new Set(this.#model.entries.filter((entry) => entry.marks & 1));
    const fresh = this.#late?.model === this.#model ? [...late].filter((entry) => !this.#late.ids.has(entry.id)) : [];
    this.#late = { model: this.#model, ids: new Set([...late].map((entry) => entry.id)) };
    if (fresh.length === 0) return;
    this.#host.announce(`${fresh.length > 3 ? words.say("shownAll", { n: format.number(fresh.length) }, fresh.length) : fresh.map((entry) => entry.id).join(", ")}: ${words.say("state.overdue")}`);
    this.#host.tell("sla-overdue", { ids: fresh.map((entry) => entry.id) });
  }

  #show(entry, focus) {
    const go = this.#host.tell("sla-open", { id: entry.id, ticket: entry.ticket, evaluation: entry.evaluation ?? null }, true);
    if (!go) return;
    this.#list.opened = entry;
    this.#paint();
    this.#loadDetail().then(() => {
      if (this.#list.opened !== entry) return;
      if (this.#detail) this.#openDetail(entry, focus);
      else this.close();
    });
  }

  async #loadDetail() {
    if (this.#detail) return;
    const loaded = await this.#host.fetched(() => import("./detail.js"));
    if (!loaded || this.#detail) return;
    this.#host.wear(loaded.detailStyle);
    this.#detail = new loaded.Detail({ close: () => this.close(), step: (step) => this.#step(step) });
    this.#detail.words(this.#host.say.words);
    this.#frame.append(this.#detail.element);
  }

  #openDetail(entry, focus) {
    this.#detail.open(entry, { model: this.#model, agreement: this.#compiled, fields: { ...FIELDS, ...this.#given.fields }, zone: this.#host.getAttribute("time-zone"), calendarZone: this.#host.getAttribute("calendar-zone") }, focus);
    this.#paint();
  }

  #step(step) {
    const entry = this.#list.neighbour(this.#list.opened, step);
    if (!entry) return;
    this.#list.choose(entry, false);
    this.#show(entry, false);
  }

  #key(event) {
    const target = event.composedPath()[0];
    const writing = target.matches?.("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#search.focus();
      this.#search.select();
    } else if (event.key === "Escape") {
      if (this.#list.opened) this.close();
      else if (this.#filter.text || this.#filter.bit !== null) {
        this.#search.value = "";
        this.#setFilter({ text: "", bit: null });
      }
    }
  }
}
