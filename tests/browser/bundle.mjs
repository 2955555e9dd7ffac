// The package's files for plain pages, `wasm-web/dist`: each entry is one minified file that finds the others beside it.
// Run as a program it writes them; `weigh.mjs` bundles in the same way.

import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const packed = join(dirname(fileURLToPath(import.meta.url)), "../../wasm-web");
const dist = join(packed, "dist");

export const options = { bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", write: false, outdir: dist };

const languages = readdirSync(join(packed, "element/words")).map((file) => file.match(/^([a-z]{2})\.js$/)?.[1]).filter((name) => name && name !== "en");

const entries = {
  elements: "element/index.js",
  clock: "element/clock.js",
  slaclock: "js/web.js",
  worker: "js/worker.js",
  thread: "js/thread.js",
  adapters: "js/adapters_web.js",
  ...Object.fromEntries(languages.map((name) => [`words-${name}`, `element/words/${name}.js`])),
};

/** What stays a file of its own: the engine's API, so that a page and its elements share one, and languages. */
const apart = {
  name: "apart",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/js\/(web|api)\.js$/ }, ({ kind }) => (kind === "dynamic-import" ? { path: "./slaclock.js", external: true } : undefined));
    onResolve({ filter: /^\.\/[a-z]{2}\.js$/ }, ({ kind, path }) => (kind === "dynamic-import" ? { path: path.replace("./", "./words-"), external: true } : undefined));
  },
};

async function bundles() {
  const { version, license } = JSON.parse(readFileSync(join(packed, "package.json"), "utf8"));
  const { outputFiles } = await build({
    ...options,
    absWorkingDir: packed,
    entryPoints: entries,
    plugins: [apart],
    banner: { js: `/*! slaclock ${version} | ${license} */` },
  });
  // The modules' way to the `.wasm` files, from where they are bundled.
  return new Map(outputFiles.map(({ path, text }) => [path.split(/[\\/]/).at(-1), text.replaceAll('"../dist/', '"./')]));
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const made = await bundles();
  mkdirSync(dist, { recursive: true });
  for (const [name, text] of made) {
    const path = join(dist, name);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
  }
  for (const name of readdirSync(dist)) if (name.endsWith(".js") && !made.has(name)) rmSync(join(dist, name));
}
