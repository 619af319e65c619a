"""Which lists of operations a scenario may hold: all that are on apply, and none breaks a law.

A conflict that came of switching another operation off may stay: the effect shows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from engine.analysis.reengineering.legality import Breach, BreachKind
from engine.analysis.reengineering.operation import Operation, operations_of
from engine.analysis.reengineering.plan import Inapplicable, Plan
from engine.analysis.reengineering.scenario import Step, play
from engine.errors import Conflict, Invalid, LianshenError
from engine.rules.scenario import OperationUnlawful
from engine.service import departments
from engine.service.scenarios.city_lists import laws
from engine.service.work import Work
from engine.settings import Settings

#: what comes of several operations, and a later one may mend
TOGETHER = frozenset({BreachKind.PRECONDITION, BreachKind.COMPETENCE})
#: departments by code that have no seat at a joint review
OUTSIDE = frozenset({"APPL", "INST"})


def checked(
    work: Work, base: Plan, rows: Iterable[Any], standing: Sequence[Operation] = ()
) -> tuple[Operation, ...]:
    """Return a list of operations, read and checked on a base.

    `standing` are the operations as they were: what was in conflict there already may stay so.
    Raises Invalid, Inapplicable, OperationUnlawful: `operation` names which, `field` where.
    """
    found = read(rows)
    refuse_first(problems(work, base, found, standing))
    return found


def problems(
    work: Work, base: Plan, operations: Sequence[Operation], standing: Sequence[Operation] = ()
) -> Iterator[LianshenError]:
    """Yield why a list cannot be kept, in its order."""
    known = play(base, standing).conflicts if standing else ()
    kept = {step.operation for step in known}
    played = play(base, operations, laws(work.settings))
    for step in played.steps:
        strange = list(unknown(base, step.operation, work.settings))
        yield from strange
        if step.operation not in kept:
            yield from (each for each in refusals(step) if not said(each, strange))


def said(error: LianshenError, others: Iterable[LianshenError]) -> bool:
    """Tell whether others say already that there is no such item."""
    cause = error.detail.get("cause")
    return cause is not None and any(each.detail.get("cause") == cause for each in others)


def read(rows: Iterable[Any]) -> tuple[Operation, ...]:
    """Return operations of rows, which may be operations already. Raises Invalid."""
    if isinstance(rows, list | tuple):
        rows = [row.as_dict() if isinstance(row, Operation) else row for row in rows]
    return operations_of(rows)


def refuse_first(found: Iterable[LianshenError]) -> None:
    """Raise the first of these, if there is any."""
    for error in found:
        raise error


def unknown(base: Plan, operation: Operation, settings: Settings) -> Iterator[LianshenError]:
    """Yield the items and departments that there are not, whether it is on or off."""
    named = (
        *(operation.item, *operation.absorb, *operation.predecessors),
        *(*operation.remove_from, *operation.add_to),
    )
    lost = [name for name in named if name not in base.activities]
    if lost:
        text = f"{operation.id}: there is no {lost[0]!r} in the procedure"
        yield Inapplicable(text, cause="unknown_item", items=lost, operation=operation.id)
    seated = [each.id for each in departments.find(settings) if each.id not in OUTSIDE]
    strangers = [each for each in operation.participants if seated and each not in seated]
    if strangers:
        text = f"{operation.id}: there is no department {strangers[0]!r}; there are {seated}"
        yield Invalid(text, field="participants", operation=operation.id, departments=strangers)


def refusals(step: Step) -> Iterator[Conflict]:
    """Yield why an operation cannot be on: it does not apply, or breaks a law itself."""
    operation = step.operation
    # the law first: a promise above the statute is no shortening either
    for breach in own(step) if operation.enabled else ():
        text = f"{operation.id}: {breach.message} ({breach.law})"
        about = {"operation": operation.id, "items": list(breach.items)}
        yield OperationUnlawful(text, law=breach.law, breach=breach.kind.value, **about)
    if step.conflict is not None:
        text = f"{operation.id}: {step.conflict.message}"
        yield Inapplicable(text, **{**step.conflict.detail, "operation": operation.id})


def own(step: Step) -> list[Breach]:
    """Return what an operation breaks in itself, whatever else is done."""
    return [each for each in step.breaches if each.kind not in TOGETHER]
