// Rows to tick: <div data-ticks="contact"> holds the words that count the boxes named "contact"
// (<option data-ticks-none="…" data-ticks-some="The # ticked">), <input type="checkbox" data-ticks-all="contact"> ticks all.
function boxes(name) {
  return [...document.querySelectorAll(`tbody input[type=checkbox][name="${CSS.escape(name)}"]`)];
}

function count(name) {
  const all = boxes(name);
  const ticked = all.filter((box) => box.checked).length;
  for (const words of document.querySelectorAll(`[data-ticks="${CSS.escape(name)}"] [data-ticks-some]`)) {
    words.textContent = ticked ? words.dataset.ticksSome.replace("#", ticked.toLocaleString()) : words.dataset.ticksNone;
  }
  for (const head of document.querySelectorAll(`[data-ticks-all="${CSS.escape(name)}"]`)) {
    head.checked = ticked > 0 && ticked === all.length;
    head.indeterminate = ticked > 0 && ticked < all.length;
  }
}

document.addEventListener("change", (event) => {
  const { ticksAll } = event.target.dataset ?? {};
  if (ticksAll) for (const box of boxes(ticksAll)) box.checked = event.target.checked;
  const name = ticksAll ?? event.target.name;
  if (name && document.querySelector(`[data-ticks="${CSS.escape(name)}"]`)) count(name);
});
// A page that comes back from the browser's history keeps its ticks.
for (const part of document.querySelectorAll("[data-ticks]")) count(part.dataset.ticks);
