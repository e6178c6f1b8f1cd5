// Copy buttons, confirm dialogs, selects that submit. Delegated, because htmx replaces the page's parts.
// Without scripts a dialog opens as a popover; here it is modal, so that the page behind it is out of reach.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-dialog], [data-close]");
  if (!button) return;
  if (button.dataset.dialog) {
    event.preventDefault();
    document.getElementById(button.dataset.dialog).showModal();
  } else if ("close" in button.dataset) {
    event.preventDefault();
    button.closest("dialog").close();
  } else {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).innerText.trim());
    const label = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
