"""Meetings, rooms, letters and feeds over REST, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from engine.service import procedures
from tests.api.conftest import Service

WEDNESDAY, THURSDAY = "2014-03-05", "2014-03-06"


def started(service: Service) -> int:
    """A project whose scheme can be met over."""
    files = procedures.named("industrial-2014", service.settings)
    service.act(procedures.deploy, files)
    body = {"name": "Plant", "procedure": "industrial-2014", "applicant": "applicant"}
    project = service("coordinator").post("/projects", body).json
    service("coordinator").post(f"/projects/{project['id']}/start")
    return int(project["id"])


def line(project: int) -> dict[str, Any]:
    return {"project": project, "stage": "planning", "items": ["IND-08"]}


def given(*projects: int, on: str = THURSDAY, hour: int = 9, **more: Any) -> dict[str, Any]:
    times = {
        "starts_at": f"{on}T{hour:02}:00:00+08:00",
        "ends_at": f"{on}T{hour + 1:02}:00:00+08:00",
    }
    agenda = [line(each) for each in projects]
    return {"title": "设计方案联审会", **times, "agenda": agenda, **more}


def planned(service: Service, *projects: int, **more: Any) -> dict[str, Any]:
    answer = service("coordinator").post("/meetings", given(*projects, **more))
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"] == f"/api/v1/meetings/{answer.json['id']}"
    return dict(answer.json)


def room(service: Service, name: str = "三楼会议室") -> int:
    answer = service("coordinator").post("/rooms", {"name": name, "seats": 30})
    assert answer.status_code == 201
    return int(answer.json["id"])


def test_from_the_proposal_to_the_meeting(both: Service) -> None:
    coordinator, two = both("coordinator"), [started(both), started(both)]
    here = room(both)
    asked = {"agenda": [line(each) for each in two], "minutes": 60}
    found = coordinator.post("/meetings/proposals", asked).json
    assert found["deadline_on"] == THURSDAY
    first = found["proposals"][0]
    assert first["starts_at"].startswith(WEDNESDAY)
    assert first["rooms"] == [{"id": here, "name": "三楼会议室", "seats": 30}]
    assert found["unsuited"][0]["reason"] == "lead_time"

    times = {name: first[name] for name in ("starts_at", "ends_at")}
    view = planned(both, *two, room=here, **times)
    assert [each["project"] for each in view["agenda"]] == two
    assert view["agenda"][0]["stage_name"]["zh"]
    key, tag = f"/meetings/{view['id']}", {"If-Match": '"1"'}
    got = coordinator.get(key)
    assert (got.json, got.headers["ETag"]) == (view, '"1"')

    body = {"starts_at": f"{THURSDAY}T14:00:00+08:00", "ends_at": f"{THURSDAY}T15:00:00+08:00"}
    moved = coordinator.post(f"{key}/move", body, headers=tag)
    assert (moved.status_code, moved.json["sequence"]) == (200, 1)
    assert coordinator.post(f"{key}/move", body, headers=tag).status_code == 412
    assert {each["opinion_due_on"] for each in moved.json["agenda"]} == {THURSDAY}

    third = started(both)
    added = coordinator.post(f"{key}/agenda", line(third)).json
    assert [each["place"] for each in added["agenda"]] == [1, 2, 3]
    gone = f"{key}/agenda/{added['agenda'][0]['round']}/remove"
    left = coordinator.post(gone, {"reason": "simple", "on_paper": True}).json
    assert [each["project"] for each in left["agenda"]] == [two[1], third]
    assert coordinator.post(f"{key}/hold").status_code == 409
    done = coordinator.post(f"{key}/cancel", {"reason": "snow"})
    assert (done.json["state"], done.json["sequence"]) == ("cancelled", 4)
    assert coordinator.post(f"{key}/cancel", {"reason": "snow"}).status_code == 409


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"on": "2014-03-08"}, "starts_at"),
        ({"on": "2014-03-04"}, "starts_at"),
        ({"on": "2014-03-07"}, "starts_at"),
        ({"ends_at": f"{THURSDAY}T08:00:00+08:00"}, "ends_at"),
        ({"starts_at": f"{THURSDAY}T09:00:00"}, "starts_at"),
        ({"room": 7}, "room"),
        ({"agenda": []}, "agenda"),
        ({"agenda": [{"project": 1, "stage": "nowhere"}]}, "stage"),
        ({"representatives": {"MET": "nobody"}}, "user"),
        ({"convenor": "nobody"}, "convenor"),
        ({"convenor": "applicant"}, "convenor"),
        ({"titel": "?"}, "titel"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    service: Service, more: dict[str, Any], field: str
) -> None:
    project = started(service)
    answer = service("coordinator").post("/meetings", given(project, **more))
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert service("coordinator").get("/meetings").json["items"] == []


def test_what_is_taken_is_booked(both: Service) -> None:
    first, second, here = started(both), started(both), room(both)
    both.add_user("li", ("head", "PLAN"))
    meeting = planned(both, first, room=here)
    answer = both("coordinator").post("/meetings", given(second, room=here, convenor="li"))
    assert (answer.status_code, answer.json["code"]) == (409, "booked")
    assert answer.json["meeting"] == meeting["id"]
    planned(both, second, room=here, convenor="li", hour=10)


def test_meetings_are_listed_by_range(both: Service) -> None:
    coordinator = both("coordinator")
    early = planned(both, started(both), on=WEDNESDAY)
    late = planned(both, started(both), hour=10)
    between = coordinator.get(f"/meetings?from_on={WEDNESDAY}&until_on={WEDNESDAY}").json["items"]
    assert [each["id"] for each in between] == [early["id"]]
    part = coordinator.get("/meetings?department=MET&limit=1").json
    rest = coordinator.get(f"/meetings?department=MET&cursor={part['next']}").json
    assert [each["id"] for each in (*part["items"], *rest["items"])] == [early["id"], late["id"]]
    assert coordinator.get("/meetings?state=held").json["items"] == []
    assert coordinator.get("/meetings?form_on=2014-03-05").status_code == 422
    assert part["items"][0]["projects"] == ["Plant"]


def test_who_may_do_what(service: Service) -> None:
    project = started(service)
    service.add_user("lead", ("reviewer", "PLAN"))
    service.add_user("met", ("reviewer", "MET"))
    assert service("applicant").get("/meetings").status_code == 403
    assert service("met").post("/meetings", given(project)).status_code == 403
    meeting = service("lead").post("/meetings", given(project)).json
    path = f"/meetings/{meeting['id']}"
    assert service("met").get(path).status_code == 200
    assert service("met").post(f"{path}/cancel", {"reason": "!"}).status_code == 403
    assert service("met").post("/rooms", {"name": "mine"}).status_code == 403
    assert service("met").get("/mails").status_code == 403
    assert service("met").get("/meetings/99").status_code == 404


def test_rooms_are_renamed_and_taken_out(both: Service) -> None:
    coordinator, key = both("coordinator"), room(both)
    assert coordinator.post("/rooms", {"name": "三楼会议室"}).status_code == 409
    changed = coordinator.patch(f"/rooms/{key}", {"name": "五楼会议室", "active": False}).json
    assert changed == {**coordinator.get(f"/rooms/{key}").json, "seats": 30, "active": False}
    assert coordinator.get("/rooms?active=true").json["items"] == []
    assert [each["name"] for each in coordinator.get("/rooms").json["items"]] == ["五楼会议室"]


def test_an_invitation_is_a_file(both: Service) -> None:
    meeting = planned(both, started(both))
    answer = both("coordinator").get(f"/meetings/{meeting['id']}/invitation.ics")
    assert answer.mimetype == "text/calendar"
    # nobody has an address: it is to be read, not answered
    assert answer.mimetype_params["method"] == "PUBLISH"
    assert f"meeting-{meeting['id']}.ics" in answer.headers["Content-Disposition"]
    assert Calendar.from_ical(answer.get_data())["METHOD"] == "PUBLISH"


def test_a_feed_is_opened_by_its_address_alone(both: Service) -> None:
    meeting = planned(both, started(both))
    both.add_user("met", ("clerk", "MET"))
    address = both("met").get("/departments/MET/calendar-feed").json
    path = address["url"].removeprefix("http://127.0.0.1:8080")
    nobody = both()
    answer = nobody.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    [event] = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert str(event["UID"]) == meeting["uid"]
    for known in (
        {"If-None-Match": answer.headers["ETag"]},
        {"If-Modified-Since": answer.headers["Last-Modified"]},
    ):
        again = nobody.get(path, headers=known)
        assert (again.status_code, again.get_data()) == (304, b"")
    both("coordinator").post(f"/meetings/{meeting['id']}/move", {"title": "改期"})
    changed = nobody.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200
    assert both("met").get("/departments/CAD/calendar-feed").status_code == 403
    assert both("met").post("/departments/MET/calendar-feed/revoke").json["version"] == 2
    assert nobody.get(path).status_code == 404
    assert nobody.get("/meetings/feeds/MET.ics").status_code == 404


def test_letters_are_seen_by_who_coordinates(both: Service) -> None:
    both.add_user("met", ("clerk", "MET"))
    both("met").patch("/me", {"email": "met@met.example.cn"})
    meeting = planned(both, started(both))
    coordinator = both("coordinator")
    [letter] = coordinator.get(f"/mails?meeting={meeting['id']}&state=kept").json["items"]
    assert (letter["to"], letter["kind"], letter["method"]) == (
        *("met@met.example.cn", "invitation", "REQUEST"),
    )
    assert coordinator.get(f"/mails/{letter['id']}").json == letter
    assert coordinator.post(f"/mails/{letter['id']}/retry").status_code == 409
    assert coordinator.get("/mails?round=1").json["items"] == []
    assert coordinator.get("/mails/99").status_code == 404
