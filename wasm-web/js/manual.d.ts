export * from "../pkg/slaclock_web.js";
export { default as init } from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
