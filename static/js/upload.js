// <form data-upload> with a file field: shows the chosen file's size, refuses one over data-max-bytes before it is sent,
// takes a dropped file, and shows how much has been sent. The server's answer replaces the page as without script.
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function status(form) {
  let line = form.querySelector(".upload-status");
  if (!line) {
    line = document.createElement("div");
    line.className = "upload-status form-hint";
    line.setAttribute("role", "status");
    form.querySelector("input[type=file]").after(line);
  }
  return line;
}

function check(form) {
  const input = form.querySelector("input[type=file]");
  const file = input.files[0];
  const limit = Number(form.dataset.maxBytes || 0);
  const tooLarge = Boolean(file && limit && file.size > limit);
  input.setCustomValidity(tooLarge ? `${file.name} has ${size(file.size)}; at most ${size(limit)} can be taken.` : "");
  status(form).textContent = file ? input.validationMessage || `${file.name}, ${size(file.size)}` : "";
  return file && !tooLarge;
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (form && event.target.type === "file") check(form);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form[data-upload]");
    if (!form) return;
    event.preventDefault();
    form.classList.toggle("dropping", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    form.querySelector("input[type=file]").files = event.dataTransfer.files;
    check(form);
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-upload]");
  if (!form || event.defaultPrevented || form.matches("[hx-post]") || !check(form)) return;
  event.preventDefault();
  const bar = document.createElement("progress");
  bar.className = "upload-bar";
  bar.max = 100;
  bar.setAttribute("aria-label", "Upload");
  status(form).replaceChildren(bar);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (moved) => {
    bar.value = moved.lengthComputable ? (100 * moved.loaded) / moved.total : 0;
  });
  request.addEventListener("load", () => {
    if (request.responseURL && request.responseURL !== location.href && request.status < 400) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = answer.getElementById("main");
    if (!main) {
      // 413 comes with its own words, and no page around them.
      status(form).textContent =
        (request.status === 413 && request.responseText) ||
        `The server refused the file (error ${request.status}). Nothing was changed; try again.`;
      return;
    }
    document.getElementById("main").replaceWith(main);
    htmx.process(main);
    main.querySelector("[data-focus]")?.focus();
  });
  request.addEventListener("error", () => {
    status(form).textContent = "The connection broke before the file arrived. Nothing was changed; send it again.";
  });
  request.open("POST", form.action);
  request.send(new FormData(form, event.submitter));
});
