// The npm package under Node, Deno or Bun.

import { asking } from "./package_ask.mjs";
import { run, runtime } from "./run.mjs";

await run(runtime, async () => asking(await import("../../wasm-web/js/node.js")));
