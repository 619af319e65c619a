// What a check found, on the diagram: an outline and a number at each element, the same numbers as
// in the list beside it. Choosing one shows the other.
const OVERLAY = "problem";
const MARKERS = ["is-problem-error", "is-problem-warning", "is-chosen"];

export function showProblems(drawing, frame) {
  if (drawing.failed) return;
  const problems = JSON.parse(drawing.container.dataset.problems || "[]");
  drawing.get("overlays").remove({ type: OVERLAY });
  for (const element of drawing.get("elementRegistry").getAll()) {
    for (const marker of MARKERS) drawing.get("canvas").removeMarker(element, marker);
  }
  for (const [id, found] of byElement(problems)) mark(drawing, id, found);
  if (problems.length) connect(drawing, frame);
  const id = awaited.get(drawing);
  awaited.delete(drawing);
  if (id) highlight(drawing, id);
}

/** Problems by element, each with its number in the list. */
function byElement(problems) {
  const found = new Map();
  problems.forEach((problem, place) => {
    const numbered = { ...problem, number: place + 1 };
    found.set(problem.element, [...(found.get(problem.element) ?? []), numbered]);
  });
  return found;
}

function mark(drawing, id, found) {
  const element = drawing.element(id);
  if (!element) return; // about the file as a whole: the list tells it
  const severity = found.some((each) => each.severity === "error") ? "error" : "warning";
  drawing.get("canvas").addMarker(id, `is-problem-${severity}`);
  const html = document.createElement("button");
  Object.assign(html, { type: "button", className: `diagram-problem diagram-problem-${severity}` });
  html.textContent = found.map((each) => each.number).join(" ");
  html.title = found.map((each) => each.message).join("\n");
  html.addEventListener("click", () => drawing.get("eventBus").fire("problem.chosen", { id }));
  drawing.get("overlays").add(id, OVERLAY, { position: place(element), html });
}

/** On the upper left corner; of a flow at its middle. */
function place(element) {
  if (!element.waypoints) return { top: -12, left: -12 };
  const xs = element.waypoints.map((point) => point.x);
  const ys = element.waypoints.map((point) => point.y);
  return { top: (Math.max(...ys) - Math.min(...ys)) / 2 - 12, left: (Math.max(...xs) - Math.min(...xs)) / 2 - 12 };
}

// -- choosing --------------------------------------------------------------------------------------

const connected = new WeakSet();
/** By drawing, the element to be shown once the diagram that has it is drawn. */
const awaited = new WeakMap();

function connect(drawing, frame) {
  if (connected.has(drawing)) return;
  connected.add(drawing);
  const entries = () => [...frame.querySelectorAll("[data-problem-element]")];
  const isOf = (entry, id) => {
    const { problemElement, problemDiagram = drawing.container.dataset.diagram } = entry.dataset;
    return problemElement === id && problemDiagram === drawing.container.dataset.diagram;
  };
  const choose = (id, { fromList }) => {
    highlight(drawing, id);
    for (const entry of entries()) entry.classList.toggle("is-chosen", isOf(entry, id));
    const first = entries().find((entry) => isOf(entry, id));
    if (!fromList) first?.scrollIntoView({ block: "nearest" });
  };
  frame.addEventListener("click", ({ target }) => {
    const entry = target.closest("[data-problem-element]");
    if (!entry) return;
    const tab = otherTab(drawing, frame, entry);
    if (tab) {
      awaited.set(drawing, entry.dataset.problemElement);
      tab.click();
    }
    choose(entry.dataset.problemElement, { fromList: true });
  });
  drawing.viewer.on("element.click", ({ element }) => choose(element.id, { fromList: false }));
  drawing.viewer.on("problem.chosen", ({ id }) => choose(id, { fromList: false }));
}

/** The tab of the diagram that a problem is about, where another one is shown. */
function otherTab(drawing, frame, { dataset }) {
  if (!dataset.problemDiagram || dataset.problemDiagram === drawing.container.dataset.diagram) return null;
  const tabs = [...frame.querySelectorAll("[data-diagram-tab]")];
  return tabs.find((tab) => tab.dataset.diagramTab === dataset.problemDiagram) ?? null;
}

/** Bring an element to the middle and outline it. */
function highlight(drawing, id) {
  const canvas = drawing.get("canvas");
  for (const element of drawing.get("elementRegistry").getAll()) canvas.removeMarker(element, "is-chosen");
  const element = drawing.element(id);
  if (!element) return;
  canvas.addMarker(id, "is-chosen");
  const { width, height, inner } = canvas.viewbox();
  const [down, across] = [inner.height > height ? height / 3 : 0, inner.width > width ? width / 3 : 0];
  canvas.scrollToElement(element, { top: down, bottom: down, left: across, right: across });
  drawing.container.scrollIntoView({ block: "nearest" });
}
