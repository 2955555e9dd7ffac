// What must be readable is not cut, struck through or covered: in languages of long words and from right to left, wide and narrow.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";

import { here, launch, serveFiles } from "./chromium.mjs";
import { KINDS, until } from "./elements.mjs";

const LANGUAGES = ["en", "de", "ar"];

for (const kind of KINDS) {
  describe(`the look in ${kind}`, () => {
    let browser, server;
    before(async () => {
      server = await serveFiles(join(here, "../../wasm-web"), {});
      browser = await launch(kind);
    });
    after(async () => {
      await browser?.close();
      server?.close();
    });

    /** Opens a page of the package at a width, in which `look` finds nothing wrong, once it is `ready`. */
    async function fine(path, width, ready, look) {
      const page = await browser.newPage();
      try {
        await page.setViewport({ width, height: 900 });
        await page.goto(`${server.origin}${path}`);
        await until(page, ready);
        // What a width changes is painted with the next second.
        let wrong = await page.evaluate(look);
        for (let wait = 0; wait < 15 && wrong.length > 0; wait += 1) {
          await new Promise((done) => setTimeout(done, 200));
          wrong = await page.evaluate(look);
        }
        assert.deepEqual(wrong, []);
      } finally {
        await page.close();
      }
    }

    for (const lang of LANGUAGES) {
      for (const [width, more] of [[1280, "&open"], [1280, ""], [360, ""]]) {
        test(`a board in ${lang}, ${width} wide${more ? ", beside an open ticket" : ""}, shows its figures and names whole`, async () => {
          await fine(`/gallery/index.html?only=board&lang=${lang}${more}`, width, () => {
            const board = document.querySelector("sla-board");
            const open = !location.search.endsWith("open") || board?.shadowRoot.querySelector(".detail sla-timeline");
            return open && board?.summary && board.shadowRoot.querySelectorAll(".row .figure").length > 3;
          }, () => {
            const { shadowRoot } = document.querySelector("sla-board");
            const all = (selector) => [...shadowRoot.querySelectorAll(selector)].filter((each) => each.getClientRects().length > 0);
            const inside = (each, box) => each.left >= box.left - 1 && each.right <= box.right + 1;
            const figures = all(".row .figure").filter((figure) => !inside(figure.getBoundingClientRect(), figure.parentElement.getBoundingClientRect()));
            // A word in two lines has two boxes.
            const broken = all(".tile-name").filter((name) => [...name.textContent.matchAll(/\S+/g)].some(({ 0: word, index }) => {
              const range = document.createRange();
              range.setStart(name.firstChild, index);
              range.setEnd(name.firstChild, index + word.length);
              const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
              return Math.max(...tops) - Math.min(...tops) > 8;
            }) || name.scrollWidth > name.clientWidth + 1);
            return [...figures, ...broken].map((each) => each.textContent);
          });
        });
      }

      for (const width of [1280, 560, 360]) {
        test(`a timeline in ${lang}, ${width} wide: days do not run into each other, and no line strikes names through`, async () => {
          await fine(`/gallery/index.html?only=timeline&lang=${lang}`, width, () => document.querySelector("sla-timeline")?.shadowRoot.querySelector(".slice"), () => {
            const { shadowRoot } = document.querySelector("sla-timeline");
            const all = (selector) => [...shadowRoot.querySelectorAll(selector)];
            const picture = shadowRoot.querySelector(".picture").getBoundingClientRect();
            const days = all(".day-name").map((name) => ({ text: name.textContent, box: name.getBoundingClientRect() })).toSorted((a, b) => a.box.left - b.box.left);
            const touching = days.filter(({ box }, index) => box.left < picture.left - 4 || box.right > picture.right + 4 || (index > 0 && box.left < days[index - 1].box.right + 2));
            const zone = shadowRoot.querySelector(".zone-name");
            const after = (one, other) => Boolean(other.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
            const now = shadowRoot.querySelector(".now");
            const lines = all(".day, .hour");
            const struck = [...all(".title").filter((title) => !after(title, now)), ...all(".day-name, .hour-name").filter((name) => !after(name, lines.at(-1)))];
            return [
              ...(days.length > 0 ? [] : ["no day has a name"]),
              ...(zone.scrollWidth > zone.clientWidth + 1 ? ["the zone is cut"] : []),
              ...touching.map(({ text }) => `too near: ${text}`),
              ...struck.map(({ textContent }) => `under a line: ${textContent}`),
            ];
          });
        });
      }

      test(`the playground in ${lang}: times stand beside the sliders`, async () => {
        await fine(`/playground/index.html?lang=${lang}`, 1280, () => document.querySelectorAll("sla-clock").length > 1, () =>
          [...document.querySelectorAll(".track .row")].filter((row) => {
            const [time, slider] = [".event-time", ".slider"].map((name) => row.querySelector(name).getBoundingClientRect());
            return time.left < slider.right && slider.left < time.right;
          }).map((row) => row.textContent));
      });
    }
  });
}
