// A button marked data-print prints the page it is on.
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) window.print();
});
