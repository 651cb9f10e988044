"""Pictures for tests, made on the spot."""

from __future__ import annotations

import io

from PIL import Image


def a_png(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    return _saved(Image.new(mode, (width, height), 120 if mode in ("L", "P") else None), "PNG")


def a_jpeg(width: int = 60, height: int = 40, **options: object) -> bytes:
    return _saved(Image.new("RGB", (width, height), "teal"), "JPEG", **options)


def a_noisy_jpeg(width: int = 300, height: int = 200) -> bytes:
    """A photo with more colours than a drawing has."""
    noise = Image.effect_noise((width, height), 80)
    bands = [noise, noise.transpose(Image.Transpose.ROTATE_180), noise.rotate(7)]
    return _saved(Image.merge("RGB", bands), "JPEG", quality=92)


def a_gif(frames: int = 3) -> bytes:
    first, *rest = [Image.new("P", (20, 20), colour) for colour in range(frames)]
    return _saved(first, "GIF", save_all=True, append_images=rest)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()
