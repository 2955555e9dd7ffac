// The component, turned into JavaScript by jco, in Node.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { transpile } from "@bytecodealliance/jco";

import { keeping, parts, problemsLine } from "./question.mjs";
import { run, runtime } from "./run.mjs";

const COMPONENT = process.env.SLACLOCK_COMPONENT ?? new URL("../../target/slaclock/slaclock.wasm", import.meta.url);
const folder = join(tmpdir(), `slaclock-jco-${process.pid}`);

async function transpiled() {
  const { files } = await transpile(await readFile(COMPONENT), { name: "slaclock", instantiation: undefined, noTypescript: true });
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  return pathToFileURL(join(folder, "slaclock.js"));
}

const entry = await transpiled();
const bytes = new TextEncoder();
const text = new TextDecoder();
const ms = (instant) => (instant === undefined ? undefined : BigInt(Date.parse(instant)));
const plain = ({ code, message, pointer, mend }) => ({ code, message, pointer, ...(mend === undefined ? {} : { mend }) });

function asking({ engine }) {
  const agreementOf = keeping((document, allowLater) => engine.Agreement.parse(document, allowLater ?? false));
  const options = ({ now, known_at: knownAt }) => ({ now: ms(now), knownAt: ms(knownAt) });
  const answer = {
    about: () => {
      const { version, tzVersion, holidaySetsVersion } = engine.describe();
      return `${JSON.stringify({ version, tz_version: tzVersion, holiday_sets_version: holidaySetsVersion })}\n`;
    },
    hours: ({ body }) => text.decode(engine.hoursLines(bytes.encode(body))),
    clocks: async ({ head, agreement, body }) => text.decode((await agreementOf(agreement, head.allow_later)).evaluateLines(bytes.encode(body), options(head))),
    explain: async ({ head, agreement, body }) => text.decode((await agreementOf(agreement, head.allow_later)).explainLines(bytes.encode(body), options(head))),
    preview: async ({ head, agreement, body }) => `${(await agreementOf(agreement, head.allow_later)).preview(body, ms(head.now))}\n`,
    lint: ({ head, body }) =>
      engine.lint(body, head.today).map(({ rule, severity, pointer, message, mend }) => `${JSON.stringify({ rule, severity, pointer, message, mend })}\n`).join(""),
  };
  return async (question) => {
    const asked = parts(question);
    try {
      return await answer[asked.head.do](asked);
    } catch (error) {
      if (!error?.payload) throw error;
      return problemsLine([error.payload].flat().map(plain));
    }
  };
}

await run(`jco 1, ${runtime}`, async () => asking(await import(entry)));
