// The export dialog: the form, the export on its way, and what became of it.

import { Failure, ask, insideConfluence } from "../addon/frame.js";
import { templatePicture } from "../addon/template_picture.js";
import { viewer } from "../addon/viewer.js";
import { gettext, interpolate } from "../addon/words.js";
import { Choices, namesFrom } from "./choices.js";
import { PageTree, Ticks, branches } from "./page_tree.js";
import { receive } from "./receiving.js";
import { forget, place, recall, remember } from "./remembered.js";
import * as sentences from "./sentences.js";
import { templateLine } from "./template_line.js";

const FRAMES = "application/vnd.xpress.frames";
const SPEAK_SECONDS = 5; // between two sentences read out while the export runs
const NOTES_AT_FIRST = 50;
const SEVERITIES = { error: gettext("Problem:"), warning: gettext("Check:"), info: gettext("Note:") };
// Failures that the same order would meet again: some ask for another choice, some for somebody's help.
const CHOOSE_OTHERWISE = new Set([
  "too_many_pages",
  "too_many_sheets",
  "took_too_long",
  "nothing_to_export",
  "no_template",
  "option_locked",
]);
const HOPELESS = new Set(["not_visible", "not_authorised", "body_too_large", "print_failed", "address_refused"]);

// What people typed, as a name every system can store; "" when nothing is left of it.
export function fileName(text) {
  const stem = text
    .normalize("NFC")
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, " ")
    .replace(/[\\\/:*?"<>|]/g, "-") // "\/" for xgettext, which does not know classes
    .replace(/\.pdf\s*$/i, "")
    .replace(/\s+/g, " ")
    .replace(/^[\s.]+|[\s.]+$/g, "");
  return stem && `${[...stem].slice(0, 120).join("").trimEnd()}.pdf`;
}

// What a failure leaves to do: "choose" otherwise, try "again", or go "back".
export function wayOut({ code, status = 0 }) {
  if (CHOOSE_OTHERWISE.has(code)) return "choose";
  const final = HOPELESS.has(code) || (status >= 400 && status < 500 && ![401, 408, 429].includes(status));
  return final ? "back" : "again";
}

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

// The form → the order that our API takes, but for who the viewer is.
export function orderFrom(form, ticks, choices) {
  const scope = form.elements.scope.value;
  const name = fileName(form.elements.file_name.value);
  return {
    page: form.dataset.page,
    scope,
    pages: scope === "chosen" ? ticks.ids : [],
    template: choices.template,
    options: name ? { ...choices.wishes, file_name: name } : choices.wishes,
  };
}

// The value that a control shows, as the API takes it; the control of an option, by its kind.
const READ = {
  toggle: (control) => control.checked,
  number: (control) => control.valueAsNumber,
  names: (control) => namesFrom(control.value),
};
const WRITE = {
  toggle: (control, value) => {
    control.checked = value;
  },
  names: (control, value) => {
    control.value = value.join(", ");
  },
};
const read = (kind, control) => (READ[kind] ?? (() => control.value))(control);
const write = (kind, control, value) =>
  (WRITE[kind] ?? ((_, text) => {
    control.value = text;
  }))(control, value);

// From here on: the page.

const at = (id) => document.getElementById(id);
const form = at("export");
const limits = {
  pages: Number(form.dataset.pageLimit),
  sheets: Number(form.dataset.sheetLimit),
  seconds: Number(form.dataset.secondLimit),
};
const screens = ["export", "running", "done", "failed", "off", "outside"];
const choices = new Choices(JSON.parse(at("choices").textContent));
const lastTime = place(form.dataset.site, form.dataset.space);
const listings = {}; // scope → what the API said about it
let estimate = null; // of an average page, once the pages are known
let ticks = null; // what is chosen, once the pages are known
let tree = null; // its rows
let running = null; // the AbortController of the export on its way
let order = null; // what was asked for last
const whoViews = viewer(); // asked for early: it is known long before it is needed
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
  if (scope === "page") return say(sentences.numbers({ pages: 1, folders: 0 }, limits, estimate));
  if (scope === "chosen") {
    at("chosen-count").textContent = sentences.chosenOf(ticks.pages, ticks.of);
    return say(sentences.numbers({ pages: ticks.pages, folders: 0 }, limits, estimate));
  }
  say({ kind: "info", text: gettext("Counting pages…") });
  const counted = await list(scope).then(
    (listing) => sentences.numbers(sentences.tally(listing), limits, listing.estimate),
    (error) => ({ kind: "warning", text: `${gettext("The pages could not be counted.")} ${error.message}` }),
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
    say({ kind: "warning", text: `${gettext("The pages of the space could not be listed.")} ${error.message}` });
  } finally {
    at("widen").disabled = false;
  }
}

