"""ExportOptions: what a person can choose about a PDF. Pure.

Bounds and defaults stand here and nowhere else. Stored options of any age load: names we no longer
know are passed over, missing ones get their default.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

Paper = Literal["A4", "Letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
Images = Literal["small", "standard", "original"]
IMAGES: tuple[Images, ...] = get_args(Images)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    paper: Paper = "A4"
    contents: bool = True  # a table of contents, where there is more than one page
    images: Images = "standard"  # how sharp: for mail, for print, every pixel there is

    @classmethod
    def from_stored(cls, stored: Mapping[str, Any]) -> Self:
        """Load what was saved by any version.

        >>> ExportOptions.from_stored({"paper": "Letter", "sparkles": True})
        ExportOptions(paper='Letter', contents=True, images='standard')
        """
        default = cls()
        paper, contents = stored.get("paper"), stored.get("contents")
        images = stored.get("images")
        return cls(
            paper=paper if paper in PAPERS else default.paper,
            contents=contents if isinstance(contents, bool) else default.contents,
            images=images if images in IMAGES else default.images,
        )

    def changed(self, wishes: Mapping[str, Any]) -> Self:
        """These options with some of them chosen otherwise.

        >>> ExportOptions().changed({"paper": "Letter"})
        ExportOptions(paper='Letter', contents=True, images='standard')
        """
        return self.from_stored({**self.to_stored(), **wishes})

    def to_stored(self) -> dict[str, Any]:
        return asdict(self)
