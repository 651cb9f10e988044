// The export dialog: the form, the export on its way, and what became of it.

import { Failure, ask, insideConfluence } from "../addon/frame.js";
import { FrameReader } from "./frames.js";
import { PageTree, Ticks, branches } from "./page_tree.js";

const FRAMES = "application/vnd.xpress.frames";
const SILENCE_SECONDS = 60; // a frame comes every second, so this is a lost connection
const SPEAK_SECONDS = 5; // between two sentences read out while the export runs
const NOTES_AT_FIRST = 50;
const SEVERITIES = { error: "Problem:", warning: "Check:", info: "Note:" };
// Failures that the same order would meet again: some ask for other pages, some for somebody's help.
const CHOOSE_OTHERWISE = new Set(["too_many_pages", "too_many_sheets", "took_too_long", "nothing_to_export"]);
const HOPELESS = new Set(["not_visible", "not_authorised", "body_too_large", "print_failed", "address_refused"]);
// How much of the bar each stage fills, from and to.
const STAGES = { reading: [0, 0.55], printing: [0.55, 0.95], joining: [0.95, 1] };

const number = new Intl.NumberFormat("en");

// (1, "page") → "1 page"; (1200, "page") → "1,200 pages"
export const count = (n, word) => `${number.format(n)} ${word}${n === 1 ? "" : "s"}`;

// 3400000 → "3.4 MB"
export function size(bytes) {
  if (bytes < 1e6) return `${number.format(Math.max(1, Math.round(bytes / 1e3)))} kB`;
  return `${number.format(Number((bytes / 1e6).toPrecision(2)))} MB`;
}

