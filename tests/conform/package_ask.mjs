// The npm package, asked in questions. No Node here: browsers load this file too.

import { keeping, parts, problemsLine } from "./question.mjs";

/** How the package answers a question. */
export function asking({ Agreement, hoursLines, lint, version }) {
  const agreementOf = keeping((document, allowLater) => Agreement.parse(document, { allowLater }));
  const answer = {
    about: async () => `${JSON.stringify(await version())}\n`,
    hours: ({ body }) => hoursLines(body),
    clocks: async ({ head, agreement, body }) => (await agreementOf(agreement, head.allow_later)).evaluateLines(body, head.now, { knownAt: head.known_at }),
    explain: async ({ head, agreement, body }) => (await agreementOf(agreement, head.allow_later)).explainLines(body, head.now, { knownAt: head.known_at }),
    preview: async ({ head, agreement, body }) => `${JSON.stringify((await agreementOf(agreement, head.allow_later)).preview(body, head.now))}\n`,
    lint: async ({ head, body }) => (await lint(body, head.today)).map((finding) => `${JSON.stringify(finding)}\n`).join(""),
  };
  return async (question) => {
    const asked = parts(question);
    try {
      return await answer[asked.head.do](asked);
    } catch (error) {
      if (error?.name !== "SlaError") throw error;
      return problemsLine(error.problems);
    }
  };
}
