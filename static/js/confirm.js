// data-confirm="Cancels 120 planned calls; those in flight go on." on a form, a submit button or an htmx element asks first.
// data-confirm-title, data-confirm-yes name the question and the button; data-confirm-word="DELETE" must be typed.
const dialog = document.getElementById("confirm-dialog");
const word = document.getElementById("confirm-word");
const yes = document.getElementById("confirm-yes");
const allowed = new WeakSet();

function ask(element) {
  const { confirm, confirmTitle, confirmYes, confirmWord } = element.dataset;
  document.getElementById("confirm-title").textContent = confirmTitle || "Are you sure?";
  document.getElementById("confirm-text").textContent = confirm;
  yes.textContent = confirmYes || "Yes, do it";
  document.getElementById("confirm-typed").hidden = !confirmWord;
  document.getElementById("confirm-expected").textContent = confirmWord || "";
  word.value = "";
  word.required = Boolean(confirmWord);
  const check = () => {
    yes.disabled = Boolean(confirmWord) && word.value.trim() !== confirmWord;
  };
  word.oninput = check;
  check();
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

// Enter in the typed field must press "yes", not the form's first button.
word?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (!yes.disabled) yes.click();
});

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const asking = event.submitter?.matches("[data-confirm]") ? event.submitter : form.matches("[data-confirm]") ? form : null;
    if (!asking) return;
    if (allowed.has(form)) return allowed.delete(form);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(asking)) {
      allowed.add(form);
      form.requestSubmit(event.submitter);
    }
  },
  true,
);

document.addEventListener("htmx:confirm", async (event) => {
  const element = event.target;
  // Forms were asked about at their submit event.
  if (!(element instanceof HTMLElement) || !element.dataset.confirm || element.tagName === "FORM" || element.form) return;
  event.preventDefault();
  if (await ask(element)) event.detail.issueRequest(true);
});
