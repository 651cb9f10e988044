"""What the settings pages ask for, answered from memory by the pure core.

Only what is asked over HTTP is made up here; what settings and templates make of each other is
`addon.settings`' own doing.
"""

from __future__ import annotations

import base64
import io
import threading
from dataclasses import dataclass, field, replace
from typing import Any

from django.template.loader import render_to_string
from PIL import Image

from addon.options import ExportOptions
from addon.settings import Settings, Standing, Template, offered, shipped_templates
from addon.template_views import shown
from tests.browser.screens.harness import Backend, Refusal

GROUPS = ["docs-team", "doctors", "site-admins"]
SPACES = {"HR": "People", "OPS": "Operations", "LAB": "Laboratory"}
PAGES = {"11": "Roll-out plan", "12": "Release handbook", "13": "Risks"}


def a_png(colour: str = "#1558bc", width: int = 24, height: int = 34) -> str:
    """Base64 of a picture of one colour."""
    picture = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(picture, "PNG")
    return base64.b64encode(picture.getvalue()).decode("ascii")


def a_template(name: str, key: str = "", origin: Any = "space", **options: Any) -> Template:
    known = ExportOptions().changed(options)
    return Template(key or name.lower(), name, origin, known, revision=1)


@dataclass
class Administration(Backend):
    """The settings of a site and of its space DOCS."""

    site: Settings = field(default_factory=Settings)
    own: Settings | None = None
    templates: list[Template] = field(default_factory=list)
    refusal: Refusal | None = None  # of everything that is asked for
    refused_writes: list[Refusal] = field(default_factory=list)  # of the next PUTs, POSTs, DELETEs
    logo_warnings: list[str] = field(default_factory=list)
    pictures: int = 3  # sheets of a preview
    slow_preview: threading.Event | None = None  # each preview waits for it
    refused_previews: list[Refusal] = field(default_factory=list)

    def previews(self) -> list[dict[str, Any]]:
        return [asked.body for asked in self.asked if asked.address == "/api/preview"]

    def writes(self) -> list[Any]:
        """What was sent to be saved, the latest last."""
        kinds = ("PUT", "POST", "DELETE")
        passing = ("/api/preview", "/api/logo")
        return [it for it in self.asked if it.method in kinds and it.address not in passing]

    def screen(self, path: str) -> str | None:
        if path == "/configure":
            ceilings = {"pages": 1000, "sheets": 5000, "seconds": 900}
            common = {"connect_js_url": "/connect.js"}
            return render_to_string("addon/configure.html", common | {"ceilings": ceilings})
        return super().screen(path)

    def api(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Any:
        parts = path.strip("/").split("/")[1:]
        space = "DOCS" if parts[0] == "spaces" and len(parts) > 1 else ""
        what, *rest = parts[2:] if space else parts
        if self.refusal:
            return self.refusal
        if method != "GET" and what not in ("preview", "logo") and self.refused_writes:
            return self.refused_writes.pop(0)
        typed = "".join(query.get("query", [])).lower()
        answers = {
            "settings": lambda: self._settings(space, body),
            "templates": lambda: self._templates(space, method, rest, body),
            "groups": lambda: {"groups": [_group(name) for name in GROUPS if typed in name]},
            "spaces": lambda: {"spaces": _rows(SPACES, typed, "key", "name")},
            "pages": lambda: {"pages": _rows(PAGES, typed, "id", "title")},
            "logo": lambda: self._logo(body),
            "preview": lambda: self._preview(body),
            "data": lambda: self._data(method),
        }
        return answers[what]()

    def _standing(self, space: str) -> Standing:
        there = [it for it in self.templates if it.origin == "site" or space]
        known = offered((*there, *shipped_templates()))
        return Standing(self.site, self.own if space else None, known, space)

    def _settings(self, space: str, body: Any) -> dict[str, Any]:
        if body is not None:
            self._save(space, dict(body))
        standing = self._standing(space)
        here = standing.here
        shown = {
            "inherited": bool(space) and self.own is None,
            "template": standing.default.key,
            "options": standing.start().to_stored(),
            "chosen": sorted(here.options),
            "locked": sorted(here.locked),
            "site_locked": sorted(self.site.locked) if space else [],
            "access": here.access.to_stored(),
            "revision": here.revision if here is not self.site or not space else 0,
        }
        if not space:
            shown |= {"switched_off": sorted(here.switched_off), "limits": dict(here.limits)}
        return shown

    def _save(self, space: str, wanted: dict[str, Any]) -> None:
        here = self._standing(space).here
        changed = here.changed(wanted, is_site=not space)
        changed = replace(changed, revision=here.revision + 1)
        if not space:
            self.site = changed
        else:
            self.own = None if wanted.get("inherited") else changed

    def _templates(self, space: str, method: str, rest: list[str], body: Any) -> Any:
        origin: Any = "space" if space else "site"
        if not rest and method == "GET":
            there = [it for it in self.templates if it.origin == "site" or space]
            return {"templates": [shown(it) for it in (*there, *shipped_templates())]}
        if not rest:
            name = body["name"]
            made = a_template(name, f"key{len(self.templates)}", origin, **body["options"])
            self.templates.append(made)
            return shown(made)
        found = next(it for it in (*self.templates, *shipped_templates()) if it.key == rest[0])
        if rest[1:] == ["copies"]:
            refused = [key for key in body["spaces"] if key == "LAB"]
            message = "Only people who administer this space may do this."
            copied = [key for key in body["spaces"] if key != "LAB"]
            return {
                "copied": copied,
                "refused": [{"space": key, "message": message} for key in refused],
            }
        if rest[1:] == ["file"]:
            options = found.options.to_stored()
            return {"xpress_template": 1, "name": found.name, "options": options}
        if method == "GET":
            return shown(found)
        self.templates.remove(found)
        if method == "DELETE":
            return {}
        changes = {name: body[name] for name in ("name", "is_archived") if name in body}
        options = found.options.changed(body.get("options", {}))
        changed = replace(found, **changes, options=options, revision=found.revision + 1)
        self.templates.append(changed)
        return shown(changed)

    def _logo(self, body: Any) -> Any:
        try:
            picture = Image.open(io.BytesIO(base64.b64decode(body["file"])))
        except OSError:
            return Refusal(422, "This file is no picture.")
        png = a_png("#aa0000", *picture.size)
        size = {"width": picture.width, "height": picture.height}
        return {"logo": f"data:image/png;base64,{png}", **size, "warnings": self.logo_warnings}

    def _preview(self, body: Any) -> Any:
        if self.slow_preview:
            self.slow_preview.wait(20)
        if self.refused_previews:
            return self.refused_previews.pop(0)
        sheet = {"png": a_png(body["options"]["accent_colour"]), "width": 24, "height": 34}
        return {"sheets": [sheet] * self.pictures, "total_known": True, "notes": []}

    def _data(self, method: str) -> Any:
        if method == "DELETE":
            self.site, self.own, self.templates = Settings(), None, []
            return {}
        return {"settings": [self.site.options], "templates": []}


def _group(name: str) -> dict[str, str]:
    return {"id": f"id-of-{name}", "name": name}


def _rows(known: dict[str, str], typed: str, key: str, name: str) -> list[dict[str, str]]:
    return [{key: k, name: v} for k, v in known.items() if typed in v.lower()]
