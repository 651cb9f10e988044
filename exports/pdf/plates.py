"""Plates: pictures that wait for their sheets while the text is printed.

A printer needs of a picture how large it is, and no more. So it gets a proof in its place: the head
of a JPEG file of the same size, which names the picture and which WeasyPrint passes on untouched.
The picture itself is put into the joined PDF, once, as the file has it: it is sent to no printer
and back, packed by none anew, and a palette stays one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal

from exports.document import Image

LONGEST_PROOF = 100  # bytes

Packing = Literal["DCTDecode", "FlateDecode"]

_JPEG, _PNG = "image/jpeg", "image/png"
_WIDEST = 0xFFFF  # pixels that a JPEG file can tell
_NAMED = b"\xff\xd8\xff\xfe\x00\x22"  # start of a file, and of a comment of 32 bytes
_PNG_START = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">IIBBBBB")  # width, height, bits, colours, and three methods
_GREY, _RGB, _PALETTE = 0, 2, 3  # the colours of a PNG file that has no transparency
# Starts of frames (ITU-T T.81, table B.1); what lies between are tables.
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True)
class Plate:
    """A picture as a PDF has it (ISO 32000-2, 8.9.5)."""

    content: bytes = field(repr=False)  # packed
    packing: Packing
    width: int  # pixels
    height: int
    colours: int  # channels of a pixel
    bits: int  # of a channel
    palette: bytes = field(default=b"", repr=False)  # red, green, blue of each


class Plates:
    """The pictures of one export; of equal keys, the sharper one, which serves for both."""

    def __init__(self) -> None:
        self._images: dict[bytes, Image] = {}

    def proofs(self, images: Mapping[str, Image]) -> dict[str, Image]:
        """The same, with a proof for every picture that can wait. Drawings, and pictures that let
        the sheet shine through, go to the printer as they are.
        """
        return {key: self._proof(key, image) for key, image in images.items()}

    def name(self, content: bytes) -> bytes:
        """Which picture a file is the proof of, empty for none."""
        name = content[len(_NAMED) : len(_NAMED) + 32] if content.startswith(_NAMED) else b""
        return name if name in self._images else b""

    def plate(self, name: bytes) -> Plate:
        """What is to be printed where the proof of this name stands."""
        return _plate(self._images[name])

    def _proof(self, key: str, image: Image) -> Image:
        try:
            plate = _plate(image)
        except (ValueError, IndexError, struct.error):
            return image
        name = sha256(key.encode("utf-8", "replace")).digest()
        known = self._images.get(name)
        if known is None or known.width < plate.width:
            self._images[name] = image
        frame = b"".join(bytes([number, 0x11, 0]) for number in range(1, plate.colours + 1))
        size = struct.pack(">HH", plate.height, plate.width)
        head = _segment(0xC0, b"\x08" + size + bytes([plate.colours]) + frame)
        scan = _segment(0xDA, b"\x00" * 6)
        return replace(image, content=_NAMED + name + head + scan + b"\xff\xd9", media_type=_JPEG)


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def _plate(image: Image) -> Plate:
    """Raises ValueError, IndexError or struct.error for what cannot be put into a PDF as it is."""
    plate = _of_jpeg(image) if image.media_type == _JPEG else _of_png(image.content)
    if (plate.width, plate.height) != (image.width, image.height):
        raise ValueError("not of the size that it should have")
    if not 0 < max(plate.width, plate.height) <= _WIDEST:
        raise ValueError("of no size that a proof can have")
    return plate


def _of_jpeg(image: Image) -> Plate:
    content = image.content
    at = 2
    while content[at + 1] not in _FRAMES:
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    bits, height, width, colours = struct.unpack_from(">BHHB", content, at + 4)
    if colours not in (1, 3) or bits != 8 or not content.startswith(b"\xff\xd8"):
        raise ValueError("not the colours of a screen")
    return Plate(content, "DCTDecode", width, height, colours, bits)


def _of_png(content: bytes) -> Plate:
    if not content.startswith(_PNG_START):
        raise ValueError("neither JPEG nor PNG")
    parts = list(_parts(content))
    width, height, bits, kind, _, _, is_interlaced = _HEAD.unpack(parts[0][1])
    if kind not in (_GREY, _RGB, _PALETTE) or bits > 8 or is_interlaced:
        raise ValueError("stored in another way than PDF does")
    if any(name == b"tRNS" for name, _ in parts):
        raise ValueError("the sheet shines through")
    palette = next((part for name, part in parts if name == b"PLTE"), b"")
    if (kind == _PALETTE) != bool(palette):
        raise ValueError("a palette that is not there, or not needed")
    packed = b"".join(part for name, part in parts if name == b"IDAT")
    return Plate(packed, "FlateDecode", width, height, 3 if kind == _RGB else 1, bits, palette)


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG file: name and content (PNG, third edition, 5.3)."""
    at = len(_PNG_START)
    while at < len(content):
        (length,) = struct.unpack_from(">I", content, at)
        part = content[at + 8 : at + 8 + length]
        if len(part) < length:
            raise ValueError("it breaks off")
        yield content[at + 4 : at + 8], part
        at += 12 + length
