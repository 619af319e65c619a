// The whole product by keyboard. Single keys work where nobody types, and can be switched off in
// the list of keys (WCAG 2.1.4): speech input would press them by accident.
import { takesText } from "./page.js";

const OFF = "keys-off";
const SECOND_KEY_MS = 1200;
const ROWS = "[data-rows] > [data-key]";

let prefix = "";
let prefixed = 0;

const areOff = () => localStorage.getItem(OFF) === "yes";
const rows = () => [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility?.() ?? true);
const rowInFocus = () => document.activeElement?.closest(ROWS);

function step(by) {
  const all = rows();
  const here = all.indexOf(rowInFocus());
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1);
  const target = all[next]?.querySelector("a[href]") ?? all[next]?.querySelector("button, input");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}

/** Keys that need no second one. */
const KEYS = {
  "/": () => focus("[data-search]"),
  "?": () => open("keys"),
  j: () => step(1),
  k: () => step(-1),
  x: () => rowInFocus()?.querySelector("input[type=checkbox]")?.click(),
  g: () => wait("g"),
};

function focus(selector) {
  const field = document.querySelector(selector);
  field?.focus();
  field?.select?.();
}

function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  for (const box of dialog.querySelectorAll("input[data-keys-switch]")) box.checked = !areOff();
  dialog.showModal();
}

function wait(first) {
  prefix = first;
  clearTimeout(prefixed);
  prefixed = setTimeout(() => (prefix = ""), SECOND_KEY_MS);
}

/** `g` and a letter follow the link that has it as data-go. */
function go(letter) {
  const link = prefix ? document.querySelector(`[data-go="${CSS.escape(letter)}"]`) : null;
  prefix = "";
  link?.click();
  return Boolean(link);
}

/** Whether the key belongs to somebody else: the system, a field, an open dialog. */
function isTaken(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return true;
  return takesText(event.target) || Boolean(document.querySelector("dialog[open]")) || areOff();
}

function press(event) {
  if (isTaken(event)) return;
  if (go(event.key)) event.preventDefault();
  else if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

document.addEventListener("keydown", press);
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-dialog]");
  if (opener) open(opener.dataset.dialog);
  const box = target.closest("input[data-keys-switch]");
  if (box) localStorage.setItem(OFF, box.checked ? "no" : "yes");
});
