const COLUMNS = ["from", "until", "duration_ms", "counted", "why", "open", "name", "party", "reason", "status", "policy", "calendar", "total_ms"];

/** Every slice as a line of CSV, with the exact instants and figures of the engine. */
export function csvOf(explanation) {
  const lines = [["ticket", "clock", "cycle", ...COLUMNS]];
  for (const clock of explanation.clocks) {
    for (const { cycle, slices } of clock.cycles) {
      for (const slice of slices) lines.push([explanation.evaluation.ticket, clock.clock, cycle, ...COLUMNS.map((name) => slice[name])]);
    }
  }
  lines.push([], ["fingerprint", explanation.fingerprint]);
  return `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
}

// A spreadsheet takes a text that begins like a formula for one: an apostrophe keeps it a text.
function cell(value) {
  if (typeof value !== "string") return value === undefined || value === null ? "" : String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const PAINT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "fill-opacity", "opacity", "font-size", "font-weight", "font-family", "text-anchor", "paint-order", "visibility"];

/** The picture as a document of its own: what style sheets say is written into it, so that it looks the same anywhere. */
export function svgOf(picture, title) {
  const copy = picture.cloneNode(true);
  const twins = [copy, ...copy.querySelectorAll("*")];
  for (const [index, element] of [picture, ...picture.querySelectorAll("*")].entries()) {
    const twin = twins[index];
    const style = getComputedStyle(element);
    for (const name of PAINT) {
      const value = style.getPropertyValue(name);
      if (value && !twin.getAttribute(name)?.startsWith("url(")) twin.setAttribute(name, value);
    }
    for (const name of ["class", "part", "role", "tabindex", ...twin.getAttributeNames().filter((each) => each.startsWith("aria-") || each.startsWith("data-"))]) twin.removeAttribute(name);
  }
  const name = copy.ownerDocument.createElementNS(copy.namespaceURI, "title");
  name.textContent = title;
  copy.prepend(name);
  copy.setAttribute("xmlns", copy.namespaceURI);
  return new XMLSerializer().serializeToString(copy);
}

/** Hands a file to the reader. */
export function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Prints the picture alone, as large as one page takes it. */
export function print(picture, title, sheet) {
  const frame = document.createElement("iframe");
  frame.setAttribute("aria-hidden", "true");
  frame.style.setProperty("position", "fixed");
  frame.style.setProperty("width", "0");
  frame.style.setProperty("height", "0");
  frame.style.setProperty("border", "0");
  document.body.append(frame);
  const { contentWindow: page, contentDocument: paper } = frame;
  const style = new page.CSSStyleSheet();
  style.replaceSync(sheet);
  paper.adoptedStyleSheets = [style];
  paper.title = title;
  const parsed = new DOMParser().parseFromString(svgOf(picture, title), "image/svg+xml").documentElement;
  const head = paper.createElement("h1");
  head.textContent = title;
  paper.body.append(head, paper.adoptNode(parsed));
  page.addEventListener("afterprint", () => frame.remove());
  page.print();
}
