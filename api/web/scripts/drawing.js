// One diagram drawn by bpmn-js: its source fetched, its names in the page's language, and a plain
// sentence where it cannot be drawn.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import minimap from "diagram-js-minimap";

const FONT = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
const INK = "#1B2733";
/** Classes for what the stylesheet must tell apart, and bpmn-js does not. */
const MARKERS = { "bpmn:Lane": "is-calm", "bpmn:Participant": "is-calm", "bpmn:CallActivity": "is-call" };
/** Letters inside and outside of elements, px: labels below events have room for 12 (pages.md). */
const LETTERS = { inside: 13, outside: 12, translated: 12 };
/** Labels are laid out for letters of 11 px; translated ones may be this wide. */
const LAID_OUT = 11;
const TRANSLATED_WIDTH = 100;

export class Drawing {
  /** `again` draws the diagram once more, with all that goes with it. */
  constructor(container, again) {
    this.container = container;
    this.again = again;
    const size = container.dataset.labels ? LETTERS.translated : LETTERS.inside;
    this.viewer = new NavigatedViewer({
      container,
      additionalModules: [minimap],
      textRenderer: {
        defaultStyle: { fontFamily: FONT, fontSize: size, lineHeight: 1.3 },
        externalStyle: { fontFamily: FONT, fontSize: LETTERS.outside, lineHeight: 1.25 },
      },
      bpmnRenderer: { defaultStrokeColor: INK, defaultLabelColor: INK },
    });
    this.viewer.on("import.parse.complete", ({ elementsById }) => this.rename(elementsById ?? {}));
  }

  get = (service) => this.viewer.get(service);

  element = (id) => this.get("elementRegistry").get(id);

  /** Draw what the container names; whether that went well and is still wanted. */
  async show() {
    const source = this.container.dataset.diagram;
    this.wanted = source;
    this.container.setAttribute("aria-busy", "true");
    try {
      const [xml, labels] = await Promise.all([this.xml(source), this.labels()]);
      if (this.wanted !== source) return false;
      this.names = labels;
      this.failed = false;
      await this.viewer.importXML(xml);
    } catch (error) {
      if (this.wanted === source) this.fail(error);
    }
    if (this.wanted !== source) return false;
    this.container.removeAttribute("aria-busy");
    this.source = source;
    if (!this.failed) this.prepare();
    return !this.failed;
  }

  /** The diagram at an address, or in the page's element that "#id" names. */
  async xml(source) {
    if (source.startsWith("#")) {
      const element = document.querySelector(source);
      return element.value ?? element.textContent;
    }
    const answer = await fetch(source);
    if (!answer.ok) throw new Error(`${source} answered ${answer.status}`);
    return answer.text();
  }

  /** Names by element; without them the diagram's own are shown. */
  async labels() {
    const { labels } = this.container.dataset;
    const answer = labels && (await fetch(labels).catch(() => null));
    return answer?.ok ? answer.json() : {};
  }

  rename(elementsById) {
    const names = this.names ?? {};
    for (const [id, name] of Object.entries(names)) if (elementsById[id]) elementsById[id].name = name;
    for (const { label, bpmnElement } of Object.values(elementsById)) {
      if (label?.bounds) widen(label.bounds, names[bpmnElement?.id] ? TRANSLATED_WIDTH : 0);
    }
  }

  prepare() {
    this.message?.remove();
    const canvas = this.get("canvas");
    for (const element of this.get("elementRegistry").getAll()) {
      if (MARKERS[element.type]) canvas.addMarker(element, MARKERS[element.type]);
    }
    // the container is what takes the focus
    this.container.querySelector(".djs-container > svg").setAttribute("tabindex", "-1");
    this.container.tabIndex = 0;
  }

  /** Say what happened and what to do, instead of an empty box. */
  fail(error) {
    this.failed = true;
    this.viewer.clear();
    const { diagramFailed, diagramRemedy, diagramRetry } = this.container.dataset;
    this.message?.remove();
    this.message = document.createElement("div");
    this.message.className = "diagram-failed";
    this.message.setAttribute("role", "alert");
    this.message.append(line("strong", diagramFailed), line("p", diagramRemedy), line("code", error.message));
    if (diagramRetry) this.message.append(this.retry(diagramRetry));
    this.container.append(this.message);
  }

  retry(text) {
    const button = Object.assign(line("button", text), { type: "button", className: "btn" });
    button.addEventListener("click", () => this.again());
    return button;
  }
}

/** Give a label the room its letters need, on both sides alike. */
function widen(bounds, least) {
  const width = Math.max(least, (bounds.width * LETTERS.outside) / LAID_OUT + 4);
  bounds.x -= (width - bounds.width) / 2;
  bounds.width = width;
}

const line = (name, text) => Object.assign(document.createElement(name), { textContent: text ?? "" });
