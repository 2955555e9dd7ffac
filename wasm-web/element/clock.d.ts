export { SlaClock } from "./index.js";
