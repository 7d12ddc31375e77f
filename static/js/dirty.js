// <form data-dirty>: the browser asks before a page with unsaved changes is left. Saving (a submit, or an htmx request
// of the form that succeeded) makes it clean again.
const dirty = new Set();
const tracked = (event) => event.target.closest?.("form[data-dirty]");

document.addEventListener("input", (event) => {
  const form = tracked(event);
  if (form) dirty.add(form);
});
document.addEventListener("submit", (event) => dirty.delete(event.target));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = tracked(event);
  if (form && event.detail.successful) dirty.delete(form);
});
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});
