// BPMN diagrams: every [data-diagram] of a page is drawn, coloured by the state of the work, and
// kept up to date. What its attributes say may change: stage tabs and live updates change them.
import { changed, each } from "./page.js";
import { Drawing } from "./drawing.js";
import { showProblems } from "./problems.js";
import { StateWatch } from "./states.js";
import { View } from "./view.js";

const FRAME = "[data-diagram-frame]";

/** What stands together: a diagram, its buttons, tabs and lists. */
export const frameOf = (element) => element.closest(FRAME) ?? element.closest("section, .card") ?? document.body;

each("[data-diagram]", (container) => {
  const drawing = new Drawing(container, () => show());
  const view = new View(drawing, frameOf(container));
  const states = new StateWatch(drawing);
  const show = async () => {
    if (!(await drawing.show())) return;
    view.begin();
    showProblems(drawing, frameOf(container));
    await states.refresh();
    view.lookAtWork();
    container.dataset.diagramShown = drawing.source;
    changed(container);
  };
  const draw = ["data-diagram", "data-labels"];
  new MutationObserver((changes) => {
    const names = changes.filter((each) => each.oldValue !== container.getAttribute(each.attributeName));
    if (names.some((each) => draw.includes(each.attributeName))) show();
    else if (names.some((each) => each.attributeName === "data-states")) states.refresh();
    else if (names.length) showProblems(drawing, frameOf(container));
  }).observe(container, { attributeFilter: [...draw, "data-states", "data-problems"], attributeOldValue: true });
  show();
});

// -- stage tabs ----------------------------------------------------------------------------------

/** Before htmx: a tab that is a link is one for whoever has no scripts. */
document.addEventListener(
  "click",
  (event) => {
    const tab = event.target.closest("[data-diagram-tab]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (tab.href) history.replaceState(history.state, "", tab.href);
    choose(tab, frameOf(tab));
  },
  true,
);

function choose(tab, frame) {
  const container = frame.querySelector("[data-diagram]");
  for (const each of frame.querySelectorAll("[data-diagram-tab]")) mark(each, each === tab);
  for (const name of ["states", "labels", "problems"]) {
    if (name in tab.dataset) container.dataset[name] = tab.dataset[name];
    else delete container.dataset[name];
  }
  if (tab.dataset.label) container.setAttribute("aria-label", tab.dataset.label);
  container.dataset.diagram = tab.dataset.diagramTab;
  for (const part of frame.querySelectorAll("[data-diagram-for]")) {
    part.hidden = part.dataset.diagramFor !== tab.dataset.diagramTab;
  }
}

function mark(tab, is) {
  const name = tab.matches("a") ? "aria-current" : "aria-pressed";
  if (is || name === "aria-pressed") tab.setAttribute(name, String(is));
  else tab.removeAttribute(name);
}
