"""Tasks over REST: found, claimed, assigned, completed; one winner, the other is told."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from engine.scheduler import sweep
from engine.service import procedures
from tests.api import small
from tests.api.conftest import Service


def test_a_task_says_what_may_be_answered_the_plain_positive_first(service: Service) -> None:
    task = service.task(service.project())
    assert task["outcomes"] == ["approve", "refuse"]
    assert task["promised_due_on"] == "2014-03-06"
    done = service("reviewer").post(f"/tasks/{task['id']}/complete")
    assert done.json["outcome"] == "approve"


def test_an_outcome_that_is_not_offered_is_refused(service: Service) -> None:
    task = service.task(service.project())
    answer = service("reviewer").post(f"/tasks/{task['id']}/complete", {"outcome": "perhaps"})
    assert (answer.status_code, answer.json["field"]) == (422, "outcome")
    assert "approve, refuse" in answer.json["detail"]


def test_a_completed_task_cannot_be_completed_again(service: Service) -> None:
    task = service.task(service.project())
    path = f"/tasks/{task['id']}/complete"
    service("reviewer").post(path)
    answer = service("admin").post(path)
    assert answer.status_code == 409
    assert "reviewer" in answer.json["detail"]


def test_who_claims_a_task_has_it_alone(service: Service) -> None:
    service.add_user("colleague", ("reviewer", "LAND"))
    task = service.task(service.project())
    path = f"/tasks/{task['id']}"
    claimed = service("reviewer").post(f"{path}/claim")
    assert claimed.json["assignee"] == "reviewer"
    assert service("colleague").post(f"{path}/claim").status_code == 409
    assert service("colleague").post(f"{path}/complete").status_code == 409
    assert service("reviewer").get("/tasks?assignee=me").json["items"][0]["id"] == task["id"]
    assert service("colleague").get("/tasks?assignee=me").json["items"] == []
    assert service("reviewer").post(f"{path}/unclaim").json["assignee"] is None
    assigned = service("coordinator").post(f"{path}/assign", {"user": "colleague"})
    assert assigned.json["assignee"] == "colleague"
    assert service("colleague").post(f"{path}/complete").status_code == 200


@pytest.mark.parametrize("user", ["clerk", "nobody"])
def test_a_task_is_given_only_to_whom_it_may_concern(service: Service, user: str) -> None:
    task = service.task(service.project())
    answer = service("coordinator").post(f"/tasks/{task['id']}/assign", {"user": user})
    assert (answer.status_code, answer.json["field"]) == (422, "user")


def test_tasks_are_found_by_what_they_are(service: Service) -> None:
    project = service.project()
    service.project()
    clerk = service("clerk")

    def found(query: str) -> int:
        return len(clerk.get(f"/tasks?{query}").json["items"])

    assert found("") == 2
    assert found(f"project={project}") == 1
    assert found("department=LAND") == 2
    assert found("department=PLAN") == 0
    assert found("item=SURVEY&stage=small") == 2
    assert found("state=completed") == 0
    assert found("overdue=true") == 0
    service.clock.set(service.clock.now() + timedelta(days=10))
    sweep(service.engine, service.clock.now(), service.settings)
    assert found("overdue=true") == 2
    assert found("overdue=false") == 0


def test_a_list_in_parts_shows_each_task_once(service: Service) -> None:
    made = {service.task(service.project())["id"] for _ in range(5)}
    seen: list[str] = []
    cursor = None
    while cursor is not None or not seen:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        part = service("clerk").get("/tasks", query_string=query).json
        assert len(part["items"]) <= 2
        seen += [each["id"] for each in part["items"]]
        cursor = part["next"]
    assert sorted(seen) == sorted(made)


# -- somebody else was first --------------------------------------------------------------------


def test_an_etag_is_the_version_and_a_stale_one_is_refused(both: Service) -> None:
    task = both.task(both.project())
    path = f"/tasks/{task['id']}"
    tag = both("reviewer").get(path).headers["ETag"]
    assert tag == f'"{task["version"]}"'
    claimed = both("reviewer").post(f"{path}/claim", headers={"If-Match": tag})
    assert claimed.status_code == 200
    assert claimed.headers["ETag"] != tag
    stale = both("reviewer").post(f"{path}/complete", headers={"If-Match": tag})
    assert (stale.status_code, stale.json["code"]) == (412, "stale_version")
    assert both("reviewer").get(path).json["state"] == "open"
    fresh = {"If-Match": claimed.headers["ETag"]}
    assert both("reviewer").post(f"{path}/complete", headers=fresh).status_code == 200


@pytest.mark.parametrize("tag", ['W/"1"', '"x"', '"-1"', '""', '"99999999999999999999"'])
def test_a_tag_that_is_not_the_present_version_is_stale(service: Service, tag: str) -> None:
    project = service.project()
    answer = service("coordinator").post(f"/projects/{project}/suspend", headers={"If-Match": tag})
    assert answer.status_code == 412


def test_any_version_will_do_where_the_header_says_so(service: Service) -> None:
    path = f"/projects/{service.project()}/suspend"
    answer = service("coordinator").post(path, headers={"If-Match": "*"})
    assert answer.status_code == 200


@pytest.mark.parametrize("tag", ["1", '"1", "2"'])
def test_what_is_no_single_tag_is_malformed(service: Service, tag: str) -> None:
    path = f"/projects/{service.project()}/suspend"
    assert service("coordinator").post(path, headers={"If-Match": tag}).status_code == 400


def test_a_condition_that_is_not_heeded_is_refused(service: Service) -> None:
    answer = service("coordinator").post("/projects", {}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json["field"]) == (422, "If-Match")


def test_of_two_who_complete_at_once_one_wins(both: Service) -> None:
    task = both.task(both.project())
    start, statuses = Barrier(2), []

    def complete(name: str) -> None:
        client = both(name)
        start.wait()
        statuses.append(client.post(f"/tasks/{task['id']}/complete").status_code)

    threads = [Thread(target=complete, args=(name,)) for name in ("reviewer", "admin")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]


# -- a step that fails for a reason in the diagram -----------------------------------------------


def test_a_step_that_cannot_be_taken_becomes_an_incident(both: Service) -> None:
    both.act(procedures.deploy, {"small.bpmn": small.diagram(condition="area > 500")})
    project = both.project()
    task = both.task(project)
    failed = both("reviewer").post(f"/tasks/{task['id']}/complete")
    assert (failed.status_code, failed.json["code"]) == (409, "incident")
    assert both.task(project)["id"] == task["id"]
    number = failed.json["incident"]
    incident = both("coordinator").get(f"/incidents/{number}").json
    assert (incident["project"], incident["state"]) == (project, "open")
    again = both("coordinator").post(f"/incidents/{number}/retry")
    assert again.status_code == 409
    fixed = both("coordinator").post(f"/incidents/{number}/retry", {"data": {"area": 100}})
    assert fixed.json["state"] == "resolved"
    assert both.task(project)["element"] == "drawings"
    assert both("coordinator").get("/incidents").json["items"] == []
    assert len(both("coordinator").get("/incidents?state=all").json["items"]) == 1


def test_the_answer_that_names_an_incident_is_kept_with_its_key(both: Service) -> None:
    both.act(procedures.deploy, {"small.bpmn": small.diagram(condition="area > 500")})
    task = both.task(both.project())
    path, key = f"/tasks/{task['id']}/complete", {"Idempotency-Key": "k"}
    first = both("reviewer").post(path, headers=key)
    again = both("reviewer").post(path, headers=key)
    assert first.status_code == again.status_code == 409
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(both("coordinator").get("/incidents").json["items"]) == 1
