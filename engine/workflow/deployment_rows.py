"""An item's row in `procedure.yaml`: what it is beside what the catalogue says of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from engine.rules.catalogue import Item, Name

#: key in the files → attribute of `Item`, in the order in which they are written
KEYS: Mapping[str, str] = {
    **{key: key for key in ("name", "kind", "department", "promised_days", "promised_unit")},
    **{key: key for key in ("expected_days", "instant", "statutory_days", "unit", "handling")},
    "extension_days": "special_extension_days",
    **{key: key for key in ("legal_basis", "participants", "materials", "secondary", "fee")},
    **{key: key for key in ("commitment_check_days", "guards", "deemed_on_lapse")},
    "decision_waits_for": "decision_waits_for",
}
#: always said: what is guessed from the diagram where no file says it, and the promise
GUESSED = ("kind", "department")
PROMISED = ("promised_days", "expected_days")


def row_of(item: Item, constant: Mapping[str, Any], shown: str) -> dict[str, Any]:
    """Return an item's row: its promise, and what differs from its entry of the catalogue.

    `shown` is its name in the diagram. Raises Invalid for an entry that is none.
    """
    given = {"name": shown, "kind": item.kind, "department": item.department, **constant}
    known = Item.of(item.id, given)
    return {
        key: plain(getattr(item, name))
        for key, name in KEYS.items()
        if getattr(item, name) != getattr(known, name)
        or (key in GUESSED and key not in constant)
        or (key in PROMISED and getattr(item, name) is not None)
    }


def plain(value: Any) -> Any:
    """Return a value as YAML holds it."""
    if isinstance(value, Name):
        return named(value)
    if isinstance(value, Enum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def named(name: Name) -> dict[str, str]:
    """Return a name in the languages it has."""
    return {key: text for key, text in (("zh", name.zh), ("en", name.en)) if text}
