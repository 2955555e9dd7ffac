import { readFileSync } from "node:fs";
import { initSync } from "../pkg/slaclock_web.js";

initSync({ module: readFileSync(new URL("../pkg/slaclock_web_bg.wasm", import.meta.url)) });

export { Agreement, Calendar, hoursLines, version } from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
