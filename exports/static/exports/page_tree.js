// The pages to choose from: which are ticked (pure), and their rows on the screen.
//
// Rows are list items with a button that opens them and a tick box: every screen reader knows both,
// and a tick box can say "partly". Rows come into being when their parent is opened.

// [{id, title, type, depth}, …] in reading order → the same with what lies below each:
// `end` is the place after its last descendant, `children` the places of its own.
export function branches(pages) {
  const nodes = pages.map((page) => ({ ...page, parent: -1, end: 0, children: [] }));
  const ancestors = [];
  nodes.forEach((node, place) => {
    while (ancestors.length && nodes[ancestors.at(-1)].depth >= node.depth) nodes[ancestors.pop()].end = place;
    if (ancestors.length) {
      node.parent = ancestors.at(-1);
      nodes[node.parent].children.push(place);
    }
    ancestors.push(place);
  });
  for (const place of ancestors) nodes[place].end = nodes.length;
  return nodes;
}

export class Ticks {
  // All are ticked, or those of `ids`.
  constructor(nodes, ids) {
    this.nodes = nodes;
    this.ticked = nodes.map((node) => !ids || ids.has(node.id));
    this.#count();
  }

  // Tick or clear a page and all that lies below it.
  set(place, on) {
    this.ticked.fill(on, place, this.nodes[place].end);
    this.#count();
  }

  setAll(on) {
    this.ticked.fill(on);
    this.#count();
  }

  // A click on a box: one that is partly ticked becomes ticked.
  toggle(place) {
    const { pages, of } = this.branch(place);
    this.set(place, pages < of);
  }

  // How many pages are ticked in a branch, itself included, and of how many.
  branch(place) {
    const { end } = this.nodes[place];
    return {
      pages: this.#sums[end].ticked - this.#sums[place].ticked,
      of: this.#sums[end].pages - this.#sums[place].pages,
    };
  }

  get pages() {
    return this.#sums.at(-1).ticked;
  }

  // How many there are to tick.
  get of() {
    return this.#sums.at(-1).pages;
  }

  // What to ask for: ticked pages, and the folders that have some, for they are the chapters.
  get ids() {
    return this.nodes
      .filter((node, place) => (node.type === "folder" ? this.branch(place).pages > 0 : this.ticked[place]))
      .map((node) => node.id);
  }

  #sums; // of the pages before each place, folders not counted

  #count() {
    let pages = 0;
    let ticked = 0;
    this.#sums = [{ pages, ticked }];
    this.nodes.forEach((node, place) => {
      if (node.type !== "folder") {
        pages += 1;
        ticked += this.ticked[place] ? 1 : 0;
      }
      this.#sums.push({ pages, ticked });
    });
  }
}

// "3 of 8, not this page", for a row that is neither full nor empty.
export function partly(node, { pages, of }, ticked) {
  if (pages === 0 || pages === of) return "";
  const own = node.type === "folder" || ticked ? "" : ", not this page";
  return `${pages} of ${of}${own}`;
}

// Fill `list` with the tree, and call `changed` after each tick.
export class PageTree {
  constructor(list, template, ticks, changed) {
    this.list = list;
    this.template = template;
    this.ticks = ticks;
    this.changed = changed;
    this.rows = new Map(); // place → {item, box, opener, count}
    list.replaceChildren();
    const { nodes } = ticks;
    nodes.forEach((node, place) => {
      if (node.parent < 0) list.append(this.#row(place));
    });
    if (this.rows.size === 1) this.open(0);
    list.onkeydown = (event) => this.#move(event);
    this.refresh();
  }

  open(place, on = true) {
    const { item, opener } = this.rows.get(place);
    const { children } = this.ticks.nodes[place];
    if (!children.length) return;
    let below = item.querySelector(":scope > ul");
    if (on && !below) {
      below = document.createElement("ul");
      below.append(...children.map((child) => this.#row(child)));
      item.append(below);
      this.refresh();
    }
    if (below) below.hidden = !on;
    opener.setAttribute("aria-expanded", String(on));
  }

  // Open the way down to a page, and give it the focus.
  reveal(id) {
    const place = this.ticks.nodes.findIndex((node) => node.id === id);
    const way = [];
    for (let above = this.ticks.nodes[place]?.parent ?? -1; above >= 0; above = this.ticks.nodes[above].parent) {
      way.unshift(above);
    }
    for (const above of way) this.open(above);
    (this.rows.get(place) ?? this.rows.get(0)).box.focus();
  }

  refresh() {
    for (const [place, { box, count }] of this.rows) {
      const branch = this.ticks.branch(place);
      box.checked = branch.of > 0 && branch.pages === branch.of;
      box.indeterminate = branch.pages > 0 && branch.pages < branch.of;
      box.disabled = branch.of === 0;
      count.textContent = partly(this.ticks.nodes[place], branch, this.ticks.ticked[place]);
    }
  }

  #row(place) {
    const node = this.ticks.nodes[place];
    const item = this.template.content.firstElementChild.cloneNode(true);
    const box = item.querySelector("input");
    const opener = item.querySelector(".opener");
    item.querySelector(".page-row-title").textContent = node.title;
    item.querySelector(".folder").toggleAttribute("hidden", node.type !== "folder");
    opener.setAttribute("aria-label", `Pages below ${node.title}`);
    opener.onclick = () => this.open(place, !this.#isOpen(place));
    if (!node.children.length) opener.remove();
    box.onchange = () => {
      this.ticks.toggle(place);
      this.refresh();
      this.changed();
    };
    this.rows.set(place, { item, box, opener, count: item.querySelector(".page-row-count") });
    return item;
  }

  #isOpen(place) {
    return this.rows.get(place).opener.getAttribute("aria-expanded") === "true";
  }

  #move(event) {
    const here = [...this.rows].find(([, row]) => row.item.querySelector(".page-row").contains(event.target));
    if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
    const [place] = here;
    const node = this.ticks.nodes[place];
    const boxes = [...this.list.querySelectorAll("input")].filter((box) => box.checkVisibility());
    const at = boxes.indexOf(this.rows.get(place).box);
    const steps = {
      ArrowDown: () => boxes[at + 1]?.focus(),
      ArrowUp: () => boxes[at - 1]?.focus(),
      Home: () => boxes[0].focus(),
      End: () => boxes.at(-1).focus(),
      ArrowRight: () => (this.#isOpen(place) ? boxes[at + 1]?.focus() : this.open(place)),
      ArrowLeft: () => {
        if (this.#isOpen(place)) this.open(place, false);
        else if (node.parent >= 0) this.rows.get(node.parent).box.focus();
      },
    };
    if (!steps[event.key]) return;
    steps[event.key]();
    event.preventDefault();
  }
}
