"""Joint reviews over REST, on both databases: each operation, its version, its refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.service import procedures
from tests.api.conftest import Service

ASKED = ("CAD", "EPB", "FIRE", "HOUS", "MET")
AGREE = {"kind": "agree", "source": "mail", "given_by": "王芳"}
DISAGREE = {"kind": "disagree", "legal_basis": "art. 9", "required": "more green"}
CONDITION = {"text": "move the entrance", "owner": "the applicant", "due_on": "2014-03-20"}
BOUND = {"kind": "agree_with_conditions", "conditions": [CONDITION]}


def furnished(service: Service) -> Service:
    for name in (*ASKED, "PLAN", "WATER"):
        service.add_user(name.lower(), ("reviewer", name))
    service.act(procedures.deploy, procedures.named("industrial-2014", service.settings))
    return service


@pytest.fixture
def city(both: Service) -> Service:
    """The departments of a scheme's review and its lead, each with a reviewer."""
    return furnished(both)


@pytest.fixture
def town(service: Service) -> Service:
    """The same on SQLite only."""
    return furnished(service)


def started(city: Service) -> int:
    body = {"name": "Plant", "procedure": "industrial-2014", "applicant": "applicant"}
    project = int(city("coordinator").post("/projects", body).json["id"])
    city("coordinator").post(f"/projects/{project}/start")
    return project


def wanted(project: int, **more: Any) -> dict[str, Any]:
    return {"project": project, "stage": "planning", "items": ["IND-08"], **more}


def launched(city: Service, **more: Any) -> str:
    """A round; returns its path."""
    answer = city("plan").post("/joint-reviews", wanted(started(city), **more))
    assert answer.status_code == 201, answer.json
    return f"/joint-reviews/{answer.json['id']}"


def say(city: Service, path: str, department: str, **said: Any) -> Any:
    body = {"department": department, **(said or AGREE)}
    return city("plan" if not said else department.lower()).post(f"{path}/opinions", body)


def test_a_round_is_launched_by_the_lead_and_found(city: Service) -> None:
    project = started(city)
    body = wanted(project, papers="scheme", departments=["WATER"], complex=True)
    answer = city("plan").post("/joint-reviews", body)
    assert answer.status_code == 201
    path = f"/joint-reviews/{answer.json['id']}"
    assert answer.headers["Location"] == f"/api/v1{path}"
    got = city("met").get(path)
    assert (got.json, got.headers["ETag"]) == (answer.json, f'"{answer.json["version"]}"')
    assert got.json["opinion_due_on"] == "2014-03-10"
    assert [each["department"] for each in got.json["participants"]] == [*ASKED, "WATER"]
    for query, found in (
        (f"project={project}", 1),
        ("department=WATER&state=open", 1),
        ("lead=NDRC", 0),
        ("year=2014&stage=planning", 1),
        ("year=2013", 0),
    ):
        assert len(city("head").get(f"/joint-reviews?{query}").json["items"]) == found
    [row] = city("head").get("/joint-reviews").json["items"]
    assert (row["asked"], row["waiting"]) == (6, [*ASKED, "WATER"])
    again = city("plan").post("/joint-reviews", body)
    assert (again.status_code, again.json["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"stage": "nowhere"}, "stage"),
        ({"items": ["IND-99"]}, "items"),
        ({"departments": ["NOBODY"]}, "departments"),
        ({"departments": ["APPL"]}, "departments"),
        ({"mode": "by_phone"}, "mode"),
        ({"opinion_due_on": "2014-02-28"}, "opinion_due_on"),
        ({"opinion_due_on": "2014-03-08"}, "opinion_due_on"),
        ({"mode": "meeting", "opinion_due_on": "2014-03-08"}, "opinion_due_on"),
        ({"mode": "meeting", "opinion_due_on": "2014-03-04"}, "opinion_due_on"),
        ({"meeting": 1}, "meeting"),
    ],
)
def test_what_cannot_be_reviewed_is_refused_by_name(
    town: Service, more: dict[str, Any], field: str
) -> None:
    answer = town("plan").post("/joint-reviews", {**wanted(started(town)), **more})
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert town("plan").get("/joint-reviews").json["items"] == []


