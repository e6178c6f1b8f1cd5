// The live event debugger: rows from the page, then from the socket; filter, pause, expand.
(() => {
  const root = document.getElementById("live");
  if (!root) return;
  const limit = Number(root.dataset.shown);
  const rows = document.getElementById("live-rows");
  const state = document.getElementById("live-state");
  const filter = document.getElementById("live-type");
  const pause = document.getElementById("live-pause");
  let events = JSON.parse(document.getElementById("live-events").textContent);
  let waiting = [];
  let paused = false;

  const cell = (parent, text, className) => {
    const made = parent.insertCell();
    made.textContent = text || "";
    if (className) made.className = className;
    return made;
  };
  const what = (event) => {
    if (event.status === "rejected") return event.detail;
    const body = event.body || {};
    if (event.type === "spend.recorded") return `${body.cost} ${body.currency || ""} ${body.channel} ${body.campaign || ""} on ${body.day}`;
    const touch = body.touch || {};
    const said = body.name || (body.page && body.page.url) || body.conversion_type || touch.campaign || touch.source;
    return said || Object.values(body).filter((each) => typeof each === "string" && each && each.length < 80 && !/^[0-9a-f]{16,}$/.test(each)).slice(0, 2).join(" · ");
  };
  const shown = (event) =>
    !filter.value || (filter.value === "rejected" ? event.status === "rejected" : event.type === filter.value);

  const pretty = (event) => {
    if (typeof event.body !== "string") return JSON.stringify(event.body, null, 2);
    try { return JSON.stringify(JSON.parse(event.body), null, 2); } catch { return event.body; }
  };

  const row = (event, fresh) => {
    const made = document.createElement("tr");
    if (fresh) made.className = "live-new";
    cell(made, event.at.slice(11, 23));
    const type = made.insertCell();
    const tag = document.createElement("span");
    tag.className = event.status === "rejected" ? "tag tag-bad" : event.status === "duplicate" ? "tag tag-warn" : "tag";
    tag.textContent = event.status === "rejected" ? `rejected: ${event.code}` : event.type + (event.status === "duplicate" ? " (again)" : "");
    type.append(tag);
    const detail = made.insertCell();
    const fold = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = what(event) || "show";
    if (event.status === "rejected") summary.className = "rejected";
    const content = document.createElement("pre");
    fold.append(summary, content);
    fold.addEventListener("toggle", () => { content.textContent = pretty(event); }, { once: true });
    detail.append(fold);
    const touch = (event.body && event.body.touch) || null;
    const channel = cell(made, touch && touch.channel);
    if (touch && touch.rule) channel.title = `decided by the rule ${touch.rule}`;
    cell(made, (event.subject || "").slice(0, 10));
    cell(made, event.source);
    return made;
  };

  const types = () => {
    const known = new Set([...filter.options].map((option) => option.value));
    for (const event of events) {
      if (event.status !== "rejected" && !known.has(event.type)) {
        known.add(event.type);
        filter.add(new Option(event.type, event.type));
      }
    }
  };
  const draw = (fresh = 0) => {
    types();
    rows.replaceChildren(...events.filter(shown).slice(0, limit).map((event, place) => row(event, place < fresh)));
    // What the portal itself notes (a key made, a colleague invited) is no first event of the organisation.
    document.getElementById("live-empty").hidden = events.some((event) => event.source !== "portal");
    document.getElementById("live-panel").hidden = events.length === 0;
  };
  const take = (arrived) => {
    if (paused) {
      waiting = [...arrived, ...waiting].slice(0, limit);
      pause.textContent = `Go on (${waiting.length} waiting)`;
      return;
    }
    events = [...arrived, ...events].slice(0, limit * 4);
    draw(arrived.filter(shown).length);
  };

  pause.addEventListener("click", () => {
    paused = !paused;
    pause.setAttribute("aria-pressed", String(paused));
    pause.textContent = paused ? "Go on" : "Pause";
    if (!paused && waiting.length) { const held = waiting; waiting = []; take(held); }
  });
  filter.addEventListener("change", () => draw());
  draw();

  let patience = 500;
  const connect = () => {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/events/`);
    let beat;
    socket.addEventListener("open", () => {
      patience = 500;
      state.textContent = "live";
      state.className = "tag tag-good";
      beat = setInterval(() => socket.send('{"still":"here"}'), 15000);
    });
    socket.addEventListener("message", (message) => take(JSON.parse(message.data).events.reverse()));
    socket.addEventListener("close", () => {
      clearInterval(beat);
      state.textContent = "reconnecting…";
      state.className = "tag tag-warn";
      setTimeout(connect, patience);
      patience = Math.min(patience * 2, 10000);
    });
  };
  connect();
})();
