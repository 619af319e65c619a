"""What a scenario begins with: the city's published list, as far as it fits the base.

A list is published for a procedure as it was. Once a later version has an item no more, what was
done to it is left out; what cannot be on for another reason is there, switched off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.analysis.reengineering.operation import Operation
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import play
from engine.rules.precondition import Precondition
from engine.service.scenarios import checking
from engine.service.scenarios.city_lists import laws, published
from engine.service.work import Work

#: the note says it to whoever opens the scenario, in both languages of the interface
LEFT_OUT = "公布清单中未列入（基础流程已没有所涉事项）/ Left out, their items are no more: {}"
OFF = "公布清单中已停用（不适用于基础流程）/ Switched off, they do not apply: {}"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Operations to begin with, and the ids of those that do not fit."""

    operations: tuple[Operation, ...] = ()
    left_out: tuple[str, ...] = ()
    switched_off: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """Say what does not fit; '' where all does."""
        told = ((LEFT_OUT, self.left_out), (OFF, self.switched_off))
        return "\n".join(text.format(", ".join(ids)) for text, ids in told if ids)


def of_list(work: Work, procedure: str, base: Plan) -> Beginning:
    """Return what a procedure's published list comes to on a base; nothing without a list."""
    listed = published(work.settings, procedure)[1]
    strange = {each.id for each in listed if any(checking.unknown(base, each, work.settings))}
    known = [without(each, strange) for each in listed if each.id not in strange]
    fitting = switched_off(work, base, known)
    off = [now.id for was, now in zip(known, fitting, strict=True) if was.enabled != now.enabled]
    left = [each.id for each in listed if each.id in strange]
    return Beginning(tuple(fitting), tuple(left), tuple(off))


def without(operation: Operation, others: set[str]) -> Operation:
    """Return an operation that does not exclude others any more."""
    return replace(
        operation, excludes=tuple(each for each in operation.excludes if each not in others)
    )


def switched_off(work: Work, base: Plan, operations: Sequence[Operation]) -> list[Operation]:
    """Return operations of which those that cannot be on are off: the first, then what is left."""
    found = list(operations)
    known = laws(work.settings)
    while refused := refused_in(base, found, known):
        found = [replace(each, enabled=each.enabled and each.id != refused) for each in found]
    return found


def refused_in(base: Plan, operations: Sequence[Operation], known: tuple[Precondition, ...]) -> str:
    """Return the id of the first operation that cannot be on; '' where all can."""
    steps = play(base, operations, known).steps
    wrong = (step.operation.id for step in steps if any(checking.refusals(step)))
    return next(wrong, "")
