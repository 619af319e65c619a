// The page that is shown to a room: how long opinions are taken, and the whole screen.
// <p data-countdown="INSTANT" data-now="INSTANT"> counts from the server's clock, not this computer's.
import { each, onContent } from "./page.js";

const TICK_MS = 250;
const HOUR = 3600;
const MINUTE = 60;

const two = (number) => String(number).padStart(2, "0");
const clock = (seconds) => `${two(Math.floor(seconds / HOUR))}:${two(Math.floor((seconds % HOUR) / MINUTE))}:${two(seconds % MINUTE)}`;

each("[data-countdown]", (place) => {
  let ahead = 0;
  const set = () => (ahead = Date.parse(place.dataset.now) - Date.now());
  const tell = () => {
    if (!place.isConnected) return clearInterval(timer);
    const left = Math.ceil((Date.parse(place.dataset.countdown) - Date.now() - ahead) / 1000);
    const text = left > 0 ? clock(left) : place.dataset.over;
    if (place.textContent !== text) place.textContent = text;
    return undefined;
  };
  new MutationObserver(set).observe(place, { attributeFilter: ["data-now"] });
  set();
  const timer = setInterval(tell, TICK_MS);
});

/** The server hides the button, whenever it tells of it: only here is known if it would work. */
onContent(() => {
  for (const button of document.querySelectorAll("[data-fullscreen]")) button.hidden = !document.fullscreenEnabled;
});

document.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-fullscreen]")) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});
