"""Two procedures on paper compared: by the published operations between them, or step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.analysis.network import View
from engine.analysis.reduction import equivalent
from engine.analysis.reengineering.difference import Difference, DifferenceKind, differences
from engine.analysis.reengineering.plan import Plan
from engine.analysis.reengineering.scenario import Step, StepState, play, totals
from engine.rules.catalogue import Name
from engine.rules.procedure import Activity
from engine.service.scenarios.city_lists import laws, published
from engine.settings import Settings

PUBLISHED, DERIVED = "published", "derived"
#: what a derived step is called; `name` is its activity's, `before` and `after` what differs
WORDS: dict[DifferenceKind, Name] = {
    DifferenceKind.REMOVED: Name("取消“{name}”", "“{name}” is asked for no more"),
    DifferenceKind.ADDED: Name("增加“{name}”", "“{name}” is new"),
    DifferenceKind.PRECONDITIONS: Name(
        "“{name}”改为等待 {after}", "“{name}” waits for {after} instead"
    ),
    DifferenceKind.DAYS: Name(
        "“{name}” {before}→{after} 天", "“{name}” in {after} days instead of {before}"
    ),
    DifferenceKind.HANDLED: Name("“{name}”改由 {after} 办理", "“{name}” is handled by {after}"),
}


def compare(
    before: tuple[str, Plan], after: tuple[str, Plan], settings: Settings
) -> dict[str, Any]:
    """Compare two procedures by their ids and plans, JSON-ready; days are counted working days.

    Where the city's list for the one is published to make the other, and does, `steps` are its
    operations; else they are derived from the networks. Their totals end at the other's exactly.
    `name` is in Chinese, as items' names are, `name_en` in English.
    """
    steps = published_steps(before, after, settings)
    source = DERIVED if steps is None else PUBLISHED
    if steps is None:
        steps = [told(each) for each in differences(before[1].network, after[1].network)]
    was, now = totals(before[1]), totals(after[1])
    return {
        "before": was[View.COUNTED],
        "after": now[View.COUNTED],
        "saved": was[View.COUNTED] - now[View.COUNTED],
        "steps": steps,
        "before_procedure": before[0],
        "after_procedure": after[0],
        "elapsed_before": was[View.ELAPSED],
        "elapsed_after": now[View.ELAPSED],
        "source": source,
    }


def published_steps(
    before: tuple[str, Plan], after: tuple[str, Plan], settings: Settings
) -> list[dict[str, Any]] | None:
    """Return the operations that make the one procedure the other; None where none are known."""
    makes, operations = published(settings, before[0])
    if makes != after[0]:
        return None
    played = play(before[1], operations, laws(settings))
    if not equivalent(played.plan.network, after[1].network):
        return None
    applied = [each for each in played.steps if each.state is StepState.APPLIED]
    return [step_told(each) for each in applied]


def step_told(step: Step) -> dict[str, Any]:
    """Return an operation of the list as a step."""
    operation = step.operation
    named = (operation.id, operation.kind.value, [operation.item, *operation.absorb])
    days = (step.counted_days + step.saved_days, step.counted_days)
    return row(*named, operation.name, days, step.elapsed_days)


def told(step: Difference) -> dict[str, Any]:
    """Return a derived step."""
    words, values = WORDS[step.kind], words_of(step)
    name = Name(words.zh.format(**values), words.en.format(**values))
    identifier = f"{step.kind.value}-{step.item}"
    days = (step.before, step.after)
    return row(identifier, step.kind.value, [step.item], name, days, step.elapsed_after)


def row(
    operation: str,
    kind: str,
    items: list[str],
    name: Name,
    days: tuple[int, int],
    elapsed_after: int,
) -> dict[str, Any]:
    """Return a step as plain data."""
    return {
        "operation": operation,
        "name": name.zh,
        "before": days[0],
        "after": days[1],
        "saved": days[0] - days[1],
        "name_en": name.en,
        "kind": kind,
        "items": items,
        "elapsed_after": elapsed_after,
    }


#: by kind, what differs, as a text
SHOWN: dict[DifferenceKind, Callable[[Activity], str]] = {
    DifferenceKind.PRECONDITIONS: lambda each: ", ".join(
        (*each.predecessors, *each.decision_waits_for)
    ),
    DifferenceKind.DAYS: lambda each: str(each.days),
    DifferenceKind.HANDLED: lambda each: f"{each.department} {each.stage} {each.kind.value}",
}


def words_of(step: Difference) -> dict[str, str]:
    """Return what the words of a derived step speak of."""
    shown, named = SHOWN.get(step.kind), step.now or step.was
    return {
        "name": named.name if named else step.item,
        "before": shown(step.was) if shown and step.was else "",
        "after": shown(step.now) if shown and step.now else "",
    }
