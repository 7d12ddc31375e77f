// Says a sentence to screen readers through the page's live region.
export function announce(sentence) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  // A region that is emptied and filled in one go is not read again.
  setTimeout(() => {
    region.textContent = sentence;
  }, 50);
}
