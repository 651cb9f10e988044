"""Chapters: what the outline, the contents and the running heads know of each article. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from exports.document import Article, Heading
from exports.tree import PageRef


@dataclass(frozen=True, slots=True)
class Chapter:
    """An article's place in the tree, and its headings."""

    ref: PageRef
    headings: tuple[Heading, ...]
    number: str = ""  # printed before its title, e.g. "2.1"
    language: str = ""  # BCP 47, empty when unknown

    @classmethod
    def of(cls, article: Article) -> Chapter:
        return cls(article.ref, article.headings, article.number, article.language)

    @property
    def named(self) -> str:
        """As it is called outside its page: `2.1 Install`."""
        return f"{self.number} {self.ref.title}".lstrip()
