// htmx replaces the body when a link is followed. What a browser does by itself at a new page is
// done here: the title is told, the focus goes to the content, the page begins at its top, and the
// head's scripts and styles are loaded.
import { announce } from "./announce.js";

const OWN_SCRIPT = import.meta.url;
/** Where a reader of a refused form should look. */
const WRONG = ["[aria-invalid=true]", "main [role=alert]", "#failure [role=alert]"];

/** Whether the answer is a page of another build: its scripts are not those that run here. */
function isOfAnotherBuild(page) {
  const scripts = [...page.querySelectorAll("script[type=module][src]")].map((each) => absolute(each, "src"));
  const kin = /\/app-\w+\.js$/;
  return scripts.some((url) => kin.test(url) && kin.test(OWN_SCRIPT) && url !== OWN_SCRIPT);
}

const absolute = (element, name) => new URL(element.getAttribute(name), location.href).href;

/** Load what the answer's head names and this page does not have; take over what else is outside
 * of the body's content. */
function completeHead(page) {
  for (const [selector, name] of [["link[rel=stylesheet]", "href"], ["script[type=module]", "src"]]) {
    const present = new Set([...document.querySelectorAll(selector)].map((each) => absolute(each, name)));
    for (const wanted of page.head.querySelectorAll(`${selector}[${name}]`)) {
      if (!present.has(absolute(wanted, name))) document.head.append(copy(wanted));
    }
  }
  document.documentElement.lang = page.documentElement.lang || document.documentElement.lang;
  for (const name of Object.keys(document.body.dataset)) delete document.body.dataset[name];
  Object.assign(document.body.dataset, page.body.dataset);
}

/** A script that was parsed does not run; one that is made does. */
function copy(element) {
  const made = document.createElement(element.localName);
  for (const { name, value } of element.attributes) made.setAttribute(name, value);
  return made;
}

/** What is no page (a table to download) is left to the browser. */
function isPage(xhr) {
  return /^text\/html\b/.test(xhr.getResponseHeader("Content-Type") ?? "text/html");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, boosted, serverResponse, requestConfig } = event.detail;
  if (!boosted || !event.detail.shouldSwap) return;
  if (!isPage(xhr)) {
    event.detail.shouldSwap = false;
    if (requestConfig.verb === "get") location.assign(xhr.responseURL);
    return;
  }
  if (!/<head[\s>]/i.test(serverResponse)) return;
  const page = new DOMParser().parseFromString(serverResponse, "text/html");
  if (isOfAnotherBuild(page) && xhr.status < 400) {
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  } else {
    completeHead(page);
  }
});

/** A form that was refused is shown again where it was: its address answers no GET. */
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  const { xhr, requestConfig, history } = event.detail;
  if (xhr.status < 400 || requestConfig.verb === "get") return;
  Object.assign(history, { type: "replace", path: location.pathname + location.search });
});

// -- where one is afterwards -----------------------------------------------------------------------

/** Of each answer: where the user was when it came. */
const left = new WeakMap();

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const row = document.activeElement?.closest("[data-key]");
  left.set(detail.xhr, { path: location.pathname, cause: detail.requestConfig.elt, row: row?.dataset.key });
});

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const was = left.get(detail.xhr);
  if (!was || !detail.boosted || detail.target !== document.body) return;
  left.delete(detail.xhr); // it is sent for each part of the page
  arrive(was, detail.xhr.status);
});

function arrive(was, status) {
  const stays = location.pathname === was.path && isChange(was.cause);
  if (!stays && status < 400 && !location.hash) window.scrollTo(0, 0);
  const target = first(status < 400 ? ["[autofocus]"] : WRONG) || (stays && counterpart(was)) || first(["main"]);
  if (target) focus(target, { preventScroll: status < 400 });
  announce(document.title);
}

const first = (selectors) => selectors.map((each) => document.querySelector(each)).find(Boolean);

/** Filters, views and forms change the page one is on; other links lead to its beginning. */
const isChange = (cause) => cause.matches("form") || Boolean(cause.closest(".switch, [data-stay]"));

/** The control or the row that stands where the user was. */
function counterpart({ cause, row }) {
  const href = cause.getAttribute("href");
  const same = cause.id ? `#${CSS.escape(cause.id)}` : href && `a[href="${CSS.escape(href)}"]`;
  const there = row && `[data-key="${CSS.escape(row)}"] a[href]`;
  return first([same, there].filter(Boolean));
}

function focus(target, options) {
  if (!target.matches("a[href], button, input, select, textarea, [tabindex]")) target.tabIndex = -1;
  target.focus(options);
}
