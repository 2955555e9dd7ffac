// The HTTP contract, asked in questions.

import { parts } from "./question.mjs";

const PATHS = { clocks: "/v1/evaluate", explain: "/v1/explain", preview: "/v1/preview" };

/** How a server at `origin` answers a question. */
export function asking(origin) {
  const text = async (path, body) => {
    const response = await fetch(origin + path, body === undefined ? {} : { method: "POST", body });
    const answered = await response.text();
    if (response.ok) return answered;
    // What cannot be asked has the problems that it has everywhere.
    return `${JSON.stringify({ problems: JSON.parse(answered).problems })}\n`;
  };
  return async (question) => {
    const { head, agreement, body } = parts(question);
    switch (head.do) {
      case "about": {
        const { status, ...about } = JSON.parse(await text("/v1/health"));
        return `${JSON.stringify(about)}\n`;
      }
      case "hours":
        return text("/v1/hours", body);
      case "lint":
        return text(`/v1/lint?today=${head.today}`, body);
      default: {
        const known = head.known_at === undefined ? "" : `&known_at=${encodeURIComponent(head.known_at)}`;
        return text(`${PATHS[head.do]}?agreement=inline&now=${encodeURIComponent(head.now)}${known}`, `${agreement}\n${body}`);
      }
    }
  };
}
