// What was observed and what was fitted to it: <div data-chart="fit" data-chart-options='{"from",
// "width", "shares": [%…], "curve": [[x, %]…], "names": [of the bars, of the curve], "across",
// "unit"}'>. Bars are the log's; the curve says what share the fitted distribution has in a bar.
import { AXIS, GRID, LINE, MUTED, ORANGE_TEXT, TEXT, letters, plain } from "./paint.js";

const OBSERVED = { color: "#9DBAD9", borderColor: "#4F6D8C", borderWidth: 0.8 };

/** The axis begins and ends where the bars do, which is seldom at a round number. */
const short = (value) => String(Number(value.toPrecision(3)));

export function fit(told) {
  const { from, shares, curve, names, across } = told;
  const to = from + told.width * shares.length;
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: 14, bottom: 26, left: 4, right: 20, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { trigger: "axis", confine: true, transitionDuration: 0, borderColor: LINE, textStyle: letters(TEXT), formatter: (found) => pointed(found, told) },
    xAxis: [
      { type: "category", show: false, data: shares.map((_, bin) => bin) },
      { type: "value", position: "bottom", min: from, max: to, name: across, nameLocation: "middle", nameGap: 26, nameTextStyle: letters(), axisLabel: { ...letters(), hideOverlap: true, formatter: short }, splitLine: { show: false }, axisLine: { show: true, onZero: false, lineStyle: { color: AXIS } }, axisPointer: { show: false } },
    ],
    yAxis: { type: "value", min: 0, max: ({ max }) => (max > 80 ? 100 : null), splitNumber: 4, axisLabel: letters(MUTED, { formatter: "{value}%" }), splitLine: { lineStyle: { color: GRID } } },
    series: [
      { type: "bar", name: names[0], barCategoryGap: 0, data: shares, itemStyle: OBSERVED },
      { type: "line", name: names[1], xAxisIndex: 1, symbol: "none", silent: true, data: curve, lineStyle: { color: ORANGE_TEXT, width: 2 }, z: 3 },
    ],
  };
}

function pointed(found, { from, width, shares, names, unit }) {
  const bin = found.find(({ seriesType }) => seriesType === "bar")?.dataIndex;
  if (bin == null) return "";
  const span = `${short(from + bin * width)}–${short(from + (bin + 1) * width)} ${plain(unit)}`;
  return `${span}<br>${plain(names[0])}: ${shares[bin]}%`;
}
