// What the server's engine does with ECharts: an option drawn as SVG without a page, or told as it stands.
// No page, so nobody measures letters: widths of the house's font (Noto Sans SC, space to tilde, thousandths of its size); others are square.
{
  const widths = [
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474,
    946, 608, 657, 638, 688, 589, 552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573, 531, 603, 338, 392, 338, 555, 559,
    606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552, 284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
  ];
  const size = (font) => Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
  echarts.setPlatformAPI({
    measureText: (text, font) => ({ width: [...text].reduce((sum, one) => sum + (widths[one.codePointAt(0) - 32] ?? 1000), 0) * size(font) / 1000 }),
  });
}

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
