// What part of a diagram is seen: it fits its box until the user zooms; buttons, keys, fingers and
// the full screen change it.
const STEP = 1.25;
const NEAREST = 3;
const FARTHEST = 0.2;
const PAN = 60;
const PHONE = 768;
/** Smaller letters cannot be read: a wide screen then shows a part, and the map of the whole. */
const READABLE = 0.7;
const MARGIN = 16;
const LOWEST = 260;
/** Of the window's height. */
const HIGHEST = 0.72;
const AT_WORK = ["is-state-red", "is-state-late", "is-state-yellow", "is-state-running"];

export class View {
  constructor(drawing, frame) {
    this.drawing = drawing;
    this.frame = frame;
    this.container = drawing.container;
    this.listen();
  }

  get canvas() {
    return this.drawing.get("canvas");
  }

  get isPhone() {
    return window.innerWidth < PHONE;
  }

  /** All of it is to be seen, however small: data-diagram-whole, and phones. */
  get isWhole() {
    return this.isPhone || "diagramWhole" in this.container.dataset;
  }

  listen() {
    this.container.addEventListener("keydown", (event) => this.press(event));
    this.container.addEventListener("focusin", (event) => this.reveal(event.target));
    this.frame.addEventListener("click", ({ target }) => {
      const button = target.closest("[data-diagram-zoom]");
      if (button) this.act(button.dataset.diagramZoom);
    });
    document.addEventListener("fullscreenchange", () => this.fit());
    new ResizeObserver(() => this.resized()).observe(this.container);
    touch(this);
    this.wheel();
  }

  /** The wheel scrolls the page, unless somebody works in the diagram. */
  wheel() {
    const set = (on) => this.drawing.get("zoomScroll").toggle(on);
    this.drawing.viewer.on("canvas.mouseover", 500, () => setTimeout(() => set(this.isInUse())));
    this.container.addEventListener("focusin", () => set(true));
    this.container.addEventListener("focusout", () => set(this.isFull()));
  }

  isInUse() {
    return this.isFull() || this.container.contains(document.activeElement);
  }

  isFull() {
    return document.fullscreenElement === this.frame || this.frame.classList.contains("is-full");
  }

  // -- fitting -----------------------------------------------------------------------------------

  /** A diagram has been drawn: give it its height and show it. */
  begin() {
    this.fit();
    const partly = this.scale < this.fitting - 0.01 || this.fitting < READABLE;
    this.drawing.get("minimap").toggle(!this.isWhole && partly);
    this.told();
  }

  get scale() {
    return this.canvas.zoom();
  }

  /** The scale at which all is seen, never larger than drawn. */
  get fitting() {
    const { inner, outer } = this.canvas.viewbox();
    const across = (outer.width - 2 * MARGIN) / inner.width;
    const down = (outer.height - 2 * MARGIN) / inner.height;
    return Math.min(1, across, down);
  }

  /** A box that is not shown has no size; it is fitted when it gets one. */
  fit() {
    this.isMoved = false;
    if (!this.container.clientWidth) return;
    this.grow();
    this.canvas.resized();
    const scale = this.isWhole || this.isFull() ? this.fitting : Math.max(this.fitting, READABLE);
    this.look(scale);
  }

  /** Show the diagram's middle, or where it is larger than its box its beginning. */
  look(scale) {
    const { inner, outer } = this.canvas.viewbox();
    const [width, height] = [outer.width / scale, outer.height / scale];
    const x = inner.width > width ? inner.x - MARGIN : inner.x - (width - inner.width) / 2;
    const y = inner.height > height ? inner.y - MARGIN : inner.y - (height - inner.height) / 2;
    this.canvas.viewbox({ x, y, width, height });
  }

  /** As high as the diagram needs at its width. */
  grow() {
    if (this.isFull()) return this.container.style.removeProperty("height");
    const { inner } = this.canvas.viewbox();
    const across = (this.container.clientWidth - 2 * MARGIN) / inner.width;
    const scale = Math.min(1, this.isWhole ? across : Math.max(across, READABLE));
    const height = Math.min(inner.height * scale + 2 * MARGIN, window.innerHeight * HIGHEST);
    this.container.style.height = `${Math.max(Math.round(height), this.isPhone ? 0 : LOWEST)}px`;
    return undefined;
  }

