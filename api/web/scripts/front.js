// Days against cost: <div data-chart="front" data-chart-options='{"points": [{"cost", "days",
// "count", "name"}], "now": {"cost", "days", "name"}, "best": {…} or null, "target", "targetName",
// "across", "unit"}'>. A step holds until more is spent.
import { AXIS, GRID, INK, LINE, ORANGE, ORANGE_TEXT, PRIMARY, letters, plain, pointed, width } from "./paint.js";

/** Pixels from one line of letters to the next. */
const LABEL = 22;

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
        markLine: line(target, targetName, free([best, now], dearest, width(`${targetName} ${target}`), place)),
      },
      ...mark(best, "diamond", 14, { color: INK, borderColor: LINE }, INK, room),
      ...mark(now, "circle", 13, { color: "#fff", borderColor: ORANGE, borderWidth: 2 }, ORANGE_TEXT, room, lift(now, best, points, dearest, place)),
    ],
  };
}

/** Beside the mark above the curve or, where there is no room, below it: nothing is drawn there. */
function mark(point, symbol, symbolSize, itemStyle, color, room, up = 0) {
  if (!point) return [];
  const beside = { position: [symbolSize + 4, -14 - up] };
  const below = { position: "bottom", align: "right", offset: [symbolSize, up] };
  const side = room(point.cost, point.label) ? beside : below;
  const label = { show: true, formatter: point.label, ...side, ...letters(color, { fontWeight: 700, textBorderColor: "#fff", textBorderWidth: 3 }) };
  return [{ type: "scatter", symbol, symbolSize, itemStyle, label, z: 5, data: [{ value: [point.cost, point.days], name: point.name }] }];
}

/** How many pixels a label makes way for another's mark and label. */
function lift(point, other, points, dearest, place) {
  if (!point || !other) return 0;
  const days = points.map((each) => each.days);
  const across = (Math.abs(point.cost - other.cost) / dearest) * (place.clientWidth - 60);
  const down = (Math.abs(point.days - other.days) / (Math.max(...days) - Math.min(...days) || 1)) * (place.clientHeight - 100);
  return across < Math.max(width(point.label), width(other.label)) + 20 && down < 18 ? LABEL : 0;
}

/** Where on the target's line its own label meets no mark and no mark's label. */
function free(marks, dearest, size, place) {
  const wide = place.clientWidth - 60;
  const taken = marks.filter(Boolean).map(({ cost, label }) => {
    const from = (cost / dearest) * wide;
    return from + width(label) < wide ? [from - 12, from + width(label) + 20] : [from - width(label) - 12, from + 12];
  });
  const spots = { insideStartTop: 0, insideEndTop: wide - size, insideMiddleTop: (wide - size) / 2 };
  const isFree = (spot) => taken.every(([from, to]) => to < spots[spot] || from > spots[spot] + size);
  return Object.keys(spots).find(isFree) ?? "insideEndBottom";
}

function line(target, targetName, position) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: INK, type: [4, 3], width: 1 },
    label: { position, formatter: `${targetName} ${target}`, ...letters(INK) },
    data: [{ yAxis: target }],
  };
}
