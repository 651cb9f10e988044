// The settings of a space or of the site: load them, change them, save them.

import { ask } from "./frame.js";

// The form → what our API takes.
export function settingsFrom(form) {
  const { inherited, paper, contents, images } = form.elements;
  if (inherited?.checked) return { inherited: true };
  return { options: { paper: paper.value, contents: contents.checked, images: images.value } };
}

// Why it did not work, in words.
export const reason = (error, whose) => (error.status === 403 ? whose : error.message);

// From here on: the page.

const at = (id) => document.getElementById(id);
const form = at("settings");
const { inherited, paper, contents, images } = form.elements;
const { whose } = at("outcome").dataset;

let inheritedBefore = false; // so the values in the form are the site's

function fill(settings) {
  inheritedBefore = Boolean(settings.inherited);
  if (inherited) inherited.checked = settings.inherited;
  paper.value = settings.options.paper;
  contents.checked = settings.options.contents;
  images.value = settings.options.images;
  lock();
}

// What the site decides is shown where it is known, and cannot be changed here.
function lock() {
  const site = Boolean(inherited?.checked);
  at("options").disabled = site;
  at("options").hidden = site && !inheritedBefore;
}

function tell(kind, text) {
  at("outcome").dataset.kind = kind;
  at("outcome").querySelector("use").setAttribute("href", `#icon-${kind}`);
  at("outcome-text").textContent = text;
  at("outcome").hidden = false;
}

async function load() {
  at("outcome").hidden = true;
  at("load-again").hidden = true;
  at("loading").hidden = false;
  try {
    const response = await ask(form.dataset.settingsUrl);
    fill(await response.json());
    form.hidden = false;
  } catch (error) {
    tell(error.status === 403 ? "info" : "error", reason(error, whose));
    at("load-again").hidden = error.status === 403 || error.code === "outside";
  } finally {
    at("loading").hidden = true;
  }
}

async function save() {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const response = await ask(form.dataset.settingsUrl, { method: "PUT", body: settingsFrom(form) });
    fill(await response.json());
    tell("success", "The settings are saved.");
  } catch (error) {
    tell("error", `The settings are not saved. ${reason(error, whose)}`);
  } finally {
    button.disabled = false;
    button.focus();
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
form.addEventListener("input", () => {
  at("outcome").hidden = true; // it spoke of what was there before
});
inherited?.addEventListener("change", lock);
at("load-again").addEventListener("click", load);

load();
