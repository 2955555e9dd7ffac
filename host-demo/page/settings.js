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
