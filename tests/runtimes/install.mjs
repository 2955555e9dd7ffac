// The package as users get it: packed, and installed into a throw-away project.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
export const workspace = join(here, "../..");
const vectors = join(workspace, "tests/vectors");

export function npm(args, cwd) {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, encoding: "utf8" });
}

/** Packs the package and installs it beside nothing else; `remove` throws the project away. */
export function installPacked() {
  for (const module of ["slaclock.wasm", "lint.wasm", "adapters.wasm"]) {
    if (!existsSync(join(workspace, "wasm-web/dist", module))) throw new Error("the package is not built: run `cargo xtask build`");
  }
  const project = mkdtempSync(join(tmpdir(), "slaclock-package-"));
  const remove = () => rmSync(project, { recursive: true, force: true });
  try {
    const [{ filename, files }] = JSON.parse(npm(["pack", "--json", "--pack-destination", project], join(workspace, "wasm-web")));
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "throw-away", private: true, type: "module" }));
    npm(["install", "--offline", join(project, filename)], project);
    return { project, files: files.map((file) => file.path), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Loads the package, or another of its entries, by its name, as code inside the project would. */
export async function importPackage(project, name = "slaclock") {
  const entry = join(project, `${name.replaceAll("/", "_")}.mjs`);
  writeFileSync(entry, `export * from "${name}";\n`);
  return import(pathToFileURL(entry));
}

const read = (path) => (path.endsWith(".gz") ? gunzipSync(readFileSync(path)).toString("utf8") : readFileSync(path, "utf8"));

/** The text of a file in `tests/vectors`, unpacked. */
export const ownText = (name) => read(join(vectors, name));

/** The cases of the adapters, by the names of their files. */
export function adapterCases() {
  const folder = join(workspace, "adapters/tests/cases");
  return Object.fromEntries(readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(join(folder, name), "utf8"))]));
}

/** The text of the full file, or `null` where the shared folder is not beside the workspace. */
export function sharedText(name) {
  const path = join(process.env.SLACLOCK_SHARED ?? join(workspace, "../shared"), "vectors", name);
  return existsSync(path) ? read(path) : null;
}
