// What changes the page one is on: <form hx-post="…" hx-swap="none" data-merge>. The answer is the
// page as it is now; its content is merged into this one, so that charts, scrolling, the focus and
// what is typed elsewhere stay. Without scripts they are ordinary forms. What takes long may ask
// for itself in the same way: <div hx-get="…" hx-trigger="load" hx-swap="none" data-merge>.
import { merge } from "./merge.js";
import { changed } from "./page.js";

const REGION = "main";
/** Requests are numbered: an answer that is older than what is shown is not shown any more. */
const numbers = new WeakMap();
let [sent, shown] = [0, 0];

const ASKING = "[data-merge]";

/** The answer to a form is a redirect: a browser follows it by itself unless it is told of htmx. */
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.matches(ASKING)) delete detail.headers["HX-Request"];
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches(ASKING)) numbers.set(detail.xhr, (sent += 1));
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // who asked may be something else by now: a newer answer was merged into it
  if (!numbers.has(detail.xhr)) return;
  detail.shouldSwap = false;
  const { xhr, requestConfig } = detail;
  if (numbers.get(xhr) < shown) return;
  shown = numbers.get(xhr);
  const page = new DOMParser().parseFromString(detail.serverResponse, "text/html");
  const fresh = page.querySelector(REGION);
  const here = xhr.status >= 400 || pathOf(xhr.responseURL) === location.pathname;
  if (fresh && here) take(fresh, requestConfig.elt, xhr);
  else location.assign(xhr.responseURL);
});

const pathOf = (url) => new URL(url, location.href).pathname;

function take(fresh, asking, { status, responseURL }) {
  const region = document.querySelector(REGION);
  const focus = document.activeElement?.id;
  const isSent = status < 400 && asking instanceof HTMLFormElement;
  // what was sent is the server's now, and no longer somebody's typing
  if (isSent) asking.reset();
  if (asking.contains(document.activeElement)) document.activeElement.blur();
  merge(region, document.adoptNode(fresh));
  keepUp(region);
  if (isSent) history.replaceState(history.state, "", responseURL);
  changed(region);
  place(focus, region, status);
}

/** Forms in which somebody types keep what is typed; they have seen the new version too. */
function keepUp(region) {
  const version = region.querySelector("[data-version]")?.dataset.version;
  if (version) for (const field of region.querySelectorAll("input[name=_version]")) field.value = version;
}

function place(id, region, status) {
  const wrong = status >= 400 && region.querySelector("[role=alert]");
  const there = wrong || (id && document.getElementById(id));
  if (!there) return;
  if (wrong) wrong.tabIndex = -1;
  there.focus({ preventScroll: !wrong });
}
