// The component of `wasi:http` in Wasmtime, as `slaclock edge` serves it.

import { spawn } from "node:child_process";
import { asking } from "./http.mjs";
import { run } from "./run.mjs";

let server;
try {
  await run("wasmtime 48", async () => {
    server = spawn(process.env.SLACLOCK_BIN, ["edge", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    const origin = await new Promise((resolve, reject) => {
      server.stdout.on("data", (said) => resolve(/http:\/\/\S+/.exec(String(said))[0]));
      server.on("exit", (code) => reject(new Error(`slaclock edge ended with ${code}`)));
    });
    return asking(origin);
  });
} finally {
  server?.kill();
}
