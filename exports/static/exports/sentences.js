// What the dialog says in numbers, before, while and after it exports. Pure.

import { measured, size } from "../addon/amounts.js";
import { gettext, interpolate, ngettext, number } from "../addon/words.js";

// How much of the bar each stage fills, from and to.
const STAGES = { reading: [0, 0.55], printing: [0.55, 0.95], joining: [0.95, 1] };

const counted = (text, n) => interpolate(text, { n: number.format(n) });

// 1 → "1 page"; 1200 → "1,200 pages"
export const pages = (n) => counted(ngettext("%(n)s page", "%(n)s pages", n), n);

export const sheets = (n) => counted(ngettext("%(n)s sheet", "%(n)s sheets", n), n);

const rounded = (n) => Number(n.toPrecision(2));

// 40.6 → "41 sec"; 150 → "2.5 min": two digits, for it is an estimate
export function duration(seconds) {
  if (seconds >= 100) return measured(rounded(seconds / 60), "minute");
  return measured(Math.max(1, Math.round(rounded(seconds))), "second");
}

// The pages and folders of a listing, and what to export instead if they are too many.
export function tally(listing) {
  const folders = listing.pages.filter((page) => page.type === "folder").length;
  return {
    pages: listing.pages.length - folders,
    folders,
    truncated: Boolean(listing.truncated),
    advice: listing.advice,
  };
}

// What so many pages will take → {sheets, seconds}; null while nothing is known of it.
export function estimated(count, estimate) {
  if (!estimate) return null;
  return {
    sheets: Math.max(1, Math.round(rounded(count * estimate.sheets_per_page))),
    seconds: estimate.start_seconds + count * estimate.seconds_per_page,
  };
}

// The label of the second choice, once the pages below are known.
export function branchLabel({ pages: count, truncated }) {
  const below = count - 1;
  if (truncated) return counted(gettext("This page and its more than %(n)s pages"), below);
  return counted(ngettext("This page and the page below it", "This page and its %(n)s pages", below), below);
}

export const chosenOf = (ticked, of) =>
  interpolate(ngettext("%(n)s of %(of)s page", "%(n)s of %(of)s pages", of), {
    n: number.format(ticked),
    of: number.format(of),
  });

function known(count, folders) {
  if (!folders) return pages(count);
  const text = ngettext("%(pages)s in %(n)s folder", "%(pages)s in %(n)s folders", folders);
  return interpolate(text, { pages: pages(count), n: number.format(folders) });
}

// What stands above the buttons before the start: {kind, text, blocked}. `limits` are {pages, sheets,
// seconds}, `estimate` is what the listing said about an average page.
export function numbers(tallied, limits, estimate) {
  const { pages: count, folders, truncated, advice } = tallied;
  const blocked = (...sentences) => ({ kind: "warning", text: sentences.join(" "), blocked: true });
  const holds = counted(ngettext("One PDF holds %(n)s.", "One PDF holds %(n)s.", limits.pages), limits.pages);
  const instead = advice || gettext("Choose fewer pages.");
  if (count === 0) return blocked(gettext("Choose at least one page."));
  if (truncated) return blocked(gettext("There are too many pages here."), holds, instead);
  if (count > limits.pages) {
    const text = counted(ngettext("%(n)s page is too many.", "%(n)s pages are too many.", count), count);
    return blocked(text, holds, instead);
  }
  const takes = estimated(count, estimate);
  if (!takes) return { kind: "info", text: known(count, folders), blocked: false };
  const text = interpolate(gettext("%(pages)s, about %(sheets)s and %(time)s"), {
    pages: known(count, folders),
    sheets: sheets(takes.sheets),
    time: duration(takes.seconds),
  });
  const doubt = doubtful(takes, limits);
  if (doubt && count > 1) return { kind: "warning", text: `${text}. ${doubt} ${instead}`, blocked: false };
  return { kind: "info", text, blocked: false };
}

// A sentence when an estimate is beyond a limit: it is no more than an estimate, so nothing is blocked.
function doubtful(takes, limits) {
  if (takes.sheets > limits.sheets) {
    return interpolate(gettext("That may be too much: one PDF holds %(sheets)s."), { sheets: sheets(limits.sheets) });
  }
  if (takes.seconds > limits.seconds) {
    const time = duration(limits.seconds);
    return interpolate(gettext("That may be too much: an export may take %(time)s."), { time });
  }
  return "";
}

// A progress frame → {stage, text, value}, value null while the total is not known.
export function progress({ stage, done = 0, total = 0, label = "" }) {
  const share = STAGES[stage];
  const value = share && total > 0 ? share[0] + (share[1] - share[0]) * Math.min(1, done / total) : null;
  const texts = {
    waiting: () => `${waiting(total - 1)} ${gettext("It will start by itself.")}`,
    listing: () => (done > 0 ? counted(gettext("Listing pages: %(n)s found"), done) : gettext("Listing pages…")),
    reading: () => reading(done, total, label),
    printing: () => printing(done, total),
    joining: () => gettext("Putting the PDF together…"),
  };
  return { stage, text: texts[stage]?.() ?? gettext("Working…"), value };
}

function reading(done, total, label) {
  const text = label ? gettext("Page %(done)s of %(total)s: %(title)s") : gettext("Page %(done)s of %(total)s");
  return interpolate(text, { done: number.format(done), total: number.format(total), title: label });
}

const printing = (done, total) =>
  interpolate(
    ngettext(
      "Printing sheets: %(done)s of %(total)s part",
      "Printing sheets: %(done)s of %(total)s parts",
      total,
    ),
    { done: number.format(done), total: number.format(total) },
  );

// 2 → "2 exports are ahead of yours."
function waiting(ahead) {
  if (ahead < 1) return gettext("Yours is next.");
  return counted(ngettext("%(n)s export is ahead of yours.", "%(n)s exports are ahead of yours.", ahead), ahead);
}

export const receiving = (bytes) => interpolate(gettext("Receiving the PDF: %(size)s"), { size: size(bytes) });

// The report → the sentence below "Your PDF is ready".
export const facts = (report) =>
  interpolate(gettext("%(pages)s on %(sheets)s, %(size)s"), {
    pages: pages(report.pages),
    sheets: sheets(report.sheets),
    size: size(report.bytes),
  });

export const leftOut = (n) =>
  counted(
    ngettext(
      "%(n)s page is not visible to you and stays out.",
      "%(n)s pages are not visible to you and stay out.",
      n,
    ),
    n,
  );

export const toCheck = (n) => counted(ngettext("%(n)s thing to check", "%(n)s things to check", n), n);

export const showAll = (n) => counted(ngettext("Show all %(n)s", "Show all %(n)s", n), n);

export const tryAgainIn = (n) => counted(ngettext("Try again in %(n)s second.", "Try again in %(n)s seconds.", n), n);

// How many options differ from the template's, for the line that opens them; "" for none.
export const changes = (n) => (n ? counted(ngettext("%(n)s changed", "%(n)s changed", n), n) : "");