def test_only_the_lead_launches_and_only_who_is_asked_answers(town: Service) -> None:
    body = wanted(started(town))
    assert town("met").post("/joint-reviews", body).status_code == 403
    assert town("applicant").post("/joint-reviews", body).status_code == 403
    missing = town("plan").post("/joint-reviews", wanted(999))
    assert (missing.status_code, missing.json["code"]) == (404, "not_found")
    path = launched(town)
    assert say(town, path, "MET", kind="agree").status_code == 200
    foreign = town("met").post(f"{path}/opinions", {"department": "CAD", "kind": "agree"})
    assert foreign.status_code == 403
    assert town("met").post(f"{path}/cancel", {"reason": "!"}).status_code == 403
    body = {"department": "MET", "kind": "agree", "source": "paper"}
    unnamed = town("plan").post(f"{path}/opinions", body)
    assert (unnamed.status_code, unnamed.json["field"]) == (422, "given_by")


def test_a_version_that_was_not_seen_is_not_overwritten(city: Service) -> None:
    path = launched(city)
    tag = {"If-Match": city("plan").get(path).headers["ETag"]}
    body = {"department": "CAD", "kind": "agree"}
    said = city("cad").post(f"{path}/opinions", body, headers=tag)
    assert said.status_code == 200
    late = {
        "opinions": ("cad", {"department": "CAD", **DISAGREE}),
        "participants": ("plan", {"department": "WATER"}),
        "participants/CAD/replace": ("plan", {"by": "WATER", "reason": "?"}),
        "participants/CAD/representative": ("cad", {"user": "cad"}),
        "participants/CAD/receipt": ("cad", {}),
        "attendance": ("plan", {"department": "CAD", "state": "present"}),
        "questions": ("plan", {"question": "?"}),
        "questions/settle": ("plan", {"settlement": "!"}),
        "conclude": ("plan", {"conclusion": "approved"}),
        "cancel": ("plan", {"reason": "?"}),
    }
    for below, (who, body) in late.items():
        answer = city(who).post(f"{path}/{below}", body, headers=tag)
        assert (answer.status_code, answer.json["code"]) == (412, "stale_version"), below
    assert city("plan").get(path).json == said.json


def test_a_request_that_is_sent_twice_is_one_opinion(city: Service) -> None:
    path, key = launched(city), {"Idempotency-Key": "cad-says"}
    for _ in range(2):
        body = {"department": "CAD", **DISAGREE}
        assert city("cad").post(f"{path}/opinions", body, headers=key).status_code == 200
    assert len(city("cad").get(f"{path}/opinions").json["items"]) == 1


