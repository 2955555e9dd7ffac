// Runs before the first paint: the theme that was chosen on the board of `slaclock serve`, and the language of the address.
{
  const asked = new URLSearchParams(location.search);
  const lang = asked.get("lang");
  const root = document.documentElement;
  try {
    root.dataset.theme = asked.get("theme") ?? localStorage.getItem("slaclock.theme") ?? "";
  } catch {
    // Where the browser keeps nothing, the system's theme holds.
  }
  if (lang) root.lang = lang;
  if (/^(ar|fa|he|ur)\b/.test(lang ?? "")) root.dir = "rtl";
}
