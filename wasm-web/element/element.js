import { make, setAttrs, sheet } from "./dom.js";
import { baseStyle } from "./style/base.js";
import { formatFor, ownZone } from "./time/format.js";
import { draw, join, leave } from "./time/ticker.js";
import { onWords, wordsOf } from "./words/index.js";

const live = new Set();
const sheets = new Map();
const spoken = new Set();
let speaking = 0;

// Server-side rendering imports the elements where there is no page; they are then only names.
const Base = globalThis.HTMLElement ?? class {};

/** What the elements have in common: a shadow, words, a language and zone, and their part in the page's time. */
export class SlaElement extends Base {
  static observedAttributes = ["lang", "time-zone"];

  #live = setAttrs(make("div", "vh"), { "aria-live": "polite" });
  #words = null;
  #drawn = false;

  constructor(style) {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [];
    this.wear(baseStyle);
    this.wear(style);
  }

  /** Puts on a style that all elements of a kind share. */
  wear(text) {
    if (!sheets.has(text)) sheets.set(text, sheet(text));
    this.shadowRoot.adoptedStyleSheets.push(sheets.get(text));
  }

  /** Words of this element alone, over those of its language. */
  get words() {
    return this.#words;
  }

  set words(words) {
    this.#words = words;
    this.changed();
  }

  /** What its figures are written with: words, and numbers and dates in the zone that it shows. */
  get say() {
    const lang = languageOf(this);
    const words = wordsOf(lang, this.#words);
    // Figures in one language beside words in another would be neither.
    const format = formatFor(words.lang === "en" && !/^en\b/i.test(lang) ? "en" : lang, this.zone);
    return { words, format };
  }

  get zone() {
    const zone = this.getAttribute("time-zone");
    return zone && isZone(zone) ? zone : ownZone();
  }

  connectedCallback() {
    // What a page has set before the element was defined hides the setter of the same name.
    for (const name of Object.keys(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }
    live.add(this);
    join(this);
  }

  disconnectedCallback() {
    live.delete(this);
    leave(this);
  }

  attributeChangedCallback() {
    this.changed();
  }

  /** Draws again soon; several changes are drawn once. */
  changed() {
    if (this.#drawn) return;
    this.#drawn = true;
    queueMicrotask(() => {
      this.#drawn = false;
      draw(this);
    });
  }

  /** Says something to a screen reader, once it is done with what it reads and together with what others say. */
  announce(text) {
    spoken.add(text);
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      if (!this.#live.isConnected) this.shadowRoot.append(this.#live);
      // A region has to be there before its text, or nobody hears it.
      setTimeout(() => (this.#live.textContent = [...spoken].slice(0, 3).join(". ") + (spoken.size > 3 ? ` (+${spoken.size - 3})` : ""), spoken.clear()), 100);
    }, 1000);
  }

  /** What `load` fetches of the package; null where that fails: the page is told, and a reader who would see nothing. */
  async fetched(load) {
    const { shadowRoot } = this;
    try {
      const loaded = await load();
      shadowRoot.querySelector(":scope > .unloaded")?.remove();
      return loaded;
    } catch (error) {
      if (!shadowRoot.firstChild) shadowRoot.append(setAttrs(make("p", "unloaded", String(error.message)), { role: "alert" }));
      this.tell("sla-problem", { error });
      return null;
    }
  }

  /** Tells the page; false where it prevents what would follow. */
  tell(name, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable, bubbles: true, composed: true }));
  }
}

/** Makes properties of a kind of element, each null until it is given. */
export function properties(Kind, names, get, set) {
  for (const name of names) {
    const property = {
      get() {
        return get(this, name) ?? null;
      },
      set(value) {
        set(this, name, value);
      },
    };
    Object.defineProperty(Kind.prototype, name, { ...property, enumerable: true, configurable: true });
  }
}

/** Defines an element, unless the page has done so, or there is none. A name is given once: what another copy made stays. */
export function define(name, Kind) {
  if (!globalThis.customElements) return;
  if (!customElements.get(name)) customElements.define(name, Kind);
  else console.warn(`slaclock: <${name}> is there already, of another copy; setServerTime and setWords of this one do not reach it`);
}

/** The language that an element stands in. */
export function languageOf(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const lang = at.closest?.("[lang]")?.lang;
    if (lang) return valid(lang);
  }
  return valid(navigator.language);
}

function valid(lang) {
  try {
    return Intl.getCanonicalLocales(lang)[0] ?? "en";
  } catch {
    return "en";
  }
}

function isZone(name) {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

const all = () => live.forEach((element) => element.changed());
onWords(all);
if (typeof document !== "undefined") {
  new MutationObserver(all).observe(document.documentElement, { attributeFilter: ["lang", "dir"] });
  window.addEventListener("languagechange", all);
}
