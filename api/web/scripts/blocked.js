// A blocked action stays visible with its reason: aria-disabled instead of disabled, so that it
// can be reached and read. A click on it tells the reason instead of acting.
import { announce } from "./announce.js";

document.addEventListener(
  "click",
  (event) => {
    const blocked = event.target.closest("button[aria-disabled=true], a[aria-disabled=true]");
    if (!blocked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    announce(blocked.dataset.reason);
  },
  true,
);
