// Quantiles against quantiles: <div data-chart="qq" data-chart-options='{"points": [[fitted,
// observed]…], "most", "across", "up", "line"}'>. Points on the diagonal fit; above it the log is
// longer than the fitted distribution.
import { AXIS, GRID, INK, PRIMARY, letters, pointed } from "./paint.js";

export function qq({ points, most, across, up, line }) {
  const axis = (name, more) => ({
    type: "value",
    min: 0,
    max: most,
    splitNumber: 4,
    name,
    nameTextStyle: letters(),
    axisLabel: { ...letters(), hideOverlap: true, showMaxLabel: false },
    splitLine: { lineStyle: { color: GRID } },
    axisLine: { show: true, lineStyle: { color: AXIS } },
    ...more,
  });
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: 28, bottom: 26, left: 4, right: 20, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: pointed(({ data }) => (Array.isArray(data) ? `${across} ${data[0]}<br>${up} ${data[1]}` : "")),
    xAxis: axis(across, { nameLocation: "middle", nameGap: 26 }),
    yAxis: axis(up, { nameTextStyle: letters(undefined, { align: "left", padding: [0, 0, 0, -20] }) }),
    series: [
      {
        type: "scatter",
        symbolSize: 7,
        itemStyle: { color: PRIMARY, opacity: 0.75 },
        data: points,
        markLine: {
          silent: true,
          symbol: "none",
          lineStyle: { color: INK, type: [4, 3], width: 1 },
          label: { show: true, position: "middle", formatter: line, ...letters(INK) },
          data: [[{ coord: [0, 0] }, { coord: [most, most] }]],
        },
      },
    ],
  };
}
