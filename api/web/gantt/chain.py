"""The chain that decides when construction starts: each link waited for the one before.

The engine says it of a plan and of what is unfinished. Where something has happened, the
dates say it: of all that an activity waited for, what finished last let it go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain as one_after_another
from typing import NamedTuple

from api.web.gantt.activity import MILESTONE, Row
from engine.rules.procedure import OPEN

START_GATE, DECISION_GATE = "start", "decision"


class Times(NamedTuple):
    """The working days at whose ends an activity starts and finishes."""

    start: int
    finish: int


@dataclass(frozen=True, slots=True)
class Link:
    """`after` waited for `before`, to start or only to be decided."""

    before: str
    after: str
    gate: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The activities whose work decides the end, and what leads from one to the next.

    Links also pass through what only waited at a decision gate, whose own work had float.
    """

    critical: frozenset[str]
    links: tuple[Link, ...]


def chain(rows: Iterable[Row], times: Mapping[str, Times], goals: Iterable[str]) -> Chain:
    """Follow the goals back to the start.

    `rows` are activities of a report, milestones too; what has no times takes no part.
    """
    return Walk({row["id"]: row for row in rows}, times).chain(goals)


def with_milestones(rows: Iterable[Row], times: Mapping[str, Times]) -> dict[str, Times]:
    """Add the times of milestones, which fall as soon as their gates are open."""
    found = dict(times)
    waiting = [row for row in rows if row["kind"] == MILESTONE and row["id"] not in found]
    # each round settles at least one, unless what it waits for has no times at all
    for _ in range(len(waiting)):
        for row in waiting:
            known = [found[each].finish for each in row["predecessors"] if each in found]
            latest = max(known, default=0)
            found[row["id"]] = Times(latest, latest)
    return found


@dataclass(frozen=True)
class Walk:
    """One way back through a network."""

    rows: Mapping[str, Row]
    times: Mapping[str, Times]

    def chain(self, goals: Iterable[str]) -> Chain:
        """Return the chain to these activities."""
        links: dict[str, list[Link]] = {}
        waiting = [goal for goal in goals if goal in self.times]
        while waiting:
            identifier = waiting.pop()
            if identifier not in links:
                links[identifier] = list(self.drivers(identifier))
                waiting += [link.before for link in links[identifier]]
        critical = frozenset(each for each in links if not self.only_decided(each))
        return Chain(critical, tuple(dict.fromkeys(self.between_rows(links))))

    def only_decided(self, identifier: str) -> bool:
        """Tell whether its work may still grow: then it waits for a decision gate alone."""
        return bool(self.rows[identifier].get("remaining_float"))

    def drivers(self, identifier: str) -> Iterator[Link]:
        """Yield the links by which an activity waited: the start gate that opened last."""
        row, end = self.rows[identifier], self.times[identifier].finish
        soft = set(row["decision_waits_for"]) - set(row["predecessors"])
        for before in self.known(soft):
            if self.times[before].finish >= end:
                yield Link(before, identifier, DECISION_GATE)
        before_start = [] if self.only_decided(identifier) else self.known(row["predecessors"])
        latest = max((self.times[each].finish for each in before_start), default=0)
        for before in before_start:
            if self.times[before].finish == latest:
                yield Link(before, identifier, START_GATE)

    def known(self, identifiers: Collection[str]) -> list[str]:
        """Return those that have times, in a fixed order."""
        return sorted(each for each in identifiers if each in self.times)

    def between_rows(self, links: Mapping[str, list[Link]]) -> Iterator[Link]:
        """Yield the links between activities that have rows: milestones are passed through."""
        for link in one_after_another.from_iterable(links.values()):
            if not self.hidden(link.after):
                for before in self.rows_before(link.before, links):
                    yield Link(before, link.after, link.gate)

    def rows_before(self, identifier: str, links: Mapping[str, list[Link]]) -> list[str]:
        """Return an activity, or in a milestone's place all that it waited for."""
        found: dict[str, None] = {}
        waiting = [identifier]
        while waiting:
            each = waiting.pop()
            if each not in found:
                found[each] = None
                waiting += [link.before for link in links[each]] if self.hidden(each) else []
        return [each for each in found if not self.hidden(each)]

    def hidden(self, identifier: str) -> bool:
        return bool(self.rows[identifier]["kind"] == MILESTONE)


def goals_of(rows: Iterable[Row], times: Mapping[str, Times], beyond: Collection[str]) -> list[str]:
    """Return what the chain leads to: construction start, or all that ends last before it."""
    rows = list(rows)
    if OPEN in times and any(row["id"] == OPEN for row in rows):
        return [OPEN]
    return last_of([row["id"] for row in rows if row["id"] not in beyond], times)


def last_of(identifiers: Iterable[str], times: Mapping[str, Times]) -> list[str]:
    """Return the activities that finish last of these."""
    known = [each for each in identifiers if each in times]
    latest = max((times[each].finish for each in known), default=None)
    return [each for each in known if times[each].finish == latest]
