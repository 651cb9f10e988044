// The action menu of a page: a button that opens a menu, moved through with the arrow keys.

export function watchMenu(choose) {
  const button = document.getElementById("more");
  const menu = document.getElementById("more-menu");
  if (!button) return;
  const items = [...menu.querySelectorAll("[role=menuitem]")];

  const show = (open) => {
    menu.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    (open ? items[0] : button).focus();
  };
  const move = (by) => {
    const next = items.indexOf(document.activeElement) + by;
    items[(next + items.length) % items.length].focus();
  };

  button.addEventListener("click", () => show(menu.hidden));
  menu.addEventListener("click", (event) => {
    const item = event.target.closest("[role=menuitem]");
    if (!item || item.getAttribute("aria-disabled")) return;
    show(false);
    choose(item.dataset);
  });
  menu.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Escape: () => show(false) };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  document.addEventListener("click", (event) => {
    if (menu.hidden || menu.contains(event.target) || button.contains(event.target)) return;
    menu.hidden = true;
    button.setAttribute("aria-expanded", "false");
  });
}