  resized() {
    if (!this.drawing.source || this.drawing.failed || this.container.clientWidth === this.width) return;
    this.width = this.container.clientWidth;
    if (this.isMoved) this.canvas.resized();
    else this.fit();
  }

  /** Where only a part is seen, the part where the work is. */
  lookAtWork() {
    if (this.isMoved || this.scale <= this.fitting + 0.01) return;
    const working = AT_WORK.map((name) => this.container.querySelector(`.djs-element.${name}`)).find(Boolean);
    if (working) this.center(working.dataset.elementId);
  }

  center(id) {
    const { width, height } = this.canvas.viewbox();
    const around = { top: height / 4, bottom: height / 4, left: width / 3, right: width / 3 };
    this.canvas.scrollToElement(id, around);
  }

  /** What gets the focus is seen; the box itself must not be scrolled by it. */
  reveal(target) {
    const element = target.closest?.(".djs-element");
    if (!element) return;
    Object.assign(this.container.querySelector(".djs-container"), { scrollLeft: 0, scrollTop: 0 });
    Object.assign(this.container, { scrollLeft: 0, scrollTop: 0 });
    this.canvas.scrollToElement(element.dataset.elementId, 40);
  }

  // -- acting --------------------------------------------------------------------------------------

  act(name) {
    if (this.drawing.failed) return;
    const acts = { in: () => this.zoom(STEP), out: () => this.zoom(1 / STEP), fit: () => this.whole(), full: () => this.full(), map: () => this.map() };
    acts[name]?.();
  }

  zoom(factor) {
    this.isMoved = true;
    this.canvas.zoom(Math.min(NEAREST, Math.max(FARTHEST, this.scale * factor)), "auto");
  }

  whole() {
    this.fit();
    this.look(this.fitting);
  }

  pan(dx, dy) {
    this.isMoved = true;
    this.canvas.scroll({ dx, dy });
  }

  map() {
    this.drawing.get("minimap").toggle();
    this.told();
  }

  told() {
    const button = this.frame.querySelector("[data-diagram-zoom=map]");
    button?.setAttribute("aria-pressed", String(this.drawing.get("minimap").isOpen()));
  }

  /** Where the browser has no full screen (phones), the frame covers the page. */
  async full() {
    if (document.fullscreenElement) await document.exitFullscreen();
    else if (document.fullscreenEnabled) await this.frame.requestFullscreen();
    else this.frame.classList.toggle("is-full");
    this.fit();
  }

  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.drawing.failed) return;
    const link = event.target.closest(".djs-element[role=link]");
    const keys = {
      ArrowLeft: () => this.pan(PAN, 0),
      ArrowRight: () => this.pan(-PAN, 0),
      ArrowUp: () => this.pan(0, PAN),
      ArrowDown: () => this.pan(0, -PAN),
      "+": () => this.zoom(STEP),
      "=": () => this.zoom(STEP),
      "-": () => this.zoom(1 / STEP),
      0: () => this.whole(),
      Enter: link && (() => this.open(link, event)),
    };
    if (event.key === "Escape" && this.frame.classList.contains("is-full")) this.full();
    if (!Object.hasOwn(keys, event.key) || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  open(link, originalEvent) {
    const element = this.drawing.element(link.dataset.elementId);
    this.drawing.get("eventBus").fire("element.click", { element, originalEvent });
  }
}

/** Fingers: bpmn-js knows the mouse alone. One finger moves a diagram that is larger than its box. */
function touch(view) {
  let last = null;
  const { container } = view;
  const isLarger = () => view.drawing.source && !view.drawing.failed && view.scale > view.fitting + 0.01;
  container.addEventListener("pointerdown", (event) => {
    last = event.pointerType === "touch" && event.isPrimary && isLarger() ? event : null;
  });
  container.addEventListener("pointermove", (event) => {
    if (!last || event.pointerId !== last.pointerId) return;
    view.pan(event.clientX - last.clientX, event.clientY - last.clientY);
    last = event;
  });
  for (const name of ["pointerup", "pointercancel"]) container.addEventListener(name, () => (last = null));
  view.drawing.viewer.on("canvas.viewbox.changed", () => container.classList.toggle("is-larger", isLarger()));
}
