/** A binary heap of things to wake, each at its instant. */
export class WakeQueue {
  #heap = [];

  get earliest() {
    return this.#heap.length > 0 ? this.#heap[0].at : Infinity;
  }

  put(item, at) {
    const heap = this.#heap;
    let child = heap.push({ item, at }) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (heap[parent].at <= heap[child].at) break;
      [heap[parent], heap[child]] = [heap[child], heap[parent]];
      child = parent;
    }
  }

  /** Takes out everything whose instant is not later than `now`. */
  takeUntil(now) {
    const taken = [];
    while (this.earliest <= now) taken.push(this.#takeFirst());
    return taken;
  }

  #takeFirst() {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #sink() {
    const heap = this.#heap;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const least = right < heap.length && heap[right].at < heap[left].at ? right : left;
      if (heap[parent].at <= heap[least].at) return;
      [heap[parent], heap[least]] = [heap[least], heap[parent]];
      parent = least;
    }
  }
}
