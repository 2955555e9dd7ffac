// What every entry of the package gives; the entries differ in where they find the module.

import { engine } from "./core.js";

export { Agreement } from "./agreement.js";
export { Board } from "./board.js";
export { Calendar } from "./calendar.js";
export { withDates } from "./dates.js";
export { SlaError } from "./error.js";
export { lint } from "./lint_lazy.js";
export { STATES } from "./states.js";

export const init = async (options) => engine.init(options);

export async function version() {
  await engine.init();
  return JSON.parse(engine.enter((glue) => glue.version()));
}

export async function hoursLines(questions) {
  const text = String(questions);
  await engine.init();
  return engine.enter((glue) => glue.hours_lines(text));
}
