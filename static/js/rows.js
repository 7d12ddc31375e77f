// <div data-rows> holds rows (data-row-of) and a <template> of one; <button data-row-add> adds it, <button
// data-row-remove> takes its row away. Both are a change of the form. Without script, the last row is the empty one.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-row-add], [data-row-remove]");
  const rows = button?.closest("[data-rows]");
  if (!rows) return;
  const list = rows.querySelector("[data-row-list]");
  if (button.matches("[data-row-add]")) {
    list.append(rows.querySelector("template").content.cloneNode(true));
    list.lastElementChild.querySelector("input").focus();
    return;
  }
  button.closest("[data-row-of]").remove();
  rows.querySelector("[data-row-add]").focus();
  rows.dispatchEvent(new Event("input", { bubbles: true }));
  rows.dispatchEvent(new Event("change", { bubbles: true }));
});
