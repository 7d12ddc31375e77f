// Live parts: <div hx-ext="sse" sse-connect="/events" sse-swap="now" hx-swap="morph:innerHTML" data-live-url="/fragment">. When
// the stream breaks, a notice says so and every part fetches data-live-url each 10 s until the stream is back. Parts that
// renew themselves (elements, no bare text) are morphed: what did not change stays, with the focus on it and under the finger that presses it.
import { announce } from "./announce.js";

const EVERY_MS = 10_000;
const polls = new Map();

function notice(part, show) {
  let box = part.previousElementSibling?.matches(".live-notice") ? part.previousElementSibling : null;
  if (show && !box) {
    box = document.createElement("div");
    box.className = "alert alert-warning live-notice";
    box.textContent = "Live updates lost; refreshing every 10 s";
    part.before(box);
  } else if (!show) {
    box?.remove();
  }
}

function refresh(part) {
  if (!part.isConnected) return stop(part);
  if (document.hidden) return;
  htmx.ajax("GET", part.dataset.liveUrl, { target: part, source: part, swap: "morph:innerHTML" });
}

function stop(part) {
  clearInterval(polls.get(part));
  polls.delete(part);
}

document.addEventListener("htmx:sseError", (event) => {
  const part = event.target.closest("[data-live-url]");
  if (!part || polls.has(part)) return;
  notice(part, true);
  announce("Live updates lost; refreshing every 10 seconds");
  polls.set(part, setInterval(() => refresh(part), EVERY_MS));
  refresh(part);
});

document.addEventListener("htmx:sseOpen", (event) => {
  const part = event.target.closest("[data-live-url]");
  if (!part || !polls.has(part)) return;
  stop(part);
  notice(part, false);
  announce("Live updates are back");
});
