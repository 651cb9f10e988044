"""Sharing: what several chunks of a joined PDF brought along stands in it once.

Chunks are printed apart, so each has its own copy of a font, and of a picture that stands on the
pages of several. What nothing points to any more is not written when the PDF is saved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from exports.pdf.plates import LONGEST_PROOF, Plate, Plates
from exports.pdf.typecase import Typecase

_MOST_ALIKE = 8  # pictures of one size, and one number of bytes, that are compared


def share(pdf: pikepdf.Pdf, plates: Plates) -> None:
    """Let all pages, and the drawings on them, use the same fonts and pictures.

    Where a proof stands, its plate is printed.
    """
    typecase, pictures = Typecase(), _Pictures(pdf, plates)
    seen: set[tuple[int, int]] = set()
    waiting = [page.obj.get("/Resources") for page in pdf.pages]
    waiting.reverse()
    while waiting:
        resources = waiting.pop()
        if not isinstance(resources, Dictionary) or not _is_new(resources, seen):
            continue
        fonts = resources.get("/Font")
        if isinstance(fonts, Dictionary) and _is_new(fonts, seen):
            for name in sorted(fonts.keys()):
                typecase.lay(fonts, name)
        pictures.share(resources.get("/XObject"))
        inner = [drawn for drawn in _drawn(resources) if _is_new(drawn, seen)]
        waiting += [drawn.get("/Resources") for drawn in reversed(inner)]
    typecase.fill(pdf)


def _is_new(item: pikepdf.Object, seen: set[tuple[int, int]]) -> bool:
    """Whether it has not been met before. What is no object of its own is met only once."""
    if not item.is_indirect:
        return True
    before = len(seen)
    seen.add(item.objgen)
    return len(seen) > before


def _drawn(resources: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Groups, patterns and masks: what is drawn like a page, with resources of its own."""
    for kind in ("/XObject", "/Pattern"):
        yield from (it for it in _values(resources.get(kind)) if isinstance(it, Stream))
    for state in _values(resources.get("/ExtGState")):
        mask = state.get("/SMask") if isinstance(state, Dictionary) else None
        group = mask.get("/G") if isinstance(mask, Dictionary) else None
        if isinstance(group, Stream):
            yield group


def _values(dictionary: object) -> Iterator[pikepdf.Object]:
    if isinstance(dictionary, Dictionary):
        yield from (dictionary[name] for name in sorted(dictionary.keys()))


class _Pictures:
    """Those that were met: plates by name and manner, others by all that is said of them."""

    def __init__(self, pdf: pikepdf.Pdf, plates: Plates) -> None:
        self._pdf, self._plates = pdf, plates
        self._printed: dict[tuple[bytes, bool], pikepdf.Object] = {}
        self._palettes: dict[bytes, pikepdf.Object] = {}
        self._known: dict[bytes, list[pikepdf.Object]] = defaultdict(list)

    def share(self, x_objects: object) -> None:
        """Put plates in the place of proofs, and the first of equal pictures in that of each."""
        if not isinstance(x_objects, Dictionary):
            return
        for name in sorted(x_objects.keys()):
            item = x_objects[name]
            if isinstance(item, Stream) and item.get("/Subtype") == Name.Image:
                plate = self._plate(item)
                x_objects[name] = self._first(item) if plate is None else plate

    def _plate(self, picture: pikepdf.Object) -> pikepdf.Object | None:
        if picture.get("/Filter") != Name.DCTDecode or picture.get("/Length", 0) > LONGEST_PROOF:
            return None
        name = self._plates.name(picture.read_raw_bytes())
        if not name:
            return None
        is_smooth = bool(picture.get("/Interpolate", False))
        if (name, is_smooth) not in self._printed:
            plate = self._plates.plate(name)
            stream = _stream(self._pdf, plate, self._colours(plate), is_smooth)
            self._printed[name, is_smooth] = self._first(stream)
        return self._printed[name, is_smooth]

    def _colours(self, plate: Plate) -> Name | Array:
        if not plate.palette:
            return Name.DeviceRGB if plate.colours == 3 else Name.DeviceGray
        if plate.palette not in self._palettes:
            # An object of its own, for then it is packed together with others.
            palette = self._pdf.make_indirect(String(plate.palette))
            self._palettes[plate.palette] = palette
        last = len(plate.palette) // 3 - 1
        return Array([Name.Indexed, Name.DeviceRGB, last, self._palettes[plate.palette]])

    def _first(self, picture: pikepdf.Object) -> pikepdf.Object:
        mask = picture.get("/SMask")
        if isinstance(mask, Stream) and "/SMask" not in mask:
            picture.SMask = self._first(mask)
        alike = self._known[Dictionary(dict(picture.items())).unparse()]
        for known in alike[-_MOST_ALIKE:]:
            if known.objgen == picture.objgen or _raw(known) == _raw(picture):
                return known
        alike.append(picture)
        return picture


def _raw(picture: pikepdf.Object) -> memoryview:
    return memoryview(picture.get_raw_stream_buffer())


def _stream(pdf: pikepdf.Pdf, plate: Plate, colours: Name | Array, is_smooth: bool) -> Stream:
    stream = Stream(
        pdf,
        plate.content,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=plate.width,
        Height=plate.height,
        ColorSpace=colours,
        BitsPerComponent=plate.bits,
        Interpolate=is_smooth,
        Filter=Name(f"/{plate.packing}"),
    )
    if plate.packing == "FlateDecode":
        # 15: each row says itself how it was predicted, as in PNG (ISO 32000-2, 7.4.4.4).
        stream.DecodeParms = Dictionary(
            Predictor=15, Colors=plate.colours, BitsPerComponent=plate.bits, Columns=plate.width
        )
    return stream
