// Sets the theme before the first paint. Classic script in <head>: a module would come too late and flash.
(() => {
  let choice = "auto";
  try {
    choice = localStorage.getItem("parley-theme") || "auto";
  } catch {
    // Storage may be forbidden; the system's theme is right then.
  }
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  document.documentElement.classList.remove("no-js");
})();
