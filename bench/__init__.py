"""Runs over real content that take minutes: what an export keeps, and what it costs."""
