// Success messages leave after eight seconds, unless they are being read (hovered or focused). A form's error summary
// takes the focus. A failed htmx request says so instead of doing nothing.
import { announce } from "./announce.js";

function fade(message) {
  setTimeout(() => {
    if (message.matches(":hover, :focus-within")) fade(message);
    else message.remove();
  }, 8000);
}

function prepare(root) {
  root.querySelectorAll("#messages [data-fade]:not([data-fading])").forEach((message) => {
    message.dataset.fading = "";
    fade(message);
  });
  root.querySelector("[data-focus]")?.focus();
}

function complain(sentence) {
  const region = document.querySelector("dialog[open] #messages") ?? document.getElementById("messages");
  if (!region) return announce(sentence);
  const alert = document.createElement("div");
  alert.className = "alert alert-danger alert-dismissible";
  alert.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.textContent = sentence;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.dataset.bsDismiss = "alert";
  close.setAttribute("aria-label", "Close this message");
  alert.append(text, close);
  region.replaceChildren(alert);
}

prepare(document);
document.addEventListener("htmx:afterSettle", () => prepare(document));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (requestConfig?.verb === "get" && event.target.closest("[data-quiet], #strip")) return;
  if (xhr.status === 403) complain("Nothing was changed: your role does not allow this. Ask an owner or manager of this location.");
  else if (xhr.status === 404) complain("This is no longer here. Load the page again to see what is.");
  else if (xhr.status === 429) complain("Too many requests. Wait a minute, then try again; what you typed is still here.");
  else complain(`The server could not do this (error ${xhr.status}). What you typed is still here; try again in a moment.`);
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.target.closest("[data-quiet], #strip")) return;
  complain("The server cannot be reached. What you typed is still here; try again when the connection is back.");
});
