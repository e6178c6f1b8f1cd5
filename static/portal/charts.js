// Draws <div data-chart="id"> from the Vega-Lite spec in <script type="application/json" id="id">,
// in the page's colours and width; again when the theme changes or htmx brings a new one.
"use strict";

(() => {
  const views = new Map();

  function config() {
    const styles = getComputedStyle(document.documentElement);
    const token = (name) => styles.getPropertyValue(`--${name}`).trim();
    const font = getComputedStyle(document.body).fontFamily;
    const text = { labelFont: font, titleFont: font, labelFontSize: 12, titleFontSize: 12, labelColor: token("muted"), titleColor: token("muted"), titleFontWeight: 400 };
    return {
      background: null, font,
      axis: { ...text, gridColor: token("line"), domain: false, ticks: false, labelPadding: 8 },
      axisX: { grid: false }, legend: { ...text, symbolType: "square", symbolSize: 80, labelLimit: 220 },
      view: { stroke: null },
      range: { category: [1, 2, 3, 4, 5, 6, 7, 8].map((rank) => token(`c-${rank}`)) },
      bar: { color: token("c-1") }, line: { strokeWidth: 2, color: token("c-1") },
      area: { color: token("c-1"), line: { color: token("c-1"), strokeWidth: 2 } }, rule: { color: token("text") },
    };
  }

  async function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source) return;
    const spec = JSON.parse(source.textContent);
    const narrow = box.clientWidth < 480;
    if (narrow && spec.encoding?.color?.legend) spec.encoding.color.legend.columns = 2;
    if (narrow && spec.encoding?.xOffset) spec.encoding.x.axis.labelAngle = -40;
    const options = { actions: false, renderer: "svg", ast: true, config: config(), tooltip: { theme: "custom" } };
    const old = views.get(box);
    const result = await vegaEmbed(box, spec, options);
    if (old) old.finalize();
    views.set(box, result);
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", box.dataset.summary || spec.description);
  }

  function drawAll(within) {
    for (const [box, result] of views) if (!box.isConnected) { result.finalize(); views.delete(box); }
    for (const box of within.querySelectorAll("[data-chart]")) draw(box);
  }

  function save(name, address) {
    const link = document.createElement("a");
    link.download = name;
    link.href = address;
    link.click();
  }

  function table(spec) {
    const rows = spec.data.values;
    const columns = [...new Set(rows.flatMap(Object.keys))];
    const cell = (value) => {
      const text = /^[=+@\t\r]|^-[^\d]/.test(String(value ?? "")) ? `'${value}` : String(value ?? "");
      return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return [columns, ...rows.map((row) => columns.map((column) => row[column]))].map((row) => row.map(cell).join(",")).join("\r\n");
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-chart-save]");
    if (!button) return;
    const box = document.querySelector(`[data-chart="${CSS.escape(button.dataset.of)}"]`);
    const result = views.get(box);
    if (!result) return;
    const kind = button.dataset.chartSave;
    const name = `${button.dataset.of}.${kind}`;
    if (kind === "csv") save(name, URL.createObjectURL(new Blob([table(result.spec)], { type: "text/csv" })));
    else save(name, await result.view.toImageURL(kind, kind === "png" ? 2 : 1));
  });

  document.addEventListener("themechange", () => drawAll(document));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
  document.addEventListener("DOMContentLoaded", () => drawAll(document));
})();
