import packed from "../pkg/slaclock_web_inline.js";
import { engine } from "./core.js";
import { useLint } from "./lint_lazy.js";
import { unpack } from "./unpack.js";

engine.useSource(() => unpack(packed));
useLint(() => import("./lint_inline.js"));

export * from "./api.js";
