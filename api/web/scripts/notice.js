// The bar about the connection, #connection: its sentences stand in its data attributes, translated.
// lost: nothing gets through; unsent: a form did not; failed: the service could not; gone: what the
// page shows is no longer there; expired: log in again; back: all is well.

const GOOD_NEWS_MS = 5000;
let leaving = 0;

const bar = () => document.getElementById("connection");

/** What the bar tells at present, "" when nothing. */
export const told = () => bar()?.dataset.told ?? "";

export function tell(kind, link = null) {
  const place = bar();
  const text = place?.dataset[kind] ?? place?.dataset.lost;
  if (!text || place.dataset.told === kind) return;
  clearTimeout(leaving);
  place.dataset.told = kind;
  place.hidden = false; // before it is filled: a region that appears filled is not read out
  place.replaceChildren(Object.assign(document.createElement("span"), { textContent: text }));
  if (link) place.append(" ", link);
  if (kind === "back") leaving = setTimeout(() => hush("back"), GOOD_NEWS_MS);
}

/** Take back what was told, if it is that. */
export function hush(...kinds) {
  const place = bar();
  if (!place || !kinds.includes(place.dataset.told)) return;
  delete place.dataset.told;
  place.replaceChildren();
  place.hidden = true;
}

/** Bad news that has passed. */
export function recovered(...kinds) {
  if (kinds.includes(told())) tell("back");
}
