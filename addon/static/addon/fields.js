// The controls of options: each shows a value, gives it back, and says what is wrong with it.

import { ask } from "./frame.js";
import { hasValue, knownFrom, problem, typed } from "./placeholders.js";
import { gettext, interpolate, number } from "./words.js";

const MOST_LOGO_BYTES = 5 * 1024 * 1024; // before the server makes it small
const NAME = /^[^\x00-\x20\x7f-\xa0,;"\\]+$/;

// The file as base64.
const base64 = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

// "1558BC" → "#1558bc"; "#15b" → "#1155bb"; anything else as it is.
export function colourFrom(text) {
  const digits = text.trim().toLowerCase().replace(/^#/, "");
  if (/^[0-9a-f]{6}$/.test(digits)) return `#${digits}`;
  if (/^[0-9a-f]{3}$/.test(digits)) return `#${[...digits].map((digit) => digit + digit).join("")}`;
  return text.trim();
}

// The control of an option, fresh, with ids of its own.
function control(name, prefix) {
  const found = [...document.querySelectorAll("template[data-section]")]
    .map((section) => section.content.querySelector(`[data-option="${name}"]`))
    .find(Boolean);
  const copy = found.cloneNode(true);
  const ids = new Set([...copy.querySelectorAll("[id]")].map((element) => element.id));
  for (const element of copy.querySelectorAll("[id], [for], [aria-describedby]")) {
    if (element.id) element.id = prefix + element.id;
    if (element.htmlFor) element.htmlFor = prefix + element.htmlFor;
    const described = element.getAttribute("aria-describedby")?.trim().split(/\s+/);
    if (!described) continue;
    const there = described.filter((id) => ids.has(id)).map((id) => prefix + id);
    element.setAttribute("aria-describedby", there.join(" "));
  }
  return copy;
}

// [{key, label, names}] of all options, in order.
export const sections = () =>
  [...document.querySelectorAll("template[data-section]")].map((section) => ({
    key: section.dataset.section,
    label: section.dataset.label,
    names: [...section.content.querySelectorAll("[data-option]")].map((element) => element.dataset.option),
  }));

// A field of the page. `element` is to be placed; it sends "input" whenever its value changed.
class Field {
  constructor(element) {
    this.element = element;
    this.name = element.dataset.option;
    this.input = element.querySelector("[data-value]");
    this.refused = ""; // what the server said about the value
    element.addEventListener("input", () => {
      this.refused = "";
      this.check();
    });
  }

  get label() {
    return this.element.querySelector("label").textContent.trim();
  }

  get value() {
    return this.input.value;
  }

  set value(value) {
    this.show(value);
    this.refused = "";
    this.check();
  }

  show(value) {
    this.input.value = value;
  }

  // What is wrong with the value; "" when all is well.
  get problem() {
    return this.refused || this.mistake;
  }

  get mistake() {
    return "";
  }

  // The value as people read it.
  get words() {
    return this.value || gettext("Empty");
  }

  refuse(sentence) {
    this.refused = sentence;
    this.check();
  }

  check() {
    const sentence = this.problem;
    this.element.querySelector(".field-error span").textContent = sentence;
    this.input.setAttribute("aria-invalid", String(Boolean(sentence)));
  }

  changed() {
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

class ChoiceField extends Field {
  get words() {
    return this.input.selectedOptions[0]?.textContent ?? "";
  }
}

class ToggleField extends Field {
  get value() {
    return this.input.checked;
  }

  set value(value) {
    super.value = value;
  }

  show(value) {
    this.input.checked = value;
  }

  get words() {
    return this.value ? gettext("On") : gettext("Off");
  }
}

class NumberField extends Field {
  get value() {
    return this.input.valueAsNumber;
  }

  set value(value) {
    super.value = value;
  }

  get mistake() {
    const { min, max } = this.input;
    if (this.value >= Number(min) && this.value <= Number(max)) return "";
    const range = { least: number.format(min), most: number.format(max) };
    return interpolate(gettext("Choose a number from %(least)s to %(most)s."), range);
  }

  get words() {
    const unit = this.element.querySelector(".with-unit .subtle")?.textContent ?? "";
    return `${number.format(this.value)} ${unit}`.trim();
  }
}

class TextField extends Field {
  constructor(element) {
    super(element);
    this.opener = element.querySelector("[data-picks]");
    this.opener.addEventListener("click", () => (this.list ? this.close() : this.open()));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.list) return;
      event.stopPropagation();
      this.close();
      this.opener.focus();
    });
  }

  get known() {
    return knownFrom(document.getElementById("placeholder-list").content);
  }

  get mistake() {
    return problem(this.input.value, this.input.dataset.scope, this.known);
  }

  open() {
    const copy = document.getElementById("placeholder-list").content.cloneNode(true);
    this.list = copy.firstElementChild;
    this.opener.setAttribute("aria-expanded", "true");
    for (const button of this.list.querySelectorAll("[data-name]")) {
      const { name, scope, takes } = button.dataset;
      if (!hasValue({ scope }, this.input.dataset.scope)) button.remove();
      button.addEventListener("click", () => this.insert(name, takes));
    }
    this.opener.parentElement.after(this.list);
    this.list.querySelector("button").focus();
  }

  close() {
    this.list.remove();
    this.list = null;
    this.opener.setAttribute("aria-expanded", "false");
  }

  insert(name, takes) {
    const [text, selected] = typed(name, takes);
    const from = this.input.selectionStart;
    this.close();
    this.input.focus();
    this.input.setRangeText(text, from, this.input.selectionEnd, "end");
    if (selected) this.input.setSelectionRange(from + selected[0], from + selected[1]);
    this.changed();
  }
}

class ColourField extends Field {
  constructor(element) {
    super(element);
    this.swatch = element.querySelector("[data-swatch]");
    this.swatch.addEventListener("input", () => {
      this.input.value = this.swatch.value;
    });
    this.input.addEventListener("input", () => this.paint());
    this.input.addEventListener("change", () => {
      this.input.value = this.value;
    });
  }

  get value() {
    return colourFrom(this.input.value);
  }

  set value(value) {
    super.value = value;
  }

  show(value) {
    this.input.value = value;
    this.paint();
  }

  paint() {
    if (!this.mistake) this.swatch.value = this.value;
  }

  get mistake() {
    return /^#[0-9a-f]{6}$/.test(this.value) ? "" : gettext("Write a colour such as #1558bc.");
  }
}

class NamesField extends Field {
  constructor(element) {
    super(element);
    this.names = [];
    this.tokens = element.querySelector("[data-tokens]");
    element.querySelector("[data-adds]").addEventListener("click", () => this.add());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== ",") return;
      event.preventDefault();
      this.add();
    });
  }

  get value() {
    return [...this.names];
  }

  set value(value) {
    super.value = value;
  }

  show(names) {
    this.names = [...names];
    this.draw();
  }

  get mistake() {
    const typing = this.input.value.trim();
    if (typing && !NAME.test(typing)) return gettext("A name has no spaces, commas or quotation marks.");
    const most = Number(this.tokens.dataset.most);
    if (this.names.length <= most) return "";
    return interpolate(gettext("Use at most %(most)s names."), { most: number.format(most) });
  }

  get words() {
    return this.names.join(", ") || gettext("None");
  }

  add() {
    const name = this.input.value.trim();
    if (!name || !NAME.test(name)) return this.check();
    this.input.value = "";
    this.show(new Set([...this.names, name]));
    this.changed();
  }

  draw() {
    this.tokens.replaceChildren(
      ...this.names.map((name) => {
        const token = document.createElement("li");
        const remove = document.createElement("button");
        remove.type = "button";
        remove.textContent = "×";
        remove.setAttribute("aria-label", interpolate(gettext("Remove %(name)s"), { name }));
        remove.addEventListener("click", () => {
          this.show(this.names.filter((other) => other !== name));
          this.input.focus();
          this.changed();
        });
        token.append(name, " ", remove);
        return token;
      }),
    );
  }
}

