"""Procedures on paper: the network of a version, its totals, its catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.analysis.critical_path import report
from engine.analysis.network import ActivityNetwork, View
from engine.analysis.schedule import schedule
from engine.rules.catalogue import Item, Name
from engine.rules.deadline import DayUnit
from engine.rules.procedure import Kind
from engine.service import deployments
from engine.service.work import Work
from engine.workflow.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Totals:
    """Working days from the start to construction start, and of acceptance after it.

    `items` are the departments' items, acceptance included.
    """

    counted_days: int
    elapsed_days: int
    acceptance_days: int
    elapsed_acceptance_days: int
    items: int


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An item as a procedure promises it.

    `promised_days` and `expected_days` are working days, `statutory_days` of `unit`.
    `reduction` is the share of the statutory days that the promise saves, 0..1; None where
    no law sets a limit or the law counts other days.
    """

    id: str
    name: Name
    stage: str
    kind: Kind
    department: str
    promised_days: int | None
    expected_days: int | None
    statutory_days: int | None
    unit: DayUnit
    reduction: float | None
    legal_basis: str
    materials: tuple[str, ...]
    fee: bool
    instant: bool
    participants: tuple[str, ...]
    decision_waits_for: tuple[str, ...]
    #: materials that may be supplied later; working days until a commitment is checked
    secondary: tuple[str, ...]
    commitment_check_days: int | None
    #: what it may endanger, and whether its department's silence passes it
    guards: tuple[str, ...]
    deemed_on_lapse: bool


@dataclass(frozen=True, slots=True)
class Reduction:
    """The items whose law counts working days, added up: what it allows and what is promised."""

    items: int
    statutory_days: int
    promised_days: int

    @property
    def share(self) -> float | None:
        """How much of the statutory days is saved, 0..1; None without such an item."""
        return saved(self.statutory_days, self.promised_days)


def of_version(work: Work, version_id: int) -> Deployment:
    """Return a deployed version, read. Raises NotFound."""
    return deployments.deployment(work.db, version_id)


def totals(built: Deployment) -> Totals:
    """Return what a procedure adds up to."""
    network = ActivityNetwork(built.activities)
    counted, elapsed = (schedule(network, view) for view in (View.COUNTED, View.ELAPSED))
    return Totals(
        counted_days=counted.days,
        elapsed_days=elapsed.days,
        acceptance_days=counted.acceptance_days,
        elapsed_acceptance_days=elapsed.acceptance_days,
        items=sum(1 for each in network if each.kind is Kind.APPROVAL),
    )


def critical_path(built: Deployment, limit: int) -> Mapping[str, Any]:
    """Return the critical-path report, at most `limit` paths of each kind listed."""
    return report(built.procedure.id, ActivityNetwork(built.activities), limit=limit)


def catalogue(built: Deployment) -> list[CatalogueItem]:
    """Return the items of a procedure by stage, in the order of the diagrams."""
    drawn = {
        element.item: stage
        for stage, definition in built.stages.items()
        for element in definition.elements.values()
    }
    items = built.procedure.items
    return [catalogue_item(items[each], stage) for each, stage in drawn.items() if each in items]


def catalogue_item(item: Item, stage: str) -> CatalogueItem:
    """Return what is promised of an item."""
    comparable = item.unit is DayUnit.WORKING and item.kind is Kind.APPROVAL
    return CatalogueItem(
        id=item.id,
        name=item.name,
        stage=stage,
        kind=item.kind,
        department=item.department,
        promised_days=item.promised_days,
        expected_days=item.expected_days,
        statutory_days=item.statutory_days,
        unit=item.unit,
        reduction=saved(item.statutory_days, item.promised_days) if comparable else None,
        legal_basis=item.legal_basis,
        materials=item.materials,
        fee=item.fee,
        instant=item.instant,
        participants=item.participants,
        decision_waits_for=item.decision_waits_for,
        secondary=item.secondary,
        commitment_check_days=item.commitment_check_days,
        guards=item.guards,
        deemed_on_lapse=item.deemed_on_lapse,
    )


def saved(statutory: int | None, promised: int | None) -> float | None:
    """Return the share of the statutory days that a promise saves."""
    return (statutory - promised) / statutory if statutory and promised is not None else None


def reduction(items: list[CatalogueItem]) -> Reduction:
    """Return what the items that can be compared with the law add up to."""
    found = [each for each in items if each.reduction is not None]
    return Reduction(
        items=len(found),
        statutory_days=sum(each.statutory_days or 0 for each in found),
        promised_days=sum(each.promised_days or 0 for each in found),
    )
