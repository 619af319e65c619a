"""Projects whose items have cases, for tests of the pages on which people work on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.service import procedures, projects, tasks
from engine.service.views import TaskView
from tests.api.conftest import Service
from tests.service.city import said
from tests.service.drawn import applicant, approval, call, chain, diagram, files, node, work

#: who works on the item A-1, and whose project it is
PEOPLE = {
    "li": ("clerk", "PLAN"),
    "wang": ("clerk", "PLAN"),
    "zhao": ("reviewer", "PLAN"),
    "boss": ("coordinator", ""),
    "maker": ("applicant", ""),
}
MATERIALS = ["总平面图", "日照分析"]


def procedure() -> dict[str, bytes]:
    """One stage: A-1 with two materials beside the applicant's own work D-1; B-1 waits softly."""
    stage = diagram(
        "planning",
        *(node("parallelGateway", each) for each in ("fork", "join")),
        call("A-1"),
        call("B-1", decision_waits_for="A-1"),
        work("D-1", kind="applicant"),
        node("endEvent", "end"),
        chain("START", "fork", "A-1", "join", "end"),
        chain("fork", "B-1", "join"),
        chain("fork", "D-1", "join"),
    )
    items = {
        "A-1": approval(
            3,
            department="PLAN",
            statutory_days=20,
            materials=MATERIALS,
            legal_basis="城乡规划法 art.40",
            name={"zh": "方案审查", "en": "scheme review"},
        ),
        "B-1": approval(5, department="PLAN", name={"zh": "规划许可", "en": "planning permit"}),
        "D-1": applicant(10),
    }
    return files("cases", {"planning": stage}, items)


@dataclass
class Case:
    """A started project and what is open in it."""

    service: Service
    project: int

    def task(self, item: str = "A-1") -> TaskView:
        """The one open task of an item."""
        found = self.service.act(tasks.find, project=self.project, item=item).items
        [task] = found
        return task  # type: ignore[no-any-return]

    def path(self, item: str = "A-1") -> str:
        """The address of its page."""
        return f"/tasks/{self.task(item).id}"

    def answer(self, *outcomes: str, item: str = "A-1", **data: Any) -> None:
        """Complete an item's tasks one after the other."""
        for outcome in outcomes:
            self.service.act(tasks.complete, self.task(item).id, outcome, said(outcome, data))


def begin(service: Service, name: str = "水泵厂迁建") -> Case:
    """Start a project of the applicant `maker`, with everybody who works on it."""
    if "li" not in service.secrets:
        for person, role in PEOPLE.items():
            service.add_user(person, role)
        service.act(procedures.deploy, procedure())
    project = service.act(projects.create, name, "cases", "maker")
    service.act(projects.start, project.id)
    return Case(service, project.id)
