// Small helpers. Writing only what differs keeps a page of moving clocks from laying itself out anew.

/**
 * An element with a class, and texts or elements inside; a text is never read as markup.
 * @param {string} tag
 * @param {string} [name] Class, or `class#part` where a page may style it.
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, name = "", ...children) {
  const element = document.createElement(tag);
  const [classes, part] = name.split("#");
  if (classes) element.className = classes;
  if (part) element.setAttribute("part", part);
  element.append(...children);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute, or removes it when the value is null, undefined or false. */
export function setAttr(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

export function setAttrs(element, attributes) {
  for (const name in attributes) setAttr(element, name, attributes[name]);
  return element;
}

/** Sets a custom property; the object model may do what a strict policy forbids to attributes. */
export function setVar(element, name, value) {
  if (element.style.getPropertyValue(name) !== String(value)) element.style.setProperty(name, value);
}

/** A button that shows an icon, a text or both. */
export function button(name, label, onClick, ...children) {
  const element = make("button", name, ...children);
  element.type = "button";
  if (label) setAttrs(element, { title: label, "aria-label": label });
  element.addEventListener("click", onClick);
  return element;
}

/** A sheet that all elements of a kind share. */
export function sheet(text) {
  if (typeof CSSStyleSheet === "undefined") return null;
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
