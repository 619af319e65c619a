// Forms marked data-guard="question" are not left by accident while they hold unsent text.
import { isTypedIn } from "./fields.js";

let sending = null;

const unsent = () =>
  [...document.querySelectorAll("form[data-guard]")].find((form) => form !== sending && isTypedIn(form));

window.addEventListener("beforeunload", (event) => {
  if (unsent()) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  sending = event.target;
});
document.addEventListener("htmx:afterRequest", () => {
  sending = null;
});

/** htmx follows links without unloading the page, so it asks here. */
document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  const form = unsent();
  if (!form || form === elt || target !== document.body) return;
  if (form.dataset.guard && !window.confirm(form.dataset.guard)) event.preventDefault();
});
