// Suggestions under the search field, as a combobox with a list: <input data-search="URL"> asks for
// a fragment of <a role="option" href>, shown in [data-search-results] of the same form.
import htmx from "htmx.org";
import { announce } from "./announce.js";
import { each, sentence } from "./page.js";
import { expired } from "./session.js";

const PAUSE_MS = 150;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.list = (input.form ?? document).querySelector("[data-search-results]");
    if (!this.list) return;
    this.list.id ||= "search-results";
    this.list.setAttribute("role", "listbox");
    if (!this.list.ariaLabel) this.list.ariaLabel = input.labels?.[0]?.textContent.trim() ?? "";
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    this.close();
    this.listen();
  }

  listen() {
    this.input.addEventListener("input", () => this.soon());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("focus", () => this.options.length && this.show());
    this.input.addEventListener("blur", () => this.close());
    // the field keeps the focus: else the list would close before the click
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get chosen() {
    return this.list.querySelector("[aria-selected=true]");
  }

  soon() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.timer = setTimeout(() => this.ask(), PAUSE_MS);
  }

  async ask() {
    const text = this.input.value.trim();
    if (!text) return this.clear();
    this.asking = new AbortController();
    const url = new URL(this.input.dataset.search, location.href);
    url.searchParams.set(this.input.name || "q", text);
    const options = { headers: { "X-Live": "1" }, signal: this.asking.signal };
    const answer = await fetch(url, options).catch(() => null); // aborted, or no line: no suggestions
    if (answer?.status === 401) expired();
    return answer?.ok ? this.fill(await answer.text()) : undefined;
  }

  fill(fragment) {
    const page = new DOMParser().parseFromString(fragment, "text/html");
    this.list.replaceChildren(...page.body.childNodes);
    this.options.forEach((option, place) => {
      option.id ||= `${this.list.id}-${place}`;
      option.setAttribute("aria-selected", "false");
      option.tabIndex = -1;
    });
    htmx.process(this.list);
    if (document.activeElement === this.input) this.show();
    announce(sentence(this.list.dataset.found, this.options.length));
  }

  show() {
    this.list.hidden = !this.list.childElementCount;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(null);
  }

  clear() {
    this.list.replaceChildren();
    this.close();
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    if (event.isComposing) return; // the keys belong to the input method
    const act = { ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1), Enter: () => this.go(), Escape: () => this.escape() };
    if (Object.hasOwn(act, event.key) && act[event.key]() !== false) event.preventDefault();
  }

  move(by) {
    const { options } = this;
    if (!options.length) return false;
    this.show();
    const here = options.indexOf(this.chosen);
    // one place more than there are options: none is chosen, what was typed counts
    const next = (here + 1 + by + options.length + 1) % (options.length + 1);
    this.choose(options[next - 1] ?? null);
    return true;
  }

  /** Without a choice the form is sent: all that is found. */
  go() {
    if (!this.chosen) return false;
    this.chosen.click();
    this.close();
    return true;
  }

  /** First the list closes, then the field is left. */
  escape() {
    if (this.list.hidden) {
      this.input.value = "";
      this.clear();
      this.input.blur();
    } else {
      this.close();
    }
    return true;
  }
}

each("input[data-search]", (input) => new Suggestions(input));
