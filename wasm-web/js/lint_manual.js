export { default as init, initSync, lint } from "../pkg/slaclock_lint.js";
export { SlaError } from "./error.js";
