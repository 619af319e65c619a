"""Acceptance on trust over REST: gaps, commitments, credit records."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.service import procedures
from tests.api.conftest import Service
from tests.service.trust import SURVEY, trusting

PDF = b"%PDF-1.4 "


@pytest.fixture
def trust(both: Service) -> Service:
    """A service with the procedure whose items are accepted on trust, and its people."""
    both.act(procedures.deploy, trusting())
    for name, place in (("plan", "PLAN"), ("hous", "HOUS")):
        for role in ("clerk", "reviewer"):
            both.add_user(f"{role}-{name}", (role, place))
    return both


def started(service: Service) -> int:
    body = {"name": "Plant", "procedure": "trusting", "applicant": "applicant"}
    project = service("coordinator").post("/projects", body).json["id"]
    service("coordinator").post(f"/projects/{project}/start")
    return int(project)


def answer(service: Service, project: int, item: str, outcome: str, data: Any = None) -> Any:
    """Complete the one open task of an item."""
    client = service("admin")
    [task] = client.get(f"/tasks?project={project}&item={item}").json["items"]
    body = {"outcome": outcome, "data": data or {}}
    return client.post(f"/tasks/{task['id']}/complete", body)


def with_gaps(service: Service) -> int:
    project = started(service)
    given = {"gaps": [{"material": SURVEY, "promised_on": "2014-03-06"}], "form": "原件"}
    assert answer(service, project, "G-1", "accept_with_gaps", given).status_code == 200
    return project


def test_a_notice_says_what_the_law_wants_said(trust: Service) -> None:
    project = started(trust)
    for outcome, field in (
        ("supplement", "materials"),
        ("not_accept", "reason"),
        ("out_of_scope", "reason"),
    ):
        refused = answer(trust, project, "G-1", outcome)
        assert (refused.status_code, refused.json["field"]) == (422, field)
    assert answer(trust, project, "G-1", "accept").status_code == 200, "the plain one needs nothing"
    answer(trust, project, "G-1", "done")
    refused = answer(trust, project, "G-1", "refuse", {"reason": "不符合"})
    assert (refused.status_code, refused.json["field"]) == (422, "legal_basis")


def test_who_answers_after_the_silence_is_told_what_it_counts_as(trust: Service) -> None:
    """No worker runs here."""
    project = started(trust)
    trust.clock.set(trust.clock.now() + timedelta(days=10))
    given = {"materials": ["总平面图"]}
    refused = answer(trust, project, "G-1", "supplement", given)
    assert (refused.status_code, refused.json["code"]) == (409, "silence_counted")
    assert (refused.json["counts_as"], refused.json["lapsed_on"]) == ("accept", "2014-03-10")
    [task] = trust("admin").get(f"/tasks?project={project}&item=G-1").json["items"]
    assert task["element"] == "review", "what the silence came to is kept"


def test_gaps_from_the_promise_to_the_decision(trust: Service) -> None:
    project = with_gaps(trust)
    answer(trust, project, "G-1", "done")
    refused = answer(trust, project, "G-1", "approve")
    assert (refused.status_code, refused.json["code"]) == (409, "conflict")
    assert refused.json["gaps"] == [{"material": SURVEY, "promised_on": "2014-03-06"}]
    [promised] = trust("applicant").get(f"/projects/{project}/deficiencies").json["items"]
    assert (promised["state"], promised["promised_on"]) == ("open", "2014-03-06")
    where = f"/deficiencies/{promised['id']}/supply"
    assert trust("applicant").post(where, {}).json["field"] == "material"
    assert trust("applicant").post(where, {"on_paper": True}).status_code == 403
    assert trust("clerk-hous").post(where, {"on_paper": True}).status_code == 403
    supplied = trust("clerk-plan").post(where, {"on_paper": True, "note": "原件一份"})
    assert (supplied.json["state"], supplied.json["supplied_by"]) == ("supplied", "clerk-plan")
    assert trust("clerk-plan").post(where, {"on_paper": True}).status_code == 409
    assert answer(trust, project, "G-1", "approve").status_code == 200
    none = trust("applicant").get(f"/projects/{project}/deficiencies?state=open").json
    assert none["items"] == []


def test_what_is_wrong_is_named(trust: Service) -> None:
    project = started(trust)
    refused = answer(trust, project, "G-1", "accept_with_gaps", {"gaps": []})
    assert (refused.status_code, refused.json["field"]) == (422, "gaps")
    late = {"gaps": [{"material": SURVEY, "promised_on": "2014-06-06"}]}
    refused = answer(trust, project, "G-1", "accept_with_gaps", late)
    assert (refused.status_code, refused.json["field"]) == (422, "promised_on")
    assert refused.json["latest"] == "2014-03-12"
    assert trust("applicant").get("/projects/99/deficiencies").status_code == 404
    assert trust("clerk-plan").post("/deficiencies/99/supply", {}).status_code == 404


def test_an_attachment_of_the_material_supplies_it(trust: Service) -> None:
    project = with_gaps(trust)
    sent = trust("applicant").post(
        f"/projects/{project}/attachments?item=G-1&material={SURVEY}&name=survey.pdf",
        data=PDF,
        headers={"Content-Type": "application/pdf"},
    )
    assert sent.status_code == 201
    [promised] = trust("applicant").get(f"/projects/{project}/deficiencies").json["items"]
    assert (promised["state"], promised["supplied_by"]) == ("supplied", "applicant")


def test_notices_of_a_promise_that_is_broken(trust: Service) -> None:
    project = with_gaps(trust)
    trust("admin").post("/clock", {"now": "2014-03-07T09:00:00+08:00"})
    trust("admin").post("/clock", {"now": "2014-03-28T09:00:00+08:00"})
    found = trust("applicant").get(f"/projects/{project}/notices?item=G-1").json["items"]
    assert [each["kind"] for each in found] == ["accepted_with_gaps", "reminded", "returned"]
    accepted, reminded, returned = found
    assert accepted["trust"]["gaps"] == [{"material": SURVEY, "promised_on": "2014-03-06"}]
    assert (accepted["trust"]["form"], accepted["trust"]["grace_days"]) == ("原件", 15)
    assert accepted["promised_due_on"] == "2014-03-12"
    assert reminded["trust"]["grace_until_on"] == "2014-03-27"
    assert returned["materials"] == [SURVEY]
    records = trust("coordinator").get("/credit-records").json["items"]
    assert [(each["applicant"], each["project"]) for each in records] == [("applicant", project)]


def test_commitments_from_the_conditions_to_the_revocation(trust: Service) -> None:
    project = started(trust)
    for outcome in ("accept", "done", "approve"):
        answer(trust, project, "G-1", outcome)
    refused = answer(trust, project, "C-1", "accept_on_commitment", {"conditions": "x"})
    assert (refused.status_code, refused.json["field"]) == (422, "committed_by")
    said = {"conditions": "合同真实有效", "committed_by": "王建国"}
    assert answer(trust, project, "C-1", "accept_on_commitment", said).status_code == 200
    assert answer(trust, project, "C-1", "approve").status_code == 200
    [found] = trust("reviewer-hous").get("/commitments?department=HOUS").json["items"]
    assert (found["state"], found["check_due_on"]) == ("open", "2014-03-31")
    where = f"/commitments/{found['id']}"
    got = trust("applicant").get(where)
    assert (got.json, got.headers["ETag"]) == (found, f'"{found["version"]}"')
    check = f"{where}/check"
    assert trust("reviewer-plan").post(check, {"result": "kept"}).status_code == 403
    assert trust("reviewer-hous").post(check, {"result": "revoked"}).json["field"] == "findings"
    stale = {"If-Match": '"99"'}
    body = {"result": "rectify", "findings": "缺附件", "rectify_by_on": "2014-03-14"}
    assert trust("reviewer-hous").post(check, body, headers=stale).status_code == 412
    assert trust("reviewer-hous").post(check, body).json["state"] == "rectifying"
    assert trust("reviewer-hous").post(check, {"result": "kept"}).status_code == 409
    revoked = trust("reviewer-hous").post(check, {"result": "revoked", "findings": "伪造"})
    assert revoked.json["state"] == "revoked"
    items = trust("coordinator").get(f"/projects/{project}").json["items"]
    assert [each["state"] for each in items if each["id"] == "C-1"] == ["revoked"]
    [told] = [
        each
        for each in trust("applicant").get(f"/projects/{project}/notices").json["items"]
        if each["kind"] == "revoked"
    ]
    assert told["reason"] == "伪造"
    assert trust("coordinator").get("/commitments?state=all&project=99").json["items"] == []
    assert trust("coordinator").get("/commitments/99").status_code == 404


def test_credit_records_by_hand(trust: Service) -> None:
    body = {"applicant": "振风公司", "note": "提供虚假材料"}
    assert trust("clerk-plan").post("/credit-records", body).status_code == 403
    added = trust("supervisor").post("/credit-records", body)
    assert (added.status_code, added.json["until_on"]) == (201, "2015-03-03")
    assert trust("clerk-plan").get("/credit-records?text=振风").json["items"] == [added.json]
    assert trust("applicant").get("/credit-records").status_code == 403
    where = f"/credit-records/{added.json['id']}/lift"
    assert trust("supervisor").post(where, {"note": "误记"}).json["state"] == "lifted"
    assert trust("supervisor").post(where, {}).status_code == 409
    assert trust("supervisor").post("/credit-records/99/lift", {}).status_code == 404