class PictureField extends Field {
  constructor(element, { logoUrl }) {
    super(element);
    this.logoUrl = logoUrl;
    this.address = "";
    this.told = element.querySelector("[data-uploading]");
    this.input.addEventListener("input", (event) => event.stopPropagation()); // not a value yet
    this.input.addEventListener("change", () => this.upload(this.input.files[0]));
    element.querySelector("[data-removes]").addEventListener("click", () => {
      this.show("");
      this.told.textContent = "";
      this.input.focus();
      this.changed();
    });
  }

  get value() {
    return this.address;
  }

  set value(value) {
    super.value = value;
  }

  show(address) {
    this.address = address;
    this.input.value = "";
    const shown = this.element.querySelector("[data-picture]");
    shown.hidden = !address;
    if (address) shown.querySelector("img").src = address;
    else shown.querySelector("img").removeAttribute("src");
  }

  get words() {
    return this.address ? gettext("A picture") : gettext("None");
  }

  async upload(file) {
    if (!file) return;
    this.input.value = ""; // so that the same file can be chosen again
    if (file.size > MOST_LOGO_BYTES) return this.refuse(gettext("The file is too large. A logo may have 5 MB."));
    this.told.textContent = gettext("Preparing the logo…");
    try {
      const body = { file: await base64(file) };
      const answer = await (await ask(this.logoUrl, { method: "POST", body })).json();
      this.show(answer.logo);
      const size = { width: number.format(answer.width), height: number.format(answer.height) };
      const ready = interpolate(gettext("The logo is ready: %(width)s × %(height)s pixels."), size);
      this.told.textContent = [ready, ...answer.warnings].join(" ");
      this.changed();
    } catch (error) {
      this.told.textContent = "";
      this.refuse(interpolate(gettext("The logo was not taken. %(cause)s"), { cause: error.message }));
    }
  }
}

const KINDS = {
  choice: ChoiceField,
  toggle: ToggleField,
  number: NumberField,
  text: TextField,
  colour: ColourField,
  names: NamesField,
  picture: PictureField,
  css: Field,
};

// A field for an option of the page. `prefix` keeps its ids apart from those of other copies.
export function fieldFor(name, prefix, { logoUrl }) {
  const element = control(name, prefix);
  return new KINDS[element.dataset.kind](element, { logoUrl });
}

// Say at each field what the server said about it: {name: ["sentence"]} → whether a field was found.
export function refuseAll(fields, refused) {
  const found = fields.filter((field) => refused?.[field.name]);
  for (const field of found) field.refuse([refused[field.name]].flat(2).join(" "));
  return found.length > 0;
}
