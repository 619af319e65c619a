// Cumulative shares on a logarithmic axis: <div data-chart="ecdf" data-chart-options='{"series":
// [{"name", "points": [[x, %]…]}], "across"}'>. The first is the log, the second what was fitted.
import { AXIS, GRID, LINE, MUTED, ORANGE_TEXT, TEXT, letters, plain } from "./paint.js";

const LINES = [
  { color: "#4F6D8C", width: 3 },
  { color: ORANGE_TEXT, width: 2, type: [5, 3] },
];

export function ecdf({ series, across }) {
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: 14, bottom: 26, left: 4, right: 20, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { trigger: "axis", confine: true, transitionDuration: 0, borderColor: LINE, textStyle: letters(TEXT), formatter: (found) => found.map(({ seriesName, data }) => `${plain(seriesName)}: ${data[1]}% ≤ ${data[0]}`).join("<br>") },
    xAxis: { type: "log", name: across, nameLocation: "middle", nameGap: 26, nameTextStyle: letters(), axisLabel: { ...letters(), hideOverlap: true }, splitLine: { lineStyle: { color: GRID } }, axisLine: { show: true, lineStyle: { color: AXIS } } },
    yAxis: { type: "value", min: 0, max: 100, interval: 25, axisLabel: letters(MUTED, { formatter: "{value}%" }), splitLine: { lineStyle: { color: GRID } } },
    series: series.map(({ name, points }, number) => ({ type: "line", name, step: "end", symbol: "none", data: points, lineStyle: LINES[number], itemStyle: { color: LINES[number].color } })),
  };
}
