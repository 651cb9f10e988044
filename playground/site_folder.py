"""Site folder: a folder with site.json goes in, a checked Site comes out. Reads the disk.

Every fault of the folder is named in one error, so that it can be mended in one go.
"""

import json
import mimetypes
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from playground.site import Attachment, Group, Page, Site, Space, User, Version

Row = dict[str, Any]

BODIES = {  # the field of site.json, and the representation that it fills
    "body": "export_view",
    "view": "view",
    "storage": "storage",
    "adf": "atlas_doc_format",
}
PAGE_TYPES = ("page", "folder", "blogpost")
STATUSES = ("current", "archived")
LONG_AGO = "2026-01-05T09:00:00.000Z"


class BadSite(Exception):
    """The folder cannot be served; the message lists why."""


def load(folder: Path) -> Site:
    """Read and check a site folder.

    >>> load(Path("nowhere"))
    Traceback (most recent call last):
    playground.site_folder.BadSite: nowhere/site.json does not exist.
    """
    content = _content(folder / "site.json")
    problems: list[str] = []
    users = _users(content, problems)
    spaces = _spaces(content, problems)
    pages = _pages(content, folder, next(iter(users), ""), problems)
    groups = _groups(content, problems)
    # Relations are looked at only where the rows themselves are sound, or they would say it twice.
    if not problems:
        _check_people(users, spaces, pages, groups, problems)
        _check_tree(spaces, pages, problems)
        _check_attachments(pages, problems)
    if problems:
        more = f"\n  … and {len(problems) - 20} more" if len(problems) > 20 else ""
        raise BadSite(f"{folder} cannot be served:\n  " + "\n  ".join(problems[:20]) + more)
    return Site(str(content.get("title") or "Playground"), users, spaces, pages, groups)


