// A question as every target is asked it: its first line says what is asked, the next may be the agreement, the rest is
// asked about.

const NEEDS_AGREEMENT = new Set(["clocks", "explain", "preview"]);

/** The parts of a question's text. */
export function parts(text) {
  const cut = (from) => {
    const end = text.indexOf("\n", from);
    return end < 0 ? [text.slice(from), text.length] : [text.slice(from, end), end + 1];
  };
  const [first, second] = cut(0);
  const head = JSON.parse(first);
  if (!NEEDS_AGREEMENT.has(head.do)) return { head, body: text.slice(second) };
  const [agreement, third] = cut(second);
  return { head, agreement, body: text.slice(third) };
}

/** What a question that cannot be answered is answered with. */
export const problemsLine = (problems) => `${JSON.stringify({ problems })}\n`;

/** Keeps the last agreement: questions about one follow one another. */
export function keeping(make) {
  let last;
  return async (document, allowLater) => {
    if (last?.document !== document || last.allowLater !== allowLater) {
      last = { document, allowLater, agreement: await make(document, allowLater) };
    }
    return last.agreement;
  };
}
