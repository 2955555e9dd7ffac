// The packed package in the hands of those who use it: each runs the same spread of the shared cases.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { launch, serveFiles } from "../browser/chromium.mjs";
import { LEAST, here, makeProject } from "./project.mjs";

const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

let installed, project;
before(() => {
  installed = makeProject();
  ({ project } = installed);
});
after(() => installed?.remove());

function well({ cases, failures }) {
  assert.deepEqual(failures, []);
  assert.ok(cases >= LEAST, `only ${cases} cases`);
}

const tool = (name) => join(here, "node_modules/.bin", name);
/** npm brings the one for this machine; the usual name needs a script after installation, which is not run. */
function bun() {
  const folder = join(here, "node_modules/@oven");
  return join(folder, readdirSync(folder)[0], "bin/bun");
}
/** A program that ends by itself, its outcome in the last line of its output. */
function run(program, args) {
  const env = { ...process.env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", DENO_DIR: join(project, ".deno"), BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" };
  const output = execFileSync(program, args, { cwd: project, encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] });
  return JSON.parse(output.trimEnd().split("\n").at(-1));
}

describe("programs", () => {
  test("Node, import", () => well(run("node", ["print.mjs"])));
  test("Node, inline", () => well(run("node", ["print_inline.mjs"])));
  test("CommonJS, import()", () => well(run("node", ["print_import.cjs"])));
  const requires = process.features.require_module || process.version.startsWith("v20.") ? false : "this Node cannot require modules";
  test("CommonJS, require", { skip: requires }, () => well(run("node", ["--no-warnings", "print.cjs"])));
  test("Deno", () => well(run(tool("deno"), ["run", "--quiet", "--no-lock", "--node-modules-dir=manual", "--allow-read", "print.mjs"])));
  test("Bun", () => well(run(bun(), ["print.mjs"])));
  test("esbuild for Node, one file", async () => {
    const esbuild = await import("esbuild");
    await esbuild.build({ entryPoints: [join(project, "print_inline.mjs")], bundle: true, platform: "node", format: "esm", outfile: join(project, "one/print.mjs"), logLevel: "error" });
    well(run("node", ["one/print.mjs"]));
  });
  test("workerd, bundled as wrangler does", async () => {
    const esbuild = await import("esbuild");
    const outdir = join(project, "workerd");
    await esbuild.build({ entryPoints: { main: join(project, "workerd.mjs") }, bundle: true, format: "esm", conditions: ["workerd", "worker", "browser"], loader: { ".wasm": "copy" }, assetNames: "[name]", outdir, logLevel: "error" });
    const modules = readdirSync(outdir).map((name) => `(name = "${name}", ${name.endsWith(".wasm") ? "wasm" : "esModule"} = embed "${name}")`);
    // The first module is the worker.
    modules.sort((a, b) => Number(b.includes('"main.js"')) - Number(a.includes('"main.js"')));
    writeFileSync(join(outdir, "config.capnp"), `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = ( services = [ (name = "main", worker = ( modules = [ ${modules.join(", ")} ], compatibilityDate = "2025-01-01" )) ] );\n`);
    well(run(tool("workerd"), ["test", join(outdir, "config.capnp")]));
  });
});

/** Bundlers of pages: what they make of `page.mjs`, in `dist` of the project. */
const BUNDLERS = {
  async vite(outDir) {
    const { build } = await import("vite");
    writeFileSync(join(project, "index.html"), '<!doctype html><meta charset="utf-8"><script type="module" src="/page.mjs"></script>');
    await build({ root: project, logLevel: "error", build: { outDir, modulePreload: { polyfill: false }, target: "es2022" } });
  },
  async webpack(outDir) {
    const { default: webpack } = await import("webpack");
    const compiler = webpack({ mode: "production", context: project, entry: "./page.mjs", output: { path: outDir, filename: "main.js", module: true, publicPath: "auto" }, experiments: { outputModule: true } });
    const stats = await new Promise((resolve, reject) => compiler.run((error, stats) => (error ? reject(error) : resolve(stats))));
    assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
    await new Promise((resolve) => compiler.close(resolve));
    writeFileSync(join(outDir, "index.html"), '<!doctype html><meta charset="utf-8"><script type="module" src="main.js"></script>');
  },
  "esbuild, inline": (outDir) => withEsbuild(outDir, "page_inline.mjs"),
  "esbuild, the module as a file": (outDir) => withEsbuild(outDir, "page_file.mjs"),
};

async function withEsbuild(outDir, entry) {
  const esbuild = await import("esbuild");
  mkdirSync(outDir, { recursive: true });
  await esbuild.build({ entryPoints: { main: join(project, entry) }, bundle: true, minify: true, format: "esm", loader: { ".wasm": "file" }, outdir: outDir, logLevel: "error" });
  writeFileSync(join(outDir, "index.html"), '<!doctype html><meta charset="utf-8"><script type="module" src="main.js"></script>');
}

describe("pages", () => {
  let browser;
  before(async () => (browser = await launch()));
  after(() => browser?.close());

  /** Opens a folder's page under a strict policy and waits for its outcome. */
  async function open(folder, made = {}) {
    const server = await serveFiles(folder, made, { "content-security-policy": CSP });
    const page = await browser.newPage();
    const said = [];
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("console", (message) => message.type() === "error" && !message.text().includes("favicon") && said.push(message.text()));
    await page.goto(`${server.origin}/index.html`);
    await page.waitForFunction(() => globalThis.outcome, { timeout: 60_000 }).catch(() => assert.fail(`no outcome: ${said.join("; ")}`));
    well(await page.evaluate(() => globalThis.outcome));
    return { page, said, close: async () => (await page.close(), server.close()) };
  }

  for (const [name, bundle] of Object.entries(BUNDLERS)) {
    test(name, async () => {
      const outDir = join(project, `dist-${name.replace(/\W+/g, "-")}`);
      await bundle(outDir);
      const { page, said, close } = await open(outDir);
      if (!name.startsWith("esbuild")) await inWorker(page);
      assert.deepEqual(said.filter((text) => !text.includes("404")), []);
      await close();
    });
  }
});

/** A board in a worker, as the bundler has made one of it, has the columns of a board in the page. */
async function inWorker(page) {
  const [here, there] = await page.evaluate(async () => {
    const { slaclock: { Agreement, Board }, WorkerBoard } = globalThis.boards;
    const now = Date.parse("2026-11-23T10:00:00Z");
    const document = { slaclock: "1", id: "x", policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }] };
    const tickets = Array.from({ length: 100 }, (_, index) => ({ id: `T-${index}`, created_at: now - index * 300_000 }));
    const board = new Board(await Agreement.parse(document), now);
    const remote = await WorkerBoard.open(document, now);
    const figures = ({ columns }) => ["state", "overdue", "elapsed_ms", "due_at"].map((name) => [...columns[name].subarray(0, 100)]);
    board.addAll(tickets);
    board.tick(now);
    await remote.addAll(tickets);
    await remote.tick(now);
    const told = [[board.row("T-60"), figures(board)], [await remote.row("T-60"), figures(remote)]];
    remote.free();
    return told;
  });
  assert.equal(here[1][0].length, 100);
  assert.deepEqual(there, here);
}
