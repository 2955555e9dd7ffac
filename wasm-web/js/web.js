import { engine } from "./core.js";
import { useLint } from "./lint_lazy.js";

engine.useSource(() => new URL("../dist/slaclock.wasm", import.meta.url));
useLint(() => import("./lint_web.js"));

export * from "./api.js";
