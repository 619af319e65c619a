"""How people are named in a log of the city's own history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from engine.service.work import SYSTEM, Work
from engine.store import tables as t

#: whoever has no account, or none any more
OTHER = "P0"


@dataclass(frozen=True, slots=True)
class Naming:
    """People by what a log calls them."""

    known: Mapping[str, str]
    anonymous: bool

    @classmethod
    def of(cls, work: Work, *, anonymous: bool) -> Naming:
        """Return how the accounts are called: by their numbers, or as they are."""
        if not anonymous:
            return cls({}, anonymous)
        query = select(t.user.c.name, t.user.c.id)
        return cls({name: f"P{key}" for name, key in work.db.execute(query)}, anonymous)

    def __call__(self, name: str) -> str:
        """Return what somebody is called; '' for the service itself, which is nobody."""
        if name == SYSTEM.name:
            return ""
        return self.known.get(name, OTHER) if self.anonymous else name
