// <button data-copy="+12085550100"> copies its value. Copying a selection that lies within one phone number copies its
// E.164 form, whatever form is shown.
import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Without a secure context there is no clipboard API.
    const area = document.createElement("textarea");
    area.value = button.dataset.copy;
    area.className = "visually-hidden";
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.classList.add("copied");
  setTimeout(() => button.classList.remove("copied"), 1500);
  announce(`Copied ${button.dataset.copy}`);
});

document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const node = selection.getRangeAt(0).commonAncestorContainer;
  const phone = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-e164]");
  if (!phone || selection.toString().trim().length < 6) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", phone.dataset.e164);
});
