// What every consumer runs: a spread of the shared cases through the package as that consumer has loaded it.

import { clockFailures, errorFailures, hoursFailures } from "./cases.mjs";

/** Answers how many cases ran, and what failed. */
export async function check(slaclock, { hours, clocks, errors, lint }) {
  const parts = [
    await hoursFailures(slaclock, hours),
    await clockFailures(slaclock, clocks),
    await errorFailures(slaclock, errors),
    await explanations(slaclock, clocks),
  ];
  const found = await slaclock.lint(lint, "2026-11-23");
  const { tz_version: zones } = await slaclock.version();
  const failures = parts.flatMap(({ failures }) => failures);
  if (found.length < 20) failures.push(`lint finds only ${found.length}`);
  if (!/^20\d\d[a-z]$/.test(zones)) failures.push(`time zones of ${zones}`);
  return { cases: parts.reduce((sum, { cases }) => sum + cases, 0), failures: failures.slice(0, 20) };
}

/** The slices of each explanation add up to its figures. */
async function explanations({ Agreement }, text) {
  const cases = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const failures = [];
  for (const { name, agreement, ticket, now, known_at: knownAt } of cases) {
    const compiled = await Agreement.parse(agreement);
    const { evaluation, clocks, fingerprint } = compiled.explain(ticket, now, { knownAt });
    if (JSON.stringify(evaluation) !== JSON.stringify(compiled.evaluate(ticket, now, { knownAt }))) failures.push(`${name}: explained otherwise`);
    if (!/^sha256:[0-9a-f]{64}$/.test(fingerprint)) failures.push(`${name}: fingerprint ${fingerprint}`);
    for (const { clock, cycles } of clocks) {
      for (const { elapsed_ms: elapsed, slices } of cycles) {
        const counted = slices.filter((slice) => slice.counted).reduce((sum, slice) => sum + slice.duration_ms, 0);
        if (counted !== elapsed) failures.push(`${name}: ${clock} has ${elapsed}, its slices ${counted}`);
      }
    }
  }
  return { cases: cases.length, failures };
}
