// What parts of the npm package weigh as a page loads them: modules as they are, JavaScript bundled and minified.
// Prints one JSON object, from each part to its bytes and its bytes as brotli.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

import { options as bundling, packed } from "./bundle.mjs";

/** An entry in the files that a bundler makes of it: those loaded at once and those loaded later, by name. */
async function bundle(entry, without = []) {
  const { outputFiles } = await build({
    ...bundling,
    entryPoints: [join(packed, entry)],
    splitting: true,
    entryNames: "entry",
    external: without,
  });
  const text = new Map(outputFiles.map((file) => [file.path.split(/[\\/]/).at(-1), file.text]));
  const atOnce = new Set();
  const load = (name) => {
    if (atOnce.has(name) || !text.has(name)) return;
    atOnce.add(name);
    for (const [, next] of text.get(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) load(next);
  };
  load("entry.js");
  const later = [...text.keys()].filter((name) => !atOnce.has(name));
  // Files of two letters are words of a language, of which a page loads one, if any.
  const words = later.filter((name) => /^[a-z]{2}-/.test(name));
  const texts = (names) => names.map((name) => text.get(name));
  return { atOnce: [texts([...atOnce]).join("\n")], later: texts(later.filter((name) => !words.includes(name))), words: texts(words) };
}

const options = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
const weigh = (bytes) => [Buffer.byteLength(bytes), brotliCompressSync(bytes, { params: options }).length];
const file = (path) => weigh(readFileSync(join(packed, path)));
const sum = (files) => files.map(weigh).reduce(([bytes, brotli], [more, packedMore]) => [bytes + more, brotli + packedMore], [0, 0]);
const largest = (files) => files.map(weigh).reduce((most, each) => (each[1] > most[1] ? each : most));

const engine = ["../js/*"];
const [web, adapters] = [await bundle("js/web.js"), await bundle("js/adapters_web.js")];
const [elements, clock] = [await bundle("element/index.js", engine), await bundle("element/clock.js", engine)];
const parts = {
  "engine (`slaclock.wasm`)": file("dist/slaclock.wasm"),
  "lint (`lint.wasm`)": file("dist/lint.wasm"),
  "adapters (`adapters.wasm`)": file("dist/adapters.wasm"),
  ...Object.fromEntries(["clock", "elements", "slaclock"].map((name) => [`\`dist/${name}.js\``, file(`dist/${name}.js`)])),
  "JavaScript of `slaclock/web`": sum(web.atOnce),
  "JavaScript of `slaclock/adapters/web`": sum(adapters.atOnce),
  "JavaScript of `slaclock/elements/clock`": sum(clock.atOnce),
  "JavaScript of `slaclock/elements`": sum(elements.atOnce),
  "JavaScript of `slaclock/elements`, later: board, timeline, an open ticket": sum(elements.later),
  "JavaScript of `slaclock/elements`, later: words of a language, the largest": largest(elements.words),
};
console.log(JSON.stringify(parts));
