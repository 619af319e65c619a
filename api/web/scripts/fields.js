// What "the form was typed in" means: a control that no longer holds what the server gave it.

const CHECKED = new Set(["checkbox", "radio"]);

export function isDirty(control) {
  if (control instanceof HTMLSelectElement) return isSelectDirty(control);
  if (!("defaultValue" in control) || control.type === "hidden") return false;
  if (control.type === "file") return control.files.length > 0;
  if (CHECKED.has(control.type)) return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

/** Without an option that is selected from the start, the first is. */
function isSelectDirty(select) {
  const options = [...select.options];
  const given = options.filter((option) => option.defaultSelected);
  if (!given.length && !select.multiple) return select.selectedIndex > 0;
  return options.some((option) => option.selected !== given.includes(option));
}

/** Whether a form holds what would be lost; one that was refused and shown again says it itself. */
export function isTypedIn(form) {
  return "unsaved" in form.dataset || [...form.elements].some(isDirty);
}
