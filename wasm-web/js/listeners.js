/** Functions to call; one that throws does not keep the others from being called. */
export class Listeners {
  #listeners = new Set();

  /** Answers how to take it off again. */
  add(listener) {
    // The same function may be given twice, and each is taken off by itself.
    const entry = { listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  tell(change) {
    for (const { listener } of [...this.#listeners]) {
      try {
        listener(change);
      } catch (error) {
        // Seen by `window.onerror` and `process.on("uncaughtException")`, as an event listener's would be.
        if (typeof reportError === "function") reportError(error);
        else queueMicrotask(() => { throw error; });
      }
    }
  }

  clear() {
    this.#listeners.clear();
  }
}
