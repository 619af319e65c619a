"""What the law requires before what: preconditions no re-engineering may drop.

The pairs are the city's data (`preconditions.yaml`), each with its article.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid
from engine.rules.catalogue import Name


@dataclass(frozen=True, slots=True)
class Precondition:
    """`before` must be decided before `after` may be; both are ids of items or milestones."""

    before: str
    after: str
    #: the article
    law: str
    #: the rule in words
    name: Name


def preconditions_of(data: Mapping[str, Any]) -> tuple[Precondition, ...]:
    """Read the file's mapping. Raises Invalid naming the row that cannot be read."""
    rows = data.get("preconditions") or []
    if not isinstance(rows, list):
        raise Invalid("preconditions must be a list", field="preconditions")
    return tuple(_read(row, place) for place, row in enumerate(rows))


def _read(row: Any, place: int) -> Precondition:
    if not isinstance(row, Mapping) or not all(row.get(key) for key in ("before", "after", "law")):
        text = f"preconditions[{place}] must name before, after and law"
        raise Invalid(text, field=f"preconditions[{place}]")
    law = str(row["law"])
    return Precondition(str(row["before"]), str(row["after"]), law, Name.of(row.get("name"), law))
