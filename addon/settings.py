"""What a site and its spaces have chosen, and what that makes of an order. Pure.

    template's options  ←  start values of the space, or of the site  ←  wishes  ←  locked options

A space has settings of its own or the site's, whole. What the site has locked holds in every space.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from addon.errors import XPressError
from addon.options import OPTIONS, ExportOptions
from addon.shipped import ARTICLE, SHIPPED

Origin = Literal["shipped", "site", "space"]
Who = Literal["everyone", "groups", "nobody"]
WHO: tuple[Who, ...] = ("everyone", "groups", "nobody")
MOST_GROUPS = 50
LIMITS = ("pages", "sheets", "seconds")


class OptionLocked(XPressError):
    """An order wishes what an administrator has fixed otherwise."""

    status = 403
    code = "option_locked"


class NoTemplate(XPressError):
    """There is no template of that key here, or it was put away."""

    status = 422
    code = "no_template"


class ExportsOff(XPressError):
    """The caller may not export from this space."""

    status = 403
    code = "exports_off"


@dataclass(frozen=True, slots=True)
class Group:
    """A group of Confluence's."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """Who may export, of those who may see."""

    who: Who = "everyone"
    groups: tuple[Group, ...] = ()

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        who = stored.get("who")
        rows = stored.get("groups")
        groups = tuple(
            Group(row["id"], row["name"])
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict)
            and isinstance(row.get("id"), str)
            and isinstance(row.get("name"), str)
        )
        # Whatever cannot be read closes, never opens.
        if stored and who not in WHO:
            return cls("nobody")
        return cls(who if who in WHO else "everyone", groups)

    def to_stored(self) -> dict[str, Any]:
        return {
            "who": self.who,
            "groups": [{"id": group.id, "name": group.name} for group in self.groups],
        }


@dataclass(frozen=True, slots=True)
class Template:
    """A named set of options."""

    key: str
    name: str
    origin: Origin
    options: ExportOptions
    about: str = ""
    is_archived: bool = False
    revision: int = 0
    stands_for: tuple[str, ...] = ()  # keys of weaker templates of the same name


@dataclass(frozen=True, slots=True)
class Settings:
    """One row's worth: a space's own, or the site's."""

    template: str = ""  # a Template's key; empty: the first there is
    options: Mapping[str, Any] = field(default_factory=dict)  # start values over the template's
    locked: frozenset[str] = frozenset()  # names among them
    access: Access = Access()
    switched_off: frozenset[str] = frozenset()  # the site's: keys of spaces without exports
    limits: Mapping[str, int] = field(default_factory=dict)  # the site's: names of LIMITS
    revision: int = 0  # 0: nothing saved yet

    def changed(self, wanted: Mapping[str, Any], *, is_site: bool) -> Settings:
        """These settings changed by a form; a null option goes back to the template's value.

        Locking needs a value: a lock without one is dropped with it.
        """
        options = {**self.options, **wanted.get("options", {})}
        options = {name: value for name, value in options.items() if value is not None}
        locked = frozenset(wanted.get("locked", self.locked)) & set(options)
        access = wanted.get("access")
        site_only: dict[str, Any] = {}
        if is_site:
            site_only["switched_off"] = frozenset(wanted.get("switched_off", self.switched_off))
            site_only["limits"] = dict(wanted.get("limits", self.limits))
        return Settings(
            wanted.get("template", self.template),
            options,
            locked,
            Access.from_stored(access) if access else self.access,
            **site_only,
        )

    @property
    def fixed(self) -> dict[str, Any]:
        return {name: self.options[name] for name in sorted(self.locked & set(self.options))}


@dataclass(frozen=True, slots=True)
class Standing:
    """All that holds in one space."""

    site: Settings
    own: Settings | None  # None: the space has the site's
    templates: tuple[Template, ...]  # to choose from: the space's, the site's, the shipped
    space_key: str = ""

    @property
    def here(self) -> Settings:
        return self.own or self.site

    @property
    def fixed(self) -> dict[str, Any]:
        """Options that nobody may choose otherwise here; the site's lock is the stronger."""
        return {**self.here.fixed, **self.site.fixed}

    @property
    def default(self) -> Template:
        """What the dialog starts with."""
        keys = [self.here.template, self.site.template, ARTICLE]
        return next(self._known[key] for key in keys if key in self._known)

    def template(self, key: str) -> Template:
        """The template of an order; an empty key means the default. Raises NoTemplate."""
        if not key:
            return self.default
        if key not in self._known:
            raise NoTemplate("This template is no longer there. Choose another one.")
        return self._known[key]

    def has(self, key: str) -> bool:
        return key in self._known

    @property
    def _known(self) -> dict[str, Template]:
        return {key: it for it in self.templates for key in (it.key, *it.stands_for)}

    def start(self, key: str = "") -> ExportOptions:
        """What an export starts with when the template is chosen."""
        return self.template(key).options.changed({**self.here.options, **self.fixed})

    def options(self, key: str, wishes: Mapping[str, Any]) -> ExportOptions:
        """The options of an order. Raises NoTemplate, OptionLocked."""
        start = self.start(key)
        ordered = start.changed(wishes)
        for name in self.fixed:
            if getattr(ordered, name) != getattr(start, name):
                label = OPTIONS[name].label
                raise OptionLocked(f"“{label}” is fixed here by an administrator.")
        return ordered


def shipped_templates() -> tuple[Template, ...]:
    return tuple(
        Template(key, str(name), "shipped", ExportOptions.from_stored(options), str(about))
        for key, (name, about, options) in SHIPPED.items()
    )


def sparse(options: Mapping[str, Any]) -> dict[str, Any]:
    """Of stored options, those that are known and well formed."""
    whole = ExportOptions.from_stored(options).to_stored()
    return {name: whole[name] for name in options if name in whole}


def offered(templates: Sequence[Template]) -> tuple[Template, ...]:
    """Those to choose from, by name. The space's hides one of the same name of the site, and that
    one a shipped one; whoever asks for the hidden one by its key gets what hides it.
    """
    found: list[Template] = []
    for origin in ("space", "site", "shipped"):
        rows = [it for it in templates if it.origin == origin and not it.is_archived]
        taken = {it.name.casefold() for it in found}
        found = [_standing_for(it, rows) for it in found]
        found += [it for it in rows if it.name.casefold() not in taken]
    return tuple(found)


def _standing_for(template: Template, weaker: Sequence[Template]) -> Template:
    name = template.name.casefold()
    hidden = tuple(it.key for it in weaker if it.name.casefold() == name)
    return replace(template, stands_for=template.stands_for + hidden)
