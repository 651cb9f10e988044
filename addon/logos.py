"""Logos: small PNG files kept as `data:` addresses inside the options. Pure.

They come from `exports.logo`, which decodes what was uploaded and makes a PNG of it anew, in a
confined process. Here only the form is checked: nothing but a header, pixels and an end, so that
no other data can be kept in one. https://www.w3.org/TR/png-3/#5Chunk-layout
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

PREFIX = "data:image/png;base64,"
MOST_BYTES = 256 * 1024
MOST_PIXELS = 2_000  # a side
MOST_CHARACTERS = len(PREFIX) + 4 * -(-MOST_BYTES // 3)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_NOT_OURS = "This is not a picture that XPress has prepared. Upload it again."


def problem(address: str) -> str:
    """What is wrong with a logo's address; empty when it can be kept."""
    if not address.startswith(PREFIX):
        return _NOT_OURS
    if len(address) > MOST_CHARACTERS:
        return f"A logo may have {MOST_BYTES // 1024} KB."
    try:
        width, height = size(content(address))
    except ValueError:
        return _NOT_OURS
    if not 0 < width <= MOST_PIXELS or not 0 < height <= MOST_PIXELS:
        return f"A logo may be {MOST_PIXELS:,} pixels wide and high."
    return ""


def address_of(png: bytes) -> str:
    return PREFIX + base64.b64encode(png).decode("ascii")


def content(address: str) -> bytes:
    """The file. Raises ValueError where the address is not ours."""
    try:
        return base64.b64decode(address.removeprefix(PREFIX).encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64") from error


def size(png: bytes) -> tuple[int, int]:
    """Pixels across and down. Raises ValueError for anything but a plain PNG."""
    if not png.startswith(_SIGNATURE):
        raise ValueError("no PNG")
    names, at = [], len(_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at) if at + 12 <= len(png) else (0, b"")
        end = at + 12 + length
        if name not in _CHUNKS or end > len(png):
            raise ValueError("a chunk that does not belong there")
        if zlib.crc32(png[at + 4 : end - 4]) != struct.unpack_from(">I", png, end - 4)[0]:
            raise ValueError("a damaged chunk")
        names.append(name)
        at = end
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or names.count(b"IEND") != 1:
        raise ValueError("no beginning or no end")
    width, height = struct.unpack_from(">II", png, len(_SIGNATURE) + 8)
    return width, height
