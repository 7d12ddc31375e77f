// Column chooser: <div data-columns="calls"></div> becomes a menu of the columns of <table data-columns-of="calls">.
// Headings that may be hidden are <th data-column="outcome">; data-column-off hides one until it is chosen. Kept in
// localStorage, applied again when htmx swaps the table.
const key = (name) => `parley-columns-${name}`;

function choices(name) {
  try {
    return JSON.parse(localStorage.getItem(key(name))) ?? {};
  } catch {
    return {};
  }
}

const shown = (heading, chosen) => chosen[heading.dataset.column] ?? !heading.hasAttribute("data-column-off");

function applyTo(table) {
  const chosen = choices(table.dataset.columnsOf);
  table.querySelectorAll("thead th").forEach((heading, index) => {
    if (!heading.dataset.column) return;
    const hide = !shown(heading, chosen);
    for (const row of table.rows) row.cells[index]?.classList.toggle("d-none", hide && row.cells.length > 1);
  });
}

function build(holder) {
  const name = holder.dataset.columns;
  const table = document.querySelector(`table[data-columns-of="${CSS.escape(name)}"]`);
  if (!table || holder.childElementCount) return;
  const details = document.createElement("details");
  details.className = "column-menu";
  const summary = document.createElement("summary");
  summary.className = "btn";
  summary.textContent = "Columns";
  const list = document.createElement("div");
  list.className = "column-menu-list card";
  for (const heading of table.querySelectorAll("th[data-column]")) {
    const label = document.createElement("label");
    label.className = "form-check";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.className = "form-check-input";
    box.checked = shown(heading, choices(name));
    box.addEventListener("change", (event) => {
      event.stopPropagation(); // It stands in the form of the filters, which would ask for the list again.
      try {
        localStorage.setItem(key(name), JSON.stringify({ ...choices(name), [heading.dataset.column]: box.checked }));
      } catch {
        // Not kept, but the page shows what storage still says.
      }
      document.querySelectorAll(`table[data-columns-of="${CSS.escape(name)}"]`).forEach(applyTo);
    });
    const text = document.createElement("span");
    text.className = "form-check-label";
    text.textContent = heading.textContent.trim();
    label.append(box, text);
    list.append(label);
  }
  details.append(summary, list);
  holder.append(details);
}

function prepare() {
  document.querySelectorAll("table[data-columns-of]").forEach(applyTo);
  document.querySelectorAll("[data-columns]").forEach(build);
}

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".column-menu[open]")) if (!open.contains(event.target)) open.open = false;
});
document.addEventListener("keydown", (event) => {
  const open = document.querySelector(".column-menu[open]");
  if (event.key !== "Escape" || !open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("htmx:afterSettle", prepare);
prepare();
