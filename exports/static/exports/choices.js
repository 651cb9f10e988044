// What an export begins with, what the person chose otherwise, and what of both an order carries. Pure.
//
// {default, options: {name: {kind, …bounds}}, templates: {key: {start: {name: value}, look}}} comes
// with the page. Options that are not in it are fixed, and nothing here speaks of them.

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Whether an option takes a value, as far as the page knows; the server has the last word.
export function takes({ kind, values, least, most }, value) {
  if (kind === "choice") return values.includes(value);
  if (kind === "toggle") return typeof value === "boolean";
  if (kind === "number") return Number.isFinite(value) && value >= least && value <= most;
  if (kind === "text") return typeof value === "string" && value.length <= most;
  if (kind === "colour") return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
  if (kind !== "names" || !Array.isArray(value)) return false;
  return value.length <= most && value.every((name) => typeof name === "string");
}

// "draft, internal" → ["draft", "internal"]
export const namesFrom = (text) => [...new Set(text.split(/[\s,;、，；]+/).filter(Boolean))];

export class Choices {
  #known;
  #chosen = new Map(); // name → the value that the person wants, whatever the template

  constructor(known) {
    this.#known = known;
    this.template = known.default;
  }

  get names() {
    return Object.keys(this.#known.options);
  }

  kind(name) {
    return this.#known.options[name].kind;
  }

  // Values of the template that nobody has chosen otherwise change with it.
  choose(template) {
    this.template = template;
  }

  set(name, value) {
    if (same(value, this.#start[name])) this.#chosen.delete(name);
    else this.#chosen.set(name, value);
  }

  value(name) {
    return this.#chosen.has(name) ? this.#chosen.get(name) : this.#start[name];
  }

  // What differs from the template's start values: all that an order has to say.
  get wishes() {
    const differs = ([name, value]) => !same(value, this.#start[name]);
    return Object.fromEntries([...this.#chosen].filter(differs));
  }

  // What the export will look like, as far as a small picture can tell.
  get look() {
    return { ...this.#known.templates[this.template].look, ...this.wishes };
  }

  reset() {
    this.#chosen.clear();
  }

  // What to keep for the next time. Who has the usual template follows it when an administrator
  // chooses another one.
  get kept() {
    const template = this.template === this.#known.default ? "" : this.template;
    return { template, options: this.wishes };
  }

  // Take up what was kept, which may be old, or written by somebody else: what does not fit is dropped.
  take(kept) {
    const { template, options } = Object(kept);
    if (typeof template === "string" && Object.hasOwn(this.#known.templates, template)) this.template = template;
    if (typeof options !== "object" || options === null) return;
    for (const name of this.names) {
      if (Object.hasOwn(options, name) && takes(this.#known.options[name], options[name])) {
        this.set(name, options[name]);
      }
    }
  }

  get #start() {
    return this.#known.templates[this.template].start;
  }
}
