// On a phone a list's rows stand one under the other (parley.css, "phone lists"): each cell then wears the heading of
// its column. This names the cells of every <table class="list-table">, again after htmx swaps; a table that only makes
// sense as a grid says data-grid and keeps scrolling inside its frame.
const BLANK = new Set(["", "–"]);

function name(table) {
  const titles = [...table.querySelectorAll("thead th")].map((heading) =>
    heading.querySelector(".visually-hidden") ? "" : heading.textContent.trim(),
  );
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, index) => {
      cell.dataset.label = cell.colSpan > 1 ? "" : (titles[index] ?? "");
      const bare = !cell.querySelector("input, button, svg") && BLANK.has(cell.textContent.trim());
      cell.toggleAttribute("data-blank", bare);
    });
  }
}

function prepare() {
  document.querySelectorAll("table.list-table:not([data-grid])").forEach(name);
}

document.addEventListener("htmx:afterSettle", prepare);
prepare();
