"""Operations of re-engineering: what an analyst may do to a procedure on paper.

An operation is plain data. What it does to a plan is in `application`, what law it breaks in
`legality`. Its cost is ours: no report prices one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, NoReturn

from engine.errors import Invalid
from engine.rules.catalogue import Name

MAX_OPERATIONS = 100
MAX_ID = 60
#: what operations are called: their ids stand in addresses
ID = re.compile(r"[\w.-]*\w[\w.-]*")
OTHER = re.compile(r"[^\w.-]")
MAX_COST = 1000
MAX_DAYS = 9999


class OperationKind(StrEnum):
    """What is done."""

    #: 压缩: a shorter promise
    SHORTEN = "shorten"
    #: 合并: one item takes in others, with their papers (一表)
    MERGE = "merge"
    #: 取消: the item is asked for no more
    DROP = "drop"
    #: 并联: it waits for less, and so runs beside what it waited for
    PARALLELISE = "parallelise"
    #: 后置: it no longer holds up one item, but a later one
    MOVE_TO_POST = "move_to_post"
    #: 联审: decided with others in a joint review, in so many days
    JOINT_REVIEW = "joint_review"
    #: 告知承诺: decided on the applicant's commitment, which is checked afterwards
    COMMITMENT = "commitment"


class Cost(NamedTuple):
    """What an operation asks of the city, in points: ours, to be set by whoever knows the city."""

    #: people, systems, training
    effort: int = 1
    #: how much must be decided or amended before it may be done
    legal: int = 0

    @property
    def total(self) -> int:
        """Both together: what the optimiser adds up."""
        return self.effort + self.legal


#: what each kind needs to be told, and may be told, besides `item`
NEEDED: Mapping[OperationKind, tuple[str, ...]] = {
    OperationKind.SHORTEN: ("days",),
    OperationKind.MERGE: ("absorb",),
    OperationKind.DROP: (),
    OperationKind.PARALLELISE: ("predecessors",),
    OperationKind.MOVE_TO_POST: ("remove_from",),
    OperationKind.JOINT_REVIEW: ("days", "participants"),
    OperationKind.COMMITMENT: ("days", "check_days"),
}
OPTIONAL: Mapping[OperationKind, tuple[str, ...]] = {OperationKind.MOVE_TO_POST: ("add_to",)}
NUMBERS = {"days": MAX_DAYS, "check_days": MAX_DAYS}
LISTS = ("absorb", "predecessors", "remove_from", "add_to", "participants")
PLAIN = {"id", "kind", "name", "item", "cost", "excludes", "enabled"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. Days are of the unit in which the item is promised."""

    id: str
    kind: OperationKind
    name: Name
    #: the item it is done to; of a merge, the one that takes the others in
    item: str
    days: int | None = None
    #: merge: the items taken in
    absorb: tuple[str, ...] = ()
    #: parallelise: all it waits for from now on
    predecessors: tuple[str, ...] = ()
    #: move to post: what waits for it no more, and what does instead
    remove_from: tuple[str, ...] = ()
    add_to: tuple[str, ...] = ()
    #: joint review: the departments that take part
    participants: tuple[str, ...] = ()
    #: commitment: working days until it is checked
    check_days: int | None = None
    cost: Cost = field(default_factory=Cost)
    #: ids of operations that cannot be done together with this one
    excludes: tuple[str, ...] = ()
    enabled: bool = True

    @classmethod
    def of(cls, data: Any, place: int = 0) -> Operation:
        """Read an operation from plain data.

        Raises Invalid naming the field that is missing, unknown or of another kind.
        """
        where = f"operations[{place}]"
        if not isinstance(data, Mapping):
            wrong(where, "an operation must be a mapping")
        kind = _kind(data.get("kind"), where)
        item = _text(data.get("item"), f"{where}.item", MAX_ID)
        allowed = {*PLAIN, *NEEDED[kind], *OPTIONAL.get(kind, ())}
        for key in data:
            if key not in allowed and data[key] not in (None, [], ()):
                wrong(f"{where}.{key}", f"{kind} has no {key!r}; it may have {sorted(allowed)}")
        values = {
            name: _number(data.get(name), f"{where}.{name}", NUMBERS[name])
            for name in NUMBERS
            if data.get(name) is not None
        }
        lists = {name: _names(data.get(name), f"{where}.{name}") for name in LISTS}
        for name in NEEDED[kind]:
            if values.get(name) is None and not lists.get(name):
                wrong(f"{where}.{name}", f"{kind} needs {name!r}")
        made = "-".join((kind, *(lists["absorb"] or (item,))))[:MAX_ID]
        identifier = data.get("id") or OTHER.sub("_", made)
        return cls(
            id=_id(identifier, f"{where}.id"),
            kind=kind,
            name=Name.of(data.get("name"), f"{kind} {item}"),
            item=item,
            cost=_cost(data.get("cost"), where),
            excludes=_names(data.get("excludes"), f"{where}.excludes"),
            enabled=_switch(data.get("enabled"), f"{where}.enabled"),
            days=values.get("days"),
            check_days=values.get("check_days"),
            absorb=lists["absorb"],
            predecessors=lists["predecessors"],
            remove_from=lists["remove_from"],
            add_to=lists["add_to"],
            participants=lists["participants"],
        )

    def as_dict(self) -> dict[str, Any]:
        """The operation as plain data, which `of` reads again."""
        wanted = (*NEEDED[self.kind], *OPTIONAL.get(self.kind, ()))
        told = {name: getattr(self, name) for name in wanted}
        plain = {key: list(each) if isinstance(each, tuple) else each for key, each in told.items()}
        return {
            "id": self.id,
            "kind": self.kind.value,
            "name": {"zh": self.name.zh, "en": self.name.en},
            "item": self.item,
            **plain,
            "cost": self.cost._asdict(),
            "excludes": list(self.excludes),
            "enabled": self.enabled,
        }


