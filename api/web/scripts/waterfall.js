// Which operation saves how many days: <div data-chart="waterfall" data-chart-options='{"bars":
// [{"kind": "total|saved|added|nothing", "from", "to", "label", "name", "text"}], "target",
// "targetName", "unit", "max"}'>. Upright where the labels have room, else a row a bar.
import { AXIS, GRID, INK, MUTED, ORANGE, ORANGE_TEXT, SAVED, SAVED_TEXT, SMALL, letters, plain, pointed } from "./paint.js";

/** Below so many pixels a bar its two letters touch the next ones. */
const LEAST = 27;
const ROW = 22;
const AROUND = 44;
const FILLS = { total: INK, saved: SAVED, added: ORANGE, nothing: AXIS };
const WORDS = { total: INK, saved: SAVED_TEXT, added: ORANGE_TEXT, nothing: MUTED };

const isUpright = (told, place) => place.clientWidth / told.bars.length >= LEAST;

export function waterfall(told, place) {
  const upright = isUpright(told, place);
  place.style.height = upright ? "" : `${told.bars.length * ROW + AROUND}px`;
  return {
    animation: false,
    textStyle: letters(),
    grid: { top: upright ? 26 : 20, bottom: upright ? 4 : 22, left: 4, right: upright ? 8 : 28, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: pointed(({ data }) => `${plain(data.bar.name)}<br>${data.bar.from} → ${data.bar.to} ${plain(told.unit)}`),
    ...(upright ? { xAxis: names(told, upright), yAxis: days(told, upright) } : { yAxis: names(told, upright), xAxis: days(told, upright) }),
    series: [ground(told), bars(told, upright)],
  };
}

function names({ bars }, upright) {
  return {
    type: "category",
    inverse: !upright,
    data: bars.map(({ label, row }) => (upright ? label : (row ?? label))),
    axisLine: { lineStyle: { color: AXIS } },
    axisTick: { show: false },
    axisLabel: letters(MUTED, { interval: 0, lineHeight: 15, fontSize: upright ? 11 : SMALL, ...(upright ? {} : { width: 96, overflow: "truncate" }) }),
  };
}

function days({ unit, max }, upright) {
  return {
    type: "value",
    min: 0,
    // several charts have one scale
    max: max ? Math.ceil(max / 10) * 10 : undefined,
    name: upright ? unit : "",
    nameTextStyle: letters(MUTED, { align: "left", padding: [0, 0, 0, -20] }),
    axisLabel: letters(),
    splitNumber: 5,
    splitLine: { lineStyle: { color: GRID } },
  };
}

/** What lifts a bar to where it begins; not to be seen. */
function ground({ bars }) {
  return { type: "bar", stack: "days", silent: true, itemStyle: { color: "transparent" }, tooltip: { show: false }, data: bars.map((bar) => (bar.kind === "total" ? 0 : Math.min(bar.from, bar.to))) };
}

function bars(told, upright) {
  return {
    type: "bar",
    stack: "days",
    barCategoryGap: "22%",
    barMaxWidth: upright ? 30 : 14,
    data: told.bars.map((bar) => drawn(bar, upright)),
    markLine: told.target == null ? undefined : line(told, upright),
  };
}

function drawn(bar, upright) {
  const { kind, from, to, text } = bar;
  const value = kind === "total" ? to : Math.abs(from - to);
  const label = { show: Boolean(text), position: upright ? "top" : "right", formatter: text, ...letters(WORDS[kind], { fontWeight: 700, fontSize: kind === "total" ? 14 : SMALL }) };
  // what saves nothing is a thin tick at the height reached
  const border = kind === "nothing" ? { borderColor: AXIS, borderWidth: 1.5 } : {};
  return { value, bar, label, itemStyle: { color: FILLS[kind], ...border } };
}

function line({ target, targetName }, upright) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: INK, type: [4, 3], width: 1 },
    label: { position: upright ? "insideMiddleBottom" : "start", formatter: `${targetName} ${target}`, ...letters(INK) },
    data: [upright ? { yAxis: target } : { xAxis: target }],
  };
}
