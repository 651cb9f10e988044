// The theme of the site: kept in a cookie, shown by two attributes of <html> as in Confluence.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  button.addEventListener("click", () => {
    const dark = document.documentElement.dataset.colorMode !== "dark";
    document.documentElement.dataset.colorMode = dark ? "dark" : "light";
    button.setAttribute("aria-pressed", String(dark));
    document.cookie = `playground_theme=${dark ? "dark" : "light"};path=/wiki;samesite=lax`;
  });
});
