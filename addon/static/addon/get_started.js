// The page after the installation: try it, make it yours, decide who may use it.
//
// Nothing is kept of how far somebody came: what is done can be seen from the settings.

import { size } from "./amounts.js";
import { contrastWithWhite, warnings } from "./brand.js";
import { ask } from "./frame.js";
import { templatePicture } from "./template_picture.js";
import { viewer } from "./viewer.js";
import { gettext, interpolate } from "./words.js";

const STILL_MILLISECONDS = 250; // without a key before pages are looked for
const LARGEST_LOGO_BYTES = 5 * 1024 * 1024;
const USUAL_COLOURS = { accent_colour: "#1558bc", heading_colour: "#1e2330", link_colour: "#1558bc" };
const READABLE = 4.5; // https://www.w3.org/TR/WCAG22/#contrast-minimum

const json = (response) => response.json();

const isReadable = (colour) => contrastWithWhite(colour) >= READABLE;

// A logo and a colour → the options of a template that shows them: in the header, where the space's
// name made room for the logo, on covers, if somebody chooses one, and in headings and links, if the
// colour can be read on white.
export function houseStyle({ logo, words, colour }) {
  const letters = isReadable(colour) ? { heading_colour: colour, link_colour: colour } : {};
  const coloured = { accent_colour: colour, ...letters };
  if (!logo) return coloured;
  return {
    ...coloured,
    logo,
    logo_alt: words.trim(),
    header_logo: "left",
    header_left: "",
    footer_left: "{space}",
  };
}

// The usual look, as far as a small picture and the brand check ask for it.
const USUAL_LOOK = {
  paper: "A4",
  cover: "none",
  ...USUAL_COLOURS,
  header_left: "{space}",
  header_right: "{page}",
  footer_centre: "{sheet} / {sheets}",
  logo: "",
  logo_alt: "",
  watermark: "",
  watermark_opacity: 0,
};

// What to mend about a logo and a colour, in sentences.
export function doubts(chosen) {
  const ofTheLogo = warnings({ ...USUAL_LOOK, ...houseStyle(chosen), ...USUAL_COLOURS });
  if (isReadable(chosen.colour)) return ofTheLogo;
  const pale = gettext("This colour is hard to read on white: it stays on covers, and headings and links remain dark.");
  return [pale, ...ofTheLogo];
}

// A file → its bytes as base64
async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

// "attachment; filename*=UTF-8''A%20page.pdf" → "A page.pdf"
export function nameFrom(disposition) {
  const [, encoded] = disposition?.match(/filename\*=UTF-8''([^;]+)/i) ?? [];
  const [, plain] = disposition?.match(/filename="([^"]+)"/i) ?? [];
  try {
    return encoded ? decodeURIComponent(encoded) : (plain ?? "");
  } catch {
    return plain ?? "";
  }
}

// From here on: the page.

const at = (id) => document.getElementById(id);
const steps = at("steps");
const urls = steps.dataset;
const stepOf = (name) => steps.querySelector(`[data-step="${name}"]`);

function tell(step, kind, text) {
  const outcome = stepOf(step).querySelector(".step-outcome");
  outcome.dataset.kind = kind;
  outcome.querySelector("use").setAttribute("href", `#icon-${kind}`);
  outcome.querySelector(".step-said").textContent = text;
  outcome.hidden = !text;
}

const done = (step, isDone = true) => stepOf(step).toggleAttribute("data-done", isDone);

// Step 1: a sample of one of their pages.

let making = null; // the AbortController of the sample on its way
let looking = null; // that of the search for pages
let pause = 0;

const titleOf = () => at("page").selectedOptions[0]?.textContent ?? "";

