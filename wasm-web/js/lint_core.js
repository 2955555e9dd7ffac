// Lint is a module of its own, so that a page that only shows clocks does not load it.

import * as glue from "../pkg/slaclock_lint.js";
import { Engine } from "./engine.js";
import { MAX_AGREEMENT, textOf } from "./input.js";

export const lintEngine = new Engine(glue);

export const init = async (options) => lintEngine.init(options);

export async function lint(document, today) {
  const [text, day] = [textOf(document, MAX_AGREEMENT), String(today)];
  await lintEngine.init();
  return JSON.parse(lintEngine.enter((low) => low.lint(text, day)));
}
