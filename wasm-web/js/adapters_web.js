import { adaptersEngine } from "./adapters_core.js";

adaptersEngine.useSource(() => new URL("../dist/adapters.wasm", import.meta.url));

export { SlaError } from "./error.js";
export { Adapter, adapters, init } from "./adapters_core.js";
