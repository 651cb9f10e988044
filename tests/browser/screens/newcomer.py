"""A site right after the installation, for the page that helps to get started."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from addon.options import ExportOptions
from tests.browser.screens.harness import PDF, Backend, Refusal


def a_picture(width: int = 480, height: int = 160, colour: str = "#0a7d5a") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


@dataclass
class Newcomer(Backend):
    """Answers what the get-started page asks for, and keeps what it saves."""

    pages: dict[str, str] = field(default_factory=lambda: {"1": "Release handbook", "2": "Risks"})
    pdf: bytes | Refusal = PDF
    templates: list[dict[str, Any]] = field(default_factory=list)
    site: dict[str, Any] = field(
        default_factory=lambda: {
            "template": "article",
            "access": {"who": "everyone", "groups": []},
            "revision": 0,
        }
    )
    refused: dict[str, Refusal] = field(default_factory=dict)  # by "PUT /api/settings", once

    def api(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Any:
        request = f"{method} {path}"
        if request in self.refused:
            return self.refused.pop(request)
        simple = {
            "GET /api/settings": self.site,
            "GET /api/templates": {"templates": list(self.templates)},
            "POST /api/exports": self.pdf,
            "POST /api/preview": {"sheets": [self._sheet()] * 2, "total_known": True, "notes": []},
            "POST /api/logo": {"logo": _data(a_picture()), "width": 480, "height": 160},
        }
        if request in simple:
            return simple[request]
        if request == "GET /api/pages":
            return self._found(query.get("query", [""])[0])
        if request == "PUT /api/settings":
            self.site = self.site | body | {"revision": self.site["revision"] + 1}
            return self.site
        if request == "POST /api/templates":
            return self._created(body)
        if method == "PUT" and path.startswith("/api/templates/"):
            return self._changed(path.rpartition("/")[2], body)
        return None

    def _found(self, text: str) -> dict[str, Any]:
        rows = [{"id": key, "title": title} for key, title in self.pages.items()]
        return {"pages": [row for row in rows if text.casefold() in row["title"].casefold()]}

    def _created(self, body: Any) -> dict[str, Any] | Refusal:
        if any(template["name"] == body["name"] for template in self.templates):
            return Refusal(409, "There is a template of this name already.", code="name_taken")
        options = ExportOptions().changed(body["options"]).to_stored()
        key = f"k{len(self.templates)}"
        made = {"key": key, "name": body["name"], "origin": "site", "options": options}
        self.templates.append(made | {"revision": 1})
        return made

    def _changed(self, key: str, body: Any) -> dict[str, Any]:
        template = next(it for it in self.templates if it["key"] == key)
        template["options"] |= body["options"]
        return template

    def _sheet(self) -> dict[str, Any]:
        png = base64.b64encode(a_picture(480, 680, "#ffffff")).decode()
        return {"png": png, "width": 480, "height": 680}


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
