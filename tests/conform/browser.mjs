// The npm package in a real browser: `browser.mjs chrome|firefox QUESTIONS ANSWERS`.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { launch, serveFiles } from "../browser/chromium.mjs";

const workspace = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [which, questionsPath, answersPath] = process.argv.slice(-3);

const server = await serveFiles(workspace, { "/questions": readFileSync(questionsPath, "utf8"), "/index.html": "<!doctype html><title>conform</title>" });
const browser = await launch(which);
try {
  const page = await browser.newPage();
  await page.goto(`${server.origin}/index.html`);
  const { answers, cold, took } = await page.evaluate(async () => {
    const questions = (await (await fetch("/questions")).text()).split("\n").filter(Boolean).map((line) => JSON.parse(line));
    const begun = performance.now();
    const { asking } = await import("/tests/conform/package_ask.mjs");
    const ask = asking(await import("/wasm-web/js/web.js"));
    await ask(questions[0]);
    const warm = performance.now();
    const answers = [];
    for (const question of questions) answers.push(await ask(question));
    return { answers, cold: warm - begun, took: performance.now() - warm };
  });
  writeFileSync(answersPath, answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
  const version = (await browser.version()).replace("/", " ");
  console.log(JSON.stringify({ version, cold_us: Math.round(cold * 1000), each_us: Math.round((took * 1000) / answers.length) }));
} finally {
  await browser.close();
  await server.close();
}
