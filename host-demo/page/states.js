import { Failure } from "./data.js";
import { make, setAttr, setHidden } from "./dom.js";
import { icon } from "./icons.js";
import { words } from "./words.js";

/** What stands in the place of the list when there is no list: loading, empty, nothing found, failed. */
export class StatePanel {
  constructor(panel, grid) {
    Object.assign(this, { panel, grid });
  }

  #show(kind, ...children) {
    this.panel.className = `state state-${kind}`;
    document.documentElement.dataset.state = kind;
    this.panel.replaceChildren(...children);
    setAttr(this.panel, "role", kind === "failed" ? "alert" : null);
    setHidden(this.panel, false);
    setHidden(this.grid, kind !== "loading");
  }

  none() {
    setHidden(this.panel, true);
    setHidden(this.grid, false);
    document.documentElement.dataset.state = "list";
  }

  loading() {
    const bones = Array.from({ length: 8 }, () => make("div", "bone", make("i"), make("i"), make("i"), make("i")));
    bones.forEach((bone) => setAttr(bone, "aria-hidden", "true"));
    this.#show("loading", make("p", "vh", words.state.loading), ...bones);
  }

  empty() {
    const say = words.state;
    this.#show("empty", picture("created"), make("h2", "", say.emptyTitle), make("p", "", say.emptyText), make("code", "", say.emptyMend));
  }

  noMatch(onClear) {
    const say = words.state;
    this.#show("empty", picture("search"), make("h2", "", say.noMatchTitle), make("p", "", say.noMatchText), action(say.clear, onClear));
  }

  failed(error) {
    const say = words.failure;
    const known = error instanceof Failure ? error : new Failure(error.message, error.stack?.split("\n")[1]?.trim() ?? "", say.networkMend);
    const rows = make("dl", "failure");
    for (const [name, text] of [[say.where, known.where], [say.mend, known.mend]]) rows.append(make("dt", "", name), make("dd", "", text));
    const list = make("ul", "problems", ...known.problems.map(problemItem));
    setHidden(list, known.problems.length === 0);
    this.#show("failed", picture("warning"), make("h2", "", say.title), make("p", "", known.message), list, rows, action(words.state.retry, () => location.reload()));
  }
}

function problemItem(problem) {
  const item = make("li", "", make("code", "", problem.code ?? "error"), " ", make("span", "", problem.message ?? String(problem)));
  if (problem.pointer) item.append(" ", make("code", "pointer", problem.pointer));
  if (problem.mend) item.append(make("span", "mend", problem.mend));
  return item;
}

function picture(name) {
  return make("span", "picture", icon(name));
}

function action(text, onClick) {
  const button = make("button", "button", text);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}
