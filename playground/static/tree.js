// The page tree of the sidebar: buttons that show or hide what is below a page.

export function watchTree() {
  document.querySelector(".sidebar")?.addEventListener("click", (event) => {
    const button = event.target.closest(".twist");
    if (!button) return;
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  });
  document.querySelector(".sidebar [aria-current]")?.scrollIntoView({ block: "nearest" });
}
