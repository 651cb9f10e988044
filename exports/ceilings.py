"""How large an export of a site may be: what the server can do, and less where the site says so."""

from __future__ import annotations

from django.conf import settings as server

from addon.settings import Settings
from exports.reading import Limits

_MEBIBYTE = 1024 * 1024


def limits_of(site: Settings) -> Limits:
    """The smaller of the server's ceiling and the site's own limit."""

    def least(name: str, ceiling: int) -> int:
        return min(ceiling, site.limits.get(name, ceiling))

    return Limits(
        pages=least("pages", server.XPRESS_MAX_PAGES),
        sheets=least("sheets", server.XPRESS_MAX_SHEETS),
        seconds=least("seconds", server.XPRESS_EXPORT_SECONDS),
        image_bytes=server.XPRESS_IMAGE_MEBIBYTES * _MEBIBYTE,
        images_bytes=server.XPRESS_IMAGES_MEBIBYTES * _MEBIBYTE,
    )
