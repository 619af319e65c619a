"""Clocks over REST: stopped, let go on, extended; read by whoever may see the project."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.conftest import Service

STOP = {"reason": "hearing", "notice": "听告〔2014〕3号", "expected_days": 5}
ASKING = {"days": 5, "reason": "须实地核查", "notice": "延告〔2014〕1号"}
#: what the small procedure begins with, of the land bureau
ITEM = "SURVEY"


@pytest.fixture
def project(both: Service) -> int:
    both.add_user("head-land", ("head", "LAND"))
    return both.project()


def pass_days(service: Service, days: int) -> None:
    service.clock.set(service.clock.now() + timedelta(days=days))


def dates(service: Service, project: int) -> tuple[Any, Any]:
    items = service("head").get(f"/projects/{project}").json["items"]
    [item] = [each for each in items if each["id"] == ITEM]
    return item["promised_due_on"], item["statutory_due_on"]


def test_a_clock_is_stopped_and_goes_on(both: Service, project: int) -> None:
    path = f"/projects/{project}/items/{ITEM}"
    both.clock.set(datetime(2014, 3, 3, 1, tzinfo=UTC))
    assert dates(both, project) == ("2014-03-06", None)
    answer = both("reviewer").post(f"{path}/suspensions", STOP)
    assert answer.status_code == 201
    stop = answer.json
    assert (stop["item"], stop["from_on"], stop["until_on"]) == (ITEM, "2014-03-03", None)
    assert stop["expected_on"] == "2014-03-10"
    assert stop["reason_name"] == {"zh": "听证", "en": "hearing"}
    refused = both("reviewer").post(f"{path}/suspensions", STOP)
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert refused.json["from_on"] == "2014-03-03"
    task = both.task(project)
    held = both("reviewer").post(f"/tasks/{task['id']}/complete", {"outcome": "approve"})
    assert (held.status_code, held.json["stopped_on"]) == (409, "2014-03-03")
    pass_days(both, 2)
    ended = both("reviewer").post(f"{path}/resume", {"note": "听证已毕"}).json
    assert (ended["id"], ended["until_on"], ended["days"]) == (stop["id"], "2014-03-05", 2)
    assert dates(both, project) == ("2014-03-10", None)
    seen = both("applicant").get(f"/projects/{project}/suspensions?item={ITEM}").json["items"]
    assert [each["id"] for each in seen] == [stop["id"]]
    assert both("applicant").get(f"/projects/{project}/suspensions?item=X").json["items"] == []


def test_a_stop_that_is_over_is_entered_by_a_coordinator(both: Service, project: int) -> None:
    path = f"/projects/{project}/items/{ITEM}/suspensions"
    pass_days(both, 3)
    body = {**STOP, "from_on": "2014-03-03", "until_on": "2014-03-05"}
    assert both("reviewer").post(path, body).status_code == 403
    entered = both("coordinator").post(path, body)
    assert (entered.status_code, entered.json["days"]) == (201, 2)
    assert dates(both, project) == ("2014-03-10", None)
    negative = {**STOP, "from_on": "2014-03-06", "until_on": "2014-03-05"}
    answer = both("coordinator").post(path, negative)
    assert (answer.status_code, answer.json["field"]) == (422, "until_on")


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", "lunch"), ("notice", ""), ("expected_days", 0), ("expected_days", "ten")],
)
def test_a_wrong_stop_names_its_field(service: Service, field: str, value: Any) -> None:
    path = f"/projects/{service.project()}/items/{ITEM}/suspensions"
    answer = service("reviewer").post(path, {**STOP, field: value})
    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_only_its_department_stops_it(both: Service, project: int) -> None:
    both.add_user("reviewer-plan", ("reviewer", "PLAN"))
    path = f"/projects/{project}/items/{ITEM}"
    assert both("reviewer-plan").post(f"{path}/suspensions", STOP).status_code == 403
    assert both("reviewer-plan").post(f"{path}/extensions", ASKING).status_code == 403


def test_an_extension_is_asked_for_and_approved(both: Service, project: int) -> None:
    path = f"/projects/{project}/items/{ITEM}/extensions"
    answer = both("reviewer").post(path, ASKING)
    assert answer.status_code == 201
    asked = answer.json
    assert (asked["state"], asked["approver"], asked["may_approve"]) == ("requested", "LAND", False)
    assert both("reviewer").post(path, ASKING).status_code == 409
    [waiting] = both("head-land").get("/extensions?state=requested").json["items"]
    assert (waiting["id"], waiting["may_approve"]) == (asked["id"], True)
    address = f"/extensions/{asked['id']}"
    assert both("head").post(f"{address}/approve", {}).status_code == 403, "the government's head"
    granted = both("head-land").post(f"{address}/approve", {"note": "同意"}).json
    assert (granted["state"], granted["decided_by"]) == ("approved", "head-land")
    assert dates(both, project) == ("2014-03-13", None)
    assert both("head-land").post(f"{address}/decline", {"note": "x"}).status_code == 409
    assert both("head-land").get("/extensions?state=requested").json["items"] == []
    [seen] = both("applicant").get(f"/projects/{project}/extensions").json["items"]
    assert seen["reason"] == ASKING["reason"]


def test_an_extension_is_declined_with_a_reason(both: Service, project: int) -> None:
    asked = both("reviewer").post(f"/projects/{project}/items/{ITEM}/extensions", ASKING).json
    address = f"/extensions/{asked['id']}/decline"
    assert both("head-land").post(address, {"note": " "}).json["field"] == "note"
    assert both("head-land").post(address, {"note": "材料早已齐全"}).json["state"] == "declined"


def test_a_version_that_was_not_read_is_refused(both: Service, project: int) -> None:
    path = f"/projects/{project}/items/{ITEM}"
    version = both("reviewer").get(f"/projects/{project}").json["version"]
    seen = {"If-Match": f'"{version}"'}
    assert both("reviewer").post(f"{path}/suspensions", STOP, headers=seen).status_code == 201
    stale = both("reviewer").post(f"{path}/resume", {}, headers=seen)
    assert (stale.status_code, stale.json["present_version"]) == (412, version + 1)
    asked = both("reviewer").post(f"{path}/extensions", ASKING).json
    address = f"/extensions/{asked['id']}/approve"
    assert both("head-land").post(address, {}, headers=seen).status_code == 412


def test_applicants_see_their_own(service: Service) -> None:
    service.add_user("other", ("applicant", ""))
    project = service.project()
    service("reviewer").post(f"/projects/{project}/items/{ITEM}/extensions", ASKING)
    assert service("other").get(f"/projects/{project}/suspensions").status_code == 404
    assert service("other").get(f"/projects/{project}/extensions").status_code == 404
    assert service("other").get("/extensions").json["items"] == []
    assert len(service("applicant").get("/extensions").json["items"]) == 1
