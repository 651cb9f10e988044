// What a template makes of an export, in a line of words.

import { gettext } from "../addon/words.js";

// {paper: "A4", cover: "band", …} → "A4 · cover · contents · numbered chapters"
export function templateLine(look) {
  const parts = [
    [true, look.paper],
    [look.orientation === "landscape", gettext("on its side")],
    [look.two_sided, gettext("both sides")],
    [look.cover !== "none", gettext("cover")],
    [look.contents, gettext("contents")],
    [look.numbered_headings, gettext("numbered chapters")],
    [look.revisions > 0, gettext("revision table")],
    [look.watermark, gettext("watermark")],
  ];
  return parts
    .filter(([holds]) => holds)
    .map(([, words]) => words)
    .join(" · ");
}
