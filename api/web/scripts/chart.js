// Charts: <div data-chart="line|bar" data-chart-options='{"labels", "series": [{"name", "values"}],
// "target", "unit", "min", "max"}'>. <div data-chart="dumbbell" …='{"labels", "names": {"statutory",
// "promised", "actual", "late"}, "rows": [{"statutory", "promised", "actual", "note"}], "unit"}'>: days
// from the actual to the statutory, a row a label. Other kinds are in files of their own. The page's
// table says the same in words.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { distribution } from "./distribution.js";
import { ecdf } from "./ecdf.js";
import { fit } from "./fit.js";
import { front } from "./front.js";
import { each } from "./page.js";
import { FONT, GRID, INK, LINE, MUTED, ORANGE, SMALL, width } from "./paint.js";
import { qq } from "./qq.js";
import { tornado } from "./tornado.js";
import { warmup } from "./warmup.js";
import { waterfall } from "./waterfall.js";

use([BarChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

/** Told apart by colour and by shape; the first is the one the chart is about. */
const SERIES = [
  { color: INK, symbol: "circle" },
  { color: "#1558B0", symbol: "rect" },
  { color: "#963B00", symbol: "triangle" },
  { color: "#0B6B55", symbol: "diamond" },
  { color: "#57468C", symbol: "emptyCircle" },
];
/** Room for a line's name at its end: Chinese letters are as wide as high. */
const MOST_NAME = 140;
const LETTER_HEIGHT = 15;
/** What stands above and below the lines: the axis with its labels. */
const AROUND = 36;
/** Of bars that lie: the room for a name, and the height a bar's row has at least. */
const LYING_NAME = 128;
const LYING_ROW = 24;

const USED = "#4A86D4";
const STATUTORY = "#8A97A5";
const RANGE = "#C3CCD6";

const OTHERS = { dumbbell, waterfall, front, distribution, tornado, warmup, fit, qq, ecdf };

function options(place) {
  const told = JSON.parse(place.dataset.chartOptions);
  const other = OTHERS[place.dataset.chart];
  if (other) return other(told, place);
  const named = told.series.length > 1 && place.dataset.chart === "line";
  const lying = lies(told, place);
  const [names, values] = [across(told, place), up(told)];
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: SMALL, color: MUTED },
    grid: { top: isShare(told) || !told.unit ? 12 : 30, bottom: 4, left: 4, right: named ? nameRoom(told) : 12, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: tooltip(told),
    ...(lying ? { xAxis: { ...values, name: "" }, yAxis: { ...names, inverse: true } } : { xAxis: names, yAxis: values }),
    series: told.series.map((series, number) => drawn(series, number, told, place)),
  };
}

/** Shares carry their sign everywhere; another unit is told once, above its axis. */
const isShare = ({ unit }) => unit === "%";
const withUnit = (value, { unit = "" }) => (value == null ? "–" : `${value}${unit}`);

function nameRoom({ series, unit = "" }) {
  const longest = Math.max(...series.map(({ name }) => width(`${name} 00.0${unit}`)));
  return Math.min(longest + 12, MOST_NAME);
}

function tooltip(told) {
  return {
    trigger: "axis",
    confine: true,
    transitionDuration: 0,
    borderColor: LINE,
    textStyle: { fontFamily: FONT, fontSize: SMALL, color: "#1B2733" },
    valueFormatter: (value) => withUnit(value, told),
  };
}

/** Chinese is broken anywhere, other names between their words. */
const words = (text) => text.split(/\s+|(?<=[\u2e80-\uffff])/u);
const lines = (text, room) => Math.ceil((width(text) * 1.2) / room);
const nameWidth = ({ labels }, place) => Math.max(28, place.clientWidth / labels.length - 10);

/** Bars lie where a word of a name would be broken below them. */
function lies(told, place) {
  if (place.dataset.chart !== "bar") return false;
  return Math.max(...told.labels.flatMap(words).map(width)) > nameWidth(told, place);
}

/** Lying bars are as high as their names need; others as the page says. */
function heightOf(told, place) {
  if (!lies(told, place)) return "";
  const rows = told.labels.map((label) => Math.max(LYING_ROW, lines(label, LYING_NAME) * LETTER_HEIGHT + 8));
  return `${Math.max(...rows) * rows.length + AROUND}px`;
}

function across(told, place) {
  const kind = place.dataset.chart;
  const { labels } = told;
  // a bar without its name says nothing: long names are broken
  const room = lies(told, place) ? LYING_NAME : nameWidth(told, place);
  const every = kind === "bar" ? { interval: 0, width: room, overflow: "break" } : { hideOverlap: true };
  return {
    type: "category",
    data: labels,
    boundaryGap: kind === "bar",
    axisLine: { lineStyle: { color: "#A9B3BE" } },
    axisTick: { show: false },
    axisLabel: { fontFamily: FONT, fontSize: SMALL, color: MUTED, ...every },
  };
}

function up(told) {
  return {
    type: "value",
    min: told.min,
    max: told.max,
    splitNumber: 4,
    ...(isShare(told) && told.max === 100 && told.min === 0 ? { interval: 25 } : {}),
    name: isShare(told) ? "" : told.unit,
    nameTextStyle: { fontFamily: FONT, fontSize: SMALL, color: MUTED, align: "right", padding: [0, 8, 0, 0] },
    axisLabel: { fontFamily: FONT, fontSize: SMALL, color: MUTED, formatter: isShare(told) ? "{value}%" : "{value}" },
    splitLine: { lineStyle: { color: GRID } },
  };
}

function drawn({ name, values }, number, told, place) {
  const kind = place.dataset.chart;
  const { color, symbol } = SERIES[number % SERIES.length];
  const target = number === 0 && told.target != null ? { markLine: targetLine(told, lies(told, place)) } : {};
  const shared = { name, data: values, itemStyle: { color }, ...target };
  return kind === "bar" ? { ...shared, type: "bar", barMaxWidth: 28 } : { ...shared, ...line(color, symbol, number, told, nameOffsets(told, place.clientHeight)[number]) };
}

/** By how much each line's name is moved down from its end, so that none stands on another. */
function nameOffsets({ series, min = 0, max }, height) {
  const top = max ?? Math.max(...series.flatMap(({ values }) => values));
  const last = ({ values }) => values.findLast((value) => value != null) ?? min;
  const at = series.map((each) => ((top - last(each)) / (top - min || 1)) * (height - AROUND));
  const offsets = at.map(() => 0);
  let free = -Infinity;
  for (const number of at.map((_, place) => place).sort((one, other) => at[one] - at[other])) {
    const placed = Math.max(at[number], free);
    offsets[number] = placed - at[number];
    free = placed + LETTER_HEIGHT;
  }
  return offsets;
}

function line(color, symbol, number, told, offset) {
  return {
    type: "line",
    symbol,
    symbolSize: 6,
    lineStyle: { color, width: number === 0 ? 2 : 1.5 },
    endLabel: {
      show: told.series.length > 1,
      fontFamily: FONT,
      fontSize: SMALL,
      fontWeight: number === 0 ? 700 : 400,
      color,
      width: MOST_NAME - 8,
      overflow: "truncate",
      offset: [0, offset],
      formatter: ({ seriesName, value }) => `${seriesName} ${withUnit(value, told)}`,
    },
  };
}

/** Dashed ink; its name stands above its beginning, where no bar hides it. */
function targetLine({ target, targetName = "", unit = "" }, lying) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: INK, type: [4, 3], width: 1 },
    label: { position: "insideStartTop", formatter: `${targetName} ${target}${unit}`.trim(), fontFamily: FONT, fontSize: SMALL, color: INK },
    data: [lying ? { xAxis: target } : { yAxis: target }],
  };
}