async function findPages() {
  looking?.abort();
  const controller = new AbortController();
  looking = controller;
  const url = new URL(urls.pagesUrl, location.href);
  const query = at("find").value.trim();
  if (query) url.searchParams.set("query", query);
  try {
    const { pages } = await ask(url, { signal: controller.signal }).then(json);
    if (controller.signal.aborted) return;
    at("page").replaceChildren(...pages.map(({ id, title }) => new Option(title, id)));
    at("found").textContent = pages.length ? "" : gettext("No page was found. Try other words.");
  } catch (error) {
    if (controller.signal.aborted) return;
    at("page").replaceChildren();
    at("found").textContent = error.message;
  }
  const isEmpty = !at("page").options.length;
  at("page").disabled = isEmpty;
  at("try").querySelector("[type=submit]").disabled = isEmpty;
}

async function makeSample() {
  const controller = new AbortController();
  const { value: page } = at("page");
  const title = titleOf();
  making = controller;
  tell("try", "info", "");
  at("sample").hidden = true;
  at("try").hidden = true;
  at("making").hidden = false;
  at("making-what").textContent = interpolate(gettext("Making the PDF of “%(title)s”…"), { title });
  at("stop").focus();
  try {
    const response = await ask(urls.exportUrl, {
      method: "POST",
      body: { page, scope: "page", viewer: await viewer() },
      accept: "application/pdf",
      signal: controller.signal,
    });
    const name = nameFrom(response.headers.get("Content-Disposition"));
    showSample(await response.blob(), name || "sample.pdf", title);
    showSheets(page, title, controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) tell("try", "error", error.message);
  } finally {
    at("making").hidden = true;
    at("try").hidden = false;
    if (at("sample").hidden) at("try").querySelector("[type=submit]").focus();
  }
}

function showSample(pdf, name, title) {
  const link = at("sample-file");
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(pdf);
  link.download = name;
  const words = { title, size: size(pdf.size) };
  at("sample-what").textContent = interpolate(gettext("The PDF of “%(title)s” is ready: %(size)s"), words);
  at("sample-sheets").replaceChildren();
  at("sample").hidden = false;
  at("sample-what").focus();
  done("try");
}

// Pictures of the first sheets, below the PDF. Without them the PDF is there all the same.
async function showSheets(page, title, signal) {
  const body = { page, options: {} };
  const answer = await ask(urls.previewUrl, { method: "POST", body, signal }).then(json, () => ({ sheets: [] }));
  if (signal.aborted) return;
  at("sample-sheets").replaceChildren(...answer.sheets.map((sheet, place) => sheetPicture(sheet, title, place + 1)));
}

function sheetPicture({ png, width, height }, title, number) {
  const picture = new Image(width, height);
  picture.src = `data:image/png;base64,${png}`;
  picture.alt = interpolate(gettext("Sheet %(n)s of “%(title)s”"), { n: number, title });
  return picture;
}

at("find").addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(findPages, STILL_MILLISECONDS);
});
at("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault(); // the page it would print is not the one they look for
  clearTimeout(pause);
  findPages();
});
at("try").addEventListener("submit", (event) => {
  event.preventDefault();
  making?.abort();
  makeSample();
});
at("stop").addEventListener("click", () => making?.abort());

// Steps 2 and 3: for those who administer the site.

let settings = null; // as they were read last
let logo = ""; // as a data: address

const chosen = () => ({ logo, words: at("logo-alt").value, colour: at("colour").value });

// What holds for the site, and which of its templates stands for it: that tells what is done.
async function showSettings() {
  const [now, { templates }] = await Promise.all([
    ask(urls.settingsUrl).then(json),
    ask(urls.templatesUrl).then(json),
  ]);
  settings = now;
  const own = templates.find(({ key, origin }) => key === now.template && origin === "site");
  at("style").hidden = Boolean(own);
  at("styled").hidden = !own;
  done("style", Boolean(own));
  if (own) {
    const words = { template: own.name };
    at("styled-what").textContent = interpolate(gettext("Every export starts with “%(template)s”."), words);
    at("styled").querySelector(".template-place").replaceChildren(templatePicture(own.options));
  }
  showAccess();
}