// What people typed, as a name every system can store; "" when nothing is left of it.
export function fileName(text) {
  const stem = text
    .normalize("NFC")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replace(/[\\/:*?"<>|]/g, "-")
    .replace(/\.pdf\s*$/i, "")
    .replace(/\s+/g, " ")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  return stem && `${[...stem].slice(0, 120).join("").trimEnd()}.pdf`;
}

// (40.6) → "41 s"; (150) → "2.5 min": two digits, for it is an estimate
export function duration(seconds) {
  if (seconds >= 100) return `${number.format(rounded(seconds / 60))} min`;
  return `${number.format(Math.max(1, Math.round(rounded(seconds))))} s`;
}

const rounded = (n) => Number(n.toPrecision(2));

// The pages and folders of a listing, and what to export instead if they are too many.
export function tally(listing) {
  const folders = listing.pages.filter((page) => page.type === "folder").length;
  const pages = listing.pages.length - folders;
  return { pages, folders, truncated: Boolean(listing.truncated), advice: listing.advice };
}

// What so many pages will take → {sheets, seconds}; null while nothing is known of it.
export function estimated(pages, estimate) {
  if (!estimate) return null;
  return {
    sheets: Math.max(1, Math.round(rounded(pages * estimate.sheets_per_page))),
    seconds: estimate.start_seconds + pages * estimate.seconds_per_page,
  };
}

// The label of the second choice, once the pages below are known.
export function branchLabel({ pages, truncated }) {
  const below = pages - 1;
  if (truncated) return `This page and its more than ${number.format(below)} pages`;
  return below === 1 ? "This page and the page below it" : `This page and its ${count(below, "page")}`;
}

// What stands above the buttons before the start: {kind, text, blocked}. `limits` are {pages, sheets,
// seconds}, `estimate` is what the listing said about an average page.
export function numbers(tallied, limits, estimate) {
  const { pages, folders, truncated, advice } = tallied;
  const blocked = (text) => ({ kind: "warning", text, blocked: true });
  const holds = `One PDF holds ${number.format(limits.pages)}.`;
  const instead = advice || "Choose fewer pages.";
  if (pages === 0) return blocked("Choose at least one page.");
  if (truncated) return blocked(`There are too many pages here. ${holds} ${instead}`);
  if (pages > limits.pages) return blocked(`${count(pages, "page")} are too many. ${holds} ${instead}`);
  const chapters = folders ? ` in ${count(folders, "folder")}` : "";
  const known = count(pages, "page") + chapters;
  const takes = estimated(pages, estimate);
  if (!takes) return { kind: "info", text: known, blocked: false };
  const text = `${known}, about ${count(takes.sheets, "sheet")} and ${duration(takes.seconds)}`;
  const doubt = doubtful(takes, limits);
  if (doubt && pages > 1) return { kind: "warning", text: `${text}. ${doubt} ${instead}`, blocked: false };
  return { kind: "info", text, blocked: false };
}

// A sentence when an estimate is beyond a limit: it is no more than an estimate, so nothing is blocked.
function doubtful({ sheets, seconds }, limits) {
  if (sheets > limits.sheets) return `That may be too much: one PDF holds ${count(limits.sheets, "sheet")}.`;
  if (seconds > limits.seconds) return `That may be too much: an export may take ${duration(limits.seconds)}.`;
  return "";
}

// A progress frame → {text, value}, value null while the total is not known.
export function progress({ stage, done = 0, total = 0, label = "" }) {
  const share = STAGES[stage];
  const value = share && total > 0 ? share[0] + (share[1] - share[0]) * Math.min(1, done / total) : null;
  const ahead = total - 1;
  const texts = {
    waiting: `${waiting(ahead)} It will start by itself.`,
    listing: done > 0 ? `Listing pages: ${number.format(done)} found` : "Listing pages…",
    reading: `Page ${number.format(done)} of ${number.format(total)}${label ? `: ${label}` : ""}`,
    printing: `Printing sheets: ${number.format(done)} of ${count(total, "part")}`,
    joining: "Putting the PDF together…",
  };
  return { stage, text: texts[stage] ?? "Working…", value };
}

// (2) → "2 exports are ahead of yours."
function waiting(ahead) {
  if (ahead < 1) return "Yours is next.";
  return ahead === 1 ? "1 export is ahead of yours." : `${count(ahead, "export")} are ahead of yours.`;
}

// What a failure leaves to do: "choose" other pages, try "again", or go "back".
export function wayOut({ code, status = 0 }) {
  if (CHOOSE_OTHERWISE.has(code)) return "choose";
  const final = HOPELESS.has(code) || (status >= 400 && status < 500 && ![401, 408, 429].includes(status));
  return final ? "back" : "again";
}

// The report → the sentence below "Your PDF is ready".
export const facts = (report) =>
  `${count(report.pages, "page")} on ${count(report.sheets, "sheet")}, ${size(report.bytes)}`;

export const leftOut = (n) =>
  n === 1 ? "1 page is not visible to you and stays out." : `${count(n, "page")} are not visible to you and stay out.`;

// The gravest first, otherwise in the order of the PDF.
export function byGravity(notes) {
  const grave = Object.keys(SEVERITIES);
  const rank = (note) => (grave.includes(note.severity) ? grave.indexOf(note.severity) : grave.length);
  return [...notes].sort((one, other) => rank(one) - rank(other));
}

// An address to go to, or "" for anything that is not plain web.
export function webAddress(text) {
  const url = URL.canParse(text ?? "") ? new URL(text) : null;
  return url && ["https:", "http:"].includes(url.protocol) ? url.href : "";
}

// The form → the order that our API takes.
export function orderFrom(form, ticks) {
  const scope = form.elements.scope.value;
  const { paper, images, contents } = form.elements;
  const options = { paper: paper.value, contents: contents.checked, images: images.value };
  const name = fileName(form.elements.file_name.value);
  return {
    page: form.dataset.page,
    scope,
    pages: scope === "chosen" ? ticks.ids : [],
    options: name ? { ...options, file_name: name } : options,
  };
}

const lost = () => new Failure("lost", "The connection was lost. Nothing was saved.");
const parsed = (payload) => JSON.parse(new TextDecoder().decode(payload));

// The next piece of a stream, or a failure when none comes for too long.
async function nextPiece(reader) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(lost()), SILENCE_SECONDS * 1000);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

// Read the frames of an export to the end → {report, pdf}. What is not whole is a Failure.
export async function receive(body, onProgress) {
  const reader = body.getReader();
  const frames = new FrameReader();
  const pieces = [];
  let bytes = 0;
  let report = null;
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader);
      if (done) break;
      for (const { kind, payload } of frames.push(value)) {
        if (kind === "P") onProgress(progress(parsed(payload)));
        if (kind === "E") {
          const { code, message } = parsed(payload);
          throw new Failure(code, message || "Something went wrong on our side. Try again in a moment.");
        }
        if (kind === "R") report = parsed(payload);
        if (kind === "D") {
          pieces.push(payload);
          bytes += payload.length;
          onProgress({ text: `Receiving the PDF: ${size(bytes)}`, value: 1 });
        }
      }
    }
  } catch (error) {
    reader.cancel().catch(() => {}); // it is lost anyway
    if (error instanceof Failure || error.name === "AbortError") throw error;
    throw lost();
  }
  if (!report || !frames.atRest) throw lost();
  const pdf = new Blob(pieces, { type: "application/pdf" });
  if (!(await isWhole(pdf, report))) {
    throw new Failure("damaged", "The PDF did not arrive as it was sent. Nothing was saved.");
  }
  return { report, pdf };
}

