// <a href="…" data-drawer> opens its page in the drawer and shows its address; Esc, the close button, a click beside it
// and Back close it. The dialog element keeps the focus inside and returns it. Under 768 px the link is just a link.
// <tr data-row> makes a click anywhere in the row a click on its first drawer link (or first link).
import { announce } from "./announce.js";

const dialog = document.getElementById("drawer-dialog");
const panel = document.getElementById("drawer");
const small = matchMedia("(max-width: 767.98px)");
let listAddress = null;
let opener = null;

async function open(url, { push }) {
  panel.setAttribute("aria-busy", "true");
  // The answer arrives through htmx, so that hx-* and sse inside it work and errors are said in one place.
  await htmx.ajax("GET", url, { target: panel, swap: "innerHTML", source: panel });
  panel.setAttribute("aria-busy", "false");
  const title = panel.querySelector(".drawer-title");
  if (!title) return;
  if (push) {
    listAddress ??= location.href;
    history.pushState({ drawer: url }, "", url);
  }
  if (!dialog.open) dialog.showModal();
  dialog.setAttribute("aria-label", title.textContent.trim());
  panel.scrollTop = 0;
  announce(`${title.textContent.trim()} opened`);
}

function empty() {
  // Removing the content through htmx closes the streams that live in it.
  htmx.swap(panel, "", { swapStyle: "innerHTML" });
}

dialog?.addEventListener("close", () => {
  empty();
  if (listAddress) {
    history.replaceState(null, "", listAddress);
    listAddress = null;
  }
  opener?.focus();
  opener = null;
});
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-drawer-close]")) dialog.close();
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  let link = event.target.closest("a[data-drawer]");
  if (!link) {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, button, input, select, textarea, label, summary")) return;
    if (getSelection()?.toString()) return;
    link = row.querySelector("a[data-drawer]") ?? row.querySelector("a[href]");
    if (!link) return;
    if (!link.matches("[data-drawer]")) return link.click();
  }
  if (small.matches) {
    if (event.target.closest("a[data-drawer]") !== link) location.assign(link.href);
    return;
  }
  event.preventDefault();
  opener = dialog.open ? opener : link;
  open(link.href, { push: true });
});

addEventListener("popstate", (event) => {
  if (event.state?.drawer && !small.matches) {
    listAddress = null;
    open(event.state.drawer, { push: false });
  } else if (dialog?.open) {
    listAddress = null;
    dialog.close();
  }
});
