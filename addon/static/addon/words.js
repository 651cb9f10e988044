// The words of our scripts in the viewer's language: Django's catalogue, loaded by the page before us.

const catalogue = globalThis.django ?? {};

export const gettext = catalogue.gettext ?? ((text) => text);

export const ngettext = catalogue.ngettext ?? ((one, many, n) => (n === 1 ? one : many));

// ("%(n)s pages", {n: 3}) → "3 pages"
export const interpolate = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));

// How numbers are written where the viewer lives.
export const number = new Intl.NumberFormat(document.documentElement.lang || "en");