def operations_of(rows: Any) -> tuple[Operation, ...]:
    """Read a list of operations, in the order in which they take effect.

    Raises Invalid where one cannot be read, an id stands twice, or one excludes an unknown one.
    """
    if not isinstance(rows, Iterable) or isinstance(rows, str | bytes | Mapping):
        wrong("operations", "operations must be a list")
    found = tuple(Operation.of(row, place) for place, row in enumerate(rows))
    if len(found) > MAX_OPERATIONS:
        wrong("operations", f"a list holds at most {MAX_OPERATIONS} operations")
    ids = Counter(each.id for each in found)
    twice = [each for each, count in ids.items() if count > 1]
    if twice:
        wrong("operations", f"two operations are called {twice[0]!r}: give them ids of their own")
    for each in found:
        for other in each.excludes:
            if other not in ids or other == each.id:
                wrong("operations", f"{each.id} excludes {other!r}, which is no other operation")
    return found


def wrong(field: str, message: str) -> NoReturn:
    """Raise Invalid naming a field."""
    raise Invalid(message, field=field)


def _kind(value: Any, where: str) -> OperationKind:
    try:
        return OperationKind(value)
    except ValueError:
        wrong(f"{where}.kind", f"kind must be one of {', '.join(OperationKind)}, not {value!r}")


def _text(value: Any, field: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        wrong(field, f"{field} must be a text")
    if len(value) > longest:
        wrong(field, f"{field} has at most {longest} characters")
    return value


def _id(value: Any, field: str) -> str:
    text = _text(value, field, MAX_ID)
    if not ID.fullmatch(text):
        wrong(field, f"{field} has letters, digits, hyphens, underscores and dots only")
    return text


def _number(value: Any, field: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        wrong(field, f"{field} must be a whole number from 0 to {most}, not {value!r}")
    return value


def _names(value: Any, field: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        wrong(field, f"{field} must be a list of ids")
    return tuple(dict.fromkeys(value))


def _cost(value: Any, where: str) -> Cost:
    if value is None:
        return Cost()
    if not isinstance(value, Mapping) or not set(value) <= {"effort", "legal"}:
        wrong(f"{where}.cost", "a cost is a mapping of effort and legal")
    parts = {key: _number(each, f"{where}.cost.{key}", MAX_COST) for key, each in value.items()}
    return Cost(**parts)


def _switch(value: Any, field: str) -> bool:
    if value is None:
        return True
    if not isinstance(value, bool):
        wrong(field, f"{field} must be true or false")
    return value
