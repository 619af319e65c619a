"""A project with clocks of each kind to stop and extend, and the people who do that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.service.clock import recompute
from engine.service.clock.extensions import Asking
from engine.service.clock.suspensions import Stopping
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City
from tests.service.drawn import approval, call, chain, diagram, files, node

HEARING = Stopping("hearing", "听告〔2014〕3号", 10)
ASKING = Asking(5, "案情复杂，须实地核查", "延告〔2014〕1号")
#: one department, several together, and what a special law counts in calendar days
ITEMS: Mapping[str, dict[str, Any]] = {
    "A-1": approval(8, department="PLAN", statutory_days=20),
    "J-1": approval(30, department="PLAN", statutory_days=20, handling="joint"),
    "C-1": approval(
        7,
        department="EPB",
        statutory_days=30,
        unit="calendar",
        legal_basis="环境影响评价法 art. 22",
    ),
}


def procedure() -> Mapping[str, bytes]:
    """One stage with the three items side by side."""
    stage = diagram(
        "planning",
        *(node("parallelGateway", each) for each in ("fork", "join")),
        *(call(item) for item in ITEMS),
        node("endEvent", "end"),
        chain("START", "fork", *list(ITEMS)[:1], "join", "end"),
        *(chain("fork", item, "join") for item in list(ITEMS)[1:]),
    )
    return files("clocks", {"planning": stage}, ITEMS)


@dataclass(frozen=True, slots=True)
class People:
    """Who acts."""

    reviewer: Actor
    head: Actor
    government: Actor
    coordinator: Actor
    stranger: Actor


def people(city: City) -> People:
    """Add everybody."""
    return People(
        reviewer=city.user("reviewer-plan", ("reviewer", "PLAN"), shown="赵敏"),
        head=city.user("head-plan", ("head", "PLAN"), shown="周局长"),
        government=city.user("mayor", ("head", ""), shown="市长"),
        coordinator=city.user("boss", ("coordinator", "")),
        stranger=city.user("reviewer-land", ("reviewer", "LAND")),
    )


def accepted(city: City, items: Iterable[str] = ITEMS) -> int:
    """A project of which these items were accepted today."""
    project = city.start(city.deploy(procedure()))
    for item in items:
        city.answer(project, item, "accept")
    return project


def row(city: City, project: int, item: str) -> dict[str, Any]:
    """An item's row."""
    [found] = city.rows(t.project_item, project_id=project, item=item)
    return found


def due(city: City, project: int, item: str) -> tuple[date | None, date | None]:
    """Both due dates of an item, which its open task has as well."""
    found = row(city, project, item)
    dates = (found["promised_due_on"], found["statutory_due_on"])
    task = city.task(project, item)
    assert (task.promised_due_on, task.statutory_due_on) == dates
    return dates


def unmoved(city: City) -> bool:
    """Tell whether every stored date is what follows from what is recorded."""
    return city.see(lambda work: recompute.moves(work, work.calendar)) == []


def events(city: City, project: int, name: str) -> list[dict[str, Any]]:
    """What the history says of events of a name, in order."""
    rows = city.rows(t.history, project_id=project, event=name)
    return [each["data"] for each in sorted(rows, key=lambda each: each["id"])]
