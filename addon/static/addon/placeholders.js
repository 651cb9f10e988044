// Placeholders in a text: what is wrong with them while one types. The same rules as addon/placeholders.py,
// which has the last word.

import { gettext, interpolate } from "./words.js";

const TOKEN = /\{\{|\}\}|\{([a-z_]{1,20})(?::([^{}]{1,60}))?\}|[{}]/g;
const RANKS = { document: 0, page: 1, sheet: 2 };
const DATE_FORMATS = ["short", "medium", "long", "full", "iso"];
// The common letters of Unicode TR 35, as often as each may stand in a row.
const PATTERN = new RegExp(
  `^(?!.{41})(?:${["y4", "M5", "d2", "E5", "H2", "h2", "m2", "s2"]
    .map(([letter, most]) => `${letter}{1,${most}}(?!${letter})`)
    .join("|")}|[.,:/\\- 年月日])+$`,
);

// The placeholders there are, from the page → {name: {scope, takes}}
export function knownFrom(list) {
  const rows = [...list.querySelectorAll("[data-name]")];
  return Object.fromEntries(rows.map(({ dataset }) => [dataset.name, { scope: dataset.scope, takes: dataset.takes }]));
}

export const hasValue = (placeholder, scope) => RANKS[placeholder.scope] <= RANKS[scope];

// What a person should mend in the text, "" when all is well.
export function problem(text, scope, known) {
  for (const [token, name, form = ""] of text.matchAll(TOKEN)) {
    if (token === "{{" || token === "}}") continue;
    if (name === undefined) return interpolate(gettext("Write a brace as %(braces)s."), { braces: token + token });
    const named = { name: `{${name}}` };
    if (!Object.hasOwn(known, name)) return interpolate(gettext("There is no placeholder %(name)s."), named);
    if (!hasValue(known[name], scope)) {
      return interpolate(gettext("The placeholder %(name)s has no value here."), named);
    }
    const trouble = formatProblem(name, form, known[name].takes);
    if (trouble) return trouble;
  }
  return "";
}

function formatProblem(name, form, takes) {
  if (takes === "name") {
    const example = `{${name}:Status}`;
    return form.trim() ? "" : interpolate(gettext("Name the row: %(example)s."), { example });
  }
  if (!form) return "";
  if (!takes) return interpolate(gettext("The placeholder %(name)s takes no format."), { name: `{${name}}` });
  if (DATE_FORMATS.includes(form) || PATTERN.test(form)) return "";
  const known = DATE_FORMATS.join(", ");
  return interpolate(gettext("“%(form)s” is no format of a date: try %(known)s or d MMMM yyyy."), { form, known });
}

// What is typed for a placeholder → [text, what of it to select: from, to]
export function typed(name, takes) {
  if (takes !== "name") return [`{${name}}`, null];
  const example = gettext("Status");
  return [`{${name}:${example}}`, [name.length + 2, name.length + 2 + example.length]];
}
