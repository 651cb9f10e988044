// The settings of a space or of the site: load them, change them, save them, and work on the templates.

import { Editor } from "./editor.js";
import { fieldFor, refuseAll, sections } from "./fields.js";
import { ask } from "./frame.js";
import { Picker } from "./picker.js";
import { SiteForm } from "./site.js";
import { TemplateCards, TemplateList } from "./templates.js";
import { gettext, interpolate } from "./words.js";

const IN_PLACE = "preset-"; // of the ids of the options' controls here

// What our API takes, from what the form holds: {inherited, template, who, groups, rows, settings, site}.
// `rows` are [{name, value, locked}]; `settings` are those that were loaded.
export function settingsFrom({ inherited, template, who, groups, rows, settings, site = {} }) {
  const seen = { revision: settings.revision };
  if (inherited) return { inherited: true, ...seen };
  const options = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  const locked = rows.filter((row) => row.locked).map(({ name }) => name);
  for (const name of settings.chosen) {
    // What the site fixes is not shown as a row here, and what the space had for it is left alone.
    const isUntouched = settings.site_locked.includes(name) && !settings.inherited;
    if (isUntouched && settings.locked.includes(name)) locked.push(name);
    if (!isUntouched && !(name in options)) options[name] = null;
  }
  const access = { who, groups: who === "groups" ? groups : [] };
  return { template, options, locked, access, ...site, ...seen };
}

// Why it did not work, in words.
export const reason = (error, whose) => (error.status === 403 ? whose : error.message);

// From here on: the page.

const at = (id) => document.getElementById(id);
const form = at("settings");
const { inherited } = form.elements;
const { whose } = at("outcome").dataset;
const place = form.dataset;

let settings = null; // as they were loaded
let wasInherited = false; // so the values in the form are the site's
let rows = []; // [{field, element, locks}] of the options set here
let before = ""; // what the form held when it was last saved

const groupSearch = async (query, signal) => {
  const url = new URL(place.groupsUrl, location.href);
  url.searchParams.set("query", query);
  return (await (await ask(url, { signal })).json()).groups;
};

const site = at("limits") ? new SiteForm(place) : null;
const groups = new Picker(at("groups"), groupSearch);
const cards = new TemplateCards(at("template-choice"));
const editor = new Editor(place, { saved: refreshTemplates, closed: showOverview });
const list = new TemplateList(place, {
  changed: drawCards,
  edit: openEditor,
  defaultKey: () => settings?.template ?? "",
});

function now() {
  return {
    inherited: Boolean(inherited?.checked),
    template: cards.chosen,
    who: form.elements.who.value,
    groups: groups.chosen.map(({ id, name }) => ({ id, name })),
    rows: rows.map(({ field, locks }) => ({ name: field.name, value: field.value, locked: locks.checked })),
    settings,
    site: site?.value,
  };
}

const isDirty = () => settings !== null && JSON.stringify(settingsFrom(now())) !== before;

function fill(loaded) {
  settings = { site_locked: [], ...loaded };
  wasInherited = Boolean(settings.inherited);
  if (inherited) inherited.checked = wasInherited;
  form.elements.who.value = settings.access.who;
  groups.chosen = settings.access.groups;
  drawCards();
  drawPresets();
  site?.fill(settings);
  show();
  before = JSON.stringify(settingsFrom(now()));
}

// The cards, with the same one chosen as before; if that is gone, the one that exports start with.
async function drawCards() {
  const chosen = cards.chosen || settings.template;
  cards.draw(list.all, chosen);
  if (cards.chosen) return;
  settings.template = (await (await ask(place.settingsUrl)).json()).template;
  cards.draw(list.all, settings.template);
}

// What the site decides is shown where it is known, and cannot be changed here.
function show() {
  const isSite = Boolean(inherited?.checked);
  at("own").disabled = isSite;
  at("own").hidden = isSite && !wasInherited;
  at("groups-part").hidden = form.elements.who.value !== "groups";
}

function drawPresets() {
  const shown = settings.chosen.filter((name) => !settings.site_locked.includes(name));
  rows = [];
  at("presets").replaceChildren(...settings.site_locked.map(siteFixed));
  for (const { names } of sections()) {
    for (const name of names.filter((it) => shown.includes(it))) addRow(name, settings.locked.includes(name));
  }
  drawChoice();
}

function siteFixed(name) {
  const row = at("site-fixed").content.cloneNode(true).firstElementChild;
  const field = fieldFor(name, "", place); // only to say its value in words
  field.value = settings.options[name];
  row.querySelector("strong").textContent = field.label;
  row.querySelector("[data-fixed]").textContent = field.words;
  return row;
}

