// What a sighted user notices by itself is told to screen readers through one quiet region, #announcer.

const REGION = "announcer";
/** The region is emptied first: a text that is told twice must change to be read again. */
const PAUSE_MS = 50;

export function announce(text) {
  const region = document.getElementById(REGION);
  if (!region || !text) return;
  region.textContent = "";
  setTimeout(() => {
    const now = document.getElementById(REGION);
    if (now) now.textContent = text;
  }, PAUSE_MS);
}
