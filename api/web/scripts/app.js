// What every page needs. Pages with a diagram or a chart load diagram.js or chart.js besides.
import "htmx.org";
import "./navigation.js";
import "./session.js";
import "./live.js";
import "./submit.js";
import "./blocked.js";
import "./guard.js";
import "./draft.js";
import "./upload.js";
import "./choose.js";
import "./keys.js";
import "./menu.js";
import "./print.js";
import "./calendar.js";
import "./search.js";
import "./today.js";
