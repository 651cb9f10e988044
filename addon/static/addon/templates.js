// The templates of a space or of the site: the cards to choose the default from, and the list to work on.

import { ask } from "./frame.js";
import { Picker } from "./picker.js";
import { templatePicture } from "./template_picture.js";
import { gettext, interpolate, ngettext, number } from "./words.js";

const FORMAT = 1; // of a template's file
const MOST_FILE_BYTES = 512 * 1024;
const ORDER = { space: 0, site: 1, shipped: 2 };

// Those to choose from: of two with one name the space's comes before the site's, as addon/settings.py has it.
export function offered(templates) {
  const rows = templates.filter((it) => !it.is_archived).sort((one, other) => ORDER[one.origin] - ORDER[other.origin]);
  const taken = new Map();
  for (const row of rows) {
    const name = row.name.toLowerCase();
    if (!taken.has(name)) taken.set(name, row);
  }
  return [...taken.values()];
}

// ("Report", ["Copy of Report"]) → "Copy of Report 2"
export function copyName(name, names) {
  const stem = interpolate(gettext("Copy of %(name)s"), { name }).slice(0, 96);
  return unusedName(stem, names);
}

// ("Report", ["Report"]) → "Report 2"
export function unusedName(stem, names) {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  let name = stem;
  for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${stem} ${n}`;
  return name;
}

// The text of a file → {name, options}; null when it is no template.
export function templateFrom(text) {
  try {
    const { xpress_template, name, options } = JSON.parse(text);
    const isOne = xpress_template === FORMAT && typeof name === "string" && name.trim();
    return isOne && options && typeof options === "object" ? { name: name.trim(), options } : null;
  } catch {
    return null;
  }
}

// Give the browser a file to keep.
export function saveFile(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// "House: style?" → "House- style-.json"
export const fileName = (name) => `${name.replace(/[\x00-\x1f\\\/:*?\x22<>|]/g, "-")}.json`;

// One card of each template to choose from.
export class TemplateCards {
  constructor(root) {
    this.root = root;
  }

  get chosen() {
    return this.root.querySelector("input:checked")?.value ?? "";
  }

  draw(templates, chosen) {
    const card = document.getElementById("template-card").content;
    this.root.replaceChildren(
      ...offered(templates).map((template) => {
        const copy = card.cloneNode(true).firstElementChild;
        const radio = copy.querySelector("input");
        radio.value = template.key;
        radio.checked = template.key === chosen;
        copy.querySelector(".template-card-words").before(templatePicture(template.options));
        copy.querySelector("strong").textContent = template.name;
        copy.querySelector(".help").textContent = template.about || originOf(template);
        return copy;
      }),
    );
  }
}

export function originOf({ origin }) {
  if (origin === "shipped") return gettext("Comes with XPress");
  return origin === "site" ? gettext("Of the site") : gettext("Of this space");
}

// The list. `place` has {templatesUrl, spacesUrl, space}; `changed()` is called after each change, `edit(template)`
// to open the editor, `defaultKey()` says which one exports start with.
export class TemplateList {
  constructor(place, { changed, edit, defaultKey }) {
    Object.assign(this, { place, changed, edit, defaultKey });
    this.at = (id) => document.getElementById(id);
    this.all = [];
    this.at("create").addEventListener("click", () => this.create());
    this.at("import").addEventListener("click", () => this.at("import-file").click());
    this.at("import-file").addEventListener("change", () => this.import());
  }

  get own() {
    return this.place.space ? "space" : "site";
  }

  get names() {
    return this.all.filter(({ origin }) => origin === this.own).map(({ name }) => name);
  }

  address(key, rest = "") {
    return `${this.place.templatesUrl}/${encodeURIComponent(key)}${rest}`;
  }

  async load() {
    this.all = (await (await ask(this.place.templatesUrl)).json()).templates;
    this.draw();
    return this.all;
  }

  draw() {
    const rows = [...this.all].sort(
      (one, other) => ORDER[one.origin] - ORDER[other.origin] || one.name.localeCompare(other.name),
    );
    const archived = rows.filter(({ is_archived }) => is_archived);
    const focused = document.activeElement.closest?.("[data-does]");
    const key = focused?.closest(".template-row")?.dataset.key;
    this.at("template-rows").replaceChildren(...rows.filter((it) => !it.is_archived).map((it) => this.row(it)));
    this.at("archived-rows").replaceChildren(...archived.map((it) => this.row(it)));
    this.at("archived").hidden = archived.length === 0;
    this.at("no-templates").hidden = this.names.length > 0;
    // Who stood on a row stands there still.
    if (key) this.rowOf(key)?.querySelector(`[data-does="${focused.dataset.does}"]`).focus();
  }

  row(template) {
    const row = this.at("template-row").content.cloneNode(true).firstElementChild;
    const part = (does) => row.querySelector(`[data-does="${does}"]`);
    const isOwn = template.origin === this.own;
    row.dataset.key = template.key;
    row.querySelector(".template-row-picture").append(templatePicture(template.options));
    row.querySelector("strong").textContent = template.name;
    row.querySelector("[data-origin]").textContent = originOf(template);
    row.querySelector("[data-is-default]").hidden = template.key !== this.defaultKey();
    row.querySelector(".help").textContent = template.about;
    part("edit").setAttribute("aria-label", interpolate(gettext("Edit %(name)s"), template));
    part("more").setAttribute("aria-label", interpolate(gettext("More actions for %(name)s"), template));
    part("edit").hidden = !isOwn || template.is_archived;
    part("archive").hidden = !isOwn || template.is_archived;
    part("restore").hidden = !isOwn || !template.is_archived;
    part("delete").hidden = !isOwn;
    part("copy").hidden = !this.place.space;
    row.addEventListener("click", (event) => {
      const does = event.target.closest("[data-does]")?.dataset.does;
      if (does) this.do(does, template, row);
    });
    return row;
  }

  do(does, template, row) {
    const actions = {
      edit: () => this.edit(template),
      more: () => this.toggle(row),
      duplicate: () => this.duplicate(template),
      download: () => this.download(template),
      copy: () => this.openCopy(row),
      archive: () => this.archive(template, true),
      restore: () => this.archive(template, false),
      delete: () => this.panel(row, "delete", '[data-does="keep"]'),
      "really-delete": () => this.delete(template),
      "really-copy": () => this.copy(template),
      keep: () => this.closePanel(row),
    };
    actions[does]();
  }

  toggle(row) {
    const more = row.querySelector('[data-does="more"]');
    const isOpen = more.getAttribute("aria-expanded") === "true";
    more.setAttribute("aria-expanded", String(!isOpen));
    row.querySelector(".template-row-more").hidden = isOpen;
    this.hidePanels(row);
  }

  hidePanels(row) {
    for (const panel of row.querySelectorAll("[data-panel]")) panel.hidden = true;
    row.querySelector('[data-panel="copy"]').replaceChildren();
  }

  panel(row, name, focus) {
    this.hidePanels(row);
    row.querySelector(`[data-panel="${name}"]`).hidden = false;
    row.querySelector(`[data-panel="${name}"] ${focus}`)?.focus();
  }

  closePanel(row) {
    const open = row.querySelector("[data-panel]:not([hidden])");
    this.hidePanels(row);
    row.querySelector(`[data-does="${open?.dataset.panel ?? "more"}"]`).focus();
  }

  openCopy(row) {
    for (const panel of document.querySelectorAll('[data-panel="copy"]')) panel.replaceChildren(); // ids are unique
    const panel = row.querySelector('[data-panel="copy"]');
    this.hidePanels(row);
    panel.replaceChildren(this.at("copy-panel").content.cloneNode(true));
    this.spaces = new Picker(this.at("copy-spaces"), spaceSearch(this.place.spacesUrl, this.place.space));
    this.at("copy-spaces").addEventListener("input", () => {
      panel.querySelector('[data-does="really-copy"]').disabled = this.spaces.chosen.length === 0;
    });
    panel.hidden = false;
    panel.querySelector("[data-search]").focus();
  }

  create() {
    const start = this.all.find(({ key }) => key === this.defaultKey()) ?? this.all[0];
    const name = unusedName(gettext("New template"), this.names);
    this.edit({ key: "", name, options: start.options, revision: 0, origin: this.own });
  }

  async import() {
    const file = this.at("import-file").files[0];
    this.at("import-file").value = "";
    if (!file) return;
    const found = file.size <= MOST_FILE_BYTES ? templateFrom(await file.text()) : null;
    if (!found) return this.tell("error", gettext("This file holds no template of XPress."));
    const name = unusedName(found.name, this.names);
    await this.run(() => this.make({ name, options: found.options, xpress_template: FORMAT }), gettext("“%(name)s” is imported."), { name });
  }

  async duplicate({ name: original, options }) {
    const name = copyName(original, this.names);
    await this.run(() => this.make({ name, options }), gettext("“%(name)s” is there now."), { name });
  }

  async make(body) {
    const { key } = await (await ask(this.place.templatesUrl, { method: "POST", body })).json();
    return key;
  }

  async archive(template, is_archived) {
    const body = { is_archived, revision: template.revision };
    const said = is_archived ? gettext("“%(name)s” is archived.") : gettext("“%(name)s” can be used again.");
    await this.run(() => ask(this.address(template.key), { method: "PUT", body }), said, template);
  }

  async delete(template) {
    await this.run(() => ask(this.address(template.key), { method: "DELETE" }), gettext("“%(name)s” is deleted."), template);
  }

  async download(template) {
    await this.run(
      async () => saveFile(fileName(template.name), await (await ask(this.address(template.key, "/file"))).blob()),
      gettext("“%(name)s” is downloaded."),
      template,
      { reload: false },
    );
  }

  async copy(template) {
    const spaces = this.spaces.chosen;
    try {
      const body = { spaces: spaces.map(({ id }) => id) };
      const response = await ask(this.address(template.key, "/copies"), { method: "POST", body });
      const { copied, refused } = await response.json();
      const said = ngettext("Copied to %(count)s space.", "Copied to %(count)s spaces.", copied.length);
      const words = [interpolate(said, { count: number.format(copied.length) })];
      words.push(...refused.map(({ space, message }) => `${space}: ${message}`));
      this.tell(refused.length ? "warning" : "success", words.join(" "));
      if (!refused.length) this.closePanel(this.rowOf(template.key));
    } catch (error) {
      this.tell("error", error.message);
    }
  }

  // Do something, tell it, and show what is there then. `work` resolves with the key of a new template, if any.
  async run(work, said, words, { reload = true } = {}) {
    try {
      const made = await work();
      if (reload) {
        await this.load();
        this.changed();
      }
      this.tell("success", interpolate(said, words));
      const row = this.rowOf(typeof made === "string" ? made : words.key);
      if (reload) (row?.querySelector('[data-does="more"]') ?? this.at("create")).focus();
    } catch (error) {
      this.tell("error", error.message);
    }
  }

  rowOf(key) {
    return [...document.querySelectorAll(".template-row")].find((row) => row.dataset.key === key);
  }

  tell(kind, text) {
    this.at("templates-told").dataset.kind = kind;
    this.at("templates-told").textContent = text;
  }
}

// A search for spaces by name or key, all but one.
export const spaceSearch = (spacesUrl, except) => async (query, signal) => {
  const url = new URL(spacesUrl, location.href);
  url.searchParams.set("query", query);
  const { spaces } = await (await ask(url, { signal })).json();
  return spaces
    .filter(({ key }) => key !== except)
    .map(({ key, name }) => ({ id: key, name: `${name} (${key})` }));
};
