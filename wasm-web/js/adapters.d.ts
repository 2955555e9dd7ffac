import type { InitOptions } from "./index.js";
import type { AdapterInfo, AdapterSettings, Translation } from "./adapter_types.js";
import type { InstantLike } from "../types.js";

export type * from "./adapter_types.js";
export { SlaError } from "./index.js";

/** A document of a helpdesk: JSON text, its bytes in UTF-8, or what was read of it. Large ones are best given as they come. */
export type JsonLike = string | ArrayBuffer | ArrayBufferView | object;

/** What says that a message comes from the helpdesk. */
export interface Signed {
  /** The secret that the helpdesk signs with: of Standard Webhooks (`generic`) with its `whsec_`. */
  secret: string;
  /** The headers of the message: `request.headers`, pairs, or an object as Node has it. */
  headers: Iterable<readonly [string, string]> | { readonly [name: string]: string | readonly string[] | undefined };
  /** The present. What was signed more than five minutes before or after is refused, where the system signs the instant. */
  now: InstantLike;
}

/** What a helpdesk sends and exports, as tickets and agreements. It keeps nothing, so that there is nothing to free. */
export class Adapter {
  private constructor();
  /** The adapter of this name (see `adapters`), with what is particular to the helpdesk. Loads the module on first use. */
  static open(id: string, settings?: AdapterSettings | string): Promise<Adapter>;
  readonly id: string;
  /**
   * Throws an `SlaError` (`SLA-H0715`) unless the helpdesk signed this message, unchanged and now. `body` is as it came, byte
   * for byte: JSON that was read and written again has another signature.
   */
  verify(body: string | ArrayBuffer | ArrayBufferView, signed: Signed): void;
  /**
   * Translates a message that the system sent. One that comes twice, or late, makes the same facts: a ticket is the union of
   * the events of all its messages, each once. It does not look at signatures.
   */
  message(message: JsonLike): Translation;
  /** Translates an export: answers of the system's API as they come, by the names of their files. */
  export(documents: { readonly [file: string]: JsonLike }): Translation;
}

/** Every adapter. */
export function adapters(): Promise<AdapterInfo[]>;

/** Loads the module of the adapters; not needed, as `Adapter.open` does it. */
export function init(options?: InitOptions): Promise<void>;
