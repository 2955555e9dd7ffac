import module from "../pkg/slaclock_web_bg.wasm";
import { engine } from "./core.js";
import { useLint } from "./lint_lazy.js";

engine.useSource(() => module);
useLint(() => import("./lint_workerd.js"));

export * from "./api.js";
