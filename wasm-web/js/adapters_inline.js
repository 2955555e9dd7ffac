import packed from "../pkg/slaclock_web_adapters_inline.js";
import { adaptersEngine } from "./adapters_core.js";
import { unpack } from "./unpack.js";

adaptersEngine.useSource(() => unpack(packed));

export { SlaError } from "./error.js";
export { Adapter, adapters, init } from "./adapters_core.js";
