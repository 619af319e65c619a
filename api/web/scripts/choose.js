// Rows are chosen with checkboxes: all at once (data-select-all="name"), counted
// (data-selected-count), and what acts on them (data-bulk) is blocked while none is chosen.
// Filters marked data-submit-on-change are sent as they are changed.
import { onContent, sentence } from "./page.js";

const ALL = "input[type=checkbox][data-select-all]";

const boxesOf = (all) => {
  const boxes = document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.selectAll)}"]`);
  return [...boxes].filter((box) => box.form === all.form && !box.disabled);
};

/** Bring what depends on the choice up to date. */
function count(all) {
  const boxes = boxesOf(all);
  const chosen = boxes.filter((box) => box.checked).length;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  const home = all.form ?? document;
  for (const place of home.querySelectorAll("[data-selected-count]")) tell(place, chosen);
  for (const button of home.querySelectorAll("[data-bulk]")) block(button, chosen === 0);
}

/** The number, or a sentence with %d in it. */
function tell(place, chosen) {
  const text = sentence(place.dataset.selectedCount || "%d", chosen);
  if (place.textContent !== text) place.textContent = text;
}

function block(button, is) {
  if ("isSent" in (button.form?.dataset ?? {})) return;
  if (is) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
  button.title = is ? button.dataset.reason ?? "" : "";
}

document.addEventListener("change", ({ target }) => {
  if (target.matches(ALL)) for (const box of boxesOf(target)) box.checked = target.checked;
  if (target.type === "checkbox") document.querySelectorAll(ALL).forEach(count);
  const filter = target.closest("[data-submit-on-change]");
  if (filter) (filter.form ?? filter.closest("form"))?.requestSubmit();
});
document.addEventListener("htmx:afterRequest", () => document.querySelectorAll(ALL).forEach(count));
onContent(() => document.querySelectorAll(ALL).forEach(count));
