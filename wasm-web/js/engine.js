// One engine: a WebAssembly instance, loaded on first use and made anew when it traps.

import { SlaError, refusal } from "./error.js";
import { compile } from "./load.js";

export class Engine {
  #glue;
  #source;
  #starting;
  #ready = false;
  /** How many instances there have been. Objects of an earlier one are made again. */
  generation = 0;

  /** `glue`: what wasm-bindgen generated for one module. */
  constructor(glue) {
    this.#glue = glue;
  }

  /** Says where the module is found unless `init` is told; the first entry that is loaded decides. */
  useSource(give) {
    this.#source ??= give;
  }

  /** Loads the module, once; a failure may be tried again. */
  init(options) {
    this.#starting ??= this.#start(options ?? {}).catch((error) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #start({ wasm, integrity }) {
    try {
      const module = await compile(await (wasm ?? this.#source?.()), integrity);
      await this.#glue.default({ module_or_path: module });
    } catch (cause) {
      const mend = "see Loading in the README: the address, the type application/wasm, and script-src 'wasm-unsafe-eval'";
      throw refusal("engine-load", `the engine cannot be loaded: ${cause?.message ?? cause}`, { mend, cause });
    }
    this.#ready = true;
  }

  /** Calls the engine. What it refuses is thrown as `SlaError`; if it breaks, the next call finds a fresh one. */
  enter(call) {
    if (!this.#ready) throw refusal("engine-load", "the engine is not loaded yet", { mend: "await init() first" });
    try {
      return call(this.#glue);
    } catch (error) {
      // The engine itself throws texts, and nothing of the page runs inside: all else is a broken instance.
      if (typeof error === "string") throw new SlaError(JSON.parse(error));
      throw this.#renew(error);
    }
  }

  #renew(cause) {
    this.generation += 1;
    const message = `the engine broke and was started afresh: ${cause?.message ?? cause}`;
    try {
      this.#glue.__wbg_reset_state();
    } catch (failed) {
      // Out of memory, most likely: the broken instance would answer wrongly, so that it is not used again.
      this.#ready = false;
      return refusal("engine-trap", `${message}; it could not be started: ${failed?.message ?? failed}`, { cause });
    }
    return refusal("engine-trap", message, { mend: "please report the input that does this", cause });
  }
}

/** An object inside an engine, made again from what the page keeps when its instance is gone. */
export class Kept {
  #engine;
  #make;
  #object = null;
  #generation = -1;
  #freed = false;

  constructor(engine, make) {
    this.#engine = engine;
    this.#make = make;
    this.get();
  }

  get freed() {
    return this.#freed;
  }

  get() {
    if (this.#freed) throw refusal("disposed", "the object was freed");
    if (this.#generation !== this.#engine.generation) {
      this.#object = this.#make();
      this.#generation = this.#engine.generation;
    }
    return this.#object;
  }

  call(call) {
    const object = this.get();
    return this.#engine.enter(() => call(object));
  }

  free() {
    if (!this.#freed && this.#generation === this.#engine.generation) this.#object.free();
    this.#freed = true;
    this.#object = null;
  }
}
