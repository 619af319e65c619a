"""Lists in parts: a cursor is the place of the last row, so that parts never shift."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from engine.errors import Invalid
from engine.service.views import Page

T = TypeVar("T")

LARGEST_KEY = 2**63


def page(rows: Sequence[T], limit: int, place: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """Return the first `limit` of up to `limit + 1` rows, with the cursor of what follows."""
    items = list(rows[:limit])
    return Page(items, encode_cursor(place(items[-1])) if len(rows) > limit else None)


def encode_cursor(place: tuple[Any, ...]) -> str:
    """Return a place as an opaque text."""
    text = json.dumps([str(part) for part in place], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def number(part: str) -> int:
    """Return a part of a place that is a key."""
    value = int(part)
    if not 0 <= value < LARGEST_KEY:
        raise ValueError(part)
    return value


def words(part: str) -> str:
    """Return a part of a place that is a text."""
    if "\0" in part:
        raise ValueError(part)
    return part


def decode_cursor(cursor: str, *kinds: Callable[[str], Any]) -> list[Any]:
    """Return the parts of a place. Raises Invalid where the text is no cursor of this list."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.urlsafe_b64decode(padded))
        return [kind(part) for kind, part in zip(kinds, parts, strict=True)]
    except (ValueError, TypeError, RecursionError) as error:
        text = "the cursor is not one that this list gave"
        raise Invalid(text, field="cursor") from error
