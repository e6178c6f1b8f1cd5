// The frame's behaviour: theme, drawer, menus, keyboard, filters that submit themselves.
"use strict";

(() => {
  const root = document.documentElement;
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

  function theme() {
    return root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  }

  function switchTheme() {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax${secure}`;
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  function drawer(open) {
    const nav = document.getElementById("nav");
    if (!nav) return;
    nav.classList.toggle("open", open);
    if (open) nav.querySelector("a").focus();
    else document.querySelector("[data-drawer]").focus();
  }

  function help() {
    const dialog = document.getElementById("help");
    if (dialog && !dialog.open) dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-theme-toggle]")) switchTheme();
    else if (hit("[data-drawer]")) { event.preventDefault(); drawer(true); }
    else if (hit("[data-drawer-close]")) { event.preventDefault(); drawer(false); }
    else if (hit("[data-help]")) help();
    for (const menu of document.querySelectorAll("details.account[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // "g" then a letter goes to a page; the letters stand in the navigation.
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.account[open]")) menu.open = false;
      if (document.querySelector(".nav.open")) drawer(false);
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (Date.now() - going < 1200) {
      going = 0;
      const link = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    if (event.key === "g") going = Date.now();
    else if (event.key === "?") help();
    else if (event.key === "t") switchTheme();
    else if (event.key === "/") {
      const box = document.querySelector("[data-search]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });

  // Choosing a date means a custom range; choosing a preset forgets the dates.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-custom-range]")) return;
    const form = event.target.form;
    const custom = form.querySelector('input[name="range"][value="custom"]');
    if (custom) custom.checked = true;
  }, true);

  // An explanation opens above its word, or below at the top of the window; a table that scrolls must not cut it off.
  function explain(event) {
    const tip = event.target.closest?.(".tip");
    if (!tip) return;
    const [box, text] = [tip.getBoundingClientRect(), tip.querySelector(".tip-text")];
    const left = Math.max(8, Math.min(box.left + (box.width - text.offsetWidth) / 2, innerWidth - text.offsetWidth - 8));
    const above = box.top - text.offsetHeight - 6;
    Object.assign(text.style, { position: "fixed", transform: "none", bottom: "auto", left: `${left}px`, top: `${above < 8 ? box.bottom + 6 : above}px` });
  }
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, explain);

  // What htmx could not get is said where the page's messages are, and forgotten with the next success.
  const reasons = { "htmx:sendError": "The server can't be reached.", "htmx:timeout": "The server took too long." };
  function trouble(text) {
    const box = document.getElementById("trouble");
    if (!box) return;
    box.hidden = !text;
    box.firstElementChild.textContent = text;
    if (text) box.scrollIntoView({ block: "nearest" });
  }
  for (const [name, text] of Object.entries(reasons)) document.addEventListener(name, () => trouble(`${text} What you see may be out of date.`));
  document.addEventListener("htmx:responseError", (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const said = page.querySelector("main .lead, main .empty h2");
    trouble(said ? said.textContent : "That did not work. What you see may be out of date.");
  });
  // What renews itself waits while somebody reads what they opened in it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    if (/^every /.test(elt.getAttribute("hx-trigger") || "") && elt.querySelector("details[open]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterOnLoad", (event) => { if (event.detail.successful) trouble(""); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-reload]")) location.reload(); });

  // Filters submit on change; the button is for people without scripts.
  for (const button of document.querySelectorAll("[data-without-scripts]")) button.hidden = true;
})();
