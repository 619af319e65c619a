// On a narrow screen a Gantt chart opens where today is: what is past lies to the left.
import { each } from "./page.js";

const BEFORE_TODAY = 100;

each(".gantt-scroll[data-today]", (place) => {
  place.scrollLeft = Math.max(0, Number(place.dataset.today) - BEFORE_TODAY);
});
