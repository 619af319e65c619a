"""What is known of a diagram before it runs: what an item decides, how long a timer takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from engine.rules.catalogue import Item
from engine.rules.flow import Flow
from engine.workflow.answer import SOFT_GATE
from engine.workflow.expressions import ExpressionError, evaluate
from engine.workflow.timer import after, literal

SOME_DAY = datetime(2001, 1, 1, tzinfo=UTC)
HOUR = 3600.0


def settled(flows: Sequence[Flow], item: Item) -> tuple[Flow, ...]:
    """Return a gateway's flows, the one as its default whose condition holds for the item anyway.

    A condition that asks what only an answer says is left open.
    """
    names = {
        "item": item.id,
        "instant": item.instant,
        "fee_due": item.fee,
        SOFT_GATE: list(item.decision_waits_for),
    }
    sure = next((each for each in flows if each.condition and holds(each.condition, names)), None)
    if sure is None:
        return tuple(flows)
    return tuple(replace(each, default=each is sure) for each in flows)


def holds(condition: str, names: dict[str, Any]) -> bool:
    """Whether a condition is known to hold."""
    try:
        return bool(evaluate(condition, names))
    except ExpressionError:
        return False


def event_of(spec: Any) -> Any:
    """Return what an event waits for; behind an event-based gateway the gateway holds it."""
    for before in spec.inputs:
        if isinstance(before, EventBasedGateway):
            return before.event_definition.event_definitions[before.outputs.index(spec)]
    return spec.event_definition


def awaited(event: Any, item: Item | None) -> tuple[str, ...]:
    """Return what a message is waited for; at a soft gate what its item's decision waits for."""
    if not isinstance(event, MessageEventDefinition):
        return ()
    if event.name != SOFT_GATE:
        return (event.name,)
    return item.decision_waits_for if item is not None else ()


def hours(event: Any) -> float | None:
    """Return how long a timer takes by the clock on the wall; None for what is no timer.

    Of a repetition one round; 0 for a date, and for what only data say.
    """
    if not isinstance(event, TimerEventDefinition):
        return None
    try:
        duration = literal(event, {}).rpartition("/")[2]
        return (after(duration, SOME_DAY) - SOME_DAY).total_seconds() / HOUR
    except (ExpressionError, ValueError, OverflowError):
        return 0.0
