import module from "../dist/adapters.wasm";
import { adaptersEngine } from "./adapters_core.js";

adaptersEngine.useSource(() => module);

export { SlaError } from "./error.js";
export { Adapter, adapters, init } from "./adapters_core.js";
