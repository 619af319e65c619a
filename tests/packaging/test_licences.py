"""Whoever runs Lianshen owes nobody their source: no library is under a strong copyleft.

LGPL libraries (psycopg, SpiffWorkflow) are used as they are, unchanged and replaceable.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

STRONG_COPYLEFT = re.compile(r"\bA?GPL|Affero|(?<!Lesser )General Public|SSPL|BUSL", re.IGNORECASE)


def shipped() -> set[str]:
    """The names of all libraries that installing Lianshen installs."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement("lianshen")]
    while waiting:
        need = waiting.pop()
        key = (canonicalize_name(need.name), frozenset(need.extras))
        if key not in seen:
            seen.add(key)
            waiting += required(distribution(need.name), need.extras)
    return {name for name, _ in seen} - {"lianshen"}


def required(library: Distribution, extras: set[str]) -> list[Requirement]:
    requirements = map(Requirement, library.requires or [])
    return [need for need in requirements if applies(need, extras)]


def applies(need: Requirement, extras: set[str]) -> bool:
    marker = need.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or {""})


def licence(library: Distribution) -> str:
    """What a library says of its licence: an SPDX expression, or the older fields."""
    told = library.metadata.json
    if expression := told.get("license_expression"):
        return str(expression)
    classifiers = [line for line in told.get("classifier", []) if line.startswith("License ::")]
    return " / ".join(classifiers) or str(told.get("license", "")).partition("\n")[0]


@pytest.mark.parametrize("library", sorted(shipped()))
def test_no_library_is_under_a_strong_copyleft(library: str) -> None:
    told = licence(distribution(library))
    assert told, "says nothing of its licence"
    assert not STRONG_COPYLEFT.search(told), told
