// What parts of the npm package weigh as a page loads them: modules as they are, JavaScript bundled and minified.
// Prints one JSON object, from each part to its bytes and its bytes as brotli.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

import { here } from "./chromium.mjs";

const packed = join(here, "../../wasm-web");

/** An entry with all that it loads at once; what it loads later is a part of its own, and so is what `without` names. */
async function bundle(entry, without = []) {
  const { outputFiles } = await build({
    entryPoints: [join(packed, entry)],
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    outdir: packed,
    entryNames: "entry",
    external: without,
    write: false,
  });
  const text = new Map(outputFiles.map((file) => [file.path.split(/[\\/]/).at(-1), file.text]));
  const loaded = new Set();
  const load = (name) => {
    if (loaded.has(name) || !text.has(name)) return;
    loaded.add(name);
    for (const [, next] of text.get(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) load(next);
  };
  load("entry.js");
  return Buffer.from([...loaded].map((name) => text.get(name)).join("\n"));
}

const parts = {
  "engine (`slaclock.wasm`)": readFileSync(join(packed, "pkg/slaclock_web_bg.wasm")),
  "lint (`lint.wasm`)": readFileSync(join(packed, "pkg/slaclock_lint_bg.wasm")),
  "JavaScript of `slaclock/web`": await bundle("js/web.js"),
  "JavaScript of `slaclock/elements`": await bundle("element/index.js", ["../js/*"]),
};
const options = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
const weigh = (bytes) => [bytes.length, brotliCompressSync(bytes, { params: options }).length];
console.log(JSON.stringify(Object.fromEntries(Object.entries(parts).map(([part, bytes]) => [part, weigh(bytes)]))));
