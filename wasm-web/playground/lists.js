import { make, setAttrs } from "../element/dom.js";
import { lineOf, placeOf } from "./places.js";

/** Problems or findings about the text of an area; pressing one selects the place that it is about. */
export function list(element, found, area) {
  element.hidden = found.length === 0;
  element.replaceChildren(...found.map((each) => item(each, area)));
}

function item(each, area) {
  const { code, rule, severity = "problem", message, mend, pointer } = each;
  const { start } = placeOf(area.value, each);
  const line = pointer || code ? `line ${lineOf(area.value, start)}` : "";
  const where = make("span", "where", [line, pointer].filter(Boolean).join(" · "));
  const head = make("span", "finding-head", make("span", "severity", severity), make("code", "", rule ?? code ?? ""), where);
  const press = make("button", "finding", head, ...[["message", message], ["mend", mend]].filter(([, text]) => text).map(([name, text]) => setAttrs(make("span", name, text), { dir: "auto" })));
  press.type = "button";
  press.addEventListener("click", () => select(area, placeOf(area.value, each)));
  return setAttrs(make("li", "", press), { "data-severity": severity });
}

/** Selects a place and scrolls to it. */
function select(area, { start, end }) {
  area.focus();
  // The caret comes into sight before the whole stretch is selected.
  area.setSelectionRange(start, start);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (lineOf(area.value, start) - 4) * height);
  area.setSelectionRange(start, end);
}
