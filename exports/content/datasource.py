"""Datasource: live lists, of which a page holds a link with a question in it, and no answer. Pure.

`queries` says what to search for before the page is cleaned; the step `lists` sets what was found.
Only lists of Confluence's own content can be read; the others become cards.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from exports.content import adf, cql, markup
from exports.content.draft import Draft, box
from exports.content.nodes import (
    Element,
    add_all,
    find,
    is_blank,
    make,
    plain,
    put_block,
    replace,
    text_of,
)
from exports.document import Listed, Page

MOST_LISTS = 20  # a page
MOST_ROWS = 100  # of one list
MOST_COLUMNS = 14
LONGEST_SOURCE = 20_000  # characters of JSON
LONGEST_EXCERPT = 240  # characters, as printed
LONGEST_NAME = 200  # characters of a list's name in the report

CONFLUENCE = "768fc736-3af4-4a8f-b27e-203602bff8ca"
KINDS = {  # by the id that is the same on every site: its name on the sheet, and in the report
    CONFLUENCE: ("Confluence list", "list of Confluence content"),
    "d8b75300-dfda-4519-b6cd-e49abbd50401": ("Jira work items", "list of Jira work items"),
    "361d618a-3c04-40ad-9b27-3c8ea6927020": ("Assets objects", "list of Assets objects"),
}
UNKNOWN = ("Live list", "live list")
TYPES = {"blogpost": "Blog post", "embed": "Smart link"}  # whose own word is not for people

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class LiveList:
    """What a link says of the list it stands for."""

    id: str  # of the kind of list
    query: str = ""  # CQL; empty when it cannot be asked
    words: str = ""  # that the list searches for
    columns: tuple[str, ...] = ()  # keys, as the author chose them

    @property
    def title(self) -> str:
        return KINDS.get(self.id, UNKNOWN)[0]

    @property
    def called(self) -> str:
        return KINDS.get(self.id, UNKNOWN)[1]


def queries(page: Page, site: str = "") -> tuple[str, ...]:
    """The CQL of the lists that a page shows, from its HTML and its ADF, each once.

    `site` is the address the site itself goes by, when its people read it at another one.
    """
    hosts = _hosts(page.url, site)
    found = (*_in_html(page.html), *_in_adf(page.adf))
    asked = (read(source, address, hosts).query for source, address in found)
    return tuple(islice(dict.fromkeys(query for query in asked if query), MOST_LISTS))


def lists(draft: Draft) -> None:
    """Set live lists: as a table of what was found, else as a card (C-59)."""
    links = find(draft.body, ".//a[@data-datasource]")
    hosts = _hosts(draft.page.url, draft.site)
    sentences = _sentences(links)
    lifted: list[tuple[Element, Element]] = []
    for count, link in enumerate(links, start=1):
        address = (link.get("href") or "").strip()
        live = read(link.get("data-datasource"), address, hosts)
        name = _name(link, address)
        rows = draft.page.lists.get(live.query) if live.query else None
        if count > MOST_LISTS:
            replace(link, _card(draft, live, name, address))
        elif rows is None:
            card = add_all(make("p"), [_card(draft, live, name, address)])
            lifted.append((_place(link, live, name, sentences), card))
        else:
            table = _table(draft, live, rows, name, address)
            lifted.append((_place(link, live, name, sentences), table))
    # Backwards: each is put right behind the paragraph that it stood in.
    for place, block in reversed(lifted):
        put_block(place, block)


def read(source: object, address: str, hosts: frozenset[str]) -> LiveList:
    """Read a datasource, as JSON or parsed, and the address of its list.

    `hosts` are those of this site. A list may be of another one, where the same question has other
    answers: that is not asked.
    """
    source = _parsed(source) if isinstance(source, str) else source
    if not isinstance(source, dict):
        return LiveList("")
    kind = str(source.get("id") or "").strip().lower()
    parameters = source.get("parameters")
    if kind != CONFLUENCE or not isinstance(parameters, dict):
        return LiveList(kind)
    is_here = bool(address) and _host(address) in {"", *hosts}
    words = parameters.get("searchString")
    return LiveList(
        kind,
        cql.written(parameters) if is_here else "",
        _line(words) if isinstance(words, str) else "",
        _columns(source),
    )


def _parsed(text: str) -> object:
    if len(text) > LONGEST_SOURCE:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _columns(source: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns of the first view that has some."""
    views = source.get("views")
    for view in views if isinstance(views, list) else []:
        properties = view.get("properties") if isinstance(view, dict) else None
        columns = properties.get("columns") if isinstance(properties, dict) else None
        if isinstance(columns, list):
            keys = (column.get("key") for column in columns if isinstance(column, dict))
            texts = (_line(key)[:40] for key in keys if isinstance(key, str))
            return tuple(dict.fromkeys(text for text in texts if text))[:MOST_COLUMNS]
    return ()


