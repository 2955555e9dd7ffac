/** So many tickets, more than are in sight, are put on a board before its first picture; then as many as take so long, in milliseconds. */
const FIRST = 48;
const SLICE = 24;
/** Until all are there, the picture is drawn again this often, in milliseconds. */
const PAINT = 250;

/** Lets the page listen, or draw; one that is hidden draws nothing. */
const listen = () => globalThis.scheduler?.yield?.() ?? new Promise((done) => setTimeout(done));
const draw = () => new Promise((done) => (requestAnimationFrame(() => setTimeout(done)), setTimeout(done, 100)));

/** Puts tickets on a board a few at a time, and shows what is there; false where they are no longer wanted meanwhile. */
export async function putAll(model, list, show, wanted) {
  let count = FIRST;
  let painted = -Infinity;
  for (const put of model.parts(list)) {
    const from = performance.now();
    put(count);
    const now = performance.now();
    count = Math.round(count * Math.min(2, Math.max(0.5, SLICE / Math.max(1, now - from))));
    if (now - painted > PAINT) {
      show();
      painted = now;
      await draw();
    } else await listen();
    if (!wanted()) return false;
  }
  return true;
}
