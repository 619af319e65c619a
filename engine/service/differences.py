"""What differs between two versions of a procedure: days, items, flows, steps, files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from engine.rules.catalogue import Item, Name
from engine.rules.procedure import START
from engine.service import plans, procedures
from engine.service.plans import Totals, totals
from engine.service.work import Work
from engine.workflow.definition import Element
from engine.workflow.deployment import Deployment

ADDED, REMOVED, CHANGED = "added", "removed", "changed"

#: what is compared of an item
FIELDS = (
    "name",
    "stage",
    "kind",
    "department",
    "promised_days",
    "expected_days",
    "statutory_days",
    "unit",
    "legal_basis",
    "materials",
    "fee",
    "instant",
    "participants",
    "decision_waits_for",
    "promised_unit",
    "handling",
    "special_extension_days",
    "secondary",
    "commitment_check_days",
    "guards",
    "deemed_on_lapse",
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two versions: its files by name, and what they say."""

    built: Deployment
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is another; None where there is none."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """An item that one of the two does not have, or of which they say different things."""

    id: str
    name: Name
    how: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FlowDifference:
    """An activity that waits for others than before; `gate` is what is held: start, decision."""

    id: str
    name: Name
    gate: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepDifference:
    """An element of a called diagram, the item process for one, that differs."""

    process: str
    id: str
    name: str
    how: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A file that differs."""

    name: str
    how: str
    lines_added: int
    lines_removed: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs; `names` are the items' and milestones' that the flows speak of, by id."""

    before: Totals
    after: Totals
    items: tuple[ItemDifference, ...]
    flows: tuple[FlowDifference, ...]
    steps: tuple[StepDifference, ...]
    files: tuple[FileDifference, ...]
    names: Mapping[str, Name]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.items or self.flows or self.steps or self.files)


def between(work: Work, before: int, after: int) -> Difference:
    """Return what differs between two deployed versions. Raises NotFound."""
    return difference(side(work, before), side(work, after))


def side(work: Work, version_id: int) -> Side:
    """Return a deployed version to be compared. Raises NotFound."""
    return Side(plans.of_version(work, version_id), procedures.files(work, version_id))


def difference(before: Side, after: Side) -> Difference:
    """Return what differs between two versions."""
    return Difference(
        before=totals(before.built),
        after=totals(after.built),
        items=tuple(item_differences(before.built, after.built)),
        flows=tuple(flow_differences(before.built, after.built)),
        steps=tuple(step_differences(before.built, after.built)),
        files=tuple(file_differences(before.files, after.files)),
        names={**names(before.built), **names(after.built)},
    )


def names(built: Deployment) -> dict[str, Name]:
    """Return what the activities of a procedure are called, by id."""
    known = {each: item.name for each, item in built.procedure.items.items()}
    known[START] = built.procedure.starts_with
    return {
        each.id: known[each.id] if known.get(each.id, Name("")).zh else Name(each.name)
        for each in built.activities
    }


def item_differences(before: Deployment, after: Deployment) -> Iterator[ItemDifference]:
    """Yield the items that differ, in the order of the newer version."""
    old, new = items_of(before), items_of(after)
    for identifier in united(new, old):
        was, now = old.get(identifier), new.get(identifier)
        changes = tuple(changed(was, now, FIELDS)) if was and now else ()
        if changes or was is None or now is None:
            yield ItemDifference(
                identifier, (now or was or {})["name"], how(was, now), tuple(changes)
            )


def items_of(built: Deployment) -> dict[str, dict[str, Any]]:
    """Return what is compared of every item, by id."""
    stages = {
        element.item: stage
        for stage, definition in built.stages.items()
        for element in definition.elements.values()
    }
    return {
        identifier: {**values(item), "stage": stages.get(identifier, "")}
        for identifier, item in built.procedure.items.items()
    }


def values(item: Item) -> dict[str, Any]:
    """Return the fields of an item."""
    return {name: getattr(item, name) for name in FIELDS if name != "stage"}


def flow_differences(before: Deployment, after: Deployment) -> Iterator[FlowDifference]:
    """Yield the activities of the newer version that wait for others than before."""
    old = {each.id: each for each in before.activities}
    new = {each.id: each for each in after.activities}
    called = {**names(before), **names(after)}
    gates: tuple[tuple[str, Callable[[Any], tuple[str, ...]]], ...] = (
        ("start", attrgetter("predecessors")),
        ("decision", attrgetter("decision_waits_for")),
    )
    for identifier in new:
        for gate, waits_for in gates:
            was, now = (
                waits_for(each[identifier]) if identifier in each else () for each in (old, new)
            )
            added = tuple(each for each in now if each not in was)
            removed = tuple(each for each in was if each not in now)
            if added or removed:
                yield FlowDifference(identifier, called[identifier], gate, added, removed)


def step_differences(before: Deployment, after: Deployment) -> Iterator[StepDifference]:
    """Yield the elements of the called diagrams that differ."""
    old, new = steps_of(before), steps_of(after)
    for key in united(new, old):
        was, now = old.get(key), new.get(key)
        changes = tuple(changed(was, now, united(now, was))) if was and now else ()
        if changes or was is None or now is None:
            process, element = key
            name = (now or was or {})["name"]
            yield StepDifference(process, element, name, how(was, now), changes)


def steps_of(built: Deployment) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the called diagrams say of their elements, by process and element."""
    return {
        (process, element.id): said(element)
        for process, definition in built.called.items()
        for element in definition.elements.values()
    }


def said(element: Element) -> dict[str, Any]:
    """Return what a diagram says of an element."""
    return {"name": element.name, "type": element.tag, "lane": element.lane, **element.properties}


def file_differences(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> Iterator[FileDifference]:
    """Yield the files that differ, by name."""
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if was != now:
            yield FileDifference(name, how(was, now), *lines(was or b"", now or b""))


def lines(before: bytes, after: bytes) -> tuple[int, int]:
    """Return how many lines came in and went out; one that was moved did neither."""
    old, new = Counter(before.splitlines()), Counter(after.splitlines())
    return (new - old).total(), (old - new).total()


def changed(
    before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str]
) -> Iterator[Change]:
    """Yield the fields of which two say different things."""
    for name in fields:
        if before.get(name) != after.get(name):
            yield Change(name, before.get(name), after.get(name))


def how(before: Any, after: Any) -> str:
    """Return whether something is added, removed or changed."""
    return ADDED if before is None else REMOVED if after is None else CHANGED


def united(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return everything in either, in the order of the first."""
    return list(dict.fromkeys((*one, *other)))
