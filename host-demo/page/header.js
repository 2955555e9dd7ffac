import { byId, make, setAttr, setHidden, setText } from "./dom.js";
import { COLUMNS } from "./row.js";
import { recall, remember } from "./settings.js";
import { clockWord, words } from "./words.js";

/** What stands above the list and does not move: title, version, time zone, column heads. */
export function drawHeader(app, version) {
  setText(byId("title"), app.about.title || words.board);
  setText(byId("subtitle"), [app.about.provider, version && `slaclock ${version}`].filter(Boolean).join(" · "));
  setText(byId("replay"), words.replay);
  setAttr(byId("replay"), "title", words.replayHint);
  setHidden(byId("replay"), !app.clock.replay);
  const clocks = COLUMNS.map(({ home }) => [clockWord(home), `clock cell-${home}`]);
  const { ticket, customer, priority, assignee } = words.column;
  const columns = [[ticket, "ticket"], [customer, "customer"], [priority, "priority"], ...clocks, [assignee, "assignee"]];
  byId("columns").replaceChildren(...columns.map(columnHead));
  zoneButton(app);
}

function columnHead([name, className]) {
  const head = make("div", `cell cell-${className}`, name);
  setAttr(head, "role", "columnheader");
  return head;
}

function zoneButton(app) {
  const button = byId("zone");
  const show = () => {
    setText(byId("zone-name"), app.dates.zone.replaceAll("_", " "));
    setAttr(button, "title", `${words.zone(app.dates.zone)}. ${words.zoneSwitch}.`);
  };
  button.addEventListener("click", () => {
    const next = recall("zone", "own") === "own" ? "agreement" : "own";
    remember("zone", next);
    app.setZone(next);
    show();
  });
  setHidden(button, false);
  show();
}
