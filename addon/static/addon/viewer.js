// The language and the clock of the person who looks at the page, for the dates in their PDF.

const PATIENCE_MILLISECONDS = 1500;

// "de_DE" → "de-DE"; "" for what is no locale
export function localeFrom(text) {
  try {
    return Intl.getCanonicalLocales(String(text ?? "").replaceAll("_", "-"))[0] ?? "";
  } catch {
    return "";
  }
}

// Confluence knows the language that the person has chosen there, which may not be the browser's.
function asked() {
  if (typeof window.AP?.user?.getLocale !== "function") return Promise.resolve("");
  return new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MILLISECONDS, "");
    window.AP.user.getLocale(resolve);
  });
}

// → {locale: "de-DE", time_zone: "Europe/Berlin"}, without what is not known
export async function viewer() {
  const locale = localeFrom(await asked());
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { ...(locale && { locale }), ...(timeZone && { time_zone: timeZone }) };
}
