"""Site: spaces, pages and people of a make-believe Confluence, and who may see what. Pure.

Values only; `site_folder` reads them from disk and checks them.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, quote_plus
from uuid import NAMESPACE_URL, uuid5


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in."""

    account_id: str  # "712020:2f…"
    display_name: str
    locale: str  # "en-GB"
    time_zone: str  # "Europe/Berlin"
    admin: bool  # may administer the whole site


@dataclass(frozen=True, slots=True)
class Group:
    """People who are given rights together."""

    id: str  # "5f3c1c9e-…"
    name: str
    members: frozenset[str]  # account ids


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a page. Of older ones, nothing else is kept."""

    number: int
    created_at: str  # "2026-03-01T09:30:00.000Z"
    author_id: str
    message: str = ""
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a page."""

    id: str  # "att65600"
    page_id: str
    title: str  # "Plan of the site.png"
    media_type: str  # "image/png"
    file: str  # as written in site.json, so that bodies may name it
    path: Path

    @property
    def number(self) -> str:
        """The id as HTML attributes carry it: without `att`."""
        return self.id.removeprefix("att")

    @property
    def media_id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"playground:{self.id}"))


@dataclass(frozen=True, slots=True)
class Page:
    """A page, a folder or a blog post."""

    id: str
    space_id: str
    title: str
    parent_id: str | None
    position: int
    type: str  # "page", "folder" or "blogpost"
    version: Version
    labels: tuple[str, ...]
    restricted_to: frozenset[str] | None  # account ids; None: everybody who sees the parent
    bodies: Mapping[str, Path]  # by representation: "export_view", "atlas_doc_format", …
    attachments: tuple[Attachment, ...]
    status: str = "current"  # or "archived": out of the tree, and still there for who knows it
    owner_id: str = ""  # empty: whoever wrote it
    older: tuple[Version, ...] = ()  # the newest first

    @property
    def versions(self) -> tuple[Version, ...]:
        """All that are known, the newest first."""
        return (self.version, *self.older)

    @property
    def first(self) -> Version:
        """The oldest version that is known: when the page was written, and by whom."""
        return self.versions[-1]

    @property
    def slug(self) -> str:
        return quote_plus(self.title) or "-"

    @property
    def tiny(self) -> str:
        """The id as short addresses carry it: 65539 is "AwAB" in `/wiki/x/AwAB`."""
        number = int(self.id)
        code = b64encode(number.to_bytes((number.bit_length() + 7) // 8, "little"))
        return code.decode().rstrip("=").rstrip("A").translate(str.maketrans("+/", "_-"))


@dataclass(frozen=True, slots=True)
class Space:
    """A space. Every user of the site may view it."""

    id: str
    key: str
    name: str
    homepage_id: str
    admins: frozenset[str]  # account ids


@dataclass(frozen=True)
class Site:
    """Everything that the make-believe Confluence holds."""

    title: str
    users: Mapping[str, User]  # by account id
    spaces: Mapping[str, Space]  # by id
    pages: Mapping[str, Page]  # by id
    groups: tuple[Group, ...] = ()  # by name
    _children: Mapping[str | None, tuple[Page, ...]] = field(init=False, repr=False)
    _attachments: Mapping[str, Attachment] = field(init=False, repr=False)
    _files: Mapping[str, Attachment] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        children: dict[str | None, list[Page]] = {}
        for page in sorted(self.pages.values(), key=lambda page: (page.position, int(page.id))):
            children.setdefault(page.parent_id, []).append(page)
        attachments = [file for page in self.pages.values() for file in page.attachments]
        # Frozen, and yet three look-up tables are made once from the fields.
        object.__setattr__(self, "_children", {key: tuple(of) for key, of in children.items()})
        object.__setattr__(self, "_attachments", {file.id: file for file in attachments})
        object.__setattr__(self, "_files", {file.file: file for file in attachments})

    __hash__ = object.__hash__  # one site, one identity: the cache of `_visible` needs no more

    def space_of(self, page: Page) -> Space:
        return self.spaces[page.space_id]

    def space_by_key(self, key: str) -> Space | None:
        return next((space for space in self.spaces.values() if space.key == key), None)

    def attachment(self, attachment_id: str) -> Attachment | None:
        """Find an attachment; `att` in front of the number may be left out."""
        return self._attachments.get("att" + attachment_id.removeprefix("att"))

    def attachment_by_file(self, file: str) -> Attachment | None:
        return self._files.get(file)

    def children(self, page_id: str) -> tuple[Page, ...]:
        """Give pages and folders right below a page, in the order of the page tree."""
        return self._children.get(page_id, ())

    def roots(self, space: Space) -> tuple[Page, ...]:
        """Give what hangs below nothing; blog posts are no part of the page tree."""
        top = self._children.get(None, ())
        return tuple(page for page in top if page.space_id == space.id and page.type != "blogpost")

    def ancestors(self, page: Page) -> tuple[Page, ...]:
        """Give the way down to a page, highest first, without the page itself."""
        way: list[Page] = []
        while page.parent_id is not None:
            page = self.pages[page.parent_id]
            way.insert(0, page)
        return tuple(way)

    def descendants(self, page_id: str, depth: int) -> Iterator[tuple[Page, int]]:
        """Give what lies below, level by level, each with its depth from 1."""
        level: tuple[Page, ...] = self.children(page_id)
        for below in range(1, depth + 1):
            for page in level:
                yield page, below
            level = tuple(child for page in level for child in self.children(page.id))

    def visible(self, account_id: str | None, locked: Iterable[str] = ()) -> frozenset[str]:
        """Tell the ids of all pages that an account may see; None is an account on no list.

        `locked` pages are closed to everybody, as if restricted a moment ago.
        """
        return _visible(self, account_id, frozenset(locked))

    def is_admin(self, account_id: str | None) -> bool:
        return account_id is not None and account_id in self.users and self.users[account_id].admin

    def administers(self, account_id: str | None, space: Space) -> bool:
        return account_id in space.admins or self.is_admin(account_id)

    def groups_of(self, account_id: str) -> tuple[Group, ...]:
        return tuple(group for group in self.groups if account_id in group.members)

    def web_path(self, page: Page) -> str:
        """Give the address of a page below the base URL: "/spaces/DOC/pages/65537/Title"."""
        key = quote(self.space_of(page).key)
        if page.type == "folder":
            return f"/spaces/{key}/folder/{page.id}"
        if page.type == "blogpost":
            day = page.first.created_at[:10].replace("-", "/")
            return f"/spaces/{key}/blog/{day}/{page.id}/{page.slug}"
        return f"/spaces/{key}/pages/{page.id}/{page.slug}"


@lru_cache(maxsize=64)
def _visible(site: Site, account_id: str | None, locked: frozenset[str]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(site._children.get(None, ()))
    while waiting:
        page = waiting.pop()
        listed = page.restricted_to is None or account_id in page.restricted_to
        # Restrictions are inherited: nothing below a closed page is looked at.
        if listed and page.id not in locked:
            seen.add(page.id)
            waiting.extend(site.children(page.id))
    return frozenset(seen)
