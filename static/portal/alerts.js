// Alerts as they are raised: a card on whatever page is open.
"use strict";

(() => {
  const shown = 3;
  const longest = 60_000;
  const said = { open: "", acknowledged: "Acknowledged: ", snoozed: "Snoozed: ", resolved: "Resolved: " };
  let wait = 1_000;

  const place = () => {
    let box = document.getElementById("toasts");
    if (!box) {
      box = document.createElement("div");
      box.id = "toasts";
      box.setAttribute("role", "status");
      box.setAttribute("aria-live", "polite");
      document.body.append(box);
    }
    return box;
  };

  const card = (alert) => {
    const made = document.createElement("div");
    made.className = `toast toast-${alert.state === "open" ? alert.severity : "done"}`;
    const link = document.createElement("a");
    link.href = `/alerts/${alert.id}/`;
    link.textContent = (said[alert.state] || "") + alert.title;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button button-quiet";
    close.setAttribute("aria-label", "Dismiss");
    close.textContent = "×";
    close.addEventListener("click", () => made.remove());
    made.append(link, close);
    return made;
  };

  const listen = () => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/alerts/`);
    socket.addEventListener("open", () => { wait = 1_000; });
    socket.addEventListener("message", (event) => {
      const box = place();
      box.append(card(JSON.parse(event.data)));
      while (box.children.length > shown) box.firstElementChild.remove();
      if (window.htmx && document.querySelector("[data-alerts]")) {
        htmx.ajax("GET", location.href, { target: "#results", select: "#results", swap: "outerHTML" });
      }
    });
    socket.addEventListener("close", (event) => {
      if (event.code === 4403) return;
      setTimeout(listen, wait);
      wait = Math.min(2 * wait, longest);
    });
  };

  listen();
})();
