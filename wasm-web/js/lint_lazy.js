import { MAX_AGREEMENT, textOf } from "./input.js";

let load;

/** Says where lint is found; the first entry that is loaded decides. */
export function useLint(give) {
  load ??= give;
}

/** Lint, whose module is loaded when it is first asked. */
export async function lint(document, today) {
  const text = textOf(document, MAX_AGREEMENT);
  const { lint } = await load();
  return lint(text, today);
}
