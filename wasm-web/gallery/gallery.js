// Every state of every element, living from a fixed instant. The address chooses: `?theme=dark&lang=ar&only=board&tickets=10000`.

import { setServerTime } from "../element/index.js";
import { NOW, clocks } from "./clocks.js";

const asked = new URLSearchParams(location.search);
const root = document.documentElement;
root.lang = asked.get("lang") ?? "en";
root.dir = root.lang === "ar" ? "rtl" : "ltr";
root.dataset.theme = asked.get("theme") ?? "";
const only = asked.get("only");
for (const section of document.querySelectorAll("section")) section.hidden = Boolean(only) && section.id !== only;
setServerTime(NOW);

const place = document.querySelector(".clocks");
for (const shape of ["bar", "ring"]) {
  for (const name in clocks) {
    const element = document.createElement("sla-clock");
    element.setAttribute("shape", shape);
    element.setAttribute("time-zone", "Europe/Rome");
    element.asOf = NOW - (name === "stale" ? 3_600_000 : 0);
    element.clock = clocks[name];
    element.id = `${shape}-${name}`;
    const box = document.createElement("div");
    box.append(element);
    place.append(box);
  }
}
