export { SlaBoard } from "./index.js";
