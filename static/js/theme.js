// The theme menu: <button data-theme-choice="light|dark|auto">. Sends `parley:theme` on document when colours change.
const system = matchMedia("(prefers-color-scheme: dark)");

function read() {
  try {
    return localStorage.getItem("parley-theme") || "auto";
  } catch {
    return "auto";
  }
}

function apply(choice) {
  const dark = choice === "dark" || (choice === "auto" && system.matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    const chosen = button.dataset.themeChoice === choice;
    button.setAttribute("aria-pressed", String(chosen));
    button.classList.toggle("active", chosen);
  }
  document.dispatchEvent(new CustomEvent("parley:theme"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (!button) return;
  try {
    localStorage.setItem("parley-theme", button.dataset.themeChoice);
  } catch {
    // Not kept, but applied.
  }
  apply(button.dataset.themeChoice);
});
system.addEventListener("change", () => apply(read()));
apply(read());
