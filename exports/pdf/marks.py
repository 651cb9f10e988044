"""Marks: drawings of the style sheet's own, served to the printer like images of the chunk."""

from __future__ import annotations

from exports.document import Image

_WRAPPED = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="16" height="16">'
    b'<path d="M4 3v6h8M9.4 6.4l2.6 2.6-2.6 2.6" fill="none" stroke="#8a93a1"'
    b' stroke-width="1.2"/></svg>'
)

# By the key that content.css asks for.
MARKS = {"mark-wrapped": Image(_WRAPPED, "image/svg+xml", 16, 16)}
