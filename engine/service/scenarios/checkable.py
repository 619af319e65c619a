"""What of the law can be checked on a base at all: where nobody says anything, nothing is kept."""

from __future__ import annotations

from collections.abc import Container, Iterable

from engine.analysis.reengineering.legality import BreachKind
from engine.rules.catalogue import Item
from engine.rules.precondition import Precondition

#: what is known of an item only where it says what it guards
OF_GUARDS = frozenset(BreachKind) - {BreachKind.ABOVE_STATUTE, BreachKind.PRECONDITION}


def checkable(
    items: Iterable[Item], activities: Container[str], laws: Iterable[Precondition]
) -> frozenset[str]:
    """Return the kinds of breaches that could be found on a base of these items.

    A statutory period must be known of one, one must say what it guards, and one precondition of
    the city's list must be between two `activities`.
    """
    known = list(items)
    found: set[str] = set()
    if any(each.statutory_days is not None for each in known):
        found.add(BreachKind.ABOVE_STATUTE)
    if any(each.guards for each in known):
        found |= OF_GUARDS
    if any(each.before in activities and each.after in activities for each in laws):
        found.add(BreachKind.PRECONDITION)
    return frozenset(found)
