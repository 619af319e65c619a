"""Addresses made of the one that was asked: filters, tabs and pages of a list."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from flask import request


def here_with(**changes: str | int | None) -> str:
    """Return the present address with arguments set, or left out where they are None or ''."""
    kept = {name: value for name, value in request.args.items() if name not in changes}
    given = {name: str(value) for name, value in changes.items() if value not in (None, "")}
    query = urlencode({name: value for name, value in (kept | given).items() if value})
    return f"{request.path}?{query}" if query else request.path


def local(address: str, otherwise: str = "/") -> str:
    """Return an address of this site; another site's, or none, is replaced."""
    parts = urlsplit(address)
    plain = address.isprintable() and "\\" not in address
    own = address.startswith("/") and not address.startswith("//")
    return address if own and plain and not parts.scheme and not parts.netloc else otherwise
