// Regions that bring themselves up to date: <section id data-live="URL" data-live-every="20">.
// Regions of one address share one request. Nothing is asked while the tab is hidden, and ever
// more seldom while nothing gets through. One that never changes its size says data-live-still.
import { recovered, tell } from "./notice.js";
import { onContent } from "./page.js";
import { receive } from "./region.js";
import { BACK, expired, hasEnded } from "./session.js";

const EVERY_S = 20;
const SELDOM_S = 300;
const PATIENCE_MS = 30_000;
const GONE = new Set([403, 404, 410]);
const REGIONS = "[data-live]:not([data-live-ended])";

/** By address. A feed whose last region has left the page ends at its next turn. */
const feeds = new Map();

/** Counts what the user has done: an answer that was asked for before is older than the page. */
let actions = 0;

class Feed {
  constructor(url) {
    this.url = url;
    this.failures = 0;
    this.wait();
  }

  get regions() {
    return [...document.querySelectorAll(REGIONS)].filter((each) => each.dataset.live === this.url);
  }

  wait() {
    clearTimeout(this.timer);
    const every = Math.min(...this.regions.map((each) => Number(each.dataset.liveEvery) || EVERY_S));
    const seconds = Math.min(every * 2 ** this.failures, Math.max(every, SELDOM_S));
    this.timer = setTimeout(() => this.turn(), seconds * 1000);
  }

  async turn() {
    if (!this.regions.length) return feeds.delete(this.url);
    if (document.hidden || hasEnded() || this.asking) return undefined; // woken by `wake`
    this.asking = true;
    const goesOn = await this.ask().finally(() => (this.asking = false));
    return goesOn && this.wait();
  }

  /** Whether to ask again. */
  async ask() {
    const asked = actions;
    try {
      const answer = await fetch(this.url, {
        headers: { "X-Live": "1" },
        cache: "no-cache",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!answer.ok) return this.refused(answer.status);
      const text = await answer.text();
      this.failures = 0;
      recovered("lost", "failed");
      if (asked === actions) this.show(text);
      return true;
    } catch {
      return this.failed("lost");
    }
  }

  refused(status) {
    if (status === 401) return expired();
    if (!GONE.has(status)) return this.failed("failed");
    for (const region of this.regions) region.dataset.liveEnded = "";
    tell("gone");
    return false;
  }

  failed(how) {
    this.failures += 1;
    tell(how);
    return true;
  }

  show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const region of this.regions) {
      const fresh = region.id && page.getElementById(region.id);
      if (fresh) receive(region, document.adoptNode(fresh));
    }
  }
}

onContent(() => {
  for (const { dataset } of document.querySelectorAll(REGIONS)) {
    if (!feeds.has(dataset.live)) feeds.set(dataset.live, new Feed(dataset.live));
  }
});

/** Ask at once: the tab is seen again, or the line or the session is back. */
function wake() {
  if (!document.hidden) for (const feed of feeds.values()) feed.turn();
}

document.addEventListener("visibilitychange", wake);
document.addEventListener(BACK, wake);
window.addEventListener("online", wake);
window.addEventListener("offline", () => tell("lost"));
document.addEventListener("htmx:beforeRequest", () => (actions += 1));
document.addEventListener("htmx:afterSwap", () => (actions += 1));
