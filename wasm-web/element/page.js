// What a page tells all its elements.

import { pageTime } from "./time/page_time.js";

export { languages, setWords } from "./words/index.js";

/**
 * Tells the elements the server's time, so that a wrong clock of this machine does not matter. With readings of this
 * machine's clock from before and after asking, the way there and back is taken off.
 */
export function setServerTime(now, { sentAt, receivedAt } = {}) {
  pageTime.learn(Number(new Date(now)), sentAt, receivedAt);
}

/** Follows a server's time: an address or a function that answers it. */
export const followServer = (source) => pageTime.follow(source);

/** By how many milliseconds the server is ahead of this machine's clock. */
export const serverOffset = () => pageTime.offset;

/** The time by which the elements count, in milliseconds since 1970. */
export const serverNow = () => pageTime.now();