def _content(path: Path) -> Row:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSite(f"{path} does not exist.") from None
    except ValueError as error:
        raise BadSite(f"{path} is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise BadSite(f"{path} must hold an object.")
    return content


def _users(content: Row, problems: list[str]) -> dict[str, User]:
    rows = _rows(content, "users", problems)
    # Where nobody is named an administrator, the first user is.
    named = any(row.get("admin") for row in rows)
    users: dict[str, User] = {}
    for index, row in enumerate(rows):
        account_id = _text(row, "accountId", f"user {index + 1}", problems)
        if account_id in users:
            problems.append(f"user {account_id} appears twice.")
        users[account_id] = User(
            account_id=account_id,
            display_name=str(row.get("displayName") or account_id),
            locale=str(row.get("locale") or "en-US"),
            time_zone=str(row.get("timeZone") or "Etc/UTC"),
            admin=bool(row.get("admin")) if named else index == 0,
        )
    if not users:
        problems.append("there is no user, and somebody must look at the pages.")
    return users


def _spaces(content: Row, problems: list[str]) -> dict[str, Space]:
    spaces: dict[str, Space] = {}
    for index, row in enumerate(_rows(content, "spaces", problems)):
        name = f"space {row.get('key') or index + 1}"
        space_id = _number(row, "id", name, problems)
        if space_id in spaces:
            problems.append(f"the id {space_id} of {name} appears twice.")
        spaces[space_id] = Space(
            id=space_id,
            key=_text(row, "key", name, problems),
            name=str(row.get("name") or row.get("key")),
            homepage_id=_number(row, "homepageId", name, problems),
            admins=frozenset(row.get("admins") or ()),
        )
    for key, count in Counter(space.key for space in spaces.values()).items():
        if count > 1:
            problems.append(f"the space key {key} appears {count} times.")
    if not spaces:
        problems.append("there is no space.")
    return spaces


def _groups(content: Row, problems: list[str]) -> tuple[Group, ...]:
    groups: list[Group] = []
    for index, row in enumerate(_rows(content, "groups", problems)):
        name = f"group {row.get('name') or index + 1}"
        group_id = _text(row, "id", name, problems)
        members = frozenset(row.get("members") or ())
        groups.append(Group(group_id, _text(row, "name", name, problems), members))
    for group_id, count in Counter(group.id for group in groups).items():
        if count > 1:
            problems.append(f"the group id {group_id} appears {count} times.")
    return tuple(sorted(groups, key=lambda group: group.name.casefold()))


def _pages(content: Row, folder: Path, author: str, problems: list[str]) -> dict[str, Page]:
    pages: dict[str, Page] = {}
    for index, row in enumerate(_rows(content, "pages", problems)):
        name = f"page {row.get('id') or index + 1}"
        page = _page(row, index, name, folder, author, problems)
        if page.id in pages:
            problems.append(f"{name} appears twice.")
        pages[page.id] = page
    return pages


def _page(row: Row, index: int, name: str, folder: Path, author: str, problems: list[str]) -> Page:
    page_id = _number(row, "id", name, problems)
    kind = row.get("type", "page")
    if kind not in PAGE_TYPES:
        problems.append(f'{name} has the type "{kind}"; it may be {", ".join(PAGE_TYPES)}.')
    status = row.get("status", "current")
    if status not in STATUSES:
        problems.append(f'{name} has the status "{status}"; it may be {" or ".join(STATUSES)}.')
    restricted = row.get("restrictedTo")
    return Page(
        id=page_id,
        space_id=_number(row, "spaceId", name, problems),
        title=_text(row, "title", name, problems),
        parent_id=None if row.get("parentId") is None else str(row["parentId"]),
        position=int(row.get("position", index)),
        type=kind,
        version=_version(row.get("version") or {}, author),
        labels=tuple(row.get("labels") or ()),
        restricted_to=None if restricted is None else frozenset(restricted),
        bodies=_bodies(row, name, folder, problems),
        attachments=tuple(
            _attachment(file, page_id, name, folder, problems)
            for file in row.get("attachments") or ()
        ),
        status=status,
        owner_id=str(row.get("ownerId") or ""),
        older=_older(row, author, name, problems),
    )


def _version(row: Row, author: str) -> Version:
    return Version(
        number=int(row.get("number", 1)),
        created_at=str(row.get("createdAt") or LONG_AGO),
        author_id=str(row.get("authorId") or author),
        message=str(row.get("message") or ""),
        is_minor=bool(row.get("minorEdit")),
    )


def _older(row: Row, author: str, name: str, problems: list[str]) -> tuple[Version, ...]:
    """Read the versions before the current one, which is in `version`."""
    versions = [_version(one, author) for one in _rows(row, "versions", problems)]
    versions.sort(key=lambda one: one.number, reverse=True)
    numbers = [_version(row.get("version") or {}, author).number, *(one.number for one in versions)]
    if len(set(numbers)) < len(numbers) or numbers[0] < max(numbers):
        problems.append(f"the older versions of {name} must have smaller numbers, each its own.")
    return tuple(versions)


def _bodies(row: Row, name: str, folder: Path, problems: list[str]) -> Mapping[str, Path]:
    if row.get("type", "page") != "folder" and not row.get("body"):
        problems.append(f"{name} has no body.")
    return {
        representation: _file(row[field], name, folder, problems)
        for field, representation in BODIES.items()
        if row.get(field)
    }


def _attachment(row: Row, page_id: str, name: str, folder: Path, problems: list[str]) -> Attachment:
    number = str(row.get("id", "")).removeprefix("att")
    if not number.isdecimal():
        problems.append(f'{name} has an attachment with the id "{row.get("id")}"; it needs digits.')
    file = _text(row, "file", f"attachment {number} of {name}", problems)
    title = str(row.get("title") or Path(file).name)
    guessed = mimetypes.guess_type(title)[0] or "application/octet-stream"
    return Attachment(
        id=f"att{number}",
        page_id=page_id,
        title=title,
        media_type=str(row.get("mediaType") or guessed),
        file=file,
        path=_file(file, name, folder, problems),
    )


def _check_people(
    users: Mapping[str, User],
    spaces: Mapping[str, Space],
    pages: Mapping[str, Page],
    groups: Iterable[Group],
    problems: list[str],
) -> None:
    for group in groups:
        for stranger in sorted(group.members - users.keys()):
            problems.append(f"group {group.name} has the unknown member {stranger}.")
    for space in spaces.values():
        for stranger in sorted(space.admins - users.keys()):
            problems.append(f"space {space.key} names the unknown administrator {stranger}.")
    for page in pages.values():
        for stranger in sorted((page.restricted_to or frozenset()) - users.keys()):
            problems.append(f"page {page.id} is restricted to the unknown account {stranger}.")


def _check_tree(
    spaces: Mapping[str, Space], pages: Mapping[str, Page], problems: list[str]
) -> None:
    for space in spaces.values():
        home = pages.get(space.homepage_id)
        if home is None or home.space_id != space.id:
            problems.append(f"the home page {space.homepage_id} is no page of space {space.key}.")
    for page in pages.values():
        if page.space_id not in spaces:
            problems.append(f"page {page.id} is in the unknown space {page.space_id}.")
        if page.parent_id is None:
            continue
        parent = pages.get(page.parent_id)
        if parent is None:
            problems.append(f"page {page.id} is below the unknown page {page.parent_id}.")
        elif parent.space_id != page.space_id:
            problems.append(f"page {page.id} is below a page of another space.")
        elif page.type == "blogpost" or parent.type == "blogpost":
            problems.append(f"page {page.id}: a blog post has no place in the page tree.")
        elif _goes_round(page, pages):
            problems.append(f"page {page.id} is below itself.")


def _goes_round(page: Page, pages: Mapping[str, Page]) -> bool:
    passed = {page.id}
    above = page.parent_id
    while above is not None and above in pages:
        if above in passed:
            return True
        passed.add(above)
        above = pages[above].parent_id
    return False


def _check_attachments(pages: Mapping[str, Page], problems: list[str]) -> None:
    ids = Counter(file.id for page in pages.values() for file in page.attachments)
    problems.extend(f"attachment {one} appears {n} times." for one, n in ids.items() if n > 1)


def _rows(content: Row, name: str, problems: list[str]) -> list[Row]:
    rows = content.get(name) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        problems.append(f'"{name}" must be a list of objects.')
        return []
    return rows


def _text(row: Row, field: str, name: str, problems: list[str]) -> str:
    return _field(row, field, name, problems, lambda text: bool(text.strip()), "a text")


def _number(row: Row, field: str, name: str, problems: list[str]) -> str:
    # Kept as text, as Confluence answers it; its paths take digits only.
    return _field(row, field, name, problems, str.isdecimal, "digits")


def _field(
    row: Row,
    field: str,
    name: str,
    problems: list[str],
    sound: Callable[[str], bool],
    wanted: str,
) -> str:
    text = str(row.get(field, ""))
    if not sound(text):
        problems.append(f'{name} needs {wanted} as "{field}", and it has "{text}".')
    return text


def _file(name: str, owner: str, folder: Path, problems: list[str]) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        problems.append(f"{owner} names {name}, which is outside of the folder.")
    elif not path.is_file():
        problems.append(f"{owner} names {name}, which is not there.")
    return path
