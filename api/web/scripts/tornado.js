// What the result depends on most: <div data-chart="tornado" data-chart-options='{"base", "rows":
// [{"name", "low", "high", "atLow", "atHigh"}], "unit", "names": {"low", "high", "base"}}'>: a row an
// input, the days when it is low and when it is high, from the days as assumed.
import { AXIS, GRID, INK, MUTED, ORANGE, ORANGE_TEXT, PRIMARY, TEXT, letters, plain, pointed } from "./paint.js";

const ROW = 26;
const AROUND = 46;
const PHONE = 480;
const SIDES = [
  { key: "atLow", name: "low", color: "#6F9BD1", words: PRIMARY },
  { key: "atHigh", name: "high", color: ORANGE, words: ORANGE_TEXT },
];

const signed = (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${Math.abs(value)}`;

export function tornado(told, place) {
  place.style.height = `${told.rows.length * ROW + AROUND}px`;
  const isNarrow = place.clientWidth < PHONE;
  const most = Math.max(...told.rows.flatMap(({ atLow, atHigh }) => [Math.abs(atLow), Math.abs(atHigh)]), 0.1);
  const edge = Math.ceil(most * 1.35 * 10) / 10;
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: 8, bottom: 24, left: 4, right: 16, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: pointed(({ data }) => `${plain(data.told)}`),
    xAxis: { type: "value", min: -edge, max: edge, name: told.unit, nameLocation: "middle", nameGap: 24, nameTextStyle: letters(), axisLabel: letters(MUTED, { showMinLabel: false, showMaxLabel: false, formatter: (value) => (value ? signed(Math.round(value * 10) / 10) : "0") }), splitLine: { lineStyle: { color: GRID } } },
    yAxis: { type: "category", inverse: true, data: told.rows.map(({ name }) => name), axisTick: { show: false }, axisLine: { lineStyle: { color: AXIS }, onZero: false }, axisLabel: letters(TEXT, { width: isNarrow ? 104 : 200, overflow: "truncate", interval: 0 }) },
    series: SIDES.map((side, number) => bars(told, side, number)),
  };
}

function bars({ rows, names }, { key, name, color, words }, number) {
  return {
    type: "bar",
    barGap: "-100%",
    barMaxWidth: 15,
    itemStyle: { color, borderColor: INK, borderWidth: number ? 0 : 0.5 },
    data: rows.map((row) => ({
      value: row[key],
      told: `${row.name} · ${names[name]} (${row[name]}): ${signed(row[key])}`,
      label: { show: row[key] !== 0, position: row[key] < 0 ? "left" : "right", formatter: signed(row[key]), ...letters(words) },
    })),
  };
}
