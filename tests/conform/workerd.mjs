// The Cloudflare Worker, as wrangler bundles it, in workerd.

import { bundle } from "../../edge/test/bundle.mjs";
import { asking } from "./http.mjs";
import { run } from "./run.mjs";

const { modules, remove, start, version } = bundle();
let worker;
try {
  await run(`workerd ${version}`, async () => {
    worker = start(modules);
    return asking((await worker.ready).origin);
  });
} finally {
  await worker?.dispose();
  remove();
}
