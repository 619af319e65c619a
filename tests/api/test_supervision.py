"""Supervision over REST: the board, the cases behind it, reports, evaluation; for oversight."""

from __future__ import annotations

import pytest

from engine.scheduler import sweep
from tests.api.conftest import Service

PATHS = (
    "/supervision",
    "/supervision/cases",
    "/supervision/reports",
    "/supervision/reports/2014Q1",
    "/supervision/evaluation",
    "/supervision/evaluation/projects",
)


def decided(service: Service) -> int:
    """A project whose survey the land bureau has decided on the day it came in."""
    project = service.project()
    task = service.task(project)["id"]
    assert service("reviewer").post(f"/tasks/{task}/complete", {"outcome": "approve"}).status_code
    return project


def test_the_board_counts_what_is_in_hand_and_what_was_decided(both: Service) -> None:
    both.project()
    decided(both)
    board = both("supervisor").get("/supervision").json
    assert (board["period"], board["grain"], board["as_of_on"]) == (
        "2014Q1",
        "quarter",
        "2014-03-03",
    )
    assert (board["in_hand"], board["overdue"], board["target_percent"]) == (1, 0, 95)
    [land] = [each for each in board["departments"] if each["department"] == "LAND"]
    assert land["lights"] == {"green": 1}
    assert (land["figures"]["decided"], land["figures"]["on_time_percent"]) == (1, 100.0)
    assert land["name"]["zh"] == "国土局"
    assert [each["percent"] for each in board["months"]][-1] == 100.0
    year = both("analyst").get("/supervision?period=2014").json
    assert (year["period"], year["city"]["decided"]) == ("2014", 1)
    for wrong in ("2014Q9", "2014Q2", "1999", "x"):
        refused = both("supervisor").get(f"/supervision?period={wrong}")
        assert refused.status_code == 422, wrong


def test_the_cases_behind_a_number(both: Service) -> None:
    projects = [both.project() for _ in range(3)]
    first = both("supervisor").get("/supervision/cases?department=LAND&limit=2").json
    second = both("supervisor").get(f"/supervision/cases?cursor={first['next']}").json
    found = first["items"] + second["items"]
    assert sorted(each["project"] for each in found) == projects
    assert {(each["item"], each["light"], each["state"]) for each in found} == {
        ("SURVEY", "green", "open")
    }
    assert both("supervisor").get("/supervision/cases?light=overdue").json["items"] == []
    assert both("supervisor").get("/supervision/cases?light=blue").status_code == 422


def test_a_report_says_what_its_figures_are(both: Service) -> None:
    decided(both)
    report = both("supervisor").get("/supervision/reports/2014Q1").json
    assert (report["period"], report["complete"]) == ("2014Q1", False)
    assert (report["city"]["decided"], report["grades"]["excellent"]) == (1, 1)
    land, other = report["departments"]
    assert (other["department"], other["grade"]) == ("PLAN", None)
    assert (land["department"], land["grade"], land["rung"]) == ("LAND", "excellent", "none")
    assert set(land["figures"]) >= {"accepted", "on_time_percent", "reduction_percent", "deemed"}
    assert set(report["standards"]) == {"excellent", "good", "fair"}
    assert set(land["figures"]) & set(report["definitions"])
    assert report["definitions"]["on_time"]["text"]["zh"].startswith("决定日")
    listed = both("supervisor").get("/supervision/reports").json["items"]
    assert [each["period"] for each in listed] == ["2014Q1"]
    for wrong in ("2014-03", "2014Q2", "nothing"):
        assert both("supervisor").get(f"/supervision/reports/{wrong}").status_code == 422


def test_an_evaluation_of_what_was_decided(both: Service) -> None:
    decided(both)
    sweep(both.engine, both.clock.now(), both.settings)
    found = both("analyst").get("/supervision/evaluation").json
    [survey] = found["items"]
    assert (survey["item"], survey["number"], survey["p50_days"]) == ("SURVEY", 1, 0)
    assert (found["since"], found["until"]) == ("2013-03-03", "2014-03-03")
    assert both("analyst").get("/supervision/evaluation?since=2014-03-04").status_code == 422
    assert both("analyst").get("/supervision/evaluation?procedure=none").status_code == 422
    assert both("analyst").get("/supervision/evaluation?since=soon").status_code == 422
    projects = both("analyst").get("/supervision/evaluation/projects?procedure=small").json
    for each in projects["items"]:
        assert each["elapsed_days"] == sum(each["shares"].values())


@pytest.mark.parametrize("path", PATHS)
def test_it_is_for_oversight_only(service: Service, path: str) -> None:
    service.project()
    answers = {
        role: service(role).get(path).status_code
        for role in ("supervisor", "coordinator", "analyst", "admin", "reviewer", "applicant")
    }
    assert answers == {
        **dict.fromkeys(("supervisor", "coordinator", "analyst", "admin"), 200),
        **dict.fromkeys(("reviewer", "applicant"), 403),
    }
    assert service().get(path).status_code == 401
