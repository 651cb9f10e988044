"""Cleans a page: Confluence's HTML in, an Article out. Pure."""
