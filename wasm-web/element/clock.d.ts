export { SlaClock, followServer, languages, serverNow, serverOffset, setServerTime, setWords } from "./index.js";
