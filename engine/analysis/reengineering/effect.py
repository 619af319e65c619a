"""The effect of a scenario as plain data: what pages, reports, commands and clients read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from engine.analysis.critical_path import report
from engine.analysis.network import ActivityNetwork, Phase
from engine.analysis.reengineering.change import changes
from engine.analysis.reengineering.legality import Breach
from engine.analysis.reengineering.scenario import Played, Step, StepState
from engine.rules.procedure import Kind


def effect(procedure_id: str, played: Played) -> dict[str, Any]:
    """What a scenario does, JSON-ready; days are working days.

    `before` and `after` are critical-path reports with `items` (approvals that construction start
    waits for) and `sum_days` (their promises added up). `steps` name every operation with the total
    after it, so that the savings of those applied add up to `saved`. `inherited` are breaches of
    the base itself that the scenario leaves: they do not make it unlawful.
    """
    before = summary(procedure_id, played.base.network)
    after = summary(procedure_id, played.plan.network)
    return {
        "procedure": procedure_id,
        "before": before,
        "after": after,
        "saved": before["counted_days"] - after["counted_days"],
        "cost": played.cost,
        "steps": [_step(step) for step in played.steps],
        "lawful": not played.breaches,
        "breaches": [breach_told(breach) for breach in played.breaches],
        "inherited": [breach_told(breach) for breach in played.inherited],
        "conflicts": [step.operation.id for step in played.conflicts],
        "changes": [
            {**asdict(change), "kind": change.kind.value}
            for change in changes(played.base, played.plan, played.applied)
        ],
    }


def summary(procedure_id: str, network: ActivityNetwork) -> dict[str, Any]:
    """A network's critical-path report, with how many items it asks for and their days' sum."""
    counted = [
        network[name]
        for name, phase in zip(network.order, network.phases, strict=True)
        if phase is Phase.OPENING and network[name].kind is Kind.APPROVAL
    ]
    told = report(procedure_id, network)
    return {**told, "items": len(counted), "sum_days": sum(each.days for each in counted)}


def _step(step: Step) -> dict[str, Any]:
    conflict = step.conflict
    return {
        "operation": step.operation.id,
        "kind": step.operation.kind.value,
        "name": {"zh": step.operation.name.zh, "en": step.operation.name.en},
        "state": step.state.value,
        "before": step.counted_days + step.saved_days,
        "after": step.counted_days,
        "saved": step.saved_days,
        "elapsed_after": step.elapsed_days,
        "cost": step.operation.cost.total,
        "breaches": [breach_told(breach) for breach in step.breaches],
        "conflict": None if conflict is None else _conflict(conflict.message, conflict.detail),
    }


def _conflict(message: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {"message": message, "cause": detail["cause"], "items": list(detail["items"])}


def breach_told(breach: Breach) -> dict[str, Any]:
    """A breach as plain data."""
    return {**asdict(breach), "kind": breach.kind.value, "items": list(breach.items)}


def applied(steps: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The steps of an effect that took effect: the bars of a waterfall."""
    return [step for step in steps if step["state"] == StepState.APPLIED]
