import { byId, setAttr } from "./dom.js";
import { icon } from "./icons.js";
import { words } from "./words.js";

/** The search field and the keys that work anywhere: `/` searches, Escape steps back. */
export function bindKeys(app) {
  const search = byId("search");
  setAttr(search, "placeholder", words.searchHint);
  byId("search-icon").replaceChildren(icon("search"));
  search.addEventListener("input", () => app.setFilter({ text: search.value }));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    app.board.choose(app.board.neighbour(null, 0));
  });
  addEventListener("keydown", (event) => pressed(app, event, search));
}

function pressed(app, event, search) {
  const writing = event.target.matches?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    if (app.detail.entry) app.close();
    else if (writing && (search.value || app.filter.mark)) app.clearFilter();
    else if (app.filter.mark) app.setFilter({ mark: null });
  }
}
