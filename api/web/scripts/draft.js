// What is typed into a form marked data-draft="key" outlives a crash and an ended session: it is
// kept in this tab's own storage, and cleared when the form has been taken or its user logs out.
import { each } from "./page.js";

const PREFIX = "draft:";
const PAUSE_MS = 300;
const LEFT_OUT = new Set(["password", "file", "hidden", "submit", "button"]);

/** Another user of the same tab does not see what this one typed. */
const nameOf = (form) => `${PREFIX}${document.body.dataset.user ?? ""}:${form.dataset.draft}`;
const controls = (form) => [...form.elements].filter((each) => each.name && !LEFT_OUT.has(each.type));
const isChoice = (control) => control.type === "checkbox" || control.type === "radio";

/** A form's content: [name, value, chosen] of each control, in order. */
function read(form) {
  return controls(form).map((control) => [
    control.name,
    control.multiple ? [...control.selectedOptions].map((option) => option.value) : control.value,
    isChoice(control) ? control.checked : null,
  ]);
}

/** Fill in what is kept; whether that changed anything. */
function restore(form, kept) {
  const changed = controls(form).filter((control, place) => fill(control, kept[place]));
  for (const control of changed) {
    for (const name of ["input", "change"]) control.dispatchEvent(new Event(name, { bubbles: true }));
  }
  return changed.length > 0;
}

/** A form that has changed since is filled no further than it is the same. */
function fill(control, entry) {
  const [name, value, chosen] = entry ?? [];
  if (name !== control.name || (isChoice(control) && value !== control.value)) return false;
  const property = isChoice(control) ? "checked" : control.multiple ? "values" : "value";
  const wanted = isChoice(control) ? chosen : value;
  if (property === "values") {
    for (const option of control.options) option.selected = wanted.includes(option.value);
    return true;
  }
  if (control[property] === wanted) return false;
  control[property] = wanted;
  return true;
}

function keep(form) {
  try {
    sessionStorage.setItem(nameOf(form), JSON.stringify(read(form)));
  } catch {
    // storage is full or forbidden: a draft is a convenience
  }
}

function forget(form) {
  clearTimeout(form.pause);
  sessionStorage.removeItem(nameOf(form));
  form.querySelector(".draft-note")?.remove();
}

/** Tell that the text is older than the page, and let it be dropped. */
function note(form) {
  const line = Object.assign(document.createElement("p"), { className: "draft-note", role: "status" });
  line.append(form.dataset.draftRestored ?? "");
  if (form.dataset.draftDrop) line.append(" ", dropButton(form));
  form.prepend(line);
}

function dropButton(form) {
  const made = { type: "button", className: "btn btn-sm", textContent: form.dataset.draftDrop };
  const button = Object.assign(document.createElement("button"), made);
  button.addEventListener("click", () => {
    form.reset();
    forget(form);
  });
  return button;
}

each("form[data-draft]", (form) => {
  const kept = sessionStorage.getItem(nameOf(form));
  // what the server shows again is newer than the draft
  if (kept && !("unsaved" in form.dataset) && restore(form, JSON.parse(kept))) note(form);
  form.addEventListener("input", () => {
    clearTimeout(form.pause);
    form.pause = setTimeout(() => keep(form), PAUSE_MS);
  });
});

window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) if (form.pause) keep(form);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = detail.requestConfig.elt; // by now it may have left the page
  if (form.matches("form[data-draft]") && detail.successful) forget(form);
});
// what is sent is what is kept: a refusal must not bring back what was typed before
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("form[data-draft]")) return;
  clearTimeout(target.pause);
  keep(target);
}, true);
document.addEventListener("submit", ({ target }) => {
  if (!target.matches("[data-forget-drafts]")) return;
  const names = Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
  for (const name of names) sessionStorage.removeItem(name);
});
