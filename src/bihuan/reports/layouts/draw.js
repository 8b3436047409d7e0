// What the server's engine does with ECharts: an option drawn as SVG without a page, or told as it stands.
globalThis.bihuanDraw = (spec, tone, width, height) => {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(bihuanCharts.drawing(spec, tone).option);
    return chart.renderToSVGString({ cssEmphasis: false, cssAnimation: false });
  } finally {
    chart.dispose();
  }
};
globalThis.bihuanOption = (spec, tone) => JSON.stringify(bihuanCharts.drawing(spec, tone).option);
