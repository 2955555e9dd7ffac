export { default as init, initSync } from "../pkg/slaclock_lint.js";
export * from "./lint.js";
