// Days against cost: <div data-chart="front" data-chart-options='{"points": [{"cost", "days",
// "count", "name"}], "now": {"cost", "days", "name"}, "best": {…} or null, "target", "targetName",
// "across", "unit"}'>. A step holds until more is spent.
import { AXIS, GRID, INK, LINE, ORANGE, ORANGE_TEXT, PRIMARY, letters, plain, pointed, width } from "./paint.js";

export function front(told, place) {
  const { points, now, best, target, targetName, across, unit } = told;
  const dearest = Math.max(...points.map(({ cost }) => cost), now?.cost ?? 0, 1);
  const room = (x, text) => (x / dearest) * (place.clientWidth - 60) + width(text) < place.clientWidth - 40;
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: 30, bottom: 24, left: 4, right: 24, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: pointed(({ data }) => `${plain(data.name ?? "")}`),
    xAxis: { type: "value", min: 0, max: Math.ceil((dearest * 1.06) / 2) * 2, name: across, nameLocation: "middle", nameGap: 26, nameTextStyle: letters(), axisLabel: { ...letters(), showMaxLabel: false }, splitLine: { lineStyle: { color: GRID } }, axisLine: { show: true, lineStyle: { color: AXIS } } },
    yAxis: { type: "value", scale: true, minInterval: 1, min: ({ min }) => Math.max(0, Math.floor((Math.min(min, target) - 3) / 5) * 5), name: unit, nameTextStyle: letters(undefined, { align: "left", padding: [0, 0, 0, -20] }), axisLabel: letters(), splitLine: { lineStyle: { color: GRID } } },
    series: [
      {
        type: "line",
        step: "end",
        symbol: "circle",
        symbolSize: 7,
        lineStyle: { color: PRIMARY, width: 2 },
        itemStyle: { color: PRIMARY },
        data: points.map(({ cost, days, name }) => ({ value: [cost, days], name })),
        markLine: line(target, targetName),
      },
      ...mark(best, "diamond", 14, { color: INK, borderColor: LINE }, INK, "top", room),
      ...mark(now, "circle", 13, { color: "#fff", borderColor: ORANGE, borderWidth: 2 }, ORANGE_TEXT, "bottom", room),
    ],
  };
}

function mark(point, symbol, symbolSize, itemStyle, color, side, room) {
  if (!point) return [];
  const position = room(point.cost, point.label) ? [symbolSize + 4, side === "top" ? -14 : 4] : side;
  const align = typeof position === "string" ? { align: "right", offset: [symbolSize, 0] } : {};
  const label = { show: true, position, formatter: point.label, ...align, ...letters(color, { fontWeight: 700, textBorderColor: "#fff", textBorderWidth: 3 }) };
  return [{ type: "scatter", symbol, symbolSize, itemStyle, label, z: 5, data: [{ value: [point.cost, point.days], name: point.name }] }];
}

function line(target, targetName) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: INK, type: [4, 3], width: 1 },
    label: { position: "insideStartTop", formatter: `${targetName} ${target}`, ...letters(INK) },
    data: [{ yAxis: target }],
  };
}