async function isWhole(pdf, report) {
  if (pdf.size !== report.bytes) return false;
  if (!globalThis.crypto?.subtle) return true; // only there over https; the length has to do
  const digest = await crypto.subtle.digest("SHA-256", await pdf.arrayBuffer());
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex === report.sha256;
}

// From here on: the page.

const at = (id) => document.getElementById(id);
const form = at("export");
const limits = {
  pages: Number(form.dataset.pageLimit),
  sheets: Number(form.dataset.sheetLimit),
  seconds: Number(form.dataset.secondLimit),
};
const screens = ["export", "running", "done", "failed", "outside"];
const listings = {}; // scope → what the API said about it
let estimate = null; // of an average page, once the pages are known
let ticks = null; // what is chosen, once the pages are known
let tree = null; // its rows
let running = null; // the AbortController of the export on its way
let order = null; // what was asked for last
let named = form.elements.file_name.value !== ""; // whether the person chose the file name, perhaps before this script came

function show(id, focus) {
  for (const screen of screens) at(screen).hidden = screen !== id;
  focus?.focus();
}

function say({ kind, text, blocked = false }) {
  at("numbers").dataset.kind = kind;
  at("numbers").querySelector("use").setAttribute("href", `#icon-${kind}`);
  at("numbers-text").textContent = text;
  at("start").disabled = blocked;
}

function listingUrl(scope) {
  const url = new URL(form.dataset.treeUrl, location.href);
  url.searchParams.set("page", form.dataset.page);
  if (scope === "space") url.searchParams.set("scope", "space");
  return url;
}

async function list(scope) {
  listings[scope] ??= ask(listingUrl(scope)).then((response) => response.json());
  try {
    return await listings[scope];
  } catch (error) {
    delete listings[scope]; // so that it can be tried again
    throw error;
  }
}

// Bring what depends on the chosen scope up to date: the tree, the name, the numbers.
async function update() {
  const scope = form.elements.scope.value;
  at("chooser").hidden = scope !== "chosen";
  nameFile();
  if (scope === "page") return say(numbers({ pages: 1, folders: 0 }, limits, estimate));
  if (scope === "chosen") {
    at("chosen-count").textContent = `${number.format(ticks.pages)} of ${count(ticks.of, "page")}`;
    return say(numbers({ pages: ticks.pages, folders: 0 }, limits, estimate));
  }
  say({ kind: "info", text: "Counting pages…" });
  const counted = await list(scope).then(
    (listing) => numbers(tally(listing), limits, listing.estimate),
    (error) => ({ kind: "warning", text: `The pages could not be counted. ${error.message}` }),
  );
  if (form.elements.scope.value === scope) say(counted);
}

async function nameFile() {
  const known = named || (await listings.tree?.catch(() => null));
  const field = form.elements.file_name;
  if (!known || named || document.activeElement === field) return; // nothing comes under a typing hand
  field.value = fileName(form.elements.scope.value === "space" ? known.space.name : known.page.title);
}

function chooseFrom(listing, ids) {
  ticks = new Ticks(branches(listing.pages), ids);
  tree = new PageTree(at("page-tree"), at("row"), ticks, update);
}

// Choose from the whole space; what was ticked stays ticked.
async function widen() {
  at("widen").disabled = true;
  try {
    chooseFrom(await list("space"), new Set(ticks.ids));
    at("widen").hidden = true;
    tree.reveal(form.dataset.page);
    update();
  } catch (error) {
    say({ kind: "warning", text: `The pages of the space could not be listed. ${error.message}` });
  } finally {
    at("widen").disabled = false;
  }
}

async function loadTree() {
  at("listing-failed").hidden = true;
  try {
    const listing = await list("tree");
    const tallied = tally(listing);
    at("page-title").textContent = `“${listing.page.title}”`;
    at("space-name").textContent = listing.space.name;
    at("tree-label").textContent = branchLabel(tallied);
    at("tree-choice").hidden = tallied.pages < 2;
    for (const radio of form.elements.scope) radio.disabled = false;
    estimate = listing.estimate;
    chooseFrom(listing);
    update();
  } catch (error) {
    at("listing-cause").textContent = error.message;
    at("listing-failed").hidden = false;
  } finally {
    delete at("page-title").dataset.busy;
  }
}

let spoken = { at: 0, stage: "" };

function tell({ text, value, stage = "" }) {
  const bar = at("bar");
  // Never backwards: parts are printed while others are still read.
  if (value !== null) bar.value = Math.max(bar.hasAttribute("value") ? bar.value : 0, value);
  at("running-title").textContent = stage === "waiting" ? "Waiting for your turn" : "Making your PDF";
  at("stage").textContent = text;
  // The place in the queue changes seldom, and each time it matters.
  const isNews = stage === "waiting" || stage !== spoken.stage;
  if (!isNews && Date.now() - spoken.at < SPEAK_SECONDS * 1000) return;
  spoken = { at: Date.now(), stage };
  at("spoken").textContent = text;
}

