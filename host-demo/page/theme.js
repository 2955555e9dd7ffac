// Runs before the first paint, so that a chosen theme does not flash the other one.
for (const name of ["theme", "density"]) {
  const value = (() => {
    try {
      return localStorage.getItem(`slaclock.${name}`);
    } catch {
      return null;
    }
  })();
  if (value) document.documentElement.dataset[name] = value;
}
