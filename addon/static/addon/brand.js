// Brand check: what a careful eye would say about a template's colours, logo and watermark. Pure.

import { gettext, interpolate, number } from "./words.js";

const LEAST_CONTRAST = 4.5; // for text of usual size: https://www.w3.org/TR/WCAG22/#contrast-minimum
const LEAST_LOGO_PIXELS = 354; // across: 30 mm at 300 dots per inch
const MOST_OPACITY = 30; // percent: beyond it the text below is hard to read

const percent = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent" });

// "#1558bc" → its relative luminance, from 0 for black to 1 for white.
// https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
export function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// The contrast of a colour with white paper, from 1 to 21.
export const contrastWithWhite = (colour) => 1.05 / (luminance(colour) + 0.05);

// A PNG as a data: address → pixels across and down, null when it is none. Its header comes first.
// https://www.w3.org/TR/png-3/#11IHDR
export function pixels(address) {
  const [, base64] = address.match(/^data:image\/png;base64,([A-Za-z0-9+/]{32})/) ?? [];
  if (!base64) return null;
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const header = new DataView(bytes.buffer);
  return { width: header.getUint32(16), height: header.getUint32(20) };
}

// The options of a template → sentences, the gravest first.
export function warnings(options) {
  return [...colourWarnings(options), ...logoWarnings(options), ...watermarkWarnings(options)];
}

function colourWarnings({ accent_colour, heading_colour, link_colour }) {
  const sentences = [
    [heading_colour, gettext("Headings are hard to read on white: their contrast is %(ratio)s, and should be %(least)s.")],
    [link_colour, gettext("Links are hard to read on white: their contrast is %(ratio)s, and should be %(least)s.")],
    [accent_colour, gettext("The accent colour stands out too little from white: its contrast is %(ratio)s, and should be %(least)s.")],
  ];
  return sentences
    .filter(([colour]) => contrastWithWhite(colour) < LEAST_CONTRAST)
    .map(([colour, sentence]) => {
      // Rounded down: 4.49 must not read as the 4.5 that it misses.
      const ratio = number.format(Math.floor(contrastWithWhite(colour) * 10) / 10);
      return interpolate(sentence, { ratio, least: number.format(LEAST_CONTRAST) });
    });
}

function logoWarnings({ logo, logo_alt }) {
  if (!logo) return [];
  const said = [];
  const size = pixels(logo);
  if (size && size.width < LEAST_LOGO_PIXELS) {
    const words = { width: number.format(size.width), least: number.format(LEAST_LOGO_PIXELS) };
    said.push(
      interpolate(gettext("The logo will look coarse in print: it is %(width)s pixels wide, and should be %(least)s or more."), words),
    );
  }
  if (!logo_alt.trim()) said.push(gettext("The logo has no words for people who cannot see it."));
  return said;
}

function watermarkWarnings({ watermark, watermark_opacity }) {
  if (!watermark.trim() || watermark_opacity <= MOST_OPACITY) return [];
  const most = percent.format(MOST_OPACITY / 100);
  return [interpolate(gettext("The watermark makes the text hard to read: stay at or below %(most)s."), { most })];
}
