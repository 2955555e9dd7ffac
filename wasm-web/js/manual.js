export { default as init, initSync } from "../pkg/slaclock_web.js";
export { Agreement, Calendar, hoursLines, version } from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
