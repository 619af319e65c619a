// A page's content comes more than once: at its load, by htmx, and by live updates. What must be
// set up element by element says so here, and is set up once each.

/** Sent to an element whose content a live update has changed. */
export const CHANGED = "page:changed";

/** Call `setUp` with each element that matches, those still to come included. */
export function each(selector, setUp) {
  const known = new WeakSet();
  onContent(() => {
    for (const element of document.querySelectorAll(selector)) {
      if (known.has(element)) continue;
      known.add(element);
      setUp(element);
    }
  });
}

/** Call `look` now and whenever content has come. */
export function onContent(look) {
  document.addEventListener("htmx:load", look);
  document.addEventListener(CHANGED, look);
  look();
}

export function changed(element) {
  element.dispatchEvent(new CustomEvent(CHANGED, { bubbles: true }));
}

/** Put values into a translated sentence: %d and %(name)s. */
export function sentence(text, values) {
  const told = typeof values === "object" ? values : { d: values };
  return (text ?? "").replace(/%(?:\((\w+)\)s|(d))/g, (whole, name, d) => told[name ?? d] ?? whole);
}

/** Whether keys that are pressed there are text. */
export function takesText(element) {
  const kinds = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";
  return Boolean(element?.closest?.(kinds) || element?.isContentEditable);
}
