"""Attack: a page that wants something it must not get, and the bait it reaches for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Bait:
    """What nobody may ask for, and what nobody may read."""

    port: int  # of the canary, on every spelling of this machine's own address
    secret: Path  # a text file of this machine
    drawing: Path  # a drawing of this machine; a printer that read it would print its words
    stranger: str  # number of an attachment that hangs on a page nobody here may see
    hidden_page: str  # the id of that page

    def web(self, name: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        """An address of the canary. Its path tells which attack got there."""
        return f"{scheme}://{host}:{self.port}/{name}"

    @property
    def file(self) -> str:
        return self.secret.as_uri()


@dataclass(frozen=True, slots=True)
class File:
    """A file that hangs on the page."""

    title: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Attack:
    """One page. Its words stand before and after what is hostile in it."""

    name: str
    html: str
    files: tuple[File, ...] = ()
    adf: Mapping[str, Any] | str | None = None
    title: str = ""  # the page's; its name when empty
    shows: str = ""  # words within what is hostile that must be on a sheet
    is_whole: bool = False  # the hostile part is the whole body
    swallows: bool = False  # browsers, too, show nothing of the page after it

    @property
    def page_title(self) -> str:
        return self.title or self.name

    @property
    def opening(self) -> str:
        return f"Begin of {self.name}."

    @property
    def ending(self) -> str:
        return f"End of {self.name}."

    @property
    def body(self) -> str:
        if self.is_whole:
            return self.html
        return f"<p>{self.opening}</p>\n{self.html}\n<p>{self.ending}</p>"


def listed(pieces: Mapping[str, str], prefix: str, **more: Any) -> Iterator[Attack]:
    """An attack of each piece of HTML, by name."""
    for name, html in pieces.items():
        yield Attack(f"{prefix} {name}", html, **more)


def picture(file_name: str, **attributes: str) -> str:
    """An image as Confluence writes one; the playground gives it its addresses."""
    given = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
    return f'<p><img class="confluence-embedded-image" src="{escape(file_name)}"{given}></p>'


def attached(name: str, file: File, **attributes: str) -> Attack:
    """A page that shows its attachment."""
    return Attack(name, picture(file.title, **attributes), (file,))
