"""Lists of projects and tasks over REST: orders, filters, counts, many claimed at once."""

from __future__ import annotations

from engine.scheduler import take_stock
from tests.api.conftest import Service


def test_projects_are_listed_with_where_they_stand(both: Service) -> None:
    first, second = both.project(), both.project()
    take_stock(both.engine, both.clock.now(), both.settings)
    rows = both("supervisor").get("/projects").json["items"]
    assert [each["id"] for each in rows] == [second, first]
    assert rows[0]["code"] == f"LS2014-{second:04}"
    assert rows[0]["as_of_on"] == "2014-03-03"
    assert (rows[0]["stage"], rows[0]["held_item"]) == ("small", "SURVEY")
    assert rows[0]["held_item_name"] == {"zh": "Survey", "en": ""}
    assert rows[0]["slack_days"] == 0
    by_slack = both("supervisor").get("/projects?sort=slack&limit=1").json
    assert [each["id"] for each in by_slack["items"]] == [first]
    following = both("supervisor").get(f"/projects?sort=slack&cursor={by_slack['next']}").json
    assert [each["id"] for each in following["items"]] == [second]
    wrong = both("supervisor").get("/projects?sort=colour")
    assert (wrong.status_code, wrong.json["field"]) == (422, "sort")
    mixed = both("supervisor").get(f"/projects?sort=name&cursor={by_slack['next']}x")
    assert (mixed.status_code, mixed.json["field"]) == (422, "cursor")


def test_filters_carry_counts(both: Service) -> None:
    both.project()
    both("coordinator").post(
        "/projects", {"name": "Quay", "procedure": "small", "applicant": "Harbour Ltd"}
    )
    take_stock(both.engine, both.clock.now(), both.settings)
    found = both("analyst").get("/projects/facets").json
    assert (found["total"], found["state"]) == (2, {"draft": 1, "running": 1})
    assert found["procedure"] == {"small": 2}
    narrowed = both("analyst").get("/projects/facets?state=draft").json
    assert (narrowed["total"], narrowed["state"]) == (1, {"draft": 1, "running": 1})
    assert narrowed["light"] == {"waiting": 1, "yellow": 0}
    mine = both("applicant").get("/projects/facets").json
    assert mine["total"] == 1
    [row] = both("analyst").get("/projects?text=harbour").json["items"]
    assert (row["name"], row["light"], row["slack_days"]) == ("Quay", "waiting", None)


def test_an_inbox_with_lights_counts_and_neighbours(both: Service) -> None:
    projects = [both.project() for _ in range(3)]
    rows = both("reviewer").get("/inbox").json["items"]
    assert [each["project"] for each in sorted(rows, key=lambda each: each["project"])] == projects
    row = rows[1]
    assert (row["light"], row["days_left"], row["used_days"], row["days"]) == ("green", 3, 0, 3)
    assert (row["may_complete"], row["claimed"], row["mine"]) == (True, None, False)
    near = both("reviewer").get(f"/tasks/{row['id']}/neighbours").json
    assert near == {"previous": rows[0]["id"], "next": rows[2]["id"]}
    counts = {"all": 3, "overdue": 0, "due_soon": 0, "receive": 0}
    assert both("reviewer").get("/inbox/counts").json == counts
    assert both("clerk").get("/inbox").json["items"] == []
    assert len(both("supervisor").get("/inbox?scope=all&light=all&text=plant").json["items"]) == 3
    assert both("reviewer").get("/inbox?scope=all").status_code == 403
    assert both("reviewer").get("/inbox?light=green").status_code == 422


def test_many_tasks_are_claimed_in_one_request(both: Service) -> None:
    ids = [both.task(both.project())["id"] for _ in range(2)]
    answer = both("reviewer").post("/tasks/claim", {"tasks": [*ids, "nothing"]})
    assert answer.status_code == 200
    found = answer.json["items"]
    assert [(each["id"], each["claimed"], each["code"]) for each in found] == [
        *((ids[0], True, ""), (ids[1], True, ""), ("nothing", False, "not_found")),
    ]
    assert both("reviewer").get(f"/tasks/{ids[0]}").json["assignee"] == "reviewer"
    assert both("supervisor").post("/tasks/claim", {"tasks": ids}).status_code == 403
    assert both("reviewer").post("/tasks/claim", {"tasks": []}).status_code == 422


def test_the_dashboard(both: Service) -> None:
    both.project()
    take_stock(both.engine, both.clock.now(), both.settings)
    found = both("supervisor").get("/dashboard?scope=city").json
    assert found["counts"]["all"] == 1
    [stage] = found["stages"]
    assert (stage["id"], stage["open"], stage["lights"]) == ("small", 1, {"green": 1})
    assert [each["name"] for each in found["risks"]] == ["Plant"]
    assert len(found["trend"]["months"]) == 12
    assert both("reviewer").get("/dashboard").json["scopes"] == ["mine", "department"]
    assert both("reviewer").get("/dashboard?scope=city").status_code == 403


def test_notices_of_a_project(both: Service) -> None:
    project = both.project()
    assert both("applicant").get(f"/projects/{project}/notices").json["items"] == []
    assert both("applicant").get("/notices/1").status_code == 404


def test_a_history_backwards_and_narrowed(both: Service) -> None:
    project = both.project()
    both("reviewer").post(f"/tasks/{both.task(project)['id']}/complete", {"outcome": "approve"})
    whole = both("applicant").get(f"/projects/{project}/history?limit=200").json["items"]
    back = both("applicant").get(f"/projects/{project}/history?newest=true&limit=200").json
    assert back["items"] == whole[::-1]
    part = both("applicant").get(f"/projects/{project}/history?newest=true&limit=2").json
    path = f"/projects/{project}/history?newest=true&limit=2&cursor={part['next']}"
    assert part["items"] + both("applicant").get(path).json["items"] == whole[::-1][:4]
    survey = both("applicant").get(f"/projects/{project}/history?item=SURVEY").json["items"]
    assert survey == [each for each in whole[::-1] if each["item"] == "SURVEY"]
    major = both("applicant").get(f"/projects/{project}/history?kind=major").json["items"]
    assert {each["event"] for each in major} == {"project.created", "project.started", "item.done"}
    assert both("applicant").get(f"/projects/{project}/history?kind=minor").status_code == 422
