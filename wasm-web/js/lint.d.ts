export { lint } from "../pkg/slaclock_lint.js";
export type { AgreementDocument, Finding, Severity } from "../pkg/slaclock_web.js";
export { SlaError } from "./error.js";
