"""What the page of a task says of trust: gaps and commitments on offer, materials still to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.web import trust_words
from api.web.visit import Visit
from engine.rules.gaps import GapRules
from engine.rules.receipt import CONDITIONAL
from engine.service.clock.receipt import receipt_day
from engine.service.desk import Desk
from engine.service.receiving import answers, credit, gaps
from engine.service.receiving.gaps import DeficiencyView

#: steps whose page says which promised materials are still missing
WAITING = frozenset({"review", "decide"})


@dataclass(frozen=True, slots=True)
class Offer:
    """What a receipt may offer on trust; `record` bars it, where the applicant has one."""

    secondary: tuple[str, ...]
    earliest: date
    latest: date
    check_days: int | None
    rules: GapRules
    record: Mapping[str, Any] | None

    @property
    def too_short(self) -> bool:
        """Tell whether no day lies between the acceptance and the item's due date."""
        return self.latest < self.earliest


@dataclass(frozen=True, slots=True)
class Trust:
    """The offer of a receipt, or None; the materials that are promised and not there."""

    offer: Offer | None
    missing: tuple[DeficiencyView, ...]
    #: the visitor may say that one came on paper
    window: bool

    def promised(self, material: str) -> DeficiencyView | None:
        """Return what was promised of a material."""
        return next((each for each in self.missing if each.material == material), None)


def values(visit: Visit, found: Desk) -> dict[str, Any]:
    """Return what the page needs of it."""
    actor, department = visit.work.actor, found.item.department
    trust = Trust(
        offer=offer(visit, found),
        missing=tuple(missing(visit, found)),
        window=actor.has(*gaps.WINDOW, department=department),
    )
    return {"trust": trust, "listed_materials": trust_words.listed}


def offer(visit: Visit, found: Desk) -> Offer | None:
    """Return what a receipt may offer on trust; None where the item knows of none."""
    if found.task.state != "open" or not set(CONDITIONAL) & set(found.task.outcomes):
        return None
    work, item = visit.work, found.item
    received_on = receipt_day(work, found.task.created_at)
    return Offer(
        secondary=item.secondary,
        earliest=work.today + timedelta(days=1),
        latest=answers.last_promise_on(work, item, max(work.today, received_on)),
        check_days=item.commitment_check_days,
        rules=work.rules.gaps,
        record=credit.valid(work, found.task.project),
    )


def missing(visit: Visit, found: Desk) -> list[DeficiencyView]:
    """Return the materials that are promised and not there."""
    if found.past or not found.case["gaps"]:
        return []
    project, item = found.task.project, found.item.id
    return gaps.of_project(visit.work, project, item=item, state="open")
