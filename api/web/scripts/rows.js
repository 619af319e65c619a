// Rows of a form that grow: a button data-add-row="id" adds a copy of the <template> in the list of
// that id, and puts the cursor into it.
let added = 0;

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-add-row]");
  const list = button && document.getElementById(button.dataset.addRow);
  const template = list?.querySelector("template");
  if (!template) return;
  const row = template.content.cloneNode(true);
  added += 1;
  for (const control of row.querySelectorAll("[id]")) {
    const label = row.querySelector(`label[for="${CSS.escape(control.id)}"]`);
    control.id = `${control.id}-more-${added}`;
    if (label) label.htmlFor = control.id;
  }
  const first = row.querySelector("input, textarea, select");
  list.append(row);
  first?.focus();
});
