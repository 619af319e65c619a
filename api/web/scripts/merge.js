// Make a part of the page like the one the server sent, and keep what is the user's: what they
// typed, ticked, opened and scrolled, and what scripts have drawn.
import htmx from "htmx.org";
import { Idiomorph } from "idiomorph";
import { isDirty, isTypedIn } from "./fields.js";

/** Drawn by a script: the attributes change, the drawing redraws itself. */
const DRAWN = "[data-diagram], [data-chart]";

export function merge(part, fresh) {
  const name = part.closest("[data-live]")?.id ?? "live";
  giveIds(part, name);
  giveIds(fresh, name);
  if (part.matches("[data-key]") && !fresh.id) fresh.id = part.id;
  const putBack = scrolled(part);
  Idiomorph.morph(part, fresh, { morphStyle: "outerHTML", callbacks: keeping(touched(part)) });
  putBack();
  htmx.process(part);
}

/** Rows are told apart by their id when they change places, so that a row's state goes with it. */
function giveIds(part, name) {
  for (const row of part.querySelectorAll("[data-rows] > [data-key]:not([id])")) {
    row.id = `${name}-row-${row.dataset.key}`;
  }
}

/** The controls that are the user's. Told beforehand: the first attribute changed blurs it. */
function touched(part) {
  const controls = [...part.querySelectorAll("input, select, textarea")];
  return new Set(controls.filter((each) => isDirty(each) || each === document.activeElement));
}

/** A function that scrolls everything back to where it is now: what is moved loses its place. */
function scrolled(part) {
  const places = [...part.querySelectorAll("*")]
    .filter((each) => each.scrollTop || each.scrollLeft)
    .map((each) => [each, each.scrollLeft, each.scrollTop]);
  return () => places.forEach(([each, left, top]) => Object.assign(each, { scrollLeft: left, scrollTop: top }));
}

/** A form that somebody works in. One around rows is a list: its controls are kept one by one. */
function isFormInUse(node) {
  if (!(node instanceof HTMLFormElement) || node.querySelector("[data-rows]")) return false;
  return node.contains(document.activeElement) || isTypedIn(node);
}

const keeping = (mine) => ({
  beforeNodeMorphed(old, fresh) {
    if (isFormInUse(old)) return false;
    return old instanceof Element && old.matches(DRAWN) ? redraw(old, fresh) : true;
  },
  beforeNodeRemoved(node) {
    return !(node instanceof Element && [node, ...node.querySelectorAll("form")].some(isFormInUse));
  },
  beforeAttributeUpdated(name, element) {
    if (name === "open") return !element.matches("details, dialog");
    if (name === "value" || name === "checked") return !mine.has(element);
    return name !== "selected" || !mine.has(element.closest("select"));
  },
});

/** Take over the attributes alone; who drew it watches them. */
function redraw(old, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  return false;
}