async function start() {
  const controller = new AbortController();
  running = controller;
  at("bar").removeAttribute("value");
  tell({ text: "Starting…", value: null });
  show("running", at("running-title"));
  try {
    const response = await ask(form.dataset.exportUrl, {
      method: "POST",
      body: order,
      accept: FRAMES,
      signal: controller.signal,
    });
    const { report, pdf } = await receive(response.body, tell);
    if (controller.signal.aborted) return;
    finish(report, pdf);
  } catch (error) {
    if (controller.signal.aborted) return;
    fail(error);
  } finally {
    if (running === controller) running = null;
  }
}

function cancel() {
  running?.abort();
  show("export", at("start"));
  say({ kind: "info", text: "The export was cancelled. Nothing was saved." });
}

function finish(report, pdf) {
  const download = at("download");
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(pdf);
  download.download = fileName(report.file_name) || "export.pdf";
  at("done-name").textContent = download.download;
  at("done-facts").textContent = facts(report);
  at("left-out").textContent = leftOut(report.left_out);
  at("left-out").hidden = !report.left_out;
  showNotes(byGravity(report.notes ?? []));
  show("done", at("done-title"));
  download.click();
}

function showNotes(notes) {
  const rest = notes.length - NOTES_AT_FIRST;
  at("care").hidden = notes.length === 0;
  at("care-title").textContent = `${count(notes.length, "thing")} to check`;
  at("notes").replaceChildren(...notes.slice(0, NOTES_AT_FIRST).map(noteRow));
  at("all-notes").hidden = rest <= 0;
  at("all-notes").textContent = `Show all ${number.format(notes.length)}`;
  at("all-notes").onclick = () => {
    at("notes").append(...notes.slice(NOTES_AT_FIRST).map(noteRow));
    at("all-notes").hidden = true;
    at("care").querySelector(".notes-frame").focus();
  };
}

function noteRow(note) {
  const row = at("note").content.firstElementChild.cloneNode(true);
  const severity = note.severity in SEVERITIES ? note.severity : "info";
  row.dataset.severity = severity;
  row.querySelector("use").setAttribute("href", `#icon-${severity}`);
  row.querySelector(".visually-hidden").textContent = SEVERITIES[severity];
  row.querySelector(".note-what").textContent = note.what;
  row.querySelector(".note-did").textContent = note.did;
  const link = row.querySelector("a");
  const address = webAddress(note.page?.url);
  link.textContent = note.page?.title ?? "";
  if (address) link.href = address;
  return row;
}

function fail(error) {
  if (!(error instanceof Failure)) error = new Failure("failed", "Something went wrong in this window. Try again.");
  const way = wayOut(error);
  if (way === "choose") return choose(error);
  const wait = error.retryAfterSeconds && !error.message.includes("Try again");
  at("failed-cause").textContent =
    error.message + (wait ? ` Try again in ${count(error.retryAfterSeconds, "second")}.` : "");
  at("failed-title").textContent = error.status ? "The export did not start" : "The export did not finish";
  at("again").hidden = way !== "again";
  at("back").dataset.look = way === "again" ? "subtle" : "primary";
  show("failed", at(way));
}

// Other pages have to be chosen: that is done in the form, so the sentence stands there.
function choose(error) {
  show("export", at("start"));
  say({ kind: "warning", text: error.message });
}

function close() {
  running?.abort();
  window.AP?.dialog?.close?.();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (at("start").disabled) return;
  order = orderFrom(form, ticks);
  start();
});
form.addEventListener("change", (event) => {
  if (event.target.name === "scope") update();
});
form.elements.file_name.addEventListener("input", () => {
  named = true;
});
form.elements.file_name.addEventListener("change", ({ target }) => {
  target.value = fileName(target.value);
  named = target.value !== "";
});
form.elements.file_name.addEventListener("blur", nameFile);
for (const [id, on] of [["choose-all", true], ["choose-none", false]]) {
  at(id).addEventListener("click", async () => {
    ticks.setAll(on);
    tree.refresh();
    update();
  });
}
at("widen").addEventListener("click", widen);
at("list-again").addEventListener("click", loadTree);
at("cancel").addEventListener("click", cancel);
at("again").addEventListener("click", start);
at("back").addEventListener("click", () => {
  show("export", at("start"));
  update();
});
for (const button of document.querySelectorAll("[data-closes]")) button.addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) close();
});

if (insideConfluence()) {
  at("start").disabled = false; // a click before this script is here would be lost
  at("start").focus();
  loadTree();
} else {
  at("place").hidden = true;
  show("outside");
}
