export { SlaBoard, followServer, languages, serverNow, serverOffset, setServerTime, setWords } from "./index.js";
