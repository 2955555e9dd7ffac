// Agreements by id, kept compiled: reading one costs far more than asking it.

import { Refusal } from "./refusal.js";

/** Characters of an id: it is a key of the store and part of an address. */
const ID = /^[\w.@-]{1,128}$/;

/** The last agreements asked, compiled. */
export class Agreements {
  #kept = new Map();

  /**
   * @param {object} options
   * @param {(document: string) => Promise<object>} options.parse
   * @param {(id: string) => Promise<string | null | undefined>} options.find the document of an id
   * @param {number} options.kept how many stay compiled
   * @param {number} options.fresh for how many milliseconds one is not looked up again
   * @param {() => number} options.clock
   */
  constructor({ parse, find, kept, fresh, clock }) {
    Object.assign(this, { parse, find, kept, fresh, clock });
  }

  /** The agreement of an id. */
  async byId(id) {
    if (!ID.test(id)) throw Refusal.of("notFound", "no agreement has such an id", "/agreement");
    const key = `id:${id}`;
    const known = this.#kept.get(key);
    if (known && this.clock() - known.since < this.fresh) return this.#used(key, known).agreement;
    const document = await this.find(id);
    if (typeof document !== "string") {
      this.#forget(key);
      throw Refusal.of("notFound", `there is no agreement \`${id}\``, "/agreement");
    }
    if (known?.document === document) {
      known.since = this.clock();
      return this.#used(key, known).agreement;
    }
    return this.#compile(key, document);
  }

  /** An agreement given with the question. */
  async inline(document) {
    const key = `text:${document}`;
    const known = this.#kept.get(key);
    return known ? this.#used(key, known).agreement : this.#compile(key, document);
  }

  async #compile(key, document) {
    const agreement = await this.parse(document);
    this.#forget(key);
    this.#kept.set(key, { agreement, document, since: this.clock() });
    if (this.#kept.size > this.kept) this.#forget(this.#kept.keys().next().value);
    return agreement;
  }

  #used(key, entry) {
    this.#kept.delete(key);
    this.#kept.set(key, entry);
    return entry;
  }

  /** A request that still asks it has it in its hands; its memory is freed when nobody has. */
  #forget(key) {
    this.#kept.delete(key);
  }
}
