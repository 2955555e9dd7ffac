import { define, properties, SlaElement } from "./element.js";

export * from "./page.js";

const GIVEN = ["agreement", "tickets", "board", "evaluations", "asOf", "columns", "fields", "priorities"];
const SOURCES = new Set(["agreement", "tickets", "board", "evaluations", "asOf"]);

/**
 * `<sla-board>`: thousands of tickets by time left. See `index.d.ts`. All that it does is fetched with the first one, so that
 * a page of clocks does not load it.
 */
export class SlaBoard extends SlaElement {
  static observedAttributes = [...SlaElement.observedAttributes, "agreement", "tickets", "evaluations", "as-of", "density", "group"];

  static {
    properties(this, GIVEN, (element, name) => element.#given[name], (element, name, value) => element.#give(name, value));
  }

  #given = {};
  #early = [];
  #inside = null;

  constructor() {
    super(":host { display: block; height: min(100dvh, 800px); overflow: hidden; background: var(--_bg); }");
  }

  #give(name, value) {
    this.#given[name] = value;
    if (SOURCES.has(name)) this.#inside?.reload();
    else this.#inside?.relayout();
    this.changed();
  }

  attributeChangedCallback(name, before, value) {
    if (SOURCES.has(name)) this[name] = value;
    else if (name === "as-of") this.asOf = value;
    this.#inside?.relayout();
    this.changed();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#inside?.connect();
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#inside?.disconnect();
  }

  /**
   * Adds tickets, or puts them in the place of those with the same id: one, a list, or JSON Lines. A board of evaluations
   * takes evaluations as well, computed at `asOf`.
   */
  update(tickets, options) {
    if (this.#inside) this.#inside.update(tickets, options);
    else this.#early.push(["update", tickets, options]);
  }

  /** Takes a ticket off; whether it was there. */
  removeTicket(id) {
    if (this.#inside) return this.#inside.removeTicket(id);
    this.#early.push(["removeTicket", id]);
    return false;
  }

  /** Opens a ticket; whether it is there. */
  open(id) {
    return this.#inside?.open(id) ?? false;
  }

  /** Closes the open ticket. */
  close() {
    this.#inside?.close();
  }

  /** Id of the ticket that is open, or null. */
  get opened() {
    return this.#inside?.opened ?? null;
  }

  /** What the strip says, or null before there is anything. */
  get summary() {
    return this.#inside?.summary ?? null;
  }

  tick(now) {
    return this.#inside?.tick(now) ?? Infinity;
  }

  async #load() {
    const loaded = await this.fetched(() => import("./board/inside.js"));
    if (!loaded || this.#inside) return;
    this.#inside = new loaded.Inside(this, this.#given, this.#early);
    if (this.isConnected) this.#inside.connect();
    this.changed();
  }
}

define("sla-board", SlaBoard);
