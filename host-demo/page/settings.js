import { setAttr } from "./dom.js";
import { icon } from "./icons.js";
import { words } from "./words.js";

const choices = { theme: ["system", "light", "dark"], density: ["comfortable", "compact"] };

/** A button that steps through the values of a setting, shows the present one, and remembers it. */
export function settingButton(button, name, onChange) {
  const root = document.documentElement;
  const values = choices[name];
  const present = () => (values.includes(root.dataset[name]) ? root.dataset[name] : values[0]);
  const show = () => {
    button.replaceChildren(icon(present()));
    setAttr(button, "title", words[name][present()]);
    setAttr(button, "aria-label", words[name][present()]);
  };
  button.addEventListener("click", () => {
    const value = values[(values.indexOf(present()) + 1) % values.length];
    root.dataset[name] = value;
    remember(name, value);
    show();
    onChange?.(value);
  });
  show();
}

/** A setting kept in this browser, or the fallback where the browser keeps nothing. */
export function recall(name, fallback) {
  try {
    return localStorage.getItem(`slaclock.${name}`) ?? fallback;
  } catch {
    return fallback;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`slaclock.${name}`, value);
  } catch {
    // Private windows may refuse; the choice then holds until the page is left.
  }
}
