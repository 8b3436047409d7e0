// What a chart shows: a spec (numbers and words) and a tone (colours, font) go in, ECharts' option comes out. Nothing here knows a
// page: the browser draws by it on a canvas, and the server, which has an engine of its own, by the same file for paper.
globalThis.bihuanCharts = (() => {
  const told = (value, spec) => (value === null || value === undefined ? "—" : `${value.toFixed(spec.decimals)}${spec.suffix === "%" ? " %" : spec.suffix ? ` ${spec.suffix}` : ""}`);

  const letters = (tone) => tone.size || 12;

  function frame(tone, spec) {
    return {
      animation: false,
      textStyle: { fontFamily: tone.font, color: tone.ink, fontSize: letters(tone) },
      grid: { left: 8, right: 16, top: 22 + letters(tone), bottom: 8, containLabel: true },
      // Paper can't be leafed through: all of the legend stands there.
      legend: { type: tone.paper ? "plain" : "scroll", top: 0, left: 0, right: 8, itemWidth: 18, itemHeight: 8, textStyle: { color: tone.soft, fontSize: letters(tone) }, pageTextStyle: { color: tone.soft }, pageIconColor: tone.run, pageIconInactiveColor: tone.line },
      tooltip: {
        // Drawn on the canvas: the page's policy lets no markup carry its own style.
        renderMode: "richText", trigger: "item", backgroundColor: tone.sheet, borderColor: tone.line,
        textStyle: { color: tone.ink, fontFamily: tone.font, fontSize: 13 },
      },
    };
  }

  // A line without points has none in the legend either. On paper the title above names the first.
  function named(option, tone, titled) {
    const names = new Map(option.series.filter((one) => one.name && !(tone.paper && one.name === titled)).map((one) => [one.name, one]));
    option.legend.data = [...names].map(([name, one]) => (one.symbol === "none" ? { name, itemStyle: { opacity: 0 } } : { name }));
    return option;
  }

  const axis = (tone, { axisLabel, ...more }) => ({
    axisLine: { lineStyle: { color: tone.line } }, axisTick: { show: false }, splitLine: { lineStyle: { color: tone.line, opacity: 0.6 } },
    axisLabel: { color: tone.soft, fontSize: letters(tone), hideOverlap: true, ...axisLabel }, nameTextStyle: { color: tone.soft, fontSize: letters(tone) }, ...more,
  });

  function control(spec, tone) {
    const plain = { type: "line", symbol: "none", silent: true };
    const dashed = (name, data, color, type) => ({ ...plain, name, data, step: "middle", lineStyle: { color, width: 1, type }, itemStyle: { color } });
    const known = spec.values.filter((value) => value !== null).concat(spec.low, spec.high);
    const near = spec.target !== null && spec.target >= Math.min(...known) - (Math.max(...known) - Math.min(...known));
    // A target far below would press the weeks into one line; its number stands in the legend all the same.
    if (near) known.push(spec.target);
    const low = Math.min(...known), high = Math.max(...known), room = (high - low || 1) * 0.08;
    const top = spec.suffix === "%" ? Math.min(100, high + room) : high + room;
    const series = [
      {
        name: spec.words.value, type: "line", data: spec.values.map((value, place) => ({
          value, symbolSize: spec.signals[place] ? 11 : 6, symbol: spec.signals[place] ? "diamond" : "circle",
          itemStyle: { color: spec.signals[place] ? tone.bad : tone.run },
        })), lineStyle: { color: tone.run, width: 2 }, itemStyle: { color: tone.run }, z: 4,
      },
      dashed(spec.words.centre, spec.values.map(() => spec.centre), tone.soft, "solid"),
      dashed(spec.words.high, spec.high, tone.warn, "dashed"),
      dashed(spec.words.low, spec.low, tone.warn, "dashed"),
    ];
    if (spec.target !== null) series.push(dashed(`${spec.words.target} ${told(spec.target, spec)}`, spec.values.map(() => spec.target), tone.good, "dotted"));
    const option = {
      ...frame(tone, spec), series,
      xAxis: axis(tone, { type: "category", data: spec.labels, splitLine: { show: false } }),
      yAxis: axis(tone, { type: "value", min: Math.max(0, low - room), max: top, axisLabel: { formatter: (value) => value.toFixed(spec.decimals), showMinLabel: false, showMaxLabel: top === 100 } }),
    };
    option.tooltip.formatter = (point) => [spec.labels[point.dataIndex], `${told(spec.values[point.dataIndex], spec)}  ${spec.counts[point.dataIndex]}`,
      spec.signals[point.dataIndex]].filter(Boolean).join("\n");
    return { option: named(option, tone, spec.words.value), link: (point) => spec.links[point.dataIndex] };
  }

  function funnel(spec, tone) {
    const colour = { model: tone.good, good: tone.good, weak: tone.bad, poor: tone.warn, apart: tone.warn, small: tone.soft, within: tone.run };
    const curve = (name, column, color, type) => ({
      name, type: "line", data: spec.curve.map((row) => [row[0], row[column]]), symbol: "none", silent: true, smooth: false,
      lineStyle: { color, width: 1, type }, itemStyle: { color },
    });
    const widest = spec.curve[spec.curve.length - 1][0];
    const level = (name, value, color, type) => ({
      name, type: "line", data: [[0, value], [widest, value]], symbol: "none", silent: true, lineStyle: { color, width: 1, type }, itemStyle: { color },
    });
    const series = [
      curve(spec.words.outer, 3, tone.bad, "dashed"), curve(spec.words.outer, 4, tone.bad, "dashed"),
      curve(spec.words.inner, 1, tone.warn, "dotted"), curve(spec.words.inner, 2, tone.warn, "dotted"),
      level(spec.words.mean, spec.mean, tone.soft, "solid"),
      {
        type: "scatter", z: 5, clip: false, labelLayout: { hideOverlap: true }, data: spec.points.map((point) => ({
          value: point.at, name: point.name, said: point.said, counts: point.counts, link: point.link,
          symbol: point.place === "small" ? "emptyCircle" : point.place === "weak" || point.place === "model" ? "diamond" : "circle",
          symbolSize: point.place === "weak" || point.place === "model" ? 15 : 10, itemStyle: { color: colour[point.place] || tone.run },
          label: { show: ["weak", "model", "poor", "good", "apart"].includes(point.place), formatter: point.name, position: "right", color: tone.ink, fontSize: letters(tone) },
        })),
      },
    ];
    if (spec.target !== null) series.push(level(`${spec.words.target} ${told(spec.target, spec)}`, spec.target, tone.good, "dotted"));
    const option = {
      ...frame(tone, spec), series,
      xAxis: axis(tone, { type: "value", min: 0, max: widest, axisLabel: { showMaxLabel: false }, name: spec.words.cases, nameLocation: "middle", nameGap: 14 + letters(tone) }),
      yAxis: axis(tone, { type: "value", min: spec.floor, max: spec.roof, axisLabel: { formatter: (value) => value.toFixed(spec.decimals), showMinLabel: false, showMaxLabel: spec.roof === 100 } }),
    };
    option.grid.bottom = 12 + letters(tone);
    option.tooltip.formatter = ({ data }) => `${data.name}\n${told(data.value[1], spec)}  ${data.counts}\n${data.said}`;
    return { option: named(option, tone), link: ({ data }) => data && data.link };
  }

  function moved(spec, tone) {
    const bar = (name, data, color) => ({ name, type: "bar", stack: "all", data, itemStyle: { color }, barMaxWidth: 18 });
    const series = [bar(spec.words.rate, spec.rate, tone.run)];  // a count has one share only, which needs no name
    if (spec.split) series.push(bar(spec.words.mix, spec.mix, tone.warn));
    const option = {
      ...frame(tone, spec), series,
      xAxis: axis(tone, { type: "value" }),
      yAxis: axis(tone, { type: "category", data: spec.labels, inverse: true, splitLine: { show: false }, axisLabel: { color: tone.ink, hideOverlap: false, width: 130, overflow: "truncate" } }),
    };
    option.legend.show = spec.split;
    option.tooltip.formatter = (point) => `${spec.labels[point.dataIndex]}\n${spec.split ? `${point.seriesName} ` : ""}${point.value > 0 ? "+" : ""}${told(point.value, spec)}`;
    return { option: named(option, tone), link: () => "" };
  }

  const kinds = { control, funnel, moved };
  return {
    /** The option of a spec in these tones, and where a click on a point leads. */
    drawing: (spec, tone) => kinds[spec.kind](spec, tone),
  };
})();
