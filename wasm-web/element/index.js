// The elements; importing this defines them.

export { SlaBoard } from "./board.js";
export { SlaClock } from "./clock.js";
export { SlaTimeline } from "./timeline.js";
export * from "./page.js";
