import type { AgreementDocument, Finding } from "../types.js";
import type { InitOptions } from "./index.js";

export type { AgreementDocument, Finding, Severity } from "../types.js";
export { SlaError } from "./index.js";

/** As `lint` of the package's main entry. Where modules cannot be loaded later, as in a service worker, this entry is for it. */
export function lint(document: string | AgreementDocument, today: string): Promise<Finding[]>;

/** Loads lint's module; not needed, as `lint` does it. */
export function init(options?: InitOptions): Promise<void>;
