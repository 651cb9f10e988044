"""A logo: an uploaded file in, an address that addon.logos keeps out, and what to mind about it.

The file is decoded by a printer, which is confined; here its bytes are only handed on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from addon import logos
from addon.errors import XPressError
from addon.outbound import Budget
from exports.document import Logo
from exports.printers import Printers

MOST_BYTES = 5 * 1024 * 1024  # of the file
PRINTED_MM = 30.0  # the width that a logo ought to be sharp at
DPI = 300.0
_WIDEST, _TALLEST = (
    8.0,
    2.0,
)  # its sides compared: beyond, it is very small where a line is its room
_FAINT = 225  # of 255: what is seen of it is hardly darker than paper


class LogoUnreadable(XPressError):
    """There is no logo in the file."""

    status = 422
    code = "logo_unreadable"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A logo that can be kept."""

    address: str  # a `data:` address
    width: int  # pixels
    height: int  # pixels
    warnings: tuple[str, ...] = ()  # sentences for people


def prepared(content: bytes, printers: Printers, budget: Budget) -> Prepared:
    """The logo in a file. Raises LogoUnreadable."""
    if len(content) > MOST_BYTES:
        limit = MOST_BYTES // 1024 // 1024
        raise LogoUnreadable(_("A logo’s file may have %(limit)d MB.") % {"limit": limit})
    logo = printers.logo(content, budget)
    if isinstance(logo, str):
        sentence = _("This file is no logo: %(reason)s. Use a PNG, JPEG, GIF, WebP or SVG file.")
        raise LogoUnreadable(sentence % {"reason": logo})
    address = logos.address_of(logo.picture.content)
    # A printer that content has taken over could answer with anything.
    if problem := logos.problem(address):
        raise LogoUnreadable(problem)
    width, height = logos.size(logo.picture.content)
    return Prepared(address, width, height, tuple(_warnings(logo, width, height)))


def _warnings(logo: Logo, width: int, height: int) -> Iterator[str]:
    needed = round(PRINTED_MM / 25.4 * DPI)
    if width < needed:
        yield _(
            "This logo has %(width)d pixels across. In print it looks blurred when it is wider "
            "than %(sharp)d mm; upload one with %(needed)d pixels or more."
        ) % {"width": width, "sharp": int(width / DPI * 25.4), "needed": needed}
    if width > _WIDEST * height:
        yield _("This logo is very wide. It will be small in headers and footers.")
    if height > _TALLEST * width:
        yield _("This logo is very tall. It will be small in headers and footers.")
    if logo.darkest > _FAINT:
        yield _("This logo is so light that it can hardly be seen on white paper.")
