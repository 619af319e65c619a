"""What is to happen, by its instant: the simulated time jumps from one to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Something that happens at an instant; of two at the same, the first that was entered."""

    at: datetime
    number: int
    act: Callable[[], object] = field(compare=False)


class Agenda:
    """Entries in the order of their instants; acting on one may enter more."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.numbers = count()

    def add(self, at: datetime, act: Callable[[], object]) -> None:
        """Enter something."""
        heapq.heappush(self.entries, Entry(at.astimezone(UTC), next(self.numbers), act))

    def until(self, now: datetime) -> Iterator[Entry]:
        """Yield what happens until an instant, in order."""
        while self.entries and self.entries[0].at <= now:
            yield heapq.heappop(self.entries)
