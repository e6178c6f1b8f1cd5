// Draws <div data-chart="id"> from the Vega-Lite or Vega spec in <script type="application/json" id="id">,
// in the page's colours and width; again when the theme changes or htmx brings a new one.
"use strict";

(() => {
  const views = new Map();

  const styles = () => getComputedStyle(document.documentElement);
  const token = (name) => styles().getPropertyValue(`--${name}`).trim();

  function config() {
    const font = getComputedStyle(document.body).fontFamily;
    const text = { labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12, labelColor: token("muted"), titleColor: token("muted"), titleFontWeight: 400 };
    return {
      background: null, font,
      axis: { ...text, gridColor: token("line"), domain: false, ticks: false, labelPadding: 8 },
      axisX: { grid: false }, legend: { ...text, symbolType: "square", symbolSize: 80, labelLimit: 220 },
      view: { stroke: null },
      range: {
        category: [1, 2, 3, 4, 5, 6, 7, 8].map((rank) => token(`c-${rank}`)),
        ramp: [token("ramp-0"), token("ramp-1")], heatmap: [token("ramp-0"), token("ramp-1")],
        ordinal: [token("good"), token("line-strong")],
      },
      bar: { color: token("c-1") }, line: { strokeWidth: 2, color: token("c-1") },
      point: { color: token("c-1") },
      area: { color: token("c-1"), line: { color: token("c-1"), strokeWidth: 2 } }, rule: { color: token("text") },
      text: { color: token("text"), font, fontSize: 12 },
      style: {
        stretch: { color: token("bad"), fill: token("bad") }, quiet: { color: token("muted") }, "quiet-text": { fill: token("muted"), color: token("muted") },
        hollow: { color: token("c-1"), fill: token("surface") }, undecided: { color: token("muted"), fill: token("surface") },
        "node-label": { fill: token("text"), font, fontSize: 12 }, "node-halo": { fill: token("surface"), stroke: token("surface"), strokeWidth: 4, strokeJoin: "round", font, fontSize: 12 },
      },
    };
  }

  function fit(spec, box) {
    const narrow = box.clientWidth < 480;
    const encodings = [spec, ...(spec.layer || [])].map((each) => each.encoding || {});
    for (const { color } of encodings) if (narrow && color?.legend) color.legend.columns = 2;
    if (narrow && spec.encoding?.xOffset) spec.encoding.x.axis.labelAngle = -40;
    // Vega (unlike Vega-Lite) knows no width of its container.
    const outer = (spec.signals || []).find((each) => each.name === "outer");
    if (outer) outer.value = Math.max(box.clientWidth, spec.usermeta.least);
  }

  function failed(box, error) {
    box.dataset.state = "failed";
    box.replaceChildren(Object.assign(document.createElement("p"), { className: "chart-note", textContent: "This chart could not be drawn. Its numbers are in the table and in the CSV." }));
    console.warn(error);
  }

  async function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source) return;
    const old = views.get(box);
    try {
      const spec = JSON.parse(source.textContent);
      fit(spec, box);
      const options = { actions: false, renderer: "svg", ast: true, config: config(), defaultStyle: false, tooltip: { theme: "custom", disableDefaultStyle: true } };
      const result = await vegaEmbed(box, spec, options);
      if (old) old.finalize();
      views.set(box, result);
      box.dataset.state = "drawn";
      box.setAttribute("role", "img");
      box.setAttribute("aria-label", box.dataset.summary || spec.description);
      // The chart as a whole has a name and a summary; its marks have nothing to add.
      box.querySelector("svg")?.setAttribute("aria-hidden", "true");
      for (const slider of document.querySelectorAll(`[data-drives="${CSS.escape(box.dataset.chart)}"]`)) await drive(slider);
    } catch (error) {
      failed(box, error);
    }
  }

  function drawAll(within) {
    for (const [box, result] of views) if (!box.isConnected) { result.finalize(); views.delete(box); }
    for (const box of within.querySelectorAll("[data-chart]")) draw(box);
  }

  // A slider moves a signal of a chart, and says in its outputs what the chart's curve gives there.
  async function drive(slider) {
    const found = [...views].find(([box]) => box.dataset.chart === slider.dataset.drives);
    if (!found) return;
    const at = Number(slider.value);
    await found[1].view.signal(slider.dataset.signal, at).runAsync();
    const curve = JSON.parse(document.getElementById(slider.dataset.drives).textContent).usermeta.curve;
    for (const output of document.querySelectorAll(`output[for="${CSS.escape(slider.id)}"]`)) {
      const value = output.dataset.column ? between(curve, at, output.dataset.column) : at;
      output.textContent = (output.dataset.before || "") + value.toLocaleString("en", { maximumFractionDigits: Number(output.dataset.digits || 0), minimumFractionDigits: Number(output.dataset.digits || 0) });
    }
  }

  function between(curve, at, column) {
    const next = curve.findIndex((point) => point.x >= at);
    if (next <= 0) return curve[next < 0 ? curve.length - 1 : 0][column];
    const [low, high] = [curve[next - 1], curve[next]];
    return low[column] + ((at - low.x) / (high.x - low.x)) * (high[column] - low[column]);
  }

  function save(name, address) {
    const link = document.createElement("a");
    link.download = name;
    link.href = address;
    link.click();
  }

  function table(rows) {
    const columns = [...new Set(rows.flatMap(Object.keys))];
    const cell = (value) => {
      const text = /^[=+@\t\r]|^-[^\d]/.test(String(value ?? "")) ? `'${value}` : String(value ?? "");
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((row) => row.map(cell).join(",")).join("\r\n");
  }

  const rowsOf = (spec) => spec.usermeta?.rows ?? spec.data.values;

  // A picture stands alone: it gets the page's background, which the chart on the page leaves out.
  async function picture(result, kind) {
    const background = result.view.background();
    await result.view.background(token("surface")).runAsync();
    try {
      if (kind === "png") return await result.view.toImageURL("png", 2);
      return URL.createObjectURL(new Blob([await result.view.toSVG()], { type: "image/svg+xml" }));
    } finally {
      await result.view.background(background).runAsync();
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-chart-save]");
    if (!button) return;
    const box = document.querySelector(`[data-chart="${CSS.escape(button.dataset.of)}"]`);
    const kind = button.dataset.chartSave;
    const name = `${button.dataset.of}.${kind}`;
    const source = document.getElementById(button.dataset.of);
    if (kind === "csv") save(name, URL.createObjectURL(new Blob([table(rowsOf(JSON.parse(source.textContent)))], { type: "text/csv" })));
    else if (views.has(box)) save(name, await picture(views.get(box), kind));
  });

  document.addEventListener("input", (event) => { if (event.target.matches("[data-drives]")) drive(event.target); });
  document.addEventListener("themechange", () => drawAll(document));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  // A width of the container is Vega-Lite's business; a flow (Vega) is drawn anew.
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { for (const box of document.querySelectorAll('[data-chart][data-fixed]')) draw(box); }, 150);
  });
})();