def _hosts(*addresses: str) -> frozenset[str]:
    return frozenset(_host(address) for address in addresses if address)


def _host(address: str) -> str:
    """The host of an address, empty for one within the site."""
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:  # e.g. https://[
        return address


def _in_html(html: str) -> Iterator[tuple[object, str]]:
    """Datasources and the addresses of their lists, as the steps will find them."""
    if "data-datasource" not in html:
        return
    try:
        body = markup.parse(markup.repair(html).html)
    except (etree.LxmlError, ValueError):
        return
    for link in find(body, ".//a[@data-datasource]"):
        yield link.get("data-datasource"), (link.get("href") or "").strip()


def _in_adf(text: str) -> Iterator[tuple[object, str]]:
    document = adf.parse(text) if '"datasource"' in text else None
    for node in document.walk() if document else ():
        if "datasource" in node.attrs:
            yield node.attrs["datasource"], node.attr("url").strip()


def _sentences(links: Sequence[Element]) -> set[Element]:
    """The paragraphs that say more than the names of lists."""
    named: Counter[Element] = Counter()
    for link in links:
        for paragraph in link.iterancestors("p"):
            named[paragraph] += _length(link)
    return {paragraph for paragraph, length in named.items() if _length(paragraph) > length}


def _length(element: Element) -> int:
    return len("".join(text_of(element).split()))


def _place(link: Element, live: LiveList, name: str, sentences: set[Element]) -> Element:
    """Where the list is lifted from. A sentence that goes on or names the list keeps a link."""
    # Not blank, or its paragraph would go with the first of two lists.
    place = make("span", "", live.title)
    if next(link.iterancestors("p"), None) in sentences and (name or (link.tail or "").strip()):
        replace(link, make("a", "", name or live.title, href=link.get("href") or ""), place)
    else:
        replace(link, place)
    return place


def _name(link: Element, address: str) -> str:
    """The words of the link, unless they are a bare address."""
    words = plain(link)
    is_address = words == address or words.startswith(("http://", "https://", "/"))
    return "" if is_blank(link) or is_address else words


def _card(draft: Draft, live: LiveList, name: str, address: str) -> Element:
    """Stands for a list that was not read."""
    why = "could not be read" if live.id == CONFLUENCE else "is not part of what Confluence exports"
    draft.note(
        "list_left_out",
        f"A {live.called}{_quoted(name or address)} {why}.",
        "A box with a link to the list stands in its place.",
    )
    words = name or ("Open the list" if address else "")
    card = box(f"{live.title}, not exported.", words, address)
    card.set("class", "xp-box xp-box-list")
    return card


def _quoted(name: str) -> str:
    """A list's name or address as part of a sentence."""
    return f" (“{name[:LONGEST_NAME]}”)" if name else ""


