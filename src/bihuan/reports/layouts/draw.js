// What the server's engine does with ECharts: an option drawn as SVG without a page, or told as it stands.
globalThis.bihuanDraw = (spec, tone, width, height) => {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption(bihuanCharts.drawing(spec, tone).option);
    // Of the painter itself: `renderToSVGString` always adds a style sheet for the mouse. What is drawn bears the number of its drawing,
    // which says nothing and would make each copy of a frozen report another file.
    const drawn = chart.getZr().painter.renderToString({ cssEmphasis: false, cssAnimation: false });
    return drawn.replace(/( (?:class|id)="|url\(#)zr\d+-/g, "$1");
  } finally {
    chart.dispose();
  }
};
globalThis.bihuanOption = (spec, tone) => JSON.stringify(bihuanCharts.drawing(spec, tone).option);