/** A row a label, the first on top: ranges as lines, their ends as marks of their own shapes. */
function dumbbell({ labels, names, rows, unit }) {
  const at = (key) => rows.map((row, number) => [row[key], number]).filter(([days]) => days != null);
  const isLate = ({ actual, promised }) => actual != null && promised != null && actual > promised;
  const text = { fontFamily: FONT, fontSize: SMALL, color: MUTED };
  return {
    animation: false,
    textStyle: text,
    grid: { top: 8, bottom: 4, left: 4, right: 48, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { ...tooltip({ unit }), trigger: "item", formatter: ({ seriesName, data }) => `${labels[data.value?.[1] ?? data[1]]} · ${seriesName} ${data.value?.[0] ?? data[0]} ${unit}` },
    xAxis: { type: "value", min: 0, axisLabel: text, splitLine: { lineStyle: { color: GRID } } },
    yAxis: { type: "category", inverse: true, data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: "#A9B3BE" } }, axisLabel: text },
    series: [
      { ...marks(names.statutory, "rect", [4, 14], STATUTORY), data: noted(rows), markLine: ranges(rows) },
      { ...marks(names.promised, "rect", [4, 14], INK), data: at("promised") },
      { ...marks(names.actual, "circle", 11, USED), data: at("actual").filter(([, row]) => !isLate(rows[row])) },
      { ...marks(names.late, "triangle", 12, ORANGE), data: at("actual").filter(([, row]) => isLate(rows[row])) },
    ],
  };
}

const marks = (name, symbol, symbolSize, color) => ({ name, type: "scatter", symbol, symbolSize, itemStyle: { color } });

/** The statutory ends, each with how much is saved. */
function noted(rows) {
  const label = { show: true, position: "right", fontFamily: FONT, fontSize: SMALL, color: MUTED };
  return rows.flatMap(({ statutory, note }, number) => (statutory == null ? [] : [{ value: [statutory, number], label: { ...label, formatter: note ?? "" } }]));
}

function ranges(rows) {
  const range = ({ statutory, promised, actual }, number) => {
    const days = [statutory, promised, actual].filter((each) => each != null);
    return [{ coord: [Math.min(...days), number] }, { coord: [Math.max(...days), number] }];
  };
  const drawn = rows.flatMap((row, number) => (row.promised == null && row.actual == null ? [] : [range(row, number)]));
  return { silent: true, symbol: "none", label: { show: false }, lineStyle: { color: RANGE, width: 3, type: "solid" }, data: drawn };
}

each("[data-chart]", (place) => {
  const chart = init(place, null, { renderer: "svg" });
  const isBar = () => place.dataset.chart === "bar";
  // a page that says the height itself keeps it where no bar lies
  const own = place.style.height;
  const draw = () => {
    if (isBar()) place.style.height = heightOf(JSON.parse(place.dataset.chartOptions), place) || own;
    chart.resize();
    chart.setOption(options(place), { notMerge: true });
  };
  draw();
  new ResizeObserver(() => {
    chart.resize();
    // what these draw depends on their width
    if (isBar() || place.dataset.chart in OTHERS) draw();
  }).observe(place);
  new MutationObserver(draw).observe(place, { attributeFilter: ["data-chart", "data-chart-options"] });
});
