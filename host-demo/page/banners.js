import { make, setText } from "./dom.js";
import { icon } from "./icons.js";
import { span } from "./time.js";
import { words } from "./words.js";

const TOLERATED_MS = 30_000;

/** Lines above the board about the board itself: a wrong clock, a stopped engine, tickets that failed. */
export class Banners {
  #lines = new Map();

  constructor(element) {
    this.element = element;
  }

  /** Shows a line, or takes it away when there is no text. */
  set(name, text, kind = "info", action = null) {
    let line = this.#lines.get(name);
    if (!text) {
      line?.remove();
      this.#lines.delete(name);
      return;
    }
    if (!line) {
      line = make("p", `banner banner-${kind}`, icon("warning"), make("span"));
      if (action) line.append(button(action));
      this.#lines.set(name, line);
      this.element.append(line);
    }
    setText(line.querySelector("span"), text);
  }

  setSkew(offset) {
    const wrong = Math.abs(offset) > TOLERATED_MS;
    const say = words.notice;
    this.set("clock", wrong ? say.skew(span(offset), offset < 0 ? say.ahead : say.behind) : "");
  }

  setFailed(count, show) {
    this.set("failed", count > 0 ? words.notice.failed(count) : "", "info", { text: words.notice.failedShow, run: show });
  }
}

function button({ text, run }) {
  const element = make("button", "link", text);
  element.type = "button";
  element.addEventListener("click", run);
  return element;
}