async function loadTree() {
  at("listing-failed").hidden = true;
  try {
    const listing = await list("tree");
    at("page-title").textContent = interpolate(gettext("“%(title)s”"), { title: listing.page.title });
    at("space-name").textContent = listing.space.name;
    if (listing.may_export === false) return refuse(listing.why_not);
    const tallied = sentences.tally(listing);
    at("tree-label").textContent = sentences.branchLabel(tallied);
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

const optionFields = [...form.querySelectorAll("[data-option]")];
const controlOf = (field) => field.querySelector("[data-value]");

// Everything that depends on the template and the options: the fields, the picture, the line.
function showChoices() {
  at("template").value = choices.template;
  for (const field of optionFields) {
    write(field.dataset.kind, controlOf(field), choices.value(field.dataset.option));
    showProblem(field, "");
  }
  describe();
}

function describe() {
  const { look, wishes } = choices;
  const count = Object.keys(wishes).length;
  at("template-picture").replaceChildren(templatePicture(look));
  at("template-line").textContent = templateLine(look);
  at("changes").textContent = sentences.changes(count);
  at("changes").hidden = !count;
  at("reset").hidden = !count;
}

function chooseOption(field) {
  const value = read(field.dataset.kind, controlOf(field));
  if (Number.isNaN(value)) return; // a number that is only half typed
  choices.set(field.dataset.option, value);
  showProblem(field, "");
  describe();
}

function showProblem(field, text) {
  const line = field.querySelector(".field-error");
  line.querySelector(".field-problem").textContent = text;
  line.hidden = !text;
  if (text) controlOf(field).setAttribute("aria-invalid", "true");
  else controlOf(field).removeAttribute("aria-invalid");
}

// What the server does not take of the options stands below each of them. → whether there was any
function showProblems(problems) {
  const wrong = optionFields.filter((field) => problems?.[field.dataset.option]);
  if (!wrong.length) return false;
  at("more").open = true;
  show("export");
  update();
  for (const field of wrong) showProblem(field, [problems[field.dataset.option]].flat().join(" "));
  controlOf(wrong[0]).focus();
  return true;
}

let spoken = { at: 0, stage: "" };

function tell({ text, value, stage = "" }) {
  const bar = at("bar");
  // Never backwards: parts are printed while others are still read.
  if (value !== null) bar.value = Math.max(bar.hasAttribute("value") ? bar.value : 0, value);
  at("running-title").textContent = stage === "waiting" ? gettext("Waiting for your turn") : gettext("Making your PDF");
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
  tell({ text: gettext("Starting…"), value: null });
  show("running", at("running-title"));
  try {
    const response = await ask(form.dataset.exportUrl, {
      method: "POST",
      body: { ...order, viewer: await whoViews },
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
  say({ kind: "info", text: gettext("The export was cancelled. Nothing was saved.") });
}

function finish(report, pdf) {
  const download = at("download");
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(pdf);
  download.download = fileName(report.file_name) || gettext("export.pdf");
  at("done-name").textContent = download.download;
  at("done-facts").textContent = sentences.facts(report);
  at("left-out").textContent = sentences.leftOut(report.left_out);
  at("left-out").hidden = !report.left_out;
  showNotes(byGravity(report.notes ?? []));
  show("done", at("done-title"));
  download.click();
}

function showNotes(notes) {
  const rest = notes.length - NOTES_AT_FIRST;
  at("care").hidden = notes.length === 0;
  at("care-title").textContent = sentences.toCheck(notes.length);
  at("notes").replaceChildren(...notes.slice(0, NOTES_AT_FIRST).map(noteRow));
  at("all-notes").hidden = rest <= 0;
  at("all-notes").textContent = sentences.showAll(notes.length);
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
  if (!(error instanceof Failure)) {
    error = new Failure("failed", gettext("Something went wrong in this window. Try again."));
  }
  if (error.code === "exports_off") return refuse(error.message);
  if (error.code === "invalid" && showProblems(error.fields?.options)) return;
  const way = wayOut(error);
  if (way === "choose") return choose(error);
  const wait = error.retryAfterSeconds && !error.message.includes(gettext("Try again"));
  at("failed-cause").textContent = wait
    ? `${error.message} ${sentences.tryAgainIn(error.retryAfterSeconds)}`
    : error.message;
  at("failed-title").textContent = error.status
    ? gettext("The export did not start")
    : gettext("The export did not finish");
  at("again").hidden = way !== "again";
  at("back").dataset.look = way === "again" ? "subtle" : "primary";
  show("failed", at(way));
}

// Nobody may export here, or not this person: there is nothing to choose then.
function refuse(why) {
  at("why-not").textContent = why;
  show("off", at("off-title"));
}

// Something has to be chosen otherwise: that is done in the form, so the sentence stands there.
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
  order = orderFrom(form, ticks, choices);
  remember(lastTime, choices.kept);
  start();
});
form.addEventListener("change", (event) => {
  if (event.target.name === "scope") update();
});
at("template").addEventListener("change", ({ target }) => {
  choices.choose(target.value);
  showChoices();
});
at("more").addEventListener("input", ({ target }) => {
  const field = target.closest("[data-option]");
  if (field) chooseOption(field);
});
at("more").addEventListener("change", showChoices); // a name typed badly is set right when it is left
at("reset").addEventListener("click", () => {
  choices.reset();
  forget(lastTime);
  showChoices();
  at("more").querySelector("summary").focus();
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

if (!insideConfluence()) {
  at("place").hidden = true;
  show("outside");
} else if (form.dataset.off) {
  delete at("page-title").dataset.busy;
  show("off");
} else {
  choices.take(recall(lastTime));
  showChoices();
  at("start").disabled = false; // a click before this script is here would be lost
  at("start").focus();
  update();
  loadTree();
}