function showAccess() {
  const { who, groups } = settings.access;
  for (const radio of at("access").elements.who) radio.checked = radio.value === who;
  at("access").querySelector("fieldset").disabled = false;
  const names = new Intl.ListFormat(document.documentElement.lang || "en").format(groups.map(({ name }) => name));
  at("access-groups").textContent = interpolate(gettext("Now only these groups may export: %(groups)s."), {
    groups: names,
  });
  at("access-groups").hidden = who !== "groups";
  done("access", who !== "everyone");
}

function showStyle() {
  at("style-picture").replaceChildren(templatePicture({ ...USUAL_LOOK, ...houseStyle(chosen()) }));
  at("logo-picture").hidden = !logo;
  at("logo-words").hidden = !logo;
  if (logo) at("logo-picture").src = logo;
  at("style-doubts").textContent = doubts(chosen()).join(" ");
}

async function takeLogo(file) {
  tell("style", "info", "");
  if (file.size > LARGEST_LOGO_BYTES) {
    at("logo").value = "";
    return tell("style", "error", gettext("This file is larger than 5 MB. Choose a smaller one."));
  }
  tell("style", "info", gettext("Reading the logo…"));
  try {
    const body = { file: await base64(file) };
    ({ logo } = await ask(urls.logoUrl, { method: "POST", body }).then(json));
    tell("style", "info", "");
  } catch (error) {
    at("logo").value = "";
    logo = "";
    tell("style", "error", error.message);
  }
  showStyle();
}

// The template of the site with our name for it: made, or changed where it is there already.
async function saveTemplate() {
  const name = "House style"; // whatever the language: whoever comes next finds the same one
  const options = houseStyle(chosen());
  try {
    return await ask(urls.templatesUrl, { method: "POST", body: { name, options } }).then(json);
  } catch (error) {
    if (error.code !== "name_taken") throw error;
    const { templates } = await ask(urls.templatesUrl).then(json);
    const there = templates.find((template) => template.name === name && template.origin === "site");
    if (!there) throw error;
    const body = { options, is_archived: false, revision: there.revision };
    return ask(`${urls.templatesUrl}/${there.key}`, { method: "PUT", body }).then(json);
  }
}

async function saveStyle() {
  const button = at("style").querySelector("[type=submit]");
  button.disabled = true;
  try {
    const { key } = await saveTemplate();
    const body = { template: key, revision: settings.revision };
    await ask(urls.settingsUrl, { method: "PUT", body });
    await showSettings();
    tell("style", "success", gettext("It is saved. Make a sample again to see it."));
    tell("try", "info", "");
  } catch (error) {
    await saveFailed("style", error);
  } finally {
    button.disabled = false;
  }
}

async function saveAccess(who) {
  try {
    const body = { access: { who, groups: [] }, revision: settings.revision };
    settings = await ask(urls.settingsUrl, { method: "PUT", body }).then(json);
    showAccess();
    const said = {
      everyone: gettext("Saved: everyone who can view a page may export it."),
      nobody: gettext("Saved: nobody may export, until you open it again."),
    };
    tell("access", "success", said[who]);
  } catch (error) {
    await saveFailed("access", error);
  }
}

// Somebody else may have saved in the meantime: then what they saved is shown.
async function saveFailed(step, error) {
  await showSettings().catch(() => {});
  const text = error.code === "stale" ? gettext("Somebody else has just saved. This is how it is now.") : error.message;
  tell(step, "error", text);
}

if (urls.admin) {
  at("logo").addEventListener("change", ({ target }) => target.files[0] && takeLogo(target.files[0]));
  for (const id of ["logo-alt", "colour"]) at(id).addEventListener("input", showStyle);
  at("style").addEventListener("submit", (event) => {
    event.preventDefault();
    saveStyle();
  });
  at("access").addEventListener("change", ({ target }) => saveAccess(target.value));
  showStyle();
  showSettings().catch((error) => tell("style", "error", error.message));
}
findPages();
