// Labelling by keyboard: each control says its key; typing in a field is typing.
(() => {
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    // The page's own keys come first: "g" and "f" goes to the publishers, and labels nothing.
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.matches("input, select, textarea")) {
      if (key === "Escape") target.blur();
      return;
    }
    const control = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!control) return;
    event.preventDefault();
    if (control.matches("button")) control.click();
    else control.focus();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.submit();
  });
})();
