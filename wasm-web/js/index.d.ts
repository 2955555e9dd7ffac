export * from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
