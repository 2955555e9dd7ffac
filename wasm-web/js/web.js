import init from "../pkg/slaclock_web.js";

await init();

export { Agreement, Calendar, hoursLines, version } from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
