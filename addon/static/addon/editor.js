// The template editor: a form of all options beside the first sheets that they make.

import { warnings } from "./brand.js";
import { fieldFor, refuseAll, sections } from "./fields.js";
import { ask } from "./frame.js";
import { Preview } from "./preview.js";
import { gettext, interpolate } from "./words.js";

const at = (id) => document.getElementById(id);

// `place` has {templatesUrl, logoUrl, previewUrl, pagesUrl, space}; `closed(key)` is called when people go back.
export class Editor {
  constructor(place, { saved, closed }) {
    Object.assign(this, { place, saved, closed });
    this.fields = [];
    this.template = null; // what is edited, as it was loaded
    this.before = ""; // what the form held when it was last saved
    this.preview = new Preview(at("preview"), place, () => (this.isSound ? this.options : null));
    at("preview").addEventListener("refusal", ({ detail }) => refuseAll(this.fields, detail.fields?.options));
    at("template").addEventListener("input", (event) => this.edited(event));
    at("template").addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    at("editor-back").addEventListener("click", () => history.back());
    at("stay").addEventListener("click", () => this.stay());
    at("leave").addEventListener("click", () => {
      this.before = this.now;
      history.back();
    });
    at("template-theirs").addEventListener("click", () => this.takeTheirs());
    at("template-mine").addEventListener("click", () => this.save({ over: true }));
  }

  get options() {
    return Object.fromEntries(this.fields.map((field) => [field.name, field.value]));
  }

  get now() {
    return JSON.stringify([at("template-name").value, this.options]);
  }

  get isOpen() {
    return this.template !== null;
  }

  get isDirty() {
    return this.isOpen && this.now !== this.before;
  }

  get isSound() {
    return this.fields.every((field) => !field.problem);
  }

  open(template) {
    this.build();
    this.fill(template);
    at("leaving").hidden = true;
    at("editor-title").textContent = template.key ? gettext("Edit template") : gettext("Create template");
    at("sections").querySelector("details").open = true;
    this.before = this.now;
    history.pushState({ template: template.key }, "");
    at("editor").hidden = false;
    at("editor-title").focus();
    this.preview.open();
  }

  // Confluence's back button, the browser's, or ours: all come here.
  close() {
    if (this.isDirty) {
      history.pushState({ template: this.template.key }, "");
      at("leaving").hidden = false;
      at("stay").focus();
      return;
    }
    const { key } = this.template;
    this.preview.close();
    this.template = null;
    at("editor").hidden = true;
    this.closed(key);
  }

  stay() {
    at("leaving").hidden = true;
    at("template-name").focus();
  }

  // The sections, with a field for each option, when they are needed first.
  build() {
    if (this.fields.length) return;
    for (const { label, names } of sections()) {
      const section = document.createElement("details");
      section.className = "section";
      section.name = "section"; // one is open at a time, so that the preview stays near
      const summary = document.createElement("summary");
      summary.textContent = label;
      const fields = names.map((name) => fieldFor(name, "edit-", this.place));
      const body = document.createElement("div");
      body.className = "section-body";
      body.append(...fields.map(({ element }) => element));
      section.append(summary, body);
      at("sections").append(section);
      this.fields.push(...fields);
    }
  }

  fill(template) {
    this.template = template;
    at("template-name").value = template.name;
    this.nameError("");
    for (const field of this.fields) field.value = template.options[field.name];
    at("template-outcome").hidden = true;
    this.checkBrand();
  }

  edited(event) {
    at("template-outcome").hidden = true; // it spoke of what was there before
    at("leaving").hidden = true;
    if (event.target === at("template-name")) return this.nameError("");
    this.checkBrand();
    this.preview.refresh();
  }

  checkBrand() {
    const said = this.isSound ? warnings(this.options) : [];
    const words = said.join(" ");
    at("brand").hidden = said.length === 0;
    if (at("brand").dataset.said === words) return;
    at("brand").dataset.said = words;
    at("brand-told").textContent = words;
    at("brand")
      .querySelector("ul")
      .replaceChildren(
        ...said.map((sentence) => Object.assign(document.createElement("li"), { textContent: sentence })),
      );
  }

  async save({ over = false } = {}) {
    if (!this.check()) return;
    const button = at("save-template");
    button.disabled = true;
    try {
      const { key } = this.template;
      const body = { name: at("template-name").value.trim(), options: this.options };
      if (key && !over) body.revision = this.template.revision;
      const address = key ? this.addressOf(key) : this.place.templatesUrl;
      this.template = await (await ask(address, { method: key ? "PUT" : "POST", body })).json();
      history.replaceState({ template: this.template.key }, "");
      at("editor-title").textContent = gettext("Edit template");
      this.before = this.now;
      this.tell("success", gettext("The template is saved."));
      this.saved(this.template);
    } catch (error) {
      this.refused(error);
    } finally {
      button.disabled = false;
    }
  }

  // Whether the form can be sent; else the first mistake is shown.
  check() {
    if (!at("template-name").value.trim()) {
      this.nameError(gettext("Give the template a name."));
      at("template-name").focus();
      return false;
    }
    const wrong = this.fields.find((field) => field.problem);
    if (wrong) this.reveal(wrong);
    return !wrong;
  }

  reveal(field) {
    field.element.closest("details").open = true;
    field.check();
    field.input.focus();
  }

  refused(error) {
    if (error.code === "name_taken") {
      this.nameError(error.message);
      at("template-name").focus();
    }
    if (refuseAll(this.fields, error.fields?.options)) this.check();
    const words = interpolate(gettext("The template is not saved. %(cause)s"), { cause: error.message });
    this.tell("error", words, { isStale: error.code === "stale" });
  }

  async takeTheirs() {
    try {
      this.fill(await (await ask(this.addressOf(this.template.key))).json());
      this.before = this.now;
      this.tell("info", gettext("This is what was saved last."));
      this.preview.refresh(0);
    } catch (error) {
      this.tell("error", error.message);
    }
  }

  addressOf(key) {
    return `${this.place.templatesUrl}/${encodeURIComponent(key)}`;
  }

  nameError(sentence) {
    at("template-name-error").querySelector("span").textContent = sentence;
    at("template-name").setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  tell(kind, text, { isStale = false } = {}) {
    const outcome = at("template-outcome");
    outcome.dataset.kind = kind;
    outcome.querySelector("use").setAttribute("href", `#icon-${kind}`);
    outcome.querySelector("[data-words]").textContent = text;
    outcome.querySelector("[data-stale]").hidden = !isStale;
    outcome.hidden = false;
  }
}
