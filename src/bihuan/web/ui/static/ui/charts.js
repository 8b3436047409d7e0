// Charts: each [data-chart] names a <script type="application/json"> that says what to draw. What is drawn: chart-options.js. The table beside tells the same.
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const tones = () => ({
    ink: css("--ink"), soft: css("--soft"), line: css("--line"), sheet: css("--sheet"), run: css("--run"),
    good: css("--good"), warn: css("--warn"), bad: css("--bad"), wash: css("--wash"),
    font: css("--tabler-font-sans-serif") || "sans-serif",
  });

  const boxes = [...document.querySelectorAll("[data-chart]")].map((box) => {
    const spec = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    const chart = echarts.init(box, null, { renderer: "canvas" });
    new ResizeObserver(() => chart.resize()).observe(box);
    return { spec, chart, size: Number(box.dataset.letters) || 12 };
  });

  function draw() {
    const tone = tones();
    for (const { spec, chart, size } of boxes) {
      const { option, link } = bihuanCharts.drawing(spec, { ...tone, size });
      chart.setOption(option, true);
      chart.off("click");
      chart.on("click", (point) => { const to = link(point); if (to) location.assign(to); });
    }
  }

  draw();
  // The fonts of a canvas aren't waited for by themselves.
  document.fonts.ready.then(draw);
})();
