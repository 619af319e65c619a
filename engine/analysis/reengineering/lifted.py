"""Truths and days over many subsets of operations at once.

A truth is an array of booleans, one for each subset, or a single `NO` or `YES` where all subsets
agree; days likewise. What agrees is folded away, so that only what differs costs anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

Truths: TypeAlias = NDArray[np.bool_]
Truth: TypeAlias = np.bool_ | Truths
Days: TypeAlias = np.int32 | NDArray[np.int32]

NO, YES = np.False_, np.True_
NO_DAYS, ONE_DAY = np.int32(0), np.int32(1)


def both(one: Truth, other: Truth) -> Truth:
    """One and the other."""
    if isinstance(one, np.bool_):
        return other if one else NO
    if isinstance(other, np.bool_):
        return one if other else NO
    return one & other


def either(one: Truth, other: Truth) -> Truth:
    """One or the other."""
    if isinstance(one, np.bool_):
        return YES if one else other
    if isinstance(other, np.bool_):
        return YES if other else one
    return one | other


def opposite(one: Truth) -> Truth:
    """Not."""
    return cast("Truth", np.logical_not(one))


def without(one: Truth, other: Truth) -> Truth:
    """One and not the other."""
    return both(one, opposite(other))


def some(truths: Iterable[Truth]) -> Truth:
    """At least one of them."""
    found: Truth = NO
    for each in truths:
        found = either(found, each)
    return found


def ever(one: Truth) -> bool:
    """Whether it is true in any subset."""
    return bool(one) if isinstance(one, np.bool_) else bool(one.any())


def choose(when: Truth, one: Days, other: Days) -> Days:
    """One where it is true, else the other."""
    if isinstance(when, np.bool_):
        return one if when else other
    return cast("Days", np.where(when, one, other))


def later(one: Days, other: Days) -> Days:
    """The greater."""
    return cast("Days", np.maximum(one, other))


def plus(one: Days, other: Days) -> Days:
    """Their sum."""
    return cast("Days", one + other)


def greater(one: Days, other: Days) -> Truth:
    """Where one is greater than the other."""
    return cast("Truth", one > other)