def test_participants_are_added_replaced_and_come(city: Service) -> None:
    path, lead = launched(city, mode="meeting"), city("plan")
    added = lead.post(f"{path}/participants", {"department": "WATER"}).json
    assert [each["department"] for each in added["participants"]] == [*ASKED, "WATER"]
    twice = lead.post(f"{path}/participants", {"department": "WATER"})
    assert twice.status_code == 409
    body = {"by": "SEIS", "reason": "no flood area"}
    replaced = lead.post(f"{path}/participants/WATER/replace", body).json
    states = {each["department"]: each["state"] for each in replaced["participants"]}
    assert (states["WATER"], states["SEIS"]) == ("replaced", "invited")
    gone = lead.post(f"{path}/participants/WATER/receipt")
    assert (gone.status_code, gone.json["field"]) == (422, "department")
    assert city("met").post(f"{path}/participants/CAD/receipt").status_code == 403
    stranger = city("met").post(f"{path}/participants/MET/representative", {"user": "cad"})
    assert (stranger.status_code, stranger.json["field"]) == (422, "user")
    city("met").post(f"{path}/participants/MET/representative", {"user": "met"})
    seen = city("met").post(f"{path}/participants/MET/receipt").json
    [met] = [each for each in seen["participants"] if each["department"] == "MET"]
    assert (met["representative"], met["receipt_by"]) == ("met", "met")
    excused = lead.post(f"{path}/attendance", {"department": "MET", "state": "excused"})
    assert (excused.status_code, excused.json["field"]) == (422, "note")
    early = lead.post(f"{path}/attendance", {"department": "MET", "state": "absent"})
    assert (early.status_code, early.json["code"]) == (409, "not_begun")
    city.clock.set(datetime(2014, 3, 6, 1, tzinfo=UTC))
    lead.post(f"{path}/attendance", {"department": "MET", "state": "absent"})
    lead.post(f"{path}/attendance", {"department": "FIRE", "state": "absent"})
    asked = {each["department"]: each for each in lead.get(path).json["participants"]}
    assert (asked["MET"]["deemed"], asked["FIRE"]["opinion"]) == ("absent", None)
    cured = say(city, path, "MET", **DISAGREE).json
    [met] = [each for each in cured["participants"] if each["department"] == "MET"]
    assert (met["opinion"]["kind"], met["deemed"]) == ("disagree", "absent")


def test_a_disagreement_is_raised_settled_and_the_round_concluded(city: Service) -> None:
    path, lead = launched(city), city("plan")
    early = lead.post(f"{path}/conclude", {"conclusion": "approved"})
    assert (early.status_code, early.json["code"]) == (409, "not_concludable")
    assert early.json["departments"] == ", ".join(ASKED)
    nothing = lead.post(f"{path}/questions", {"question": "how green?"})
    assert (nothing.status_code, nothing.json["field"]) == (422, "question")
    for name in ASKED[:-1]:
        assert say(city, path, name).status_code == 200
    say(city, path, "MET", **DISAGREE)
    raised = lead.post(f"{path}/questions", {"question": "how green?"}).json
    assert raised["questions"][0]["level"] == "lead"
    assert raised["possible"] == []
    held = lead.post(f"{path}/conclude", {"conclusion": "approved", "reasons": "!"})
    assert (held.status_code, held.json["code"]) == (409, "not_concludable")
    wrong = city("met").post(f"{path}/questions/settle", {"settlement": "15 %"})
    assert (wrong.status_code, wrong.json["level"]) == (403, "lead")
    settled = lead.post(f"{path}/questions/settle", {"settlement": "8 %"}).json
    assert settled["with_reasons"] == ["approved", "refused", "suspended"]
    bare = lead.post(f"{path}/conclude", {"conclusion": "approved"})
    assert (bare.status_code, bare.json["field"]) == (422, "reasons")
    assert city("met").post(f"{path}/conclude", {"conclusion": "approved"}).status_code != 200
    body = {"conclusion": "approved", "reasons": "as settled"}
    done = lead.post(f"{path}/conclude", body)
    assert (done.json["state"], done.json["concluded_by"]) == ("concluded", "plan")
    late = say(city, path, "MET", kind="agree")
    assert (late.status_code, late.json["code"]) == (409, "round_closed")
    assert lead.post(f"{path}/conclude", body).json["code"] == "round_closed"


def test_a_round_is_concluded_for_its_lead_alone(town: Service) -> None:
    path = launched(town)
    for name in ASKED:
        say(town, path, name)
    for who in ("met", "clerk", "coordinator", "applicant"):
        answer = town(who).post(f"{path}/conclude", {"conclusion": "approved"})
        assert answer.status_code == 403, who
    assert town("plan").post(f"{path}/conclude", {"conclusion": "approved"}).status_code == 200


