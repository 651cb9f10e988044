// Choosing a few of many: a search that asks the server, what it found, and what is chosen.

import { gettext, interpolate, ngettext, number } from "./words.js";

const WAIT_MS = 250; // of stillness before a search goes out

// `root` holds [data-search], [data-found], [data-chosen] and [data-told]. `search(query, signal)` →
// [{id, name}]. `root` sends "input" whenever what is chosen changed.
export class Picker {
  constructor(root, search) {
    this.root = root;
    this.search = search;
    this.rows = [];
    this.asked = null; // the AbortController of the search on its way
    this.field = root.querySelector("[data-search]");
    this.field.addEventListener("input", (event) => {
      event.stopPropagation(); // nothing is chosen yet
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.find(), WAIT_MS);
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it would send the form
      clearTimeout(this.timer);
      this.find();
    });
  }

  get chosen() {
    return [...this.rows];
  }

  set chosen(rows) {
    this.rows = [...rows];
    this.draw();
  }

  async find() {
    this.asked?.abort();
    const query = this.field.value.trim();
    this.show([]);
    if (!query) return this.tell("");
    const controller = new AbortController();
    this.asked = controller;
    this.tell(gettext("Searching…"));
    try {
      const found = await this.search(query, controller.signal);
      if (!controller.signal.aborted) this.offer(found);
    } catch (error) {
      if (!controller.signal.aborted) this.tell(error.message);
    }
  }

  offer(found) {
    const rest = found.filter(({ id }) => !this.rows.some((row) => row.id === id));
    this.show(rest);
    const some = ngettext("%(count)s found.", "%(count)s found.", rest.length);
    this.tell(rest.length ? interpolate(some, { count: number.format(rest.length) }) : gettext("Nothing found."));
  }

  show(rows) {
    this.root.querySelector("[data-found]").replaceChildren(...rows.map((row) => this.line(row, this.choosing(row))));
  }

  choosing(row) {
    const choose = () => {
      this.rows.push(row);
      this.draw();
      this.show([]);
      this.field.value = "";
      this.tell(interpolate(gettext("%(name)s is chosen."), row));
      this.field.focus();
      this.changed();
    };
    return { word: gettext("Choose"), label: interpolate(gettext("Choose %(name)s"), row), run: choose };
  }

  removing(row) {
    const remove = () => {
      this.rows = this.rows.filter(({ id }) => id !== row.id);
      this.draw();
      this.tell(interpolate(gettext("%(name)s is no longer chosen."), row));
      this.field.focus();
      this.changed();
    };
    return { word: "×", label: interpolate(gettext("Remove %(name)s"), row), run: remove };
  }

  line(row, { word, label, run }) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", run);
    item.append(row.name, " ", button);
    return item;
  }

  draw() {
    this.root
      .querySelector("[data-chosen]")
      .replaceChildren(...this.rows.map((row) => this.line(row, this.removing(row))));
  }

  tell(text) {
    this.root.querySelector("[data-told]").textContent = text;
  }

  changed() {
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
