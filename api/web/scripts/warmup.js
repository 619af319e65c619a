// When the city has settled: <div data-chart="warmup" data-chart-options='{"cut", "cutName", "mean",
// "meanName", "points": [[day, days]], "across", "unit"}'>. What came before the cut is not counted,
// and drawn thin and dashed.
import { AXIS, GRID, INK, LINE, MUTED, ORANGE_TEXT, PRIMARY, TEXT, letters, plain } from "./paint.js";

export function warmup(told) {
  const { points, cut } = told;
  const last = points.findLast(([day]) => day < cut);
  const before = points.filter(([day]) => day < cut);
  const after = [...(last ? [last] : []), ...points.filter(([day]) => day >= cut)];
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: 30, bottom: 26, left: 4, right: 20, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { trigger: "axis", confine: true, transitionDuration: 0, borderColor: LINE, textStyle: letters(TEXT), formatter: ([{ value }]) => `${plain(told.across)} ${Math.round(value[0])}<br>${Math.round(value[1] * 10) / 10} ${plain(told.unit)}` },
    xAxis: { type: "value", min: 0, max: "dataMax", name: told.across, nameLocation: "middle", nameGap: 26, nameTextStyle: letters(), axisLabel: letters(MUTED, { hideOverlap: true }), splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: AXIS } } },
    yAxis: { type: "value", min: 0, splitNumber: 4, axisLabel: letters(), splitLine: { lineStyle: { color: GRID } } },
    series: [
      line(before, { color: "#7C8794", width: 1.5, type: [4, 3] }),
      { ...line(after, { color: PRIMARY, width: 2 }), markLine: { silent: true, symbol: "none", data: [cutting(told), mean(told)] } },
    ],
  };
}

const line = (data, lineStyle) => ({ type: "line", symbol: "none", data, lineStyle, itemStyle: { color: lineStyle.color } });

const cutting = ({ cut, cutName }) => ({ xAxis: cut, lineStyle: { color: INK, type: "solid", width: 1.5 }, label: { position: "end", formatter: cutName, ...letters(INK, { fontWeight: 700 }) } });

const mean = ({ mean: at, meanName }) => ({ yAxis: at, lineStyle: { color: ORANGE_TEXT, type: [2, 3], width: 1.5 }, label: { position: "insideEndTop", formatter: meanName, ...letters(ORANGE_TEXT) } });
