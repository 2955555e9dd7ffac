// The board's page, living at an instant of the test's choice.

/** Opens the board with a clock that stands at `now` until the test moves it; the server's clock agrees. */
export async function openAt(page, origin, now) {
  let serverNow = now;
  await page.setViewport({ width: 1440, height: 900 });
  await page.exposeFunction("__serverMovesTo", (at) => (serverNow = at));
  await page.evaluateOnNewDocument((start) => {
    let at = start;
    Date.now = () => at;
    window.__moveTo = async (next) => {
      at = next;
      await window.__serverMovesTo(next);
      // As after a sleep of the machine: the page looks at the clock again at once.
      window.dispatchEvent(new Event("focus"));
    };
  }, now);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (!request.url().endsWith("/v1/now")) return request.continue();
    return request.respond({ contentType: "application/json", body: JSON.stringify({ now: new Date(serverNow).toISOString() }) });
  });
  await page.goto(origin, { waitUntil: "load" });
  await page.waitForSelector("#list .row[data-ticket] [data-metric][data-state]", { timeout: 20_000 });
}

/** Scrolls through the whole list, of which only the rows in sight exist, and answers the figures by ticket. */
export async function collectRows(page) {
  const rows = await page.evaluate(async () => {
    const frames = async (count) => {
      for (let frame = 0; frame < count; frame += 1) await new Promise((done) => requestAnimationFrame(done));
    };
    const found = {};
    const read = ({ dataset }) => ({
      metric: dataset.metric,
      state: dataset.state,
      overdue: dataset.overdue,
      elapsed: dataset.elapsedMs,
      remaining: dataset.remainingMs,
      due: dataset.dueAt ?? null,
      asOf: dataset.asOf,
    });
    for (let top = 0; ; top += 400) {
      scrollTo(0, top);
      await frames(3);
      for (const row of document.querySelectorAll("#list .row[data-ticket]")) {
        const clocks = [...row.querySelectorAll("[data-metric]")].filter((clock) => clock.dataset.state);
        found[row.dataset.ticket] = clocks.map(read);
      }
      if (top > document.documentElement.scrollHeight) break;
    }
    scrollTo(0, 0);
    await frames(3);
    return found;
  });
  return new Map(Object.entries(rows));
}
