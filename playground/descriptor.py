"""Descriptor: the JSON of an app goes in, a checked Descriptor with its modules comes out. Pure.

Only what Confluence honours here is read: menu items, dialogs, pages, space tabs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

LIST_MODULES = ("webItems", "spaceToolsTabs", "dialogs", "generalPages", "adminPages")
SINGLE_MODULES = ("configurePage", "postInstallPage")
SCOPES = {"NONE", "READ", "WRITE", "DELETE", "SPACE_ADMIN", "ADMIN", "ACT_AS_USER"}
_VARIABLE = re.compile(r"\{([a-z]+\.[a-z.]+)\}")


class BadDescriptor(Exception):
    """The app cannot be installed; the message says what its descriptor lacks."""


@dataclass(frozen=True, slots=True)
class Module:
    """One module of an app."""

    kind: str  # "webItems"
    key: str
    name: str
    url: str  # with variables, relative to the app: "/dialog?page={content.id}"
    location: str  # "system.content.action"
    weight: int
    target: Mapping[str, Any]  # {"type": "dialog", "options": {…}}
    cacheable: bool

    @property
    def dialog_options(self) -> Mapping[str, Any]:
        options: Mapping[str, Any] = self.target.get("options") or {}
        return options


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What an app says about itself."""

    key: str
    name: str
    description: str
    vendor: str
    base_url: str
    lifecycle: Mapping[str, str]  # "installed": "/installed"
    scopes: frozenset[str]  # upper case
    modules: tuple[Module, ...]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    def of_kind(self, kind: str, location: str = "") -> tuple[Module, ...]:
        """Give the modules of a kind, by weight; those of one location if it is named."""
        found = (
            module
            for module in self.modules
            if module.kind == kind and module.location.startswith(location)
        )
        return tuple(sorted(found, key=lambda module: module.weight))

    def module(self, key: str) -> Module | None:
        return next((module for module in self.modules if module.key == key), None)


def read(content: object) -> Descriptor:
    """Check a descriptor as Confluence does at installation.

    >>> read({"key": "an app"})
    Traceback (most recent call last):
    playground.descriptor.BadDescriptor: The key "an app" may hold letters, digits and -._ only.
    """
    if not isinstance(content, dict):
        raise BadDescriptor("The descriptor is no JSON object.")
    _check_identity(content)
    _check_trust(content)
    return Descriptor(
        key=content["key"],
        name=str(content.get("name") or content["key"]),
        description=str(content.get("description") or ""),
        vendor=str((content.get("vendor") or {}).get("name") or ""),
        base_url=content["baseUrl"].rstrip("/"),
        lifecycle=content["lifecycle"],
        scopes=frozenset(str(scope).upper() for scope in content.get("scopes") or ()),
        modules=_modules(content.get("modules") or {}),
    )


def filled(url: str, variables: Mapping[str, str]) -> str:
    """Put context variables into a module's address; unknown ones become empty.

    >>> filled("/p/{content.id}?s={space.key}&x={user.id}", {"content.id": "7", "space.key": "A B"})
    '/p/7?s=A+B&x='
    """
    path, mark, query = url.partition("?")
    path = _VARIABLE.sub(lambda found: quote(variables.get(found[1], ""), safe=""), path)
    return path + mark + _VARIABLE.sub(lambda one: quote_plus(variables.get(one[1], "")), query)


def _check_identity(content: Mapping[str, Any]) -> None:
    key, base_url = str(content.get("key", "")), str(content.get("baseUrl", ""))
    if not re.fullmatch(r"[a-zA-Z0-9._-]{1,80}", key):
        raise BadDescriptor(f'The key "{key}" may hold letters, digits and -._ only.')
    if not re.fullmatch(r"https?://[^\s?#]{1,190}", base_url):
        raise BadDescriptor(f'The baseUrl "{base_url}" is no web address.')


def _check_trust(content: Mapping[str, Any]) -> None:
    if str((content.get("authentication") or {}).get("type")).lower() != "jwt":
        raise BadDescriptor('The authentication must be of the type "jwt".')
    lifecycle = content.get("lifecycle")
    if not isinstance(lifecycle, dict) or "installed" not in lifecycle:
        raise BadDescriptor('An app with JWT authentication needs the lifecycle path "installed".')
    for name, path in lifecycle.items():
        if not str(path).startswith("/"):
            raise BadDescriptor(f'The lifecycle path "{name}" must be relative: {path}')
    migrations = content.get("apiMigrations") or {}
    for name in ("signed-install", "context-qsh"):
        if migrations.get(name) is not True:
            raise BadDescriptor(f'apiMigrations must turn on "{name}".')
    unknown = {str(scope).upper() for scope in content.get("scopes") or ()} - SCOPES
    if unknown:
        raise BadDescriptor(f"Unknown scopes: {', '.join(sorted(unknown))}.")


def _modules(content: Mapping[str, Any]) -> tuple[Module, ...]:
    rows = [(kind, row) for kind in LIST_MODULES for row in content.get(kind) or ()]
    rows += [(kind, content[kind]) for kind in SINGLE_MODULES if kind in content]
    modules = tuple(_module(kind, row) for kind, row in rows)
    keys = [module.key for module in modules]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise BadDescriptor(f"Module keys appear twice: {', '.join(sorted(twice))}.")
    return modules


def _module(kind: str, row: Mapping[str, Any]) -> Module:
    key, url = str(row.get("key", "")), str(row.get("url", ""))
    if not re.fullmatch(r"[a-zA-Z0-9-]{1,100}", key):
        raise BadDescriptor(f'The module key "{key}" may hold letters, digits and - only.')
    if url and not url.startswith("/"):
        raise BadDescriptor(f'The address of module "{key}" must be relative: {url}')
    options = row.get("options")
    return Module(
        kind=kind,
        key=key,
        name=str((row.get("name") or {}).get("value") or key),
        url=url,
        location=str(row.get("location") or ""),
        weight=int(row.get("weight", 100)),
        target=row.get("target") or ({"type": "dialog", "options": options} if options else {}),
        cacheable=bool(row.get("cacheable", False)),
    )
