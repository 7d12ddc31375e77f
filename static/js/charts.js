// <canvas data-chart-url="/…json" data-chart-type="bar" aria-label="Calls by day"> draws the JSON of the address:
// {"labels": [...], "datasets": [{"label": "Connected", "data": [3, 0, null]}]}. null means "not measured" and is shown
// as a gap; 0 is a value. "status": "green" gives a series the colour of that status. data-chart-stacked stacks bars; data-chart-unit="%" follows every number.
// Under the chart stands a table of the same numbers. On the canvas the arrow keys walk the points and say them.
import { announce } from "./announce.js";

// Okabe and Ito's colours, told apart with every common colour blindness; each series also has its own dash or point.
const LIGHT = ["#0072b2", "#d55e00", "#009e73", "#b5578f", "#9a6700", "#3b8fc2", "#5c5c5c"];
const DARK = ["#56b4e9", "#e69f00", "#2fc39a", "#e39bc6", "#f0e442", "#8fc7ef", "#c7c7c7"];
// The statuses' hues in values that differ in lightness, too (green, purple, amber, red: Okabe and Ito's again).
const STATUS = {
  blue: ["#0072b2", "#56b4e9"],
  green: ["#00795a", "#2fc39a"],
  purple: ["#b5578f", "#e39bc6"],
  amber: ["#e69f00", "#f0c04d"],
  red: ["#a8330a", "#f0805a"],
  orange: ["#d55e00", "#ff9d5c"],
  grey: ["#5c5c5c", "#c7c7c7"],
};
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3], [12, 4], [4, 2], [1, 4]];
const POINTS = ["circle", "rect", "triangle", "rectRot", "cross", "star", "crossRot"];
const charts = new Map();
let loading = null;

function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.chartLibrary;
    script.onload = () => resolve(window.Chart);
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

const isDark = () => document.documentElement.dataset.bsTheme === "dark";
const say = (value, unit) => (value === null || value === undefined ? "no data" : `${Number(value).toLocaleString()}${unit}`);

function dress(data, type, stacked) {
  const colours = isDark() ? DARK : LIGHT;
  data.datasets.forEach((series, index) => {
    const colour = STATUS[series.status]?.[isDark() ? 1 : 0] ?? colours[index % colours.length];
    series.borderColor = colour;
    series.backgroundColor = type === "line" ? `${colour}22` : colour;
    series.borderWidth = type === "line" ? 2 : 0;
    series.borderRadius = 3;
    series.maxBarThickness = 36;
    series.borderDash = type === "line" ? DASHES[index % DASHES.length] : undefined;
    series.pointStyle = POINTS[index % POINTS.length];
    series.pointRadius = 3;
    series.pointHoverRadius = 6;
    series.spanGaps = false;
    // A bar of nothing is a thin line, so that zero differs from no data; in a stack one line is enough.
    series.minBarLength = stacked && index > 0 ? 0 : 2;
  });
}

function options(canvas) {
  const style = getComputedStyle(document.body);
  const ink = style.getPropertyValue("--tblr-secondary").trim();
  const grid = style.getPropertyValue("--chart-grid").trim();
  const stacked = canvas.hasAttribute("data-chart-stacked");
  const unit = canvas.dataset.chartUnit ?? "";
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 250 },
    interaction: { mode: "index", intersect: false },
    color: ink,
    font: { family: style.fontFamily, size: 12 },
    scales: {
      x: { stacked, grid: { display: false }, ticks: { color: ink, maxRotation: 0, autoSkipPadding: 12 }, border: { color: grid } },
      y: { stacked, beginAtZero: true, grid: { color: grid }, ticks: { color: ink, precision: 0, maxTicksLimit: 6, callback: (value) => `${value.toLocaleString()}${unit}` }, border: { display: false } },
    },
    plugins: {
      legend: { position: "bottom", align: "start", labels: { usePointStyle: true, boxHeight: 7, color: ink } },
      tooltip: { usePointStyle: true, callbacks: { label: (item) => `${item.dataset.label}: ${say(item.raw, unit)}` } },
    },
  };
}

