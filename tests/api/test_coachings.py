"""Coaching over REST, on both databases; every answer is held to the OpenAPI document."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import small
from tests.api.conftest import Service

NEW = {"name": "二期厂房", "applicant": "applicant", "departments": ["WATER"]}


def begin(service: Service, **more: Any) -> dict[str, Any]:
    answer = service("coordinator").post("/coachings", {**NEW, **more})
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/coachings/{answer.json['id']}"
    return dict(answer.json)


def test_from_the_first_question_to_the_project(both: Service) -> None:
    key = begin(both)["id"]
    path, applicant, reviewer = f"/coachings/{key}", both("applicant"), both("reviewer")
    body = {"kind": "question", "text": "地块可用吗？", "topic": "land_pre_review"}
    asked = applicant.post(f"{path}/entries", body)
    assert asked.status_code == 201
    [question] = asked.json["entries"]
    assert (question["department"], question["by"]) == ("LAND", "applicant")
    [row] = reviewer.get("/coachings?waiting=true&department=LAND").json["items"]
    assert (row["id"], row["waiting"]) == (key, {"LAND": 1})

    advice = {"kind": "advice", "text": "可用", "answers": question["id"]}
    assert reviewer.post(f"{path}/entries", advice).json["entries"][1]["department"] == "LAND"
    line = {"kind": "material", "text": "勘测定界图"}
    [*_, material] = reviewer.post(f"{path}/entries", line).json["entries"]
    ticked = applicant.post(f"{path}/tick", {"entries": [material["id"]]}).json
    assert ticked["entries"][-1]["done"] is True
    sheet = applicant.get(f"{path}/advice?department=LAND").json
    assert [each["text"] for each in sheet["advice"]] == ["可用"]
    assert "has the effect of none" in sheet["effect"]["en"]

    generated = applicant.post(f"{path}/checklist", {"procedure": small.PROCEDURE})
    assert generated.json["procedure"] == small.PROCEDURE
    project = applicant.post(f"{path}/project")
    assert (project.status_code, project.json["state"]) == (201, "draft")
    assert applicant.post(f"{path}/project").status_code == 409
    closed = both("coordinator").post(f"{path}/close", {"summary": "已登记。"})
    assert (closed.json["state"], closed.json["project"]) == ("closed", project.json["id"])
    assert applicant.post(f"{path}/entries", body).status_code == 409
    assert both("coordinator").post(f"{path}/reopen").json["state"] == "open"
    history = applicant.get(f"/projects/{project.json['id']}/history").json["items"]
    assert [each["event"] for each in history] == [
        *("project.created", "coaching.project", "coaching.closed", "coaching.reopened"),
    ]


def test_the_list_is_filtered_counted_and_comes_in_parts(both: Service) -> None:
    keys = [begin(both, name=name)["id"] for name in ("一期", "二期", "三期")]
    coordinator = both("coordinator")
    first = coordinator.get("/coachings?limit=2").json
    rest = coordinator.get(f"/coachings?limit=2&cursor={first['next']}").json
    assert [each["id"] for each in (*first["items"], *rest["items"])] == keys[::-1]
    assert [each["id"] for each in coordinator.get("/coachings?text=二").json["items"]] == [keys[1]]
    counts = coordinator.get("/coachings/facets?department=").json
    assert (counts["total"], counts["state"], counts["waiting"]) == (3, {"open": 3}, 0)
    assert coordinator.get("/coachings?stat=open").status_code == 422


def test_others_do_not_see_it(both: Service) -> None:
    path = f"/coachings/{begin(both)['id']}"
    both.add_user("stranger", ("applicant", ""))
    both.add_user("met", ("clerk", "MET"))
    for name in ("stranger", "met"):
        client = both(name)
        assert client.get("/coachings").json["items"] == []
        assert client.get(path).status_code == 404
        assert client.get(f"{path}/advice").status_code == 404
    assert both("met").post(f"{path}/entries", {"kind": "advice", "text": "!"}).status_code == 404
    for name in ("supervisor", "analyst", "head", "clerk"):
        assert both(name).get(path).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "question", "text": ""}, "text"),
        ({"kind": "summary", "text": "!"}, "kind"),
        ({"kind": "question", "text": "?", "topic": "gardens"}, "topic"),
        ({"kind": "question", "text": "?", "department": "MET"}, "department"),
        ({"kind": "question", "text": "?", "answers": 1}, "body"),
        ({"kind": "material", "text": "图", "topic": "eia"}, "body"),
        ({"kind": "question", "text": "x" * 4001}, "text"),
    ],
)
def test_what_cannot_be_said_is_refused_by_name(
    service: Service, body: dict[str, Any], field: str
) -> None:
    path = f"/coachings/{begin(service)['id']}"
    answer = service("coordinator").post(f"{path}/entries", body)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert service("coordinator").get(path).json["entries"] == []


def test_a_version_that_is_not_the_present_one_is_refused(service: Service) -> None:
    coordinator = service("coordinator")
    path = f"/coachings/{begin(service)['id']}"
    seen = coordinator.get(path).headers["ETag"]
    body = {"kind": "question", "text": "?"}
    assert coordinator.post(f"{path}/entries", body, headers={"If-Match": seen}).status_code == 201
    late = coordinator.post(f"{path}/close", {"summary": "好了"}, headers={"If-Match": seen})
    assert (late.status_code, late.json["code"]) == (412, "stale_version")
    assert coordinator.get(path).json["state"] == "open"


def test_a_request_that_is_sent_twice_asks_once(service: Service) -> None:
    path = f"/coachings/{begin(service)['id']}"
    body, key = {"kind": "question", "text": "?"}, {"Idempotency-Key": "the-first-question"}
    for _ in range(2):
        answer = service("applicant").post(f"{path}/entries", body, headers=key)
        assert len(answer.json["entries"]) == 1
