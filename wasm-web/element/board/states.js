import { button, make, setAttr, setAttrs } from "../dom.js";
import { icon } from "./icons.js";

/** What stands in the place of the list when there is no list: loading, empty, nothing found, failed. */
export class StatePanel {
  constructor() {
    this.element = make("section", "state#state");
    this.kind = "";
  }

  /** Shows a state, or with none takes it away. `act` is what its button does. */
  show(kind, { words }, act, error) {
    if (kind === this.kind && kind !== "failed") return;
    this.kind = kind;
    this.element.hidden = !kind;
    setAttr(this.element, "data-kind", kind || null);
    setAttr(this.element, "role", kind === "failed" ? "alert" : null);
    this.element.replaceChildren(...(kind === "loading" ? bones(words) : kind ? panel(kind, words, act, error) : []));
  }
}

function bones(words) {
  const bone = () => setAttrs(make("div", "bone", make("i"), make("i"), make("i"), make("i")), { "aria-hidden": "true" });
  return [make("p", "vh", words.say("loading")), ...Array.from({ length: 8 }, bone)];
}

function panel(kind, words, act, error) {
  const picture = make("span", "picture", icon(kind === "failed" ? "stale" : kind === "empty" ? "created" : "search"));
  const title = make("h2", "", words.say(`${kind}.title`));
  const text = make("p", "", error ? String(error.message) : words.say(`${kind}.text`));
  const parts = [picture, title, text];
  // Of one mistake the message says all.
  if (error?.problems?.length > 1) parts.push(make("ul", "problems", ...error.problems.map(problemItem)));
  if (kind !== "empty") parts.push(button("button#button", "", act, words.say(kind === "failed" ? "retry" : "clear")));
  return parts;
}

const problemItem = ({ code, message, pointer, mend }) => make("li", "", make("code", "", code ?? ""), ` ${message ?? ""} `, make("code", "", pointer ?? ""), make("span", "row-under", mend ?? ""));
