// The board's page, living at an instant of the test's choice.

/** Opens the board with clocks that stand at `now` until the test moves them; the server's clock agrees. */
export async function openAt(page, origin, now) {
  let serverNow = now;
  await page.setViewport({ width: 1440, height: 900 });
  await page.exposeFunction("__serverMovesTo", (at) => (serverNow = at));
  await page.evaluateOnNewDocument((start) => {
    let at = start;
    Date.now = () => at;
    // The monotonic clock goes along: nobody has set the clock.
    performance.now = () => at - start + 1000;
    window.__moveTo = async (next) => {
      await window.__serverMovesTo(next);
      at = next;
      // As after a sleep of the machine: the page looks at the clock again at once.
      window.dispatchEvent(new Event("focus"));
    };
    window.__inside = (selector) => document.querySelector("sla-board").shadowRoot.querySelector(selector);
    window.__rows = () => [...document.querySelector("sla-board").shadowRoot.querySelectorAll(".row[data-ticket]")];
  }, now);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (!request.url().endsWith("/v1/now")) return request.continue();
    return request.respond({ contentType: "application/json", body: JSON.stringify({ now: new Date(serverNow).toISOString() }) });
  });
  await page.goto(origin, { waitUntil: "load" });
  await page.waitForFunction(() => window.__inside(".row[data-ticket] [data-metric][data-state]"), { timeout: 20_000 });
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
    const scroller = window.__inside(".scroll");
    for (let top = 0; top <= scroller.scrollHeight; top += 400) {
      scroller.scrollTop = top;
      await frames(3);
      for (const row of window.__rows()) {
        const clocks = [...row.querySelectorAll("[data-metric]")].filter((clock) => clock.dataset.state);
        found[row.dataset.ticket] = clocks.map(read);
      }
    }
    scroller.scrollTop = 0;
    await frames(3);
    return found;
  });
  return new Map(Object.entries(rows));
}
