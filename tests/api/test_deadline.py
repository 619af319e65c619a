"""A due date explained over REST: a lawyer could compute it anew from the answer alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.scheduler import sweep
from engine.service import procedures, projects, tasks
from engine.service.clock import extensions, suspensions
from engine.service.clock.extensions import Asking
from engine.service.clock.suspensions import Stopping
from tests.api.conftest import Service
from tests.service.city import REASONS
from tests.service.drawn import approval, call, chain, node, one_stage

ITEM = approval(3, department="PLAN", statutory_days=20, legal_basis="城乡规划法 art.40")


@pytest.fixture
def project(both: Service) -> int:
    """A project whose one item has been filed on Friday 28 March 2014, at six in the evening."""
    parts = (call("A-1"), node("endEvent", "end"), chain("START", "A-1", "end"))
    both.act(procedures.deploy, one_stage("one", *parts, A_1=ITEM))
    both.clock.set(both.clock.now().replace(day=28, hour=10))
    found = both.act(projects.create, "Plant", "one", "ACME")
    return int(both.act(projects.start, found.id).id)


def explained(service: Service, project: int, by: str = "supervisor") -> dict[str, Any]:
    """The explanation of the one open task."""
    return dict(service(by).get(f"/tasks/{service.task(project)['id']}/deadline").json)


def wait(service: Service, days: int) -> None:
    service.clock.set(service.clock.now() + timedelta(days=days))


def by_hand(told: dict[str, Any], term: dict[str, Any]) -> date:
    """The due date, from the days of the answer alone."""
    days = term["lines"]
    assert days[0]["date"] == told["start"]["on"]
    assert [day["number"] for day in days if day["counted"]] == [
        *range(1, term["days"] + term["extension_days"] + 1)
    ]
    return date.fromisoformat(days[-1]["date"])


def test_receipt_says_when_it_was_filed_and_as_of_which_day(both: Service, project: int) -> None:
    told = explained(both, project)
    start = told["start"]
    assert (told["clock"], told["step"], start["reason"]) == ("step", "receive", "received")
    assert start["filed_at"] == "2014-03-28T10:00:00Z"
    assert (start["cut_off"], start["received_on"]) == ("17:00", "2014-03-31")
    [term] = told["terms"]
    assert (term["kind"], term["days"], term["source"]) == ("statutory", 5, "行政许可法 art. 32")
    assert str(by_hand(told, term)) == told["due_on"] == "2014-04-08"
    by_date = {day["date"]: day for day in term["lines"]}
    assert by_date["2014-04-07"]["reason"] == "holiday: Qingming Festival 清明节"
    assert "2014年" in by_date["2014-04-07"]["source"]
    assert told["on_lapse"]["outcome"] == "accept"
    assert told["overdue_from"] == "2014-04-08T16:00:00Z"


def test_both_terms_with_stop_and_extension(both: Service, project: int) -> None:
    both.act(tasks.complete, both.task(project)["id"], "accept")
    wait(both, 3)
    both.act(suspensions.suspend, project, "A-1", Stopping("hearing", "〔2014〕7号", 5))
    standing = explained(both, project)
    assert (standing["due_on"], standing["stopped_on"]) == (None, "2014-03-31")
    assert standing["terms"][0]["counted_days"] == 0, "received, so accepted, that very day"
    wait(both, 2)
    both.act(suspensions.resume, project, "A-1")
    both.act(extensions.request, project, "A-1", Asking(2, "现场复杂", "〔2014〕9号"))
    told = explained(both, project)
    assert (told["clock"], told["start"]["on"]) == ("item", "2014-03-31")
    assert told["start"]["reason"] == "accepted"
    promised, statutory = told["terms"]
    assert str(by_hand(told, promised)) == promised["due_on"] == told["due_on"]
    assert str(by_hand(told, statutory)) == statutory["due_on"]
    assert (told["in_force"], statutory["source"]) == ("promised", "城乡规划法 art.40")
    [stop] = told["stops"]
    assert (stop["reason"], stop["notice"], stop["source"]) == (
        "hearing",
        "〔2014〕7号",
        "行政许可法 art. 45",
    )
    marks = {day["date"]: (day["mark"], day["stop"]) for day in promised["lines"]}
    assert marks["2014-03-31"] == ("start", 0)
    assert marks["2014-04-01"] == ("stopped", 1)
    assert marks["2014-04-02"] == ("resumed", 1)
    assert [day["mark"] for day in promised["lines"]][-1] == "extended"
    more = told["extension"]
    assert (more["days"], more["approved_by"], more["notice"]) == (2, "system", "〔2014〕9号")
    assert more["source"] == "行政许可法 art. 42 para. 1"
    assert told["on_lapse"]["outcome"] == ""


def test_silence_counts_from_the_day_of_receipt(both: Service, project: int) -> None:
    wait(both, 12)
    sweep(both.engine, both.clock.now(), both.settings)
    told = explained(both, project)
    assert (told["start"]["reason"], told["start"]["on"]) == ("silence", "2014-03-31")
    assert told["start"]["noted_by"] == "system"
    assert by_hand(told, told["terms"][0]) == date(2014, 4, 3)


def test_what_has_no_due_date_has_no_explanation(both: Service, project: int) -> None:
    both.act(tasks.complete, both.task(project)["id"], "supplement", REASONS["supplement"])
    task = both.task(project)["id"]
    answer = both("supervisor").get(f"/tasks/{task}/deadline")
    assert answer.status_code == 404
    assert "has no due date" in answer.json["detail"]
    assert both("supervisor").get("/tasks/none/deadline").status_code == 404


def test_an_applicant_sees_that_of_their_own_projects_only(both: Service, project: int) -> None:
    task = both.task(project)["id"]
    assert both("applicant").get(f"/tasks/{task}/deadline").status_code == 404
