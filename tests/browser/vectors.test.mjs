// The shared cases in real Chromium and Firefox, through the package's entry for plain browser modules.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";

import { adapterCases, installPacked, ownText } from "../runtimes/install.mjs";
import { launch, serveFiles } from "./chromium.mjs";

const FILES = {
  "hours.jsonl.gz": ["hoursFailures", 3000],
  "hours_wall_clock.jsonl.gz": ["hoursFailures", 456],
  "hours_by_hand.jsonl": ["hoursFailures", 60],
  "clocks.jsonl": ["clockFailures", 130],
  "clocks_complete.jsonl": ["clockFailures", 360],
  "clocks_like.jsonl": ["clockFailures", 30],
  "errors.jsonl": ["errorFailures", 60],
  "errors_complete.jsonl": ["errorFailures", 130],
};

const PAGE = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="importmap">
{ "imports": { "slaclock": "/package/js/web.js", "slaclock/adapters": "/package/js/adapters_web.js" } }</script>`;

let installed, server;
before(async () => {
  installed = installPacked();
  const made = { "/": PAGE, "/index.html": PAGE, "/cases.mjs": readFileSync(new URL("../runtimes/cases.mjs", import.meta.url)) };
  made["/adapter_cases.mjs"] = readFileSync(new URL("../runtimes/adapter_cases.mjs", import.meta.url));
  for (const name of Object.keys(FILES)) made[`/vectors/${name}`] = ownText(name);
  for (const file of installed.files) made[`/package/${file}`] = readFileSync(`${installed.project}/node_modules/slaclock/${file}`);
  server = await serveFiles(installed.project, made);
});
after(() => {
  server?.close();
  installed?.remove();
});

for (const kind of ["chrome", "firefox"]) {
  describe(`shared cases in ${kind}`, () => {
    let browser, page;
    const said = [];
    before(async () => {
      browser = await launch(kind);
      page = await browser.newPage();
      page.on("pageerror", (error) => said.push(String(error)));
      page.on("console", (message) => message.type() === "error" && said.push(message.text()));
      await page.goto(`${server.origin}/index.html`);
    });
    after(() => browser?.close());

    for (const [name, [check, least]] of Object.entries(FILES)) {
      test(name, async () => {
        const { cases, failures } = await page.evaluate(
          async (name, check) => {
            const [engine, run, text] = await Promise.all([
              import("slaclock"),
              import("/cases.mjs"),
              fetch(`/vectors/${name}`).then((response) => response.text()),
            ]);
            return run[check](engine, text);
          },
          name,
          check,
        );
        assert.ok(cases >= least, `only ${cases} cases`);
        assert.equal(failures.length, 0, `${failures.length} of ${cases} cases fail:\n${failures.slice(0, 20).join("\n")}`);
      });
    }

    test("the adapters", async () => {
      const { cases, failures } = await page.evaluate(async (files) => {
        const [entry, { adapterFailures }] = await Promise.all([import("slaclock/adapters"), import("/adapter_cases.mjs")]);
        return adapterFailures(entry, files);
      }, adapterCases());
      assert.ok(cases >= 150, `only ${cases} cases`);
      assert.deepEqual(failures, []);
    });

    test("nothing went wrong on the way", () => assert.deepEqual(said, []));
  });
}
