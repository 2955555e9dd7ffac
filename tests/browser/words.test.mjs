// The words of the elements: every language has every key, and every form that its numbers need.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { here } from "./chromium.mjs";

const folder = join(here, "../../wasm-web/element/words");
const names = readdirSync(folder).filter((file) => /^[a-z]{2}\.js$/.test(file)).map((file) => file.slice(0, 2));
const tables = Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await import(join(folder, `${name}.js`))).default])));
const places = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join();

test("the languages of the package are those of its files", async () => {
  const { languages } = await import(join(folder, "index.js"));
  assert.deepEqual([...languages].sort(), [...names].sort());
  assert.deepEqual([...names].sort(), ["ar", "de", "en", "es", "fr", "hr", "it", "ja", "pt", "th", "zh"]);
});

for (const name of names) {
  test(`${name}: every key, every place to be filled in, every form of a number`, () => {
    const table = tables[name];
    assert.deepEqual(Object.keys(table).sort(), Object.keys(tables.en).sort());
    for (const key in table) {
      const english = tables.en[key];
      const forms = typeof table[key] === "string" ? null : table[key];
      assert.equal(forms === null, typeof english === "string", key);
      if (forms === null) {
        assert.equal(places(table[key]), places(english), key);
        assert.ok(table[key].trim(), key);
        continue;
      }
      const needed = new Intl.PluralRules(name).resolvedOptions().pluralCategories;
      assert.deepEqual(Object.keys(forms).sort(), [...needed].sort(), key);
      // One, two and none may be words without the number itself.
      for (const form of ["few", "many", "other"]) if (forms[form]) assert.equal(places(forms[form]), places(english.other), `${key} ${form}`);
    }
  });
}

test("the page of the server speaks the same languages, each with every key", async () => {
  const page = await import(join(here, "../../host-demo/page/words.js"));
  assert.deepEqual(page.languages.toSorted(), names.toSorted());
  const { readFileSync } = await import("node:fs");
  const asked = [...readFileSync(join(here, "../../host-demo/page/app.js"), "utf8").matchAll(/say\("(\w+)"/g)].map(([, key]) => key);
  assert.ok(asked.length >= 8);
  for (const lang of names) {
    for (const key of [...asked, "auto", "light", "dark", "slow", "fast"]) {
      const text = page.sayer(lang)(key, "<x>");
      assert.ok(text && text.includes("<x>") === page.sayer("en")(key, "<x>").includes("<x>"), `${lang} ${key}`);
    }
  }
  assert.deepEqual([["fr-CA", "en"], ["xx", "ar-EG"], ["xx"]].map(page.chosen), ["fr-CA", "ar-EG", "en"]);
});

test("every key that the elements ask for is there, and every key is asked for", async () => {
  const { readFileSync } = await import("node:fs");
  const root = join(folder, "..");
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith(".js") && !file.startsWith("words/"));
  const source = files.map((file) => readFileSync(join(root, file), "utf8")).join("\n");
  const asked = new Set([...source.matchAll(/(?:say|pieces|at|add\([^"]*)\("([\w.]+)"/g)].map(([, key]) => key));
  assert.deepEqual([...asked].filter((key) => key.includes(".") && !(key in tables.en)), []);
  const kinds = /^(state|clock|party|field|why|event|empty|nothing|failed|table)\./;
  const unused = Object.keys(tables.en).filter((key) => !kinds.test(key) && !source.includes(`"${key}"`));
  assert.deepEqual(unused, []);
});
