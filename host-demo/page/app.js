import { Banners } from "./banners.js";
import { Board } from "./board.js";
import { askedInstant, load, serverTime } from "./data.js";
import { Detail } from "./detail.js";
import { byId, setText } from "./dom.js";
import { drawHeader } from "./header.js";
import { bindKeys } from "./keys.js";
import { recall, settingButton } from "./settings.js";
import { StatePanel } from "./states.js";
import { Store } from "./store.js";
import { Strip } from "./strip.js";
import { summarise } from "./summary.js";
import { Ticker } from "./ticker.js";
import { readTickets } from "./tickets.js";
import { Dates, PageClock, ownZone } from "./time.js";
import { words } from "./words.js";

class App {
  filter = { text: "", mark: null };
  overdue = null;

  constructor(data, startAt) {
    this.about = data.about;
    this.clock = new PageClock(startAt);
    this.banners = new Banners(byId("banners"));
    this.follow(data.server);
    this.dates = new Dates(this.zone(recall("zone", "own")));
    this.store = new Store(data.agreement, readTickets(data.tickets));
    this.states = new StatePanel(byId("state"), byId("grid"));
    this.strip = new Strip(byId("strip"), (mark) => this.setFilter({ mark: this.filter.mark === mark ? null : mark }));
    this.board = new Board({
      grid: byId("grid"),
      list: byId("list"),
      head: byId("columns").parentElement,
      ranks: data.about.priorities,
      onOpen: (entry) => this.open(entry),
      onMove: (entry) => this.detail.entry && this.detail.docked && this.open(entry, { focus: false }),
      paint: () => this.repaint(),
    });
    this.detail = new Detail(byId("detail"), {
      store: this.store,
      zoneName: () => this.dates.zone,
      onClose: () => this.close(),
      onStep: (step) => this.step(step),
    });
    drawHeader(this, data.version);
    bindKeys(this);
    this.store.evaluateAll(this.clock.now());
    this.ticker = new Ticker(this.clock, () => this.store.nextWake, (now) => this.tick(now));
  }

  start() {
    this.ticker.tick();
    const asked = this.store.byId.get(decodeURIComponent(location.hash.slice(1)));
    if (asked) this.open(asked, { focus: false });
    document.documentElement.dataset.ready = "";
  }

  /** Takes the server's time, and says so when this machine's differs. */
  follow(server) {
    if (!server) {
      if (!this.clock.replay) this.banners.set("clock", words.notice.noServer);
      return;
    }
    const offset = this.clock.learn(server.ms, server.sentAt, server.receivedAt);
    this.banners.setSkew(this.clock.replay ? 0 : offset);
  }

  tick(now) {
    if (this.stale) return false;
    if (this.clock.stepped && !this.asking) this.askAgain();
    try {
      this.now = now;
      const fresh = this.store.evaluateDue(now);
      this.refresh(now, fresh.length > 0);
    } catch (error) {
      this.stale = true;
      console.error(error);
      this.banners.set("stale", words.notice.stale(this.dates.seconds.format(this.painted ?? now)), "bad");
      return false;
    }
    return true;
  }

  async askAgain() {
    this.asking = true;
    this.banners.set("clock", words.notice.stepped);
    const server = await serverTime();
    if (server) this.follow(server);
    this.asking = false;
  }

  /** Puts rows in order, counts, filters and paints, all for one moment. */
  refresh(now, fresh) {
    if (!this.dayEnd || now > this.dayEnd) this.dayEnd = this.dates.endOfDay(now);
    const moved = this.board.held ? false : this.store.rank(now);
    this.summary = summarise(this.store.entries, now, this.dayEnd);
    const live = this.filter.mark !== null && !this.board.held;
    if (moved || fresh || live || !this.listed) this.list();
    this.announce();
    this.paint();
    this.banners.setFailed(this.summary.counts.failed, () => this.setFilter({ mark: "failed" }));
  }

  list() {
    const tokens = this.filter.text.toLowerCase().split(/\s+/).filter(Boolean);
    const { mark } = this.filter;
    const shown = this.store.order.filter((entry) => (!mark || entry.marks[mark]) && tokens.every((token) => entry.text.includes(token)));
    this.listed = true;
    this.board.show(shown);
    setText(byId("shown"), words.shown(shown.length, this.store.entries.length));
    if (this.store.entries.length === 0) this.states.empty();
    else if (shown.length === 0) this.states.noMatch(() => this.clearFilter());
    else this.states.none();
  }

  /** Paints between ticks, for the moment of the last one, unless a figure of that moment is no longer good. */
  repaint() {
    if (this.now === undefined) return;
    if (this.clock.now() >= this.store.nextWake) this.ticker.tick();
    else this.paint();
  }

  paint() {
    if (this.stale) return;
    this.painted = this.now;
    this.board.paint(this.now, this.dates);
    this.strip.paint(this.summary, this.filter.mark, this.now, this.dates);
    this.detail.paint(this.now, this.dates);
    setText(byId("clock"), `${this.dates.dayAndTime(this.now, this.now)}:${this.dates.seconds.format(this.now).slice(-2)}`);
    const late = this.summary.counts.overdue;
    document.title = `${late > 0 ? `(${late}) ` : ""}${words.board} · ${this.about.title}`;
  }

  setFilter(change) {
    Object.assign(this.filter, change);
    this.store.rank(this.now);
    this.list();
    this.paint();
    setText(byId("spoken"), byId("shown").textContent);
  }

  clearFilter() {
    byId("search").value = "";
    this.setFilter({ text: "", mark: null });
    byId("search").focus();
  }

  announce() {
    const late = new Set(this.store.entries.filter((entry) => entry.marks.overdue).map((entry) => entry.id));
    const fresh = this.overdue ? [...late].filter((id) => !this.overdue.has(id)) : [];
    this.overdue = late;
    if (fresh.length > 0) setText(byId("spoken"), words.nowOverdue(fresh));
  }

  open(entry, { focus = true } = {}) {
    this.board.mark(entry);
    this.detail.open(entry, this.now, this.dates, focus);
    history.replaceState(null, "", `#${encodeURIComponent(entry.id)}`);
  }

  close() {
    const { entry } = this.detail;
    if (!entry) return;
    this.detail.close();
    this.board.mark(null);
    history.replaceState(null, "", location.pathname + location.search);
    this.board.choose(this.board.active ?? entry);
  }

  step(step) {
    const entry = this.board.neighbour(this.detail.entry, step);
    if (!entry) return;
    this.board.choose(entry, { focus: false });
    this.open(entry, { focus: false });
  }

  zone(which) {
    return (which === "agreement" && this.about.zone) || ownZone();
  }

  /** Writes all times in another zone. */
  setZone(which) {
    this.dates = new Dates(this.zone(which));
    this.dayEnd = null;
    this.refresh(this.now, false);
    this.detail.redraw(this.now, this.dates);
  }
}

const states = new StatePanel(byId("state"), byId("grid"));
let app = null;
settingButton(byId("theme"), "theme");
settingButton(byId("density"), "density", () => app?.board.relayout());
try {
  states.loading();
  const startAt = askedInstant();
  app = new App(await load(), startAt);
  app.start();
} catch (error) {
  console.error(error);
  states.failed(error);
}
