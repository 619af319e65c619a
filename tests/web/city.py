"""A project in a city's service: started, driven a little, looked at."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import ModelError
from engine.service import procedures, projects, tasks
from engine.service.views import ProjectView, TaskView
from engine.service.work import SYSTEM, Work
from engine.store.database import transaction
from tests.api import small
from tests.api.conftest import Service
from tests.service.city import said

INDUSTRIAL = "industrial-2014"
#: its gateway divides by zero: whoever answers the first task meets an incident
FAILING = small.diagram("1 / amount > 2", process="failing")


def deploy(service: Service, procedure: str = INDUSTRIAL) -> None:
    """Deploy one of the city's procedures."""
    service.act(procedures.deploy, procedures.named(procedure, service.settings))


def draft(service: Service, procedure: str = INDUSTRIAL, applicant: str = "applicant") -> int:
    """A project that is registered only."""
    view: ProjectView = service.act(projects.create, "水泵厂迁建", procedure, applicant)
    return view.id


def started(service: Service, procedure: str = INDUSTRIAL, applicant: str = "applicant") -> int:
    """A project that has been started."""
    identifier = draft(service, procedure, applicant)
    service.act(projects.start, identifier)
    return identifier


def task(service: Service, project: int, item: str) -> TaskView:
    """The one open task of an item."""
    found = service.act(tasks.find, project=project, item=item).items
    [only] = found
    result: TaskView = only
    return result


def answer(service: Service, project: int, item: str, *outcomes: str, **data: Any) -> None:
    """Complete an item's tasks one after the other."""
    for outcome in outcomes:
        service.act(tasks.complete, task(service, project, item).id, outcome, said(outcome, data))


def fail(service: Service, project: int, item: str, outcome: str, **data: Any) -> None:
    """Answer a task whose step fails: the incident is kept, as the boundary keeps it."""
    identifier = task(service, project, item).id
    with transaction(service.engine) as db:
        work = Work(db, service.clock.now(), SYSTEM, service.settings)
        with pytest.raises(ModelError):
            tasks.complete(work, identifier, outcome, data)
