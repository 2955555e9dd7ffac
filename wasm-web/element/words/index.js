import english from "./en_clock.js";

// The English of clocks comes with the elements; boards and timelines bring theirs, and the other languages are fetched when
// a page first needs them.
const loaders = {
  ar: () => import("./ar.js"),
  de: () => import("./de.js"),
  es: () => import("./es.js"),
  fr: () => import("./fr.js"),
  hr: () => import("./hr.js"),
  it: () => import("./it.js"),
  ja: () => import("./ja.js"),
  pt: () => import("./pt.js"),
  th: () => import("./th.js"),
  zh: () => import("./zh.js"),
};
const tables = new Map([["en", english]]);
const asked = new Map();
const own = new Map();
const listeners = new Set();
const made = [];

/** The languages that the package speaks. */
export const languages = ["en", ...Object.keys(loaders)];

const base = (lang) => lang.toLowerCase().split(/[-_]/)[0];

/**
 * Replaces words for a language, or gives those of a new one. Keys that are left out stay as they are.
 * @param {string} lang Such as `de` or `nl`.
 * @param {Record<string, string | Record<string, string>>} words
 */
export function setWords(lang, words) {
  own.set(base(lang), { ...own.get(base(lang)), ...words });
  listeners.forEach((changed) => changed());
}

/** Takes a whole table of words. */
export function learn(lang, table) {
  if (tables.get(lang) === table) return;
  tables.set(lang, table);
  listeners.forEach((changed) => changed());
}

/** Calls `changed` whenever the words of some language have come or changed. */
export const onWords = (changed) => listeners.add(changed);

/** The words of a language as far as they are here: until its file has come, English ones. */
export function wordsOf(lang, more) {
  const name = base(lang);
  if (!tables.has(name) && loaders[name] && !asked.has(name)) asked.set(name, load(name));
  const english = tables.get("en");
  const parts = [lang, tables.get(name), own.get(name), more, english];
  // The same words are the same object, so that who has drawn with them need not again.
  const found = made.find(({ of }) => parts.every((part, index) => part === of[index]));
  if (found) return found.words;
  const words = new Words(parts[1] ?? parts[2] ? lang : "en", { ...english, ...parts[1], ...parts[2], ...more });
  made.unshift({ of: parts, words });
  made.length = Math.min(made.length, 16);
  return words;
}

async function load(name) {
  try {
    learn(name, (await loaders[name]()).default);
  } catch (error) {
    // English stands meanwhile; the next element that needs the file asks again.
    asked.delete(name);
    console.warn(`slaclock: no words in ${name}`, error);
  }
}

/** The words of one language. */
class Words {
  #plural;

  constructor(lang, table) {
    Object.assign(this, { lang, table });
    this.rtl = base(lang) === "ar" || base(lang) === "he" || base(lang) === "fa" || base(lang) === "ur";
  }

  /** A text with its places filled in. Of several forms that for the number `n` is taken, which is written as `{n}`. */
  say(key, values = {}, n = undefined) {
    return this.pieces(key, values, n).join("");
  }

  /** The same in pieces, so that a filled-in place can look different: odd ones are filled in. */
  pieces(key, values = {}, n = undefined) {
    let text = this.table[key];
    if (typeof text === "object") text = text[(this.#plural ??= new Intl.PluralRules(this.lang)).select(n)] ?? text.other;
    return String(text ?? key).split(/\{(\w+)\}/).map((piece, index) => (index % 2 ? String(values[piece] ?? "") : piece));
  }

  /** The name of a clock, also of one that this table does not know. */
  clock(name) {
    return this.#named("clock.", name) ?? sentence(name);
  }

  /** Whom a pause waits for. */
  party(name) {
    return name ? (this.#named("party.", name) ?? sentence(name).toLocaleLowerCase(this.lang)) : "";
  }

  /** The name of a ticket's field. */
  field(name) {
    return this.#named("field.", name) ?? sentence(name);
  }

  #named(kind, name) {
    return Object.hasOwn(this.table, kind + name) ? this.table[kind + name] : undefined;
  }
}

/** `third_party` as `Third party`. */
export function sentence(name) {
  const text = String(name).replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
