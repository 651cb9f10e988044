// A small picture of what a template makes of a document: its cover, if it has one, and a sheet of text.
//
// Made of SVG attributes, which a content security policy without inline styles lets through.

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 64;
const HIGH = 44;
const GAP = 3;
const SIZES = { A3: [297, 420], A4: [210, 297], A5: [148, 210], Letter: [216, 279], Legal: [216, 356] }; // mm
const GREY = "#c1c4cc";
const DARK = "#505a6b";
const WHITE = "#ffffff";
const BRIGHT = 150; // of 255: dark letters stand on colours from here on

const colour = (text, instead) => (/^#[0-9a-f]{6}$/i.test(text ?? "") ? text : instead);
const round = (n) => Math.round(n * 100) / 100;

// "#ffffff" → 255; the eye weighs red, green and blue like this: Rec. ITU-R BT.601
function brightness(hex) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

// A sheet to draw on: lengths are shares of its width and height.
class Paper {
  constructor(x, y, width, height, fill = WHITE) {
    Object.assign(this, { x, y, width, height });
    this.group = shape("g", {});
    this.box(0, 0, 1, 1, fill, { rx: 1, class: "template-sheet", stroke: GREY, "stroke-width": 0.5 });
  }

  box(left, top, wide, high, fill, more = {}) {
    const x = round(this.x + left * this.width);
    const y = round(this.y + top * this.height);
    const size = { width: round(wide * this.width), height: round(high * this.height) };
    this.group.append(shape("rect", { x, y, ...size, fill, ...more }));
  }
}

function drawCover(paper, options, accent, heading) {
  const isFull = options.cover === "full";
  const onAccent = brightness(accent) < BRIGHT ? WHITE : DARK;
  if (options.cover === "band") paper.box(0, 0, 1, 0.36, accent);
  if (options.logo && options.cover_logo !== false) {
    paper.box(0.14, 0.1, 0.24, 0.1, options.cover === "simple" ? accent : onAccent);
  }
  const top = options.cover === "band" ? 0.46 : 0.4;
  paper.box(0.14, top, 0.66, 0.06, isFull ? onAccent : heading);
  paper.box(0.14, top + 0.1, 0.42, 0.03, isFull ? onAccent : GREY);
  paper.box(0.14, 0.86, 0.3, 0.025, isFull ? onAccent : GREY);
}

// A header or a footer: what stands left, in the middle and right, and its rule.
function drawRow(paper, options, row, top, accent) {
  const places = { left: 0.12, centre: 0.41, right: 0.7 };
  for (const [side, left] of Object.entries(places)) {
    if (options.logo && options[`${row}_logo`] === side) paper.box(left, top - 0.015, 0.18, 0.05, accent);
    else if (options[`${row}_${side}`]) paper.box(left, top, 0.18, 0.02, GREY);
  }
  if (options[`${row}_rule`]) paper.box(0.12, row === "header" ? top + 0.05 : top - 0.035, 0.76, 0.012, GREY);
}

function drawText(paper, options, accent, heading) {
  const indent = options.numbered_headings ? 0.1 : 0;
  drawRow(paper, options, "header", 0.07, accent);
  if (indent) paper.box(0.12, 0.18, 0.06, 0.05, accent);
  paper.box(0.12 + indent, 0.18, 0.5, 0.05, heading);
  for (const [line, wide] of [0.76, 0.7, 0.74, 0.44].entries()) {
    paper.box(0.12, 0.29 + line * 0.06, wide, 0.025, GREY);
  }
  if (indent) paper.box(0.12, 0.57, 0.06, 0.035, accent);
  paper.box(0.12 + indent, 0.57, 0.34, 0.035, heading);
  for (const [line, wide] of [0.74, 0.76, 0.3].entries()) {
    paper.box(0.12, 0.66 + line * 0.06, wide, 0.025, line === 2 ? accent : GREY);
  }
  drawRow(paper, options, "footer", 0.92, accent);
  if (options.watermark) {
    const middle = `${round(paper.x + paper.width / 2)} ${round(paper.y + paper.height / 2)}`;
    paper.box(0.1, 0.46, 0.8, 0.08, DARK, { opacity: 0.25, transform: `rotate(-45 ${middle})` });
  }
}

// {paper, cover, accent_colour, …}, by the names of the options → an svg element
export function templatePicture(options) {
  const [short, long] = SIZES[options.paper] ?? SIZES.A4;
  const [wide, high] = options.orientation === "landscape" ? [long, short] : [short, long];
  const covers = ["simple", "band", "full"].includes(options.cover) ? 1 : 0;
  const scale = Math.min(HIGH / high, (WIDE - GAP) / 2 / wide); // of one size, with a cover and without
  const [width, height] = [wide * scale, high * scale];
  const left = (WIDE - (covers + 1) * width - covers * GAP) / 2;
  const top = (HIGH - height) / 2;
  const accent = colour(options.accent_colour, "#1558bc");
  const heading = colour(options.heading_colour, "#1e2330");
  const picture = shape("svg", {
    class: "template-picture",
    viewBox: `-1 -1 ${WIDE + 2} ${HIGH + 2}`,
    "aria-hidden": "true",
    focusable: "false",
  });
  if (covers) {
    const cover = new Paper(left, top, width, height, options.cover === "full" ? accent : WHITE);
    drawCover(cover, options, accent, heading);
    picture.append(cover.group);
  }
  const text = new Paper(left + covers * (width + GAP), top, width, height);
  drawText(text, options, accent, heading);
  picture.append(text.group);
  return picture;
}
