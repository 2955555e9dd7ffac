import init from "../pkg/slaclock_web.js";

await init({ module_or_path: new URL("../pkg/slaclock_web_bg.wasm", import.meta.url) });

export { Agreement, Calendar, hoursLines, version } from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
