"""Scenarios of re-engineering: made, made cheaper, proposed. See scenarios.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from api.demonstration.plan import data
from engine.service.scenarios import effects, proposals, scenarios
from engine.service.work import Work

if TYPE_CHECKING:
    from api.demonstration.city import City

ANALYST = ("analyst", "")


@dataclass(frozen=True, slots=True)
class ScenarioPlan:
    """A scenario to be made so many working days ago, and perhaps proposed some days later."""

    name: str
    procedure: str
    days_ago: int
    note: str = ""
    target: int | None = None
    propose: int | None = None


def plans() -> list[ScenarioPlan]:
    """Return the scenarios of the city."""
    return [ScenarioPlan(**row) for row in data("scenarios.yaml")["scenarios"]]


def enter(city: City) -> None:
    """Put every scenario on the agenda."""
    for plan in plans():
        at = city.instant(plan.days_ago, plan.name)
        city.agenda.add(at, partial(make, city, plan, at))


def make(city: City, plan: ScenarioPlan, at: datetime) -> None:
    """Make a scenario of the published list."""
    work = analyst(city, at)
    made = scenarios.create(work, plan.name, plan.procedure, note=plan.note)
    if plan.target is not None:
        choose(work, made, plan.target)
    if plan.propose is not None:
        later = city.instant(plan.days_ago - plan.propose, f"{plan.name}/proposed")
        city.agenda.add(later, lambda: proposals.propose(analyst(city, later), made))


def analyst(city: City, at: datetime) -> Work:
    """Return a unit of work of the city's analyst."""
    return city.work(at, city.staff[ANALYST][0])


def choose(work: Work, scenario: int, target: int) -> None:
    """Leave on only the cheapest operations that reach a target."""
    chosen = effects.optimum(work, scenario, target)["operations"]
    operations = scenarios.get(work, scenario).operations
    switched = [{**each, "enabled": each["id"] in chosen} for each in operations]
    scenarios.update(work, scenario, operations=switched)