def _table(
    draft: Draft, live: LiveList, rows: Sequence[Listed], name: str, address: str
) -> Element:
    """What was found, below the list's name, in the columns that its author chose."""
    name = name or (f"{live.title}: “{live.words}”" if live.words else live.title)
    head = add_all(make("p", "xp-list-title"), [make("a", "", name, href=address)])
    block = add_all(make("div"), [head])
    if not rows:
        return add_all(block, [make("p", "xp-small", "No results")])
    keys = [key for key in live.columns if key in COLUMNS] or DEFAULT_COLUMNS
    table = make("table", "confluenceTable")
    table.append(add_all(make("tr"), (make("th", "", COLUMNS[key].title) for key in keys)))
    for row in rows[:MOST_ROWS]:
        table.append(add_all(make("tr"), (COLUMNS[key].cell(draft, row) for key in keys)))
    block.append(table)
    if unknown := [key for key in live.columns if key not in COLUMNS]:
        draft.note(
            "list_columns_left_out",
            f"A {live.called}{_quoted(name)} has columns that XPress does not know: "
            f"{', '.join(unknown)}.",
            "The table is printed without them.",
            "info",
        )
    if len(rows) > MOST_ROWS:
        draft.note(
            "list_shortened",
            f"A {live.called}{_quoted(name)} has more than {MOST_ROWS} results.",
            f"The first {MOST_ROWS} are printed, below a link to the whole list.",
        )
        block.append(make("p", "xp-small", f"These are the first {MOST_ROWS} results."))
    return block


def _title_cell(draft: Draft, row: Listed) -> Element:
    address = _line(row.url)
    if not address and row.id:
        address = f"{draft.site}/pages/viewpage.action?pageId={row.id}"
    if not address:
        return make("td", "", _line(row.title))
    link = make("a", "", _line(row.title), href=address)
    if row.type in ("page", "blogpost"):
        # So that a page of this export is found, however its address is written.
        link.set("data-linked-resource-type", row.type)
        link.set("data-linked-resource-id", row.id)
    return add_all(make("td"), [link])


def _labels_cell(draft: Draft, row: Listed) -> Element:
    cell = add_all(make("td"), (make("span", "xp-label", _line(label)) for label in row.labels))
    for label in list(cell)[:-1]:
        label.tail = " "
    return cell


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called, and how a row is shown in it."""

    title: str
    cell: Callable[[Draft, Listed], Element]


def _of_text(title: str, text: Callable[[Listed], str]) -> Column:
    return Column(title, lambda draft, row: make("td", "", _line(text(row))))


_LAST_CHANGED = _of_text("Last changed", lambda row: _day(row.modified_at))
# By the keys that lists of Confluence's content use.
COLUMNS = {
    "title": Column("Title", _title_cell),
    "type": _of_text("Type", lambda row: TYPES.get(row.type, row.type.capitalize())),
    "description": _of_text("Description", lambda row: _shortened(row.excerpt)),
    "space": _of_text("Space", lambda row: row.space),
    "status": _of_text("Status", lambda row: row.status.capitalize()),
    "labels": Column("Labels", _labels_cell),
    "versionNumber": _of_text("Version", lambda row: str(row.version or "")),
    "updatedAt": _LAST_CHANGED,
    "lastModified": _LAST_CHANGED,
    "updatedBy": _of_text("Changed by", lambda row: row.modified_by),
    "createdAt": _of_text("Created", lambda row: _day(row.created_at)),
    "createdBy": _of_text("Created by", lambda row: row.created_by),
    "ownedBy": _of_text("Owner", lambda row: row.owned_by),
}
DEFAULT_COLUMNS = ["title", "space", "updatedAt"]


def _day(text: str) -> str:
    """An ISO 8601 time as a day, e.g. "2 Nov 2026"."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{time.day} {time:%b} {time.year}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT].rstrip()}…"


def _line(text: str) -> str:
    """Text of outside origin on one line, without what no document can hold."""
    return " ".join(_UNPRINTABLE.sub(" ", text).split())
