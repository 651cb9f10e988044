"""Confluence's storage format, read and written out as the markup of its `view`. Pure."""

from exports.content.storage.unfilled import gaps
from exports.content.storage.view import is_storage, to_view

__all__ = ["gaps", "is_storage", "to_view"]
