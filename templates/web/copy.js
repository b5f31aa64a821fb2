// Shows the copy buttons of a republish page and makes them work. Without this file the page does all the rest.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const box = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  const name = button.getAttribute("aria-label");
  button.hidden = false;
  button.addEventListener("click", async () => {
    box.select(); // so that the keys can copy what a browser does not let us copy
    try {
      await navigator.clipboard.writeText(box.value);
    } catch { // no permission, or a page without https
      if (!document.execCommand("copy")) return;
    }
    button.textContent = button.dataset.done;
    button.setAttribute("aria-label", button.dataset.done);
    setTimeout(() => { button.textContent = label; button.setAttribute("aria-label", name); }, 2000);
  });
}
// A browser without `field-sizing` would cut the last line of a short text.
if (!CSS.supports("field-sizing", "content")) {
  for (const box of document.querySelectorAll("textarea.whole")) {
    while (box.scrollHeight > box.clientHeight && box.rows < 60) box.rows += 1;
  }
}
