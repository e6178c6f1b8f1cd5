// The wall: when a feed has changed the page's tiles are asked for anew, at most once a second;
// without the socket, and because silence grows by itself, every little while.
"use strict";

(() => {
  const stage = document.getElementById("wall-stage");
  const link = document.getElementById("wall-link");
  if (!stage || !link) return;
  const soonest = 1_000;
  const anyway = 15_000;
  const noticed = 2_000;
  let changed = new Set();
  let asked = 0;
  let timer = 0;

  const look = async () => {
    clearTimeout(timer);
    timer = setTimeout(look, anyway);
    if (document.hidden) return;
    asked = Date.now();
    const named = changed;
    changed = new Set();
    await htmx.ajax("GET", location.pathname, { target: "#wall", select: "#wall", swap: "outerHTML" });
    for (const tile of stage.querySelectorAll(".tile")) {
      if (named.has(tile.dataset.operator)) tile.classList.add("tile-fresh");
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, asked + soonest - Date.now()));
  };

  let patience = 500;
  const connect = () => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/wall/`);
    let beat;
    socket.addEventListener("open", () => {
      patience = 500;
      link.textContent = "live";
      link.className = "tag tag-good";
      beat = setInterval(() => socket.send('{"still":"here"}'), 15_000);
      soon();
      // Who sends learns of a new watcher a second late: what came meanwhile is asked for once more.
      setTimeout(soon, noticed);
    });
    socket.addEventListener("message", (message) => {
      for (const each of JSON.parse(message.data).operators) changed.add(each);
      soon();
    });
    socket.addEventListener("close", (event) => {
      clearInterval(beat);
      link.textContent = "every 15 s";
      link.className = "tag tag-warn";
      if (event.code === 4403) return;
      setTimeout(connect, patience);
      patience = Math.min(patience * 2, 10_000);
    });
  };

  const full = document.getElementById("wall-full");
  if (document.fullscreenEnabled) {
    full.hidden = false;
    full.addEventListener("click", () => stage.requestFullscreen());
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  timer = setTimeout(look, anyway);
  connect();
})();
