"""A procedure for tests whose items are accepted on trust, or decided on the spot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from engine.service import projects
from engine.service.views import EventView
from tests.service.city import City
from tests.service.drawn import approval, call, chain, diagram, files, node

#: the secondary materials of G-1
SURVEY, PLAN = "地形图", "总平面图"


@cache
def trusting() -> Mapping[str, bytes]:
    """One stage: G-1 takes gaps and passes by silence, then C-1 a commitment, then I-1 on the spot.

    S-1, beside them, is plain.
    """
    stage = diagram(
        "approval",
        *(node("parallelGateway", each) for each in ("fork", "join")),
        *(call(each) for each in ("G-1", "C-1", "I-1", "S-1")),
        node("endEvent", "OPEN"),
        chain("START", "fork", "G-1", "C-1", "I-1", "join", "OPEN"),
        chain("fork", "S-1", "join"),
    )
    items = {
        "G-1": approval(
            7,
            department="PLAN",
            statutory_days=20,
            materials=["申请表", SURVEY, PLAN],
            secondary=[SURVEY, PLAN],
            deemed_on_lapse=True,
        ),
        "C-1": approval(3, department="HOUS", commitment_check_days=20),
        "I-1": approval(0, department="HOUS", instant=True),
        "S-1": approval(5, department="PLAN"),
    }
    return files("trusting", {"approval": stage}, items)


def started(city: City) -> int:
    """Start a project of the procedure."""
    return city.start(city.deploy(trusting()))


def gaps(**promised: date) -> dict[str, Any]:
    """The data of an acceptance with gaps."""
    names = {"survey": SURVEY, "plan": PLAN}
    listed = [{"material": names[each], "promised_on": str(on)} for each, on in promised.items()]
    return {"gaps": listed, "form": "原件"}


def events(city: City, project: int, name: str) -> list[EventView]:
    """A project's events of a name."""
    found = city.see(projects.history, project, limit=500).items
    return [each for each in found if each.event == name]
