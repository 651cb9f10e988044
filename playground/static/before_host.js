// What Confluence has on its page before the Connect host loads: jQuery as AJS.$, a client of
// its feature gates (all closed here), and the name that turns analytics off.
window.AJS = { $: window.jQuery, escapeHtml: (text) => window.jQuery("<i>").text(text).html() };
window.Confluence = {};
window.__FEATUREGATES_JS__ = {
  initializeCompleted: () => true,
  checkGate: () => false,
  getPackageVersion: () => "4.23.4",
};
