import module from "../dist/slaclock.wasm";
import { engine } from "./core.js";
import { useLint } from "./lint_lazy.js";

engine.useSource(() => module);
useLint(() => import("./lint_workerd.js"));

export * from "./api.js";