function addRow(name, locked) {
  const element = at("preset").content.cloneNode(true).firstElementChild;
  const field = fieldFor(name, IN_PLACE, place);
  const row = { field, element, locks: element.querySelector("[data-locks]") };
  field.value = settings.options[name];
  row.locks.checked = locked;
  row.locks.setAttribute("aria-label", interpolate(gettext("%(option)s: fixed for everyone"), { option: field.label }));
  const remove = element.querySelector("[data-removes-preset]");
  remove.setAttribute("aria-label", interpolate(gettext("Remove: %(option)s"), { option: field.label }));
  remove.addEventListener("click", () => removeRow(row));
  element.querySelector(".preset-value").append(field.element);
  at("presets").append(element);
  rows.push(row);
  return row;
}

function removeRow(row) {
  rows = rows.filter((other) => other !== row);
  row.element.remove();
  drawChoice();
  at("add-option").focus();
  at("outcome").hidden = true;
}

// The options that can still be added, by section.
function drawChoice() {
  const taken = new Set([...rows.map(({ field }) => field.name), ...settings.site_locked]);
  const grouped = sections().map(({ label, names }) => {
    const free = names.filter((name) => !taken.has(name));
    const group = Object.assign(document.createElement("optgroup"), { label });
    group.append(...free.map((name) => new Option(fieldFor(name, "", place).label, name)));
    return group;
  });
  const first = new Option(gettext("Choose an option"), "");
  at("add-option").replaceChildren(first, ...grouped.filter((group) => group.children.length));
  at("no-presets").hidden = rows.length > 0 || settings.site_locked.length > 0;
}

function addPreset() {
  const name = at("add-option").value;
  if (!name) return at("add-option").focus();
  const { field } = addRow(name, false);
  drawChoice();
  field.input.focus();
  at("outcome").hidden = true;
}

function tell(kind, text, { isStale = false } = {}) {
  at("outcome").dataset.kind = kind;
  at("outcome").querySelector("use").setAttribute("href", `#icon-${kind}`);
  at("outcome-text").textContent = text;
  at("stale-choices").hidden = !isStale;
  at("outcome").hidden = false;
}

async function load() {
  at("outcome").hidden = true;
  at("load-again").hidden = true;
  at("loading").hidden = false;
  try {
    const [response] = await Promise.all([ask(place.settingsUrl), list.load()]);
    fill(await response.json());
    list.draw(); // now that the default is known
    form.hidden = false;
    for (const id of ["templates", "data"]) if (at(id)) at(id).hidden = false;
  } catch (error) {
    tell(error.status === 403 ? "info" : "error", reason(error, whose));
    at("load-again").hidden = error.status === 403 || error.code === "outside";
  } finally {
    at("loading").hidden = true;
  }
}

// Whether the form can be sent; else the first mistake is shown.
function check() {
  if (inherited?.checked) return true;
  const noGroup = form.elements.who.value === "groups" && groups.chosen.length === 0;
  at("groups-error").querySelector("span").textContent = noGroup ? gettext("Choose at least one group.") : "";
  if (noGroup) groups.field.focus();
  const wrong = rows.find(({ field }) => field.problem);
  wrong?.field.input.focus();
  return !noGroup && !wrong && (site?.check() ?? true);
}

async function save({ over = false } = {}) {
  if (!check()) return;
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const { revision, ...body } = settingsFrom(now());
    const response = await ask(place.settingsUrl, { method: "PUT", body: over ? body : { ...body, revision } });
    fill(await response.json());
    list.draw();
    tell("success", gettext("The settings are saved."));
  } catch (error) {
    refuseAll(
      rows.map(({ field }) => field),
      error.fields?.options,
    );
    const words = interpolate(gettext("The settings are not saved. %(cause)s"), { cause: reason(error, whose) });
    tell("error", words, { isStale: error.code === "stale" });
  } finally {
    button.disabled = false;
    button.focus();
  }
}

async function refreshTemplates() {
  await list.load().then(drawCards, () => {}); // the list is as it was; it is asked for again later
}

function openEditor(template) {
  at("overview").hidden = true;
  editor.open(template);
}

function showOverview(key) {
  at("overview").hidden = false;
  const row = list.rowOf(key);
  (row?.querySelector('[data-does="edit"]:not([hidden])') ?? at("create")).focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
form.addEventListener("input", () => {
  at("outcome").hidden = true; // it spoke of what was there before
  show();
});
at("add-preset").addEventListener("click", addPreset);
at("load-again").addEventListener("click", load);
at("take-theirs").addEventListener("click", load);
at("data")?.addEventListener("erased", load);
at("keep-mine").addEventListener("click", () => save({ over: true }));
window.addEventListener("popstate", () => {
  if (editor.isOpen) editor.close();
});
window.addEventListener("beforeunload", (event) => {
  if (isDirty() || editor.isDirty) event.preventDefault();
});

load();
