"""Wires the two apps: settings, addresses, headers, and how failures are answered."""
