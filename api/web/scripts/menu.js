// Menus are <details class="menu">: they work without scripts, and with them close like menus do.
const OPEN = "details.menu[open]";

const opened = () => [...document.querySelectorAll(OPEN)];

function close(menu, { refocus = false } = {}) {
  menu.open = false;
  if (refocus) menu.querySelector("summary")?.focus();
}

document.addEventListener("click", ({ target }) => {
  for (const menu of opened()) if (!menu.contains(target)) close(menu);
});
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const menu = target.closest?.(OPEN);
  if (menu && relatedTarget && !menu.contains(relatedTarget)) close(menu);
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(OPEN) ?? (event.key === "Escape" ? opened()[0] : null);
  if (!menu) return;
  if (event.key === "Escape") {
    close(menu, { refocus: true });
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    walk(menu, event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  }
});

function walk(menu, by) {
  const entries = [...menu.querySelectorAll("a[href], button")];
  const here = entries.indexOf(document.activeElement);
  entries[(Math.max(here, by > 0 ? -1 : 0) + by + entries.length) % entries.length]?.focus();
}
