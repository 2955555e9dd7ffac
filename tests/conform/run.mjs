// Asks a target every question of a file, and says how long it took. Node, Deno and Bun run this.

import { readFileSync, writeFileSync } from "node:fs";

/**
 * @param {string} version what the target says it is
 * @param {() => Promise<(question: string) => string | Promise<string>>} start from nothing to ready
 */
export async function run(version, start, [questionsPath, answersPath] = process.argv.slice(-2)) {
  const questions = readFileSync(questionsPath, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const cold = performance.now();
  const ask = await start();
  await ask(questions[0]);
  const begun = performance.now();
  const answers = [];
  for (const question of questions) answers.push(await ask(question));
  const ended = performance.now();
  writeFileSync(answersPath, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
  const figures = { version, cold_us: Math.round((begun - cold) * 1000), each_us: Math.round(((ended - begun) * 1000) / questions.length) };
  console.log(JSON.stringify(figures));
}

/** The runtime that runs this. */
export const runtime = globalThis.Deno
  ? `Deno ${globalThis.Deno.version.deno}`
  : globalThis.Bun
    ? `Bun ${globalThis.Bun.version}`
    : `Node ${process.versions.node}`;
