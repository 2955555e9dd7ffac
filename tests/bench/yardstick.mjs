// What anybody writes in plain JavaScript: the open intervals with running totals, and bisection.

export class Yardstick {
  /** `intervals`: pairs of milliseconds, sorted, each open from its first up to its second. */
  constructor(intervals) {
    this.starts = Float64Array.from(intervals, ([from]) => from);
    this.ends = Float64Array.from(intervals, ([, until]) => until);
    this.before = new Float64Array(intervals.length);
    for (let i = 1; i < intervals.length; i += 1) {
      this.before[i] = this.before[i - 1] + this.ends[i - 1] - this.starts[i - 1];
    }
  }

  /** The first interval that begins after `ms`. */
  after(ms) {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle] <= ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Open time before `ms`. */
  openBefore(ms) {
    const low = this.after(ms);
    if (low === 0) return 0;
    return this.before[low - 1] + Math.min(ms, this.ends[low - 1]) - this.starts[low - 1];
  }

  elapsed(start, end) {
    return this.openBefore(end) - this.openBefore(start);
  }

  isOpen(ms) {
    const low = this.after(ms);
    return low > 0 && ms < this.ends[low - 1];
  }

  due(start, ms) {
    const wanted = this.openBefore(start) + ms;
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.before[middle] + this.ends[middle] - this.starts[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low === this.starts.length ? null : this.starts[low] + wanted - this.before[low];
  }
}
