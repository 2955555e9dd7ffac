export { SlaTimeline } from "./index.js";
