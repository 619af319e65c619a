// How likely each length is: <div data-chart="distribution" data-chart-options='{"from", "width",
// "sides": [{"name", "shares": [%…], "late": [true…]}], "lines": [{"at", "name", "tone"}], "across",
// "unit"}'>. One side is bars, those past the promise orange; two are outlines, one of them dashed.
import { AXIS, GRID, INK, LINE, MUTED, ORANGE, ORANGE_TEXT, PRIMARY, TEXT, letters, plain, width } from "./paint.js";

/** Pixels from one line of letters to the next, and from a line's end to its letters. */
const ROW = 17;
const NEAR = 5;
const WITHIN = { color: "#9DBAD9", borderColor: "#4F6D8C" };
const PAST = { color: "#F3C09A", borderColor: ORANGE };
const OUTLINES = [
  { lineStyle: { color: PRIMARY, width: 2 }, areaStyle: { color: PRIMARY, opacity: 0.16 }, itemStyle: { color: PRIMARY } },
  { lineStyle: { color: ORANGE_TEXT, width: 2, type: [5, 3] }, areaStyle: { color: ORANGE, opacity: 0.12 }, itemStyle: { color: ORANGE_TEXT } },
];
/** What a line is about: the promise, a quantile, or the months' window. */
const TONES = {
  promise: { color: INK, type: [5, 3], width: 2 },
  quantile: { color: "#4F6D8C", type: "solid", width: 1.5 },
  late: { color: ORANGE_TEXT, type: "solid", width: 1.5 },
  window: { color: MUTED, type: [2, 3], width: 1.5 },
};

export function distribution(told, place) {
  const to = told.from + told.width * told.sides[0].shares.length;
  const flags = raised(told, to, place);
  const rows = Math.max(0, ...flags.map(({ level }) => level)) + 1;
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: flags.length ? rows * ROW + 10 : 14, bottom: 26, left: 4, right: 20, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { trigger: "axis", confine: true, transitionDuration: 0, borderColor: LINE, textStyle: letters(TEXT), formatter: (found) => pointed(found, told) },
    xAxis: [
      { type: "category", show: false, data: told.sides[0].shares.map((_, bin) => bin) },
      { type: "value", position: "bottom", min: told.from, max: to, name: told.across, nameLocation: "middle", nameGap: 26, nameTextStyle: letters(), axisLabel: { ...letters(), hideOverlap: true, formatter: (value) => Math.round(value * 10) / 10 }, splitLine: { show: false }, axisLine: { show: true, onZero: false, lineStyle: { color: AXIS } }, axisPointer: { show: false } },
    ],
    yAxis: { type: "value", min: 0, max: ({ max }) => (max > 80 ? 100 : null), splitNumber: 4, axisLabel: letters(MUTED, { formatter: "{value}%" }), splitLine: { lineStyle: { color: GRID } } },
    series: [...told.sides.map((side, number) => (told.sides.length > 1 ? outline(side, number) : bars(side, place))), standing(told, to, flags)],
  };
}

/** Bars so narrow have borders that would hide them. */
const NARROW = 9;

function bars({ shares, late }, place) {
  const borderWidth = place.clientWidth / shares.length < NARROW ? 0.3 : 0.8;
  return {
    type: "bar",
    barCategoryGap: 0,
    data: shares.map((value, bin) => ({ value, itemStyle: { ...(late[bin] ? PAST : WITHIN), borderWidth } })),
  };
}

const outline = ({ name, shares }, number) => ({ type: "line", step: "middle", symbol: "none", name, data: shares, ...OUTLINES[number] });

/** The upright lines stand on the axis of days: a series of no width bears them. */
function standing({ from }, to, flags) {
  return {
    type: "line",
    xAxisIndex: 1,
    silent: true,
    symbol: "none",
    lineStyle: { opacity: 0 },
    tooltip: { show: false },
    data: [[from, 0], [to, 0]],
    markLine: {
      silent: true,
      symbol: "none",
      data: flags.map(({ at, name, tone, level }) => ({
        xAxis: at,
        lineStyle: TONES[tone],
        label: { position: "end", distance: [0, NEAR + level * ROW], formatter: name, ...letters(TONES[tone].color, { fontWeight: 700 }) },
      })),
    },
  };
}

/** The lines that are to be seen, each raised until its letters touch no others. */
function raised({ from, lines }, to, place) {
  const scale = (place.clientWidth - 60) / (to - from);
  const ends = [];
  const seen = lines.filter(({ at }) => at >= from && at <= to).sort((one, other) => one.at - other.at);
  return seen.map((line) => {
    const half = (width(line.name) * 1.1) / 2;
    const at = (line.at - from) * scale;
    let level = ends.findIndex((end) => end + 8 < at - half);
    if (level < 0) level = ends.length;
    ends[level] = at + half;
    return { ...line, level };
  });
}

function pointed(found, told) {
  const bin = found[0].dataIndex;
  const round = (value) => Math.round(value * 100) / 100;
  const span = `${round(told.from + bin * told.width)}–${round(told.from + (bin + 1) * told.width)} ${plain(told.unit)}`;
  const said = told.sides.map(({ name, shares }) => `${name ? `${plain(name)}: ` : ""}${shares[bin]}%`);
  return [span, ...said].join("<br>");
}
