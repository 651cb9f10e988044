// What only the site has: spaces without exports, limits, and all its settings to take along or to erase.

import { ask } from "./frame.js";
import { Picker } from "./picker.js";
import { saveFile, spaceSearch } from "./templates.js";
import { gettext, interpolate, number } from "./words.js";

const at = (id) => document.getElementById(id);

// Whether a row of the list fits what was typed.
export const fits = (name, query) => name.toLowerCase().includes(query.trim().toLowerCase());

export class SiteForm {
  constructor({ spacesUrl, dataUrl }) {
    this.dataUrl = dataUrl;
    this.off = new Picker(at("switched-off"), spaceSearch(spacesUrl));
    this.limits = [...at("limits").querySelectorAll("[data-limit]")];
    for (const input of this.limits) input.addEventListener("input", () => this.checkLimit(input));
    at("switched-off-filter").addEventListener("input", (event) => {
      event.stopPropagation(); // it changes what is shown, not what is chosen
      this.filter();
    });
    at("switched-off").addEventListener("input", () => this.filter());
    at("download-all").addEventListener("click", () => this.download());
    at("erase-word").addEventListener("input", () => {
      at("erase").disabled = !this.isConfirmed;
    });
    at("erase-form").addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.isConfirmed) this.erase();
    });
  }

  get value() {
    const given = this.limits.filter(({ value }) => value !== "");
    return {
      switched_off: this.off.chosen.map(({ id }) => id),
      limits: Object.fromEntries(given.map((input) => [input.dataset.limit, input.valueAsNumber])),
    };
  }

  get isConfirmed() {
    return at("erase-word").value.trim().toLowerCase() === at("erase-word").dataset.word.toLowerCase();
  }

  fill({ switched_off, limits }) {
    this.off.chosen = switched_off.map((key) => ({ id: key, name: key }));
    for (const input of this.limits) input.value = limits[input.dataset.limit] ?? "";
    for (const input of this.limits) this.checkLimit(input);
    this.filter();
  }

  // A long list can be searched; a short one needs no field for it.
  filter() {
    const rows = [...at("switched-off").querySelectorAll("[data-chosen] > li")];
    at("filter-part").hidden = rows.length <= 10;
    const query = at("filter-part").hidden ? "" : at("switched-off-filter").value;
    for (const [n, row] of rows.entries()) row.hidden = !fits(this.off.chosen[n].name, query);
  }

  checkLimit(input) {
    const { min, max, validity } = input;
    const range = { least: number.format(min), most: number.format(max) };
    const sentence = validity.valid
      ? ""
      : interpolate(gettext("Choose a whole number from %(least)s to %(most)s, or leave it empty."), range);
    at(`${input.id}-error`).querySelector("span").textContent = sentence;
    input.setAttribute("aria-invalid", String(!validity.valid));
    return validity.valid;
  }

  check() {
    const wrong = this.limits.find((input) => !this.checkLimit(input));
    wrong?.focus();
    return !wrong;
  }

  async download() {
    try {
      saveFile("xpress-settings.json", await (await ask(this.dataUrl)).blob());
      this.tell("success", gettext("The settings are downloaded."));
    } catch (error) {
      this.tell("error", error.message);
    }
  }

  async erase() {
    at("erase").disabled = true;
    try {
      await ask(this.dataUrl, { method: "DELETE" });
      at("erase-word").value = "";
      this.tell("success", gettext("All settings and templates are erased."));
      at("data").dispatchEvent(new CustomEvent("erased", { bubbles: true }));
    } catch (error) {
      at("erase").disabled = false;
      this.tell("error", error.message);
    }
  }

  tell(kind, text) {
    at("data-told").dataset.kind = kind;
    at("data-told").textContent = text;
  }
}
