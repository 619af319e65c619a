// How far the work is, on the diagram: colours by CSS class, pills with the days on the upper
// edge, links to the tasks. Asked for again and again; zoom and place stay.
import { changed } from "./page.js";

const STATE = /^is-(?:state|flow)-/;
const OVERLAY = "state";
const UPPER_EDGE = -12;
/** The icon of a state that names none. */
const ICONS = {
  done: "circle-check",
  running: "player-play",
  paused: "player-pause",
  yellow: "alert-triangle",
  late: "clock-exclamation",
  red: "alert-octagon",
  waiting: "hourglass-empty",
  gone: "x",
};

export class StateWatch {
  constructor(drawing) {
    this.drawing = drawing;
    this.marked = new Map();
    drawing.viewer.on("element.click", ({ element, originalEvent }) => this.follow(element, originalEvent));
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  get container() {
    return this.drawing.container;
  }

  /** Ask for the states and show them; what does not get through is asked for again later. */
  async refresh() {
    clearTimeout(this.timer);
    const { states: url, diagram } = this.container.dataset;
    if (!url || !this.container.isConnected || document.hidden) return;
    const answer = await fetch(url, { headers: { "X-Live": "1" }, cache: "no-cache" }).catch(() => null);
    const told = answer?.ok ? await answer.json() : null;
    if (url !== this.container.dataset.states || diagram !== this.drawing.source || this.drawing.failed) return;
    if (told) this.show(told);
    const every = Number(this.container.dataset.liveEvery);
    if (every && answer?.status !== 401) this.timer = setTimeout(() => this.refresh(), every * 1000);
  }

  show({ elements = {}, flows = {} }) {
    this.links = elements;
    this.clear();
    this.drawing.get("overlays").remove({ type: OVERLAY });
    for (const [id, state] of Object.entries(elements)) this.mark(id, state);
    for (const [id, state] of Object.entries(flows)) this.flow(id, state);
    changed(this.container);
  }

  clear() {
    const canvas = this.drawing.get("canvas");
    for (const element of this.drawing.get("elementRegistry").getAll()) {
      const classes = [...this.drawing.get("elementRegistry").getGraphics(element).classList];
      for (const name of classes.filter((each) => STATE.test(each))) canvas.removeMarker(element, name);
    }
  }

  add(id, marker) {
    if (this.drawing.element(id)) this.drawing.get("canvas").addMarker(id, marker);
  }

  /** A soft gate says what it is: its line alone does not explain itself. What is counted says how often. */
  flow(id, told) {
    const state = told.state ?? told;
    this.add(id, `is-flow-${state}`);
    const points = this.drawing.element(id)?.waypoints;
    const text = told.text ?? (state === "soft" ? this.container.dataset.soft : "");
    if (!points || !text) return;
    const html = Object.assign(document.createElement("span"), { className: told.text ? "diagram-flow" : "diagram-soft", textContent: text });
    const position = middle(points);
    this.drawing.get("overlays").add(id, OVERLAY, { position, html });
  }

  mark(id, state) {
    const element = this.drawing.element(id);
    if (!element) return;
    this.add(id, `is-state-${state.state}`);
    if (state.soft) this.add(id, "is-state-soft");
    if (state.badge) this.pill(element, state);
    this.name(element, state);
  }

  pill(element, { state, badge, icon }) {
    const html = document.createElement("span");
    html.className = `diagram-pill diagram-pill-${state}`;
    html.append(sign(icon ?? ICONS[state], this.container), badge);
    const position = { top: UPPER_EDGE, left: element.width / 2 };
    this.drawing.get("overlays").add(element.id, OVERLAY, { position, html });
  }

  /** What the pointer and a screen reader are told; what leads somewhere is a link. */
  name(element, { title, href }) {
    const graphics = this.drawing.get("elementRegistry").getGraphics(element);
    graphics.querySelector(":scope > title")?.remove();
    if (title) graphics.prepend(svg("title", {}, title));
    const link = { role: "link", tabindex: "0", "aria-label": title ?? element.businessObject.name ?? element.id };
    for (const [name, value] of Object.entries(link)) {
      if (href) graphics.setAttribute(name, value);
      else graphics.removeAttribute(name);
    }
    graphics.classList.toggle("is-link", Boolean(href));
  }

  follow(element, event) {
    const href = this.links?.[element.id]?.href;
    if (!href) return;
    if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
    else location.assign(href);
  }
}

/** The middle of a flow's longest part, from the corner of the flow's box. */
function middle(points) {
  const parts = points.slice(1).map((to, place) => ({ from: points[place], to }));
  const length = ({ from, to }) => Math.hypot(to.x - from.x, to.y - from.y);
  const { from, to } = parts.reduce((best, part) => (length(part) > length(best) ? part : best));
  const [left, top] = ["x", "y"].map((axis) => Math.min(...points.map((point) => point[axis])));
  return { left: (from.x + to.x) / 2 - left, top: (from.y + to.y) / 2 - top };
}

function sign(name, container) {
  const sprite = container.closest("[data-icons]")?.dataset.icons ?? "";
  const icon = svg("svg", { class: "icon", "aria-hidden": "true" });
  icon.append(svg("use", { href: `${sprite}#${name}` }));
  return icon;
}

function svg(name, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(text);
  return made;
}
