"""The calendar over REST: read by everybody, published by who speaks for the city."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import Client, Service

#: within the time of receipt of what is filed on Monday 3 March 2014
FLOOD = {"on": "2014-03-05", "reason": "closure", "name_zh": "防汛", "name_en": "Flood"}
NOTICE = {"days": [FLOOD], "source": "市政府7号", "note": "水位"}


def publish(client: Client, body: dict[str, Any], **options: Any) -> Any:
    return client.post("/calendars/revisions", body, **options)


def test_the_calendar_and_its_years(service: Service) -> None:
    client = service("applicant")
    found = client.get("/calendars").json
    assert (found["newest"], found["provisional_from"]) == (0, "2027-01-01")
    years = {each["year"]: each for each in found["years"]}
    assert (years[2014]["working_days"], years[2020]["working_days"]) == (250, 249)
    assert next(year for year, each in years.items() if each["provisional"]) == 2027
    year = client.get("/calendars/2014").json
    day = next(each for each in year["days"] if each["on"] == "2014-09-28")
    assert (day["reason"], day["working"], day["name"]["zh"]) == ("make_up", True, "国庆节")
    assert day["source"].startswith("国务院办公厅关于2014年")
    assert sum(year["months"]) == 250
    answer = client.get("/calendars/1999")
    assert (answer.status_code, answer.json["code"]) == (422, "calendar_range")


def test_a_revision_is_looked_at_and_then_published(both: Service) -> None:
    project = both.project()
    before = both.task(project)["promised_due_on"]
    coordinator = both("coordinator")
    shown = coordinator.post("/calendars/preview", NOTICE).json
    assert both.task(project)["promised_due_on"] == before
    assert (shown["moved"], shown["projects"], shown["by_department"]) == (1, 1, {"LAND": 1})
    [move] = shown["moves"]
    assert move["was_promised_due_on"] == before
    assert [
        (each["on"], each["was"], each["now"], each["counted"]) for each in shown["changes"]
    ] == [("2014-03-05", "working_day", "closure", -1)]
    answer = publish(coordinator, {**NOTICE, "newest": shown["newest"]})
    assert answer.status_code == 201
    assert (answer.json["id"], answer.json["moved"], answer.json["note"]) == (1, 1, "水位")
    assert both.task(project)["promised_due_on"] == move["promised_due_on"] > before
    [revision] = coordinator.get("/calendars/revisions").json["items"]
    assert revision == answer.json
    [day] = [each for each in coordinator.get("/calendars/2014").json["days"] if each["revision"]]
    assert (day["on"], day["source"]) == ("2014-03-05", "市政府7号")
    [event] = [
        each
        for each in coordinator.get(f"/projects/{project}/history").json["items"]
        if each["event"] == "deadline.moved"
    ]
    assert event["data"]["was"]["promised_due_on"] == before


def test_what_was_published_meanwhile_is_not_overlooked(both: Service) -> None:
    coordinator = both("coordinator")
    assert publish(coordinator, {**NOTICE, "newest": 0}).status_code == 201
    other = {"text": "2014-03-06 closure 防汛", "source": "市政府8号", "newest": 0}
    answer = publish(coordinator, other)
    assert (answer.status_code, answer.json["code"]) == (412, "stale_version")
    assert publish(coordinator, {**other, "newest": 1}).json["id"] == 2


def test_sent_twice_it_is_published_once(both: Service) -> None:
    coordinator, key = both("coordinator"), {"Idempotency-Key": "flood"}
    first = publish(coordinator, NOTICE, headers=key)
    second = publish(coordinator, NOTICE, headers=key)
    assert (second.json, second.headers["Idempotency-Replayed"]) == (first.json, "true")
    assert len(coordinator.get("/calendars/revisions").json["items"]) == 1


def test_everything_that_is_wrong_is_told_at_once(service: Service) -> None:
    text = "2027-13-01 holiday 元旦\n2027-02-20 off\n"
    answer = service("admin").post("/calendars/preview", {"text": text})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_calendar")
    assert [(each["line"], each["code"]) for each in answer.json["problems"]] == [
        (1, "no_date"),
        (2, "no_decision"),
    ]
    twice = {"days": [FLOOD, {**FLOOD, "reason": "extra"}], "source": "x"}
    answer = publish(service("admin"), twice)
    assert [each["code"] for each in answer.json["problems"]] == ["twice", "worked"]
    assert publish(service("admin"), {"days": [FLOOD]}).json["field"] == "source"
    both_forms = {"days": [FLOOD], "text": text}
    assert service("admin").post("/calendars/preview", both_forms).status_code == 422


def test_what_moves_comes_in_parts(service: Service) -> None:
    for _ in range(3):
        service.project()
    client = service("coordinator")
    first = client.post("/calendars/preview?limit=2", NOTICE).json
    second = client.post(f"/calendars/preview?limit=2&cursor={first['next']}", NOTICE).json
    projects = [each["project"] for each in (*first["moves"], *second["moves"])]
    assert (sorted(projects), second["next"], first["moved"]) == ([1, 2, 3], None, 3)


def test_a_coordinator_of_one_department_publishes_nothing(service: Service) -> None:
    service.add_user("local", ("coordinator", "PLAN"))
    assert publish(service("local"), NOTICE).status_code == 403
    assert service("local").post("/calendars/preview", NOTICE).status_code == 403
