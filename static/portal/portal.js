// The frame's behaviour: drawer, theme, keyboard, forms that send themselves when they change.
(() => {
  const root = document.documentElement;
  const typing = (target) => target.matches("input, textarea, select, [contenteditable]");

  document.addEventListener("click", (event) => {
    const drawer = event.target.closest("[data-drawer]");
    if (drawer) {
      const open = document.body.classList.toggle("nav-open");
      drawer.setAttribute("aria-expanded", String(open));
      return;
    }
    if (document.body.classList.contains("nav-open") && !event.target.closest(".nav")) {
      document.body.classList.remove("nav-open");
      document.querySelector("[data-drawer]").setAttribute("aria-expanded", "false");
    }
    if (event.target.closest("[data-theme-toggle]")) {
      const dark = root.dataset.theme
        ? root.dataset.theme === "dark"
        : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
      document.dispatchEvent(new CustomEvent("themechange"));
    }
  });

  let waiting = false;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.body.classList.remove("nav-open");
    if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (waiting) {
      waiting = false;
      const link = document.querySelector(`.nav a[data-key="${CSS.escape(event.key)}"]`);
      if (link) link.click();
      return;
    }
    if (event.key === "g") {
      waiting = true;
      setTimeout(() => { waiting = false; }, 1200);
    } else if (event.key === "?") {
      const help = document.getElementById("help");
      if (help) help.showModal();
    } else if (event.key === "/") {
      const field = document.querySelector("[data-search], input[type=search], .filters select");
      if (field) { event.preventDefault(); field.focus(); }
    }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });
})();
