"""Cards over REST: given by hand and by the sweep, answered, decided, listed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Service


@pytest.fixture
def carded(both: Service) -> Service:
    """A project whose task has been late for days."""
    both.project()
    both("admin").post("/clock", {"now": "2014-03-20T09:00:00+08:00"})
    return both


def only(service: Service, user: str = "supervisor") -> dict[str, Any]:
    """The one card there is."""
    [card] = service(user).get("/cards").json["items"]
    return dict(card)


def test_what_is_late_has_a_card(carded: Service) -> None:
    card = only(carded)
    assert (card["state"], card["issued_by"], card["quarter"]) == ("issued", "system", "2014Q1")
    answer = carded("supervisor").get(f"/cards/{card['id']}")
    assert answer.json == card
    assert answer.headers["ETag"] == '"1"'
    events = carded("supervisor").get(f"/projects/{card['project']}/history?limit=200").json
    told = [each["data"] for each in events["items"] if each["event"] == "card.issued"]
    assert [each["card"] for each in told] == [card["id"]]


def test_a_card_from_reply_to_decision(carded: Service) -> None:
    card = only(carded)
    carded.add_user("reviewer-1", ("reviewer", card["department"]))
    clerk, supervisor = carded("reviewer-1"), carded("supervisor")
    where = f"/cards/{card['id']}"
    tag = {"If-Match": '"1"'}
    said = {"cause": "workload", "reply": "two were ill"}
    answer = clerk.post(f"{where}/reply", said, headers=tag)
    assert (answer.status_code, answer.json["state"]) == (200, "explained")
    assert answer.headers["ETag"] == '"2"'
    stale = clerk.post(f"{where}/appeal", {"appeal": "x"}, headers=tag)
    assert (stale.status_code, stale.json["code"]) == (412, "stale_version")
    again = clerk.post(f"{where}/reply", said)
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    assert clerk.post(f"{where}/appeal", {"appeal": "x"}).json["state"] == "appealed"
    decided = supervisor.post(f"{where}/decide", {"result": "upheld", "reason": "no grounds"})
    assert decided.json["state"] == "upheld"
    corrected = supervisor.post(f"{where}/correct")
    assert (corrected.json["state"], corrected.json["corrected_on"]) == ("corrected", "2014-03-20")


def test_one_given_by_hand(carded: Service) -> None:
    task = only(carded)["task"]
    supervisor = carded("supervisor")
    wanted = {"rule": "illegal_fees", "note": "a fee of 200 yuan", "task": task}
    answer = supervisor.post("/cards", wanted)
    assert (answer.status_code, answer.json["colour"]) == (201, "red")
    again = supervisor.post("/cards", wanted)
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    lost = supervisor.post("/cards", {**wanted, "task": "absent"})
    assert lost.status_code == 404
    wrong = supervisor.post("/cards", {**wanted, "rule": "luck"})
    assert (wrong.status_code, wrong.json["field"]) == (422, "rule")
    assert len(supervisor.get("/cards?rule=illegal_fees").json["items"]) == 1
    part = supervisor.get("/cards?limit=1").json
    rest = supervisor.get(f"/cards?limit=1&cursor={part['next']}").json
    assert [each["rule"] for each in part["items"] + rest["items"]] == [
        "illegal_fees",
        "long_overdue",
    ]


def test_each_department_sees_its_own(carded: Service) -> None:
    department = only(carded)["department"]
    carded.add_user("stranger", ("clerk", "EPB"))
    assert department != "EPB"
    assert carded("stranger").get("/cards").json["items"] == []
    card = only(carded)["id"]
    assert carded("stranger").get(f"/cards/{card}").status_code == 404
    assert carded("applicant").get("/cards").status_code == 403


def test_the_ladder_over_rest(carded: Service) -> None:
    rows = carded("coordinator").get("/supervision/ladder").json["items"]
    assert [each["rung"] for each in rows if each["standing"]] == ["reminder"]
    before = carded("coordinator").get("/supervision/ladder?quarter=2013Q4").json["items"]
    assert {each["standing"] for each in before} == {0}
    wrong = carded("coordinator").get("/supervision/ladder?quarter=now")
    assert (wrong.status_code, wrong.json["field"]) == (422, "quarter")
