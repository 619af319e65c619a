"""Scenarios over REST, on both databases; every answer is held to the OpenAPI document."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from engine.service import procedures
from tests.api.conftest import Service

BASE = "industrial-2013"
SHORTEN = {"id": "filing", "kind": "shorten", "item": "IND-01", "days": 1}
MERGE = {"kind": "merge", "item": "IND-01", "absorb": ["IND-03"], "cost": {"effort": 2}}


@pytest.fixture
def city(both: Service) -> Service:
    """A service with the procedure before re-engineering."""
    both.act(procedures.deploy, procedures.named(BASE, both.settings))
    return both


@pytest.fixture
def single(service: Service) -> Service:
    """The same on SQLite alone."""
    service.act(procedures.deploy, procedures.named(BASE, service.settings))
    return service


def make(service: Service, **more: Any) -> dict[str, Any]:
    body = {"name": "试行", "procedure": BASE, "operations": [SHORTEN, MERGE], **more}
    answer = service("analyst").post("/scenarios", body)
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"] == f"/api/v1/scenarios/{answer.json['id']}"
    return dict(answer.json)


def test_a_scenario_from_its_making_to_its_removal(city: Service) -> None:
    analyst = city("analyst")
    found = make(city)
    path = f"/scenarios/{found['id']}"
    assert [each["id"] for each in found["operations"]] == ["filing", "merge-IND-03"]
    assert (found["state"], found["base_version"], found["outdated"]) == ("draft", 1, False)
    effect = analyst.get(f"{path}/effect").json
    assert (effect["before"]["counted_days"], effect["after"]["counted_days"]) == (63, 61)
    assert effect["cost"] == 3

    switched = analyst.patch(
        f"{path}/operations/filing", {"enabled": False}, headers={"If-Match": '"1"'}
    )
    assert (switched.status_code, switched.headers["ETag"]) == (200, '"2"')
    assert [each["enabled"] for each in switched.json["operations"]] == [False, True]
    assert city("supervisor").get(f"{path}/effect").json["saved"] == 0
    stale = analyst.patch(path, {"note": "x"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    changed = analyst.patch(path, {"note": "与发改委商定", "operations": [SHORTEN]})
    assert (changed.json["note"], len(changed.json["operations"])) == ("与发改委商定", 1)

    copied = analyst.post(f"{path}/copy", {"name": "再试"})
    assert (copied.status_code, copied.json["name"]) == (201, "再试")
    rows = city("coordinator").get(f"/scenarios?procedure={BASE}&state=draft").json["items"]
    assert [(each["name"], each["operations"]) for each in rows] == [("再试", 1), ("试行", 1)]
    assert analyst.delete(path).status_code == 204
    assert analyst.get(path).status_code == 404


def test_the_list_comes_in_parts(single: Service) -> None:
    keys = [make(single, name=f"方案 {n}")["id"] for n in range(3)]
    first = single("analyst").get("/scenarios?limit=2&text=方案").json
    rest = single("analyst").get(f"/scenarios?limit=2&text=方案&cursor={first['next']}").json
    assert [each["id"] for each in first["items"] + rest["items"]] == keys[::-1]
    assert rest["next"] is None


def test_what_cannot_be_done_is_refused_with_its_reason(single: Service) -> None:
    analyst = single("analyst")
    body = {"name": "试行", "procedure": BASE}

    def refused(*operations: dict[str, Any], **more: Any) -> tuple[int, dict[str, Any]]:
        answer = analyst.post("/scenarios", {**body, "operations": list(operations), **more})
        return answer.status_code, answer.json

    status, problem = refused({"kind": "drop", "item": "IND-99"})
    assert (status, problem["code"], problem["cause"], problem["items"]) == (
        *(409, "operation_inapplicable", "unknown_item"),
        ["IND-99"],
    )
    status, problem = refused(MERGE, {**MERGE, "id": "again"})
    assert (status, problem["cause"], problem["operation"]) == (409, "absorbed", "again")
    circle = {"kind": "parallelise", "item": "IND-07", "predecessors": ["IND-10"]}
    status, problem = refused(circle)
    assert (status, problem["cause"]) == (409, "cycle")
    commitment = {"kind": "commitment", "item": "IND-11", "days": 1, "check_days": 20}
    status, problem = refused(commitment)
    assert (status, problem["code"], problem["operation"]) == (
        *(409, "operation_unlawful"),
        "commitment-IND-11",
    )
    assert "42号" in problem["law"]
    review = {"kind": "joint_review", "item": "IND-08", "days": 7, "participants": ["RIVER"]}
    status, problem = refused(review)
    assert (status, problem["field"], problem["departments"]) == (422, "participants", ["RIVER"])
    status, problem = refused({"kind": "shorten", "item": "IND-01"})
    assert (status, problem["field"]) == (422, "operations[0].days")
    assert refused({**SHORTEN, "days": -1})[0] == 422
    status, problem = refused(SHORTEN, version=999)
    assert (status, problem["field"], len(problem["versions"])) == (422, "version", 1)
    assert analyst.post("/scenarios", {**body, "procedure": "none"}).status_code == 422
    assert single("analyst").get("/scenarios").json["items"] == []


def test_what_is_barred_stands_in_the_list_but_cannot_be_switched_on(single: Service) -> None:
    commitment = {"id": "word", "kind": "commitment", "item": "IND-11", "days": 1}
    commitment |= {"check_days": 20, "enabled": False}
    path = f"/scenarios/{make(single, operations=[SHORTEN, commitment])['id']}"
    answer = single("analyst").patch(f"{path}/operations/word", {"enabled": True})
    assert (answer.status_code, answer.json["code"]) == (409, "operation_unlawful")
    assert single("analyst").get(path).json["version"] == 1
    missing = single("analyst").patch(f"{path}/operations/none", {"enabled": True})
    assert missing.status_code == 404


def test_the_published_list_and_the_cheapest_way(city: Service) -> None:
    city.act(procedures.deploy, procedures.named("industrial-2014", city.settings))
    found = make(city, operations=None)
    path = f"/scenarios/{found['id']}"
    # what was read can be sent back
    again = city("analyst").patch(path, {"operations": found["operations"]})
    assert again.json["operations"] == found["operations"]
    effect = city("analyst").get(f"{path}/effect").json
    assert effect["after"]["counted_days"] == 28
    assert effect["makes"] == {"procedure": "industrial-2014", "equal": True}
    optimum = city("analyst").get(f"{path}/optimum?target=28").json
    assert (optimum["reached"], optimum["days"], optimum["cost"]) == (True, 28, 33)
    assert optimum["barred"][0]["operation"] == "commit-IND-11"
    assert optimum["front"][0] == {"days": 63, "cost": 0, "operations": []}
    far = city("supervisor").get(f"{path}/optimum?target=5").json
    assert (far["reached"], far["days"]) == (False, far["best_days"])
    refused = city("analyst").get(f"{path}/optimum?target=0")
    assert (refused.status_code, refused.json["field"]) == (422, "target")


def test_only_analysts_change_scenarios_and_only_overseers_see_them(single: Service) -> None:
    path = f"/scenarios/{make(single)['id']}"
    for name in ("supervisor", "coordinator"):
        assert single(name).get(path).status_code == 200
        assert single(name).patch(path, {"note": "x"}).status_code == 403
    for name in ("clerk", "applicant", "reviewer", "head"):
        assert single(name).get(path).status_code == 403
        assert single(name).get(f"{path}/effect").status_code == 403


def test_a_second_analyst_deploys_it(city: Service) -> None:
    city.add_user("second", ("analyst", ""))
    found = make(city, target_procedure="industrial-new")
    path = f"/scenarios/{found['id']}"
    proposed = city("analyst").post(f"{path}/propose", headers={"If-Match": '"1"'})
    assert (proposed.status_code, proposed.json["state"]) == (200, "proposed")
    refused = city("analyst").post(f"{path}/approve", {})
    assert (refused.status_code, refused.json["code"]) == (403, "second_person")
    assert city("supervisor").post(f"{path}/approve", {}).status_code == 403
    fixed = city("analyst").patch(path, {"note": "x"})
    assert (fixed.status_code, fixed.json["code"]) == (409, "scenario_fixed")
    withdrawn = city("analyst").post(f"{path}/withdraw")
    assert withdrawn.json["state"] == "draft"
    city("analyst").post(f"{path}/propose")
    rejected = city("second").post(f"{path}/reject", {"note": "先商定"})
    assert (rejected.json["state"], rejected.json["decision_note"]) == ("rejected", "先商定")
    city("analyst").post(f"{path}/propose")
    approved = city("admin").post(f"{path}/approve", {"note": "好"})
    assert (approved.json["state"], approved.json["decided_by"]) == ("approved", "admin")
    version = city("analyst").get(f"/process-definitions/{approved.json['deployed_version_id']}")
    assert (version.json["procedure"], version.json["version"]) == ("industrial-new", 1)
    days = city("analyst").get("/procedures/industrial-new/critical-path").json["counted_days"]
    assert days == 61


def test_an_outdated_base_is_told_with_both_versions(single: Service) -> None:
    path = f"/scenarios/{make(single)['id']}"
    files = dict(procedures.named(BASE, single.settings))
    text = files["procedure.yaml"].decode()
    assert "IND-16: {promised_days: 5}" in text
    changed = text.replace("IND-16: {promised_days: 5}", "IND-16: {promised_days: 4}")
    files["procedure.yaml"] = changed.encode()
    single.act(procedures.deploy, files)
    refused = single("analyst").post(f"{path}/propose")
    assert (refused.status_code, refused.json["code"]) == (409, "scenario_outdated")
    assert (refused.json["base_version"], refused.json["newest_version"]) == (1, 2)
    assert single("analyst").post(f"{path}/rebase").json["base_version"] == 2
    assert single("analyst").post(f"{path}/propose").status_code == 200


def test_what_is_unlawful_is_not_proposed(single: Service) -> None:
    unlawful = {"kind": "move_to_post", "item": "IND-06", "remove_from": ["IND-10"]}
    path = f"/scenarios/{make(single, operations=[unlawful])['id']}"
    effect = single("analyst").get(f"{path}/effect").json
    assert (effect["lawful"], effect["breaches"][0]["items"]) == (False, ["IND-06", "IND-10"])
    refused = single("analyst").post(f"{path}/propose")
    assert (refused.status_code, refused.json["code"]) == (409, "scenario_not_proposable")
    assert "art. 40" in refused.json["reasons"][0]["law"]


def test_its_files_and_its_reports(single: Service) -> None:
    path = f"/scenarios/{make(single)['id']}"
    answer = single("supervisor").get(f"{path}/files")
    assert answer.mimetype == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist()
    assert {f"{BASE}/procedure.yaml", f"{BASE}/planning.bpmn"} <= set(names)
    sent = single("analyst").post(
        "/process-definitions?dry_run=true",
        data=answer.get_data(),
        content_type="application/zip",
    )
    assert (sent.status_code, sent.json["runnable"]) == (200, True)
    for form, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
        for query in ("language=zh", "language=en&target=50"):
            report = single("coordinator").get(f"{path}/report.{form}?{query}")
            assert report.status_code == 200
            assert part in zipfile.ZipFile(io.BytesIO(report.get_data())).namelist()
    assert single("analyst").get(f"{path}/report.docx?language=fr").status_code == 422
