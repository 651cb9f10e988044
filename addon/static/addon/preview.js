// The first sheets of a page, printed anew whenever the options change.

import { ask } from "./frame.js";
import { gettext, interpolate, number } from "./words.js";

const STILL_MS = 300; // without a change before sheets are asked for
const MOST_NOTES = 3;

const wait = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

// The answer of the pages' list → the address to ask, for a space or for the whole site.
export function pagesAddress(pagesUrl, space, query) {
  const url = new URL(pagesUrl, location.href);
  if (space) url.searchParams.set("space", space);
  if (query) url.searchParams.set("query", query);
  return url;
}

// `root` holds the parts of the preview; `optionsNow()` → the options, null while they cannot be printed.
export class Preview {
  constructor(root, { previewUrl, pagesUrl, space }, optionsNow) {
    this.root = root;
    this.previewUrl = previewUrl;
    this.pagesUrl = pagesUrl;
    this.space = space;
    this.optionsNow = optionsNow;
    this.sheet = 0; // which one is large
    this.sheets = [];
    this.asked = null; // the AbortController of the sheets on their way
    this.part = (name) => root.querySelector(`[data-part="${name}"]`);
    this.part("page").addEventListener("change", () => this.refresh(0));
    this.part("find").addEventListener("input", () => {
      clearTimeout(this.finding);
      this.finding = setTimeout(() => this.list(), STILL_MS);
    });
    this.part("find").addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.list();
    });
    for (const part of ["page", "find"]) {
      this.part(part).addEventListener("input", (event) => event.stopPropagation());
    }
  }

  async open() {
    this.sheet = 0;
    if (!this.part("page").value) await this.list();
    else this.refresh(0);
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  // Offer the pages of the space that fit what was typed; the page shown stays on the list.
  async list() {
    clearTimeout(this.finding);
    this.listing?.abort();
    const controller = new AbortController();
    this.listing = controller;
    try {
      const address = pagesAddress(this.pagesUrl, this.space, this.part("find").value.trim());
      const { pages } = await (await ask(address, { signal: controller.signal })).json();
      if (!controller.signal.aborted) this.offer(pages);
    } catch (error) {
      if (!controller.signal.aborted) this.tell("error", error.message);
    }
  }

  offer(pages) {
    const select = this.part("page");
    const before = select.value;
    select.replaceChildren(...pages.map(({ id, title }) => new Option(title, id)));
    select.disabled = pages.length === 0;
    if (pages.length === 0) return this.tell("info", gettext("No page was found."));
    if (pages.some(({ id }) => id === before)) select.value = before;
    if (select.value !== before || !this.sheets.length) this.refresh(0);
  }

  // Print again, soon: what was asked for before is dropped at once.
  refresh(delay = STILL_MS) {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.tell("info", gettext("Making the preview…"), { isBusy: true });
    this.timer = setTimeout(() => this.print(), delay);
  }

  async print() {
    const options = this.optionsNow();
    const page = this.part("page").value;
    if (!page) return this.tell("info", gettext("Choose a page to see the preview."));
    if (!options) return this.tell("info", gettext("Mend what is marked in the form to see the preview again."));
    const controller = new AbortController();
    this.asked = controller;
    try {
      const answer = await this.answer({ page, options }, controller.signal);
      if (!controller.signal.aborted) this.show(answer);
    } catch (error) {
      if (!controller.signal.aborted) this.fail(error);
    }
  }

  // A crowded server is asked once more when it said to.
  async answer(body, signal) {
    try {
      return await (await ask(this.previewUrl, { method: "POST", body, signal })).json();
    } catch (error) {
      if (signal.aborted || error.status !== 429) throw error;
      await wait(1000 * Math.max(1, error.retryAfterSeconds), signal);
      return await (await ask(this.previewUrl, { method: "POST", body, signal })).json();
    }
  }

  show({ sheets, total_known, notes = [] }) {
    this.sheets = sheets;
    this.sheet = Math.min(this.sheet, sheets.length - 1);
    this.draw();
    const shown = interpolate(gettext("The preview shows sheets 1 to %(last)s."), { last: number.format(sheets.length) });
    this.tell("info", total_known ? gettext("The preview is up to date.") : shown);
    const said = [...new Set(notes.map(({ what }) => what))].slice(0, MOST_NOTES);
    this.part("notes").textContent = said.join(" ");
  }

  draw() {
    const large = this.sheets[this.sheet];
    const image = this.part("sheet");
    image.src = `data:image/png;base64,${large.png}`;
    image.width = large.width;
    image.height = large.height;
    image.alt = interpolate(gettext("Sheet %(n)s of the preview"), { n: number.format(this.sheet + 1) });
    image.hidden = false;
    const isOne = this.sheets.length < 2;
    this.part("sheets").hidden = isOne;
    this.part("sheets").replaceChildren(...(isOne ? [] : this.sheets.map((sheet, n) => this.chooser(sheet, n))));
  }

  chooser({ png, width, height }, n) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", String(n === this.sheet));
    button.setAttribute("aria-label", interpolate(gettext("Show sheet %(n)s"), { n: number.format(n + 1) }));
    const image = new Image(width, height);
    image.src = `data:image/png;base64,${png}`;
    image.alt = "";
    button.append(image);
    button.addEventListener("click", () => {
      this.sheet = n;
      this.draw();
      this.part("sheets").children[n].focus();
    });
    return button;
  }

  fail(error) {
    const cause = interpolate(gettext("There is no new preview. %(cause)s"), { cause: error.message });
    this.tell("error", cause);
    this.root.dispatchEvent(new CustomEvent("refusal", { detail: error }));
  }

  tell(kind, text, { isBusy = false } = {}) {
    this.root.setAttribute("aria-busy", String(isBusy));
    this.part("told").dataset.kind = kind;
    this.part("told").textContent = text;
  }
}
