export { SlaTimeline, followServer, languages, serverNow, serverOffset, setServerTime, setWords } from "./index.js";
