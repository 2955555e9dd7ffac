import { readFile } from "node:fs/promises";
import { engine } from "./core.js";
import { useLint } from "./lint_lazy.js";

engine.useSource(() => readFile(new URL("../dist/slaclock.wasm", import.meta.url)));
useLint(() => import("./lint_node.js"));

export * from "./api.js";
