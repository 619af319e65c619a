// A live region and the row under the pointer: while somebody points at or works in a region, its
// rows keep their order, number and place, and what would move them waits.
import { changed, sentence } from "./page.js";
import { merge } from "./merge.js";

/** Regions that hold back an answer, with that answer. */
const waiting = new Map();

const rows = (region) => [...region.querySelectorAll("[data-rows] > [data-key]")];

/** Whether a row that the user points at or works in would move, here or further down the page. */
function isHeld(region) {
  const focus = document.activeElement;
  const isWithin = region.matches(":hover") || (region !== focus && region.contains(focus));
  if (isWithin && rows(region).length) return true;
  if ("liveStill" in region.dataset) return false; // it keeps its size: nothing below it moves
  const row = document.querySelector("[data-live] [data-key]:hover");
  return Boolean(row && region.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** A form of the region is on its way: the answer to that is newer than this one. */
const isBusy = (region) => region.matches(".htmx-request") || region.querySelector(".htmx-request");

/** Show what the server answered of a region, at once or when nobody is in the way. */
export function receive(region, fresh) {
  if (isBusy(region)) return;
  if (!isHeld(region)) apply(region, fresh);
  else hold(region, fresh);
}

function apply(region, fresh) {
  waiting.delete(region);
  pill(region)?.remove();
  merge(region, fresh);
  changed(region);
}

/** Bring the rows up to date where they stand, and offer the rest. */
function hold(region, fresh) {
  waiting.set(region, fresh);
  const coming = new Map(rows(fresh).map((row) => [row.dataset.key, row]));
  for (const row of rows(region)) {
    const next = coming.get(row.dataset.key);
    if (next) merge(row, next.cloneNode(true));
    row.classList.toggle("is-gone", !next);
  }
  offer(region, differences(rows(region).map(key), [...coming.keys()]));
  changed(region);
}

const key = (row) => row.dataset.key;

/** How many rows came, went or changed places. */
function differences(shown, coming) {
  const [here, there] = [new Set(shown), new Set(coming)];
  const [stay, kept] = [shown.filter((each) => there.has(each)), coming.filter((each) => here.has(each))];
  const moved = stay.filter((each, place) => each !== kept[place]).length;
  return shown.length - stay.length + (coming.length - kept.length) + moved;
}

// -- the offer ---------------------------------------------------------------------------------

const pill = (region) => region.querySelector(":scope > .live-offer");

function offer(region, count) {
  const place = pill(region);
  if (!count) return place?.remove();
  const button = (place ?? newPill(region)).firstElementChild;
  const text = sentence(region.dataset.livePill ?? "%d", count);
  if (button.textContent !== text) button.textContent = text;
  return undefined;
}

function newPill(region) {
  const place = document.createElement("div");
  place.className = "live-offer"; // lies over the region: it must not move the rows
  place.setAttribute("role", "status");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "live-pill" });
  button.addEventListener("click", () => take(region));
  place.append(button);
  region.append(place);
  return place;
}

/** The user asked for it; the focus was on the pill, which goes. */
function take(region) {
  apply(region, waiting.get(region));
  region.tabIndex = -1;
  region.focus({ preventScroll: true });
}

// -- when the way is clear -----------------------------------------------------------------------

function release() {
  for (const [region, fresh] of waiting) {
    if (!region.isConnected) waiting.delete(region);
    else if (!isHeld(region) && !isBusy(region)) apply(region, fresh);
  }
}

/** After the event: only then does the document know where pointer and focus are. */
const soon = () => waiting.size && setTimeout(release);

for (const name of ["pointerover", "pointerout", "focusin", "focusout"]) {
  document.addEventListener(name, soon, { passive: true });
}
document.documentElement.addEventListener("pointerleave", soon, { passive: true });
