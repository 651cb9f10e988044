"""Image bombs and broken images: small files that want much, and files that are not what they say.

Decompression bombs as of CVE-2026-25990 and CVE-2026-40192; `use` and entity bombs ("billion
laughs"); progressive JPEGs of many scans (the LibTIFF and libjpeg advisories call them scan bombs).
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache

from PIL import Image

from tests.attacks.attack import Attack, Bait, File, attached, picture
from tests.attacks.families.drawings import svg

_PNG = b"\x89PNG\r\n\x1a\n"


def attacks(bait: Bait) -> Iterator[Attack]:
    for name, (title, content) in (_floods() | _frames() | _extras()).items():
        yield attached(f"Bomb {name}", File(title, _type(title), content))
    for name, (title, content) in (_broken() | _disguised(bait)).items():
        yield attached(f"Broken {name}", File(title, _type(title), content))
    for name, drawing in _drawing_bombs().items():
        yield attached(f"Bomb {name}", File("bomb.svg", "image/svg+xml", drawing))
    inline = (x.decode("utf-8") for x in _drawing_bombs().values() if x.startswith(b"<svg"))
    yield Attack("Bombs in the page itself", "".join(inline))
    photo = File("one.png", "image/png", _encoded("PNG", (40, 40)))
    yield Attack("Bomb of one picture hundreds of times", picture("one.png") * 300, (photo,))
    yield Attack(
        "Bomb of pictures that are not there",
        "".join(picture(f"none-{number}.png") for number in range(150)),
    )
    sizes = "".join(picture("one.png", width=size) for size in ("999999999", "-1", "1e9", "0"))
    yield Attack("Bomb of sizes in the page", sizes, (photo,))


def _floods() -> dict[str, tuple[str, bytes]]:
    """Many pixels in few bytes, or said to be."""
    return {
        "png flood": ("flood.png", _png(20_000, 20_000, bits=1)),
        "png said to be huge": ("huge.png", _png(2**31 - 1, 2**31 - 1, rows=1)),
        "png said to be long": ("long.png", _png(1, 2**31 - 1, rows=9)),
        "gif said to be huge": ("huge.gif", _gif(65_535, 65_535)),
        "webp said to be huge": ("huge.webp", _webp(2**24, 2**24)),
        "tiff said to be huge": ("huge.tif", _tiff(2**31 - 1, 2**31 - 1, 1)),
        "tiff of packed nothing": ("packed.tif", _tiff(50_000, 50_000, 5)),
        "tiff that leads back": ("loop.tif", _tiff(8, 8, 1, following=8)),
        "bmp said to be huge": ("huge.bmp", _bmp(2**31 - 1, 2**31 - 1)),
        "bmp upside down": ("down.bmp", _bmp(60_000, -60_000)),
        "jpeg said to be huge": ("huge.jpg", _jpeg(65_500, 65_500)),
    }


def _frames() -> dict[str, tuple[str, bytes]]:
    return {
        "gif of many frames": ("frames.gif", _gif(1, 1, frames=50_000)),
        "png of many frames": ("frames.png", _animated_png(2**31 - 1)),
        "tiff of many pages": ("pages.tif", _tiff_pages(5_000)),
        "jpeg of many scans": ("scans.jpg", _scans(2_000)),
    }


def _extras() -> dict[str, tuple[str, bytes]]:
    """What travels beside the pixels and would be unpacked."""
    nothing = zlib.compress(bytes(60_000_000), 9)
    return {
        "png of packed text": ("text.png", _png_with(b"zTXt", b"k\0\0" + nothing)),
        "png of packed international text": (
            "itxt.png",
            _png_with(b"iTXt", b"k\0\1\0\0\0" + nothing),
        ),
        "png of a packed profile": ("icc.png", _png_with(b"iCCP", b"p\0\0" + nothing)),
    }


def _broken() -> dict[str, tuple[str, bytes]]:
    png, jpeg = _encoded("PNG", (300, 200)), _encoded("JPEG", (300, 200))
    noise = random.Random(4).randbytes(4_000)
    damaged = bytearray(png)
    damaged[-30] ^= 0xFF
    return {
        "empty": ("empty.png", b""),
        "one byte": ("one.png", b"\x89"),
        "cut png": ("cut.png", png[: len(png) // 2]),
        "cut jpeg": ("cut.jpg", jpeg[: len(jpeg) // 2]),
        "cut gif": ("cut.gif", _encoded("GIF", (300, 200))[:200]),
        "cut webp": ("cut.webp", _encoded("WEBP", (300, 200))[:100]),
        "head of an avif": ("head.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1" + noise),
        "damaged png": ("damaged.png", bytes(damaged)),
        "png without pixels": ("none.png", _PNG + _chunk(b"IEND", b"")),
        "png of no size": ("zero.png", _png(0, 0)),
        "animated png that lies": ("lies.png", _animated_png(0)),
        "noise": ("noise.png", noise),
        "noise called a drawing": ("noise.svg", noise),
        "noise after a head": ("noise.jpg", b"\xff\xd8\xff\xe0" + noise),
        "tiff of noise": ("noise.tif", b"II*\0\x08\0\0\0" + noise),
        "drawing that never ends": ("open.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><g>"),
    }


def _disguised(bait: Bait) -> dict[str, tuple[str, bytes]]:
    """Files of another type than they say, and of two types at once."""
    png, jpeg = _encoded("PNG", (30, 20)), _encoded("JPEG", (30, 20))
    html = f'<html><img src="{bait.web("html-as-png")}"></html>'.encode()
    script = b"%!PS\n(/etc/passwd) (r) file 1000 string readstring pop =\nshowpage\n"
    return {
        "html called png": ("page.png", html),
        "login page called jpeg": ("login.jpg", b"<!DOCTYPE html><title>Log in</title>"),
        "pdf called png": ("paper.png", b"%PDF-1.7\n1 0 obj\n<</OpenAction 2 0 R>>\nendobj\n"),
        "postscript called png": ("script.png", script),
        "postscript": ("script.eps", script),
        "photoshop": ("layers.psd", b"8BPS\0\x01" + b"\0" * 6 + b"\0\x03" + b"\x7f" * 200),
        "fits": ("stars.fits", b"SIMPLE  =                    T".ljust(2880) + b"\0" * 2880),
        "cursor": ("cursor.ico", b"\0\0\1\0\1\0\xff\xff\0\0\1\0\x20\0\xff\xff\xff\xff\x16\0\0\0"),
        "png and archive": ("both.png", png + b"PK\x03\x04" + html),
        "jpeg and page": ("both.jpg", jpeg + html),
        "jpeg and page in a comment": (
            "comment.jpg",
            jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(html) + 2) + html + jpeg[2:],
        ),
        "gif and script": ("both.gif", b"GIF89a/*" + png + b"*/=1;fetch('x')"),
    }


def _drawing_bombs() -> dict[str, bytes]:
    doubled = "".join(
        f'<g id="g{n}"><use href="#g{n - 1}"/><use href="#g{n - 1}"/></g>' for n in range(1, 40)
    )
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    patterns = "".join(
        f'<pattern id="p{n}" width="1" height="1" patternUnits="userSpaceOnUse">'
        f'<rect width="99" height="99" fill="url(#p{n + 1})"/></pattern>'
        for n in range(40)
    )
    stops = '<stop offset="0" stop-color="red"/>' * 15_000
    flood = b64encode(_png(20_000, 20_000, bits=1)).decode()
    sources = {
        "use": svg(f'<defs><g id="g0"><rect width="1" height="1"/></g>{doubled}</defs>'
                   '<use href="#g39"/>'),
        "use of itself": svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'),
        "patterns": svg(f'{patterns}<rect width="999" height="999" fill="url(#p0)"/>'),
        "dashes": svg('<path d="M0 0H1e9" stroke="red" stroke-dasharray="0.00001 0.00001"/>'),
        "gradient": svg(f'<linearGradient id="g" spreadMethod="repeat">{stops}</linearGradient>'
                        '<rect fill="url(#g)" width="9" height="9"/>'),
        "path": svg(f'<path d="M0 0{"L1 1" * 400_000}"/>'),
        "text": svg(f'<text>{"w" * 400_000}</text>'),
        "effects": svg('<filter id="f" width="1e9" height="1e9"><feTurbulence numOctaves="9999"/>'
                       + '<feGaussianBlur stdDeviation="99999"/>' * 500
                       + '</filter><rect filter="url(#f)" width="9" height="9"/>'),
        "markers": svg('<marker id="m"><path marker-end="url(#m)" d="M0 0h1"/></marker>'
                       f'<path marker-mid="url(#m)" d="M0 0{"h1" * 19_000}"/>'),
        "depth": svg("<g>" * 15_000 + "</g>" * 15_000),
        "selectors": svg(f"<style>{'g > g + g ~ g * {fill:red}' * 3_000}</style>"
                         + "<g/>" * 15_000),
        "numbers": svg('<rect x="1e308" width="1e308" height="-1e308"/><text font-size="1e307">n'
                       '</text><circle r="nan"/><path d="M1e400 1e400a1e300 0 0 1 1 1 1"/>'),
        "viewport": '<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e-9"'
                    ' viewBox="0 0 1e-30 1e30"><rect width="9" height="9"/></svg>',
        "picture": svg(f'<image href="data:image/png;base64,{flood}" width="9" height="9"/>'),
        "entities": svg("<text>&a11;</text>", f'<!DOCTYPE svg [<!ENTITY a0 "ha">{laughs}]>'),
        "long entity": svg(f"<text>{'&a;' * 9_000}</text>",
                           f'<!DOCTYPE svg [<!ENTITY a "{"a" * 90_000}">]>'),
    }  # fmt: skip
    packed = gzip.compress(
        b"<svg xmlns='http://www.w3.org/2000/svg'>" + b" " * 90_000_000, 9, mtime=0
    )
    return {f"drawing of {name}": x.encode() for name, x in sources.items()} | {
        "drawing packed": packed
    }


def _encoded(file_format: str, size: tuple[int, int]) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").resize(size).convert("RGB").save(out, file_format)
    return out.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


@lru_cache
def _png(width: int, height: int, bits: int = 8, rows: int = 0) -> bytes:
    """A black PNG; `rows` cuts the pixels short of what the head says."""
    row = bytes(1 + (width * bits + 7) // 8) if width < 100_000 else bytes(1)
    packer = zlib.compressobj(9)
    pixels = b"".join(packer.compress(row) for _ in range(rows or height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _png_with(kind: bytes, content: bytes) -> bytes:
    """A small PNG with one more chunk behind its head."""
    plain = _encoded("PNG", (30, 20))
    return plain[:33] + _chunk(kind, content) + plain[33:]


def _animated_png(frames: int) -> bytes:
    """One picture that says it has this many frames."""
    control = struct.pack(">IIIIIHHBB", 0, 30, 20, 0, 0, 0, 0, 9, 9)
    plain = _encoded("PNG", (30, 20))
    head = _chunk(b"acTL", struct.pack(">II", frames, 0)) + _chunk(b"fcTL", control)
    return plain[:33] + head + plain[33:]


def _gif(width: int, height: int, frames: int = 1) -> bytes:
    """Frames of two colours as large as the screen is said to be, each with pixels for one dot."""
    size = struct.pack("<HH", width, height)
    palette = b"\x80\0\0" + b"\0\0\0\xff\xff\xff"
    frame = b",\0\0\0\0" + size + b"\0\x02\x02D\x01\0"
    return b"GIF89a" + size + palette + frame * frames + b";"


def _webp(width: int, height: int) -> bytes:
    """The extended head of a WebP file, and no pixels (RFC 9649, 2.7)."""
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _tiff(width: int, height: int, compression: int, following: int = 0) -> bytes:
    """One directory: its entries are tag, type 4 (32 bits), count, value (TIFF 6.0, section 2)."""
    entries = ((256, width), (257, height), (258, 8), (259, compression), (262, 1), (273, 200))
    rest = ((277, 1), (278, height), (279, 2**31 - 1))
    rows = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries + rest)
    count = struct.pack("<H", len(entries) + len(rest))
    return b"II*\0\x08\0\0\0" + count + rows + struct.pack("<I", following) + bytes(200)


def _tiff_pages(count: int) -> bytes:
    """Directories one after another, each of a picture of one dot."""
    size = 2 + 9 * 12 + 4
    pages = b"".join(
        _tiff(1, 1, 1, following=8 + (number + 1) * size)[8 : 8 + size] for number in range(count)
    )
    return b"II*\0\x08\0\0\0" + pages + bytes(200)


def _bmp(width: int, height: int) -> bytes:
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 100, 0, 0, 54) + head + bytes(100)


def _jpeg(width: int, height: int) -> bytes:
    """A photo whose frame head says another size (ITU-T T.81, B.2.2)."""
    photo = bytearray(_encoded("JPEG", (64, 64)))
    at = photo.index(b"\xff\xc0")
    photo[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(photo)


def _scans(count: int) -> bytes:
    """A progressive photo that repeats its last scan; each makes a decoder go over all of it."""
    out = io.BytesIO()
    gradient = Image.radial_gradient("L").resize((2_000, 2_000))
    gradient.save(out, "JPEG", progressive=True, quality=5)
    photo = out.getvalue()
    last = photo[photo.rindex(b"\xff\xda") : -2]
    return photo[:-2] + last * count + photo[-2:]


def _type(title: str) -> str:
    return {"svg": "image/svg+xml", "jpg": "image/jpeg", "tif": "image/tiff"}.get(
        ending := title.rpartition(".")[2], f"image/{ending}"
    )
