// A form is sent once: a second click does nothing while the first is on its way. What does not
// get through is said, and the form keeps what was typed.
import { recovered, tell } from "./notice.js";

const SLOW_MS = 300;
const SENT = "isSent";
/** A button that is blocked only while its form is on its way. */
const HELD = "isHeld";
/** How long a form that is left to the browser counts as sent: it answers with a page or a file. */
const NATIVE_MS = 2000;

const buttons = (form) => [...form.elements].filter((each) => each.type === "submit");

/** Filters may be changed again before the answer comes; what changes something may not. */
const mayRepeat = (form) => form.method === "get";

function begin(form, submitter) {
  if (SENT in form.dataset) return;
  form.dataset[SENT] = "";
  form.setAttribute("aria-busy", "true");
  for (const button of buttons(form)) if (!isBlocked(button)) hold(button);
  form.slow = setTimeout(() => (submitter ?? buttons(form)[0])?.classList.add("is-slow"), SLOW_MS);
}

function end(form) {
  clearTimeout(form.slow);
  delete form.dataset[SENT];
  form.removeAttribute("aria-busy");
  for (const button of buttons(form)) {
    button.classList.remove("is-slow");
    if (!(HELD in button.dataset)) continue; // blocked for a reason of its own
    button.removeAttribute("aria-disabled");
    delete button.dataset[HELD];
  }
}

const isBlocked = (button) => button?.getAttribute("aria-disabled") === "true";

function hold(button) {
  button.setAttribute("aria-disabled", "true");
  button.dataset[HELD] = "";
}

/** Before htmx and before the browser: a button that is blocked sends nothing. */
function guard(event) {
  if (!isBlocked(event.submitter) && !(SENT in event.target.dataset)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** After everybody who may still stop it: a form that htmx does not send. */
function sentByBrowser(event) {
  const form = event.target;
  if (event.defaultPrevented || mayRepeat(form) || form.method === "dialog") return;
  begin(form, event.submitter);
  setTimeout(() => end(form), NATIVE_MS);
}

/** The form of a request, none for a link. By the answer it may have left the page. */
function formOf({ detail }) {
  const sender = detail.requestConfig.elt;
  return sender instanceof HTMLFormElement ? sender : null;
}

document.addEventListener("submit", guard, true);
window.addEventListener("submit", sentByBrowser);
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = formOf(event);
  if (!form || mayRepeat(form)) return;
  // a new attempt: what was told of the last one is over
  document.getElementById("failure")?.replaceChildren();
  begin(form, event.detail.requestConfig.triggeringEvent?.submitter);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = formOf(event);
  if (form) end(form);
  if (event.detail.xhr.status) recovered("lost", "unsent", "failed");
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => tell(formOf(event) ? "unsent" : "lost"));
}
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500 && !event.detail.xhr.response) tell("failed");
});
/** A page that comes back from the browser's memory holds forms as they were left. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-is-sent]").forEach(end);
});