def test_the_tasks_of_a_round_do_the_same(city: Service) -> None:
    """A head has them too."""
    path = launched(city)
    city.add_user("chief", ("head", "MET"))
    for name in ASKED[:-1]:
        say(city, path, name)
    [task] = [
        each
        for each in city("chief").get("/tasks?department=MET").json["items"]
        if each["element"] == "give-opinion"
    ]
    where = f"/tasks/{task['id']}/complete"
    bare = city("chief").post(where, {"outcome": "disagree"})
    assert (bare.status_code, bare.json["code"]) == (422, "reasons_missing")
    body = {"outcome": "agree_with_conditions", "data": {"conditions": [CONDITION]}}
    assert city("chief").post(where, body).status_code == 200
    view = city("plan").get(path).json
    assert view["task"]["element"] == "conclude"
    assert [each["text"] for each in view["conditions"]] == ["move the entrance"]


def test_conditions_are_listed_and_ended(city: Service) -> None:
    path = launched(city)
    say(city, path, "MET", **BOUND)
    say(city, path, "CAD", **BOUND)
    [mine] = city("met").get("/conditions?department=MET&state=open").json["items"]
    assert (mine["owner"], mine["due_on"], mine["overdue"]) == (
        *("the applicant", "2014-03-20"),
        False,
    )
    where = f"/conditions/{mine['id']}/end"
    assert city("cad").post(where, {"state": "met"}).status_code == 403
    bare = city("met").post(where, {"state": "waived"})
    assert (bare.status_code, bare.json["field"]) == (422, "note")
    ended = city("met").post(where, {"state": "met", "note": "seen"})
    assert (ended.json["state"], ended.json["closed_by"]) == ("met", "met")
    assert city("met").post(where, {"state": "met"}).status_code == 409
    assert city("met").post("/conditions/999/end", {"state": "met"}).status_code == 404
    assert len(city("met").get("/conditions").json["items"]) == 1
    assert len(city("met").get("/conditions?state=all").json["items"]) == 2
    assert city("applicant").get("/conditions?state=all").json["items"] == []


def test_lists_come_in_parts(city: Service) -> None:
    paths = [launched(city) for _ in range(3)]
    first = city("met").get("/joint-reviews?limit=2").json
    rest = city("met").get(f"/joint-reviews?limit=2&cursor={first['next']}").json
    found = [f"/joint-reviews/{each['id']}" for each in (*first["items"], *rest["items"])]
    assert found == paths[::-1]
    events = city("met").get(f"{paths[0]}/history?limit=1").json
    assert [each["event"] for each in events["items"]] == ["review.launched"]
    assert city("met").get("/joint-reviews?stat=open").status_code == 422


def test_applicants_see_no_round_before_its_conclusion(city: Service) -> None:
    path = launched(city)
    applicant = city("applicant")
    for below in ("", "/history"):
        assert applicant.get(f"{path}{below}").status_code == 404
    for below in ("opinions", "minutes"):
        assert applicant.get(f"{path}/{below}").status_code == 403
    city("plan").post(f"{path}/cancel", {"reason": "the wrong papers"})
    assert applicant.get(path).status_code == 404
    assert applicant.get("/joint-reviews").json["items"] == []
    assert applicant.get("/joint-reviews/statistics").status_code == 403


def test_the_numbers_of_a_year(city: Service) -> None:
    path = launched(city)
    say(city, path, "CAD")
    found = city("analyst").get("/joint-reviews/statistics").json
    assert (found["year"], found["rounds"], found["open"]) == (2014, 1, 1)
    assert found["by_mode_and_stage"] == [{"mode": "circulate", "stage": "planning", "rounds": 1}]
    assert [each["department"] for each in found["departments"]] == list(ASKED)
    assert (found["city"]["given"], found["city"]["waiting"]) == (1, 4)
    future = city("analyst").get("/joint-reviews/statistics?year=2015")
    assert (future.status_code, future.json["field"]) == (422, "year")
