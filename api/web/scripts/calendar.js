// Days of a year are clicked into the text of a revision, and out of it again; the arrow keys go
// from day to day. The text is what counts: whoever types sees the same days marked.
import { each } from "./page.js";

const RANGE = /^\s*(\d{4}-\d{2}-\d{2})(?:\.\.(\d{4}-\d{2}-\d{2}))?(?=[\s,，]|$)/;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const periodOf = (line) => {
  const [, first, last] = RANGE.exec(line) ?? [];
  return first ? { first, last: last ?? first } : null;
};

/** The text with a day as its line says, or without it where it said so already. */
function toggled(text, on, line) {
  const lines = text.split("\n");
  const place = lines.findIndex((each) => {
    const period = periodOf(each);
    return period?.first === on && period.last === on;
  });
  if (place < 0) {
    const kept = text.replace(/\n+$/, "");
    return `${kept}${kept && "\n"}${line}\n`;
  }
  const same = lines[place].split(/[\s,，]+/)[1] === line.split(" ")[1];
  lines.splice(place, 1, ...(same ? [] : [line]));
  return lines.join("\n");
}

function lineOf(place, on) {
  const said = place.querySelector("input[name=brush]:checked").value;
  const name = place.querySelector("[data-calendar-name]").value.trim();
  return [on, said, said === "ordinary" ? "" : name].filter(Boolean).join(" ");
}

each("[data-calendar]", (place) => {
  const text = document.getElementById(place.dataset.calendar);
  const days = [...place.querySelectorAll("button[data-day]")];

  function mark() {
    const periods = text.value.split("\n").map(periodOf).filter(Boolean);
    for (const day of days) {
      const on = day.dataset.day;
      const is = periods.some(({ first, last }) => first <= on && on <= last);
      day.setAttribute("aria-pressed", String(is));
    }
  }

  function go(from, key) {
    const to = days[days.indexOf(from) + STEPS[key]];
    if (!to) return;
    from.tabIndex = -1;
    to.tabIndex = 0;
    to.focus();
  }

  place.addEventListener("click", ({ target }) => {
    const day = target.closest("button[data-day]");
    if (!day) return;
    text.value = toggled(text.value, day.dataset.day, lineOf(place, day.dataset.day));
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  place.addEventListener("keydown", (event) => {
    const day = event.target.closest("button[data-day]");
    if (!day || !(event.key in STEPS)) return;
    event.preventDefault();
    go(day, event.key);
  });
  text.addEventListener("input", mark);
  mark();
});