function table(canvas, data) {
  const unit = canvas.dataset.chartUnit ?? "";
  const details = document.createElement("details");
  details.className = "chart-table";
  const summary = document.createElement("summary");
  summary.textContent = "Show as a table";
  const scroll = document.createElement("div");
  scroll.className = "table-responsive";
  scroll.tabIndex = 0;
  const grid = document.createElement("table");
  grid.className = "table table-sm";
  const caption = document.createElement("caption");
  caption.className = "visually-hidden";
  caption.textContent = canvas.getAttribute("aria-label") ?? "";
  const head = grid.createTHead().insertRow();
  for (const title of ["", ...data.datasets.map((series) => series.label)]) {
    const cell = document.createElement(title ? "th" : "td");
    if (title) cell.scope = "col";
    cell.textContent = title;
    head.append(cell);
  }
  const body = grid.createTBody();
  data.labels.forEach((label, index) => {
    const row = body.insertRow();
    const heading = document.createElement("th");
    heading.scope = "row";
    heading.textContent = label;
    row.append(heading);
    for (const series of data.datasets) row.insertCell().textContent = say(series.data[index], unit);
  });
  grid.prepend(caption);
  scroll.append(grid);
  details.append(summary, scroll);
  return details;
}

function keyboard(canvas, chart) {
  const unit = canvas.dataset.chartUnit ?? "";
  let at = -1;
  canvas.tabIndex = 0;
  canvas.addEventListener("keydown", (event) => {
    const last = chart.data.labels.length - 1;
    const next = { ArrowRight: Math.min(at + 1, last), ArrowLeft: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    at = next;
    const active = chart.data.datasets.map((_, datasetIndex) => ({ datasetIndex, index: at }));
    chart.setActiveElements(active);
    chart.tooltip.setActiveElements(active, { x: 0, y: 0 });
    chart.update("none");
    announce(`${chart.data.labels[at]}: ${chart.data.datasets.map((s) => `${s.label} ${say(s.data[at], unit)}`).join(", ")}`);
  });
  canvas.addEventListener("blur", () => {
    at = -1;
    chart.setActiveElements([]);
    chart.tooltip.setActiveElements([], { x: 0, y: 0 });
    chart.update("none");
  });
}

function explain(canvas, sentence) {
  const note = document.createElement("p");
  note.className = "text-secondary chart-note";
  note.setAttribute("role", "status");
  note.textContent = sentence;
  canvas.closest(".chart").after(note);
  canvas.closest(".chart").hidden = true;
}

async function draw(canvas) {
  charts.set(canvas, null);
  try {
    const [Chart, response] = await Promise.all([library(), fetch(canvas.dataset.chartUrl, { headers: { Accept: "application/json" } })]);
    if (!response.ok) throw new Error(String(response.status));
    const data = await response.json();
    if (!canvas.isConnected) return charts.delete(canvas);
    const measured = data.datasets.some((series) => series.data.some((value) => value !== null));
    if (!measured) return explain(canvas, "No calls in this range yet: there is nothing to draw.");
    const type = canvas.dataset.chartType ?? "bar";
    dress(data, type, canvas.hasAttribute("data-chart-stacked"));
    const chart = new Chart(canvas, { type, data, options: options(canvas) });
    charts.set(canvas, chart);
    canvas.setAttribute("role", "img");
    keyboard(canvas, chart);
    canvas.closest(".chart").after(table(canvas, data));
  } catch {
    explain(canvas, "The figures for this chart could not be loaded. Load the page again to try once more.");
  }
}

function prepare() {
  for (const [canvas, chart] of charts) {
    if (canvas.isConnected) continue;
    chart?.destroy();
    charts.delete(canvas);
  }
  for (const canvas of document.querySelectorAll("canvas[data-chart-url]")) if (!charts.has(canvas)) draw(canvas);
}

document.addEventListener("htmx:afterSettle", prepare);
document.addEventListener("parley:theme", () => {
  for (const [canvas, chart] of charts) {
    if (!chart) continue;
    dress(chart.data, chart.config.type, canvas.hasAttribute("data-chart-stacked"));
    chart.options = options(canvas);
    chart.update("none");
  }
});
prepare();
