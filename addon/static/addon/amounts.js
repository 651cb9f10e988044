// Amounts with their units, as the viewer's language writes them.

const language = document.documentElement.lang || "en";

export const measured = (n, unit) => new Intl.NumberFormat(language, { style: "unit", unit }).format(n);

// 3400000 → "3.4 MB"
export function size(bytes) {
  if (bytes < 1e6) return measured(Math.max(1, Math.round(bytes / 1e3)), "kilobyte");
  return measured(Number((bytes / 1e6).toPrecision(2)), "megabyte");
}
