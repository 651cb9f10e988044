// Light or dark: as Confluence says; without Confluence, as the browser says.
// Not a module, so that it runs before the first paint.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const followBrowser = () => {
    root.dataset.colorMode = dark.matches ? "dark" : "light";
  };

  followBrowser(); // a better first guess than always light, until Confluence has answered
  if (window.AP?.theming?.initializeTheming) {
    window.AP.theming.initializeTheming();
  } else {
    dark.addEventListener("change", followBrowser);
  }
})();
