"""A project over REST, from its opening to its end."""

from __future__ import annotations

from tests.api.conftest import Service

NEW = {"name": "Plant", "procedure": "small", "applicant": "applicant"}


def test_a_project_runs_from_its_opening_to_its_end(both: Service) -> None:
    project = both("coordinator").post("/projects", NEW)
    assert project.status_code == 201
    place = project.headers["Location"]
    assert both("coordinator").get(place).json == project.json
    assert both("applicant").post(f"{place}/start").json["state"] == "running"
    number = project.json["id"]
    for name, outcome in (("reviewer", "approve"), ("applicant", None), ("clerk", "approve")):
        task = both.task(number)
        body = {"outcome": outcome} if outcome else {}
        answer = both(name).post(f"/tasks/{task['id']}/complete", body)
        assert answer.status_code == 200, answer.json
        assert answer.json["state"] == "completed"
        assert answer.json["ended_by"] == name
    assert both("coordinator").get(place).json["state"] == "completed"
    events = both("coordinator").get(f"{place}/history").json["items"]
    assert [each["event"] for each in events if each["event"].startswith("project.")] == [
        "project.created",
        "project.started",
        "project.completed",
    ]


def test_a_project_of_an_unknown_procedure_is_refused_with_the_known_ones(service: Service) -> None:
    answer = service("coordinator").post("/projects", {**NEW, "procedure": "none"})
    assert answer.status_code == 422
    assert answer.json["field"] == "procedure"
    assert "small" in answer.json["detail"]


def test_moves_the_state_does_not_allow_are_conflicts(service: Service) -> None:
    project = service.project()
    coordinator = service("coordinator")
    assert coordinator.post(f"/projects/{project}/resume").status_code == 409
    assert coordinator.post(f"/projects/{project}/suspend").json["state"] == "suspended"
    assert coordinator.post(f"/projects/{project}/start").status_code == 409
    task = service.task(project)
    assert service("reviewer").post(f"/tasks/{task['id']}/complete").status_code == 409
    reason = {"reason": "the land survey is done"}
    assert coordinator.post(f"/projects/{project}/resume", reason).json["state"] == "running"
    assert coordinator.post(f"/projects/{project}/cancel").json["state"] == "cancelled"


def test_a_reason_stands_in_the_history(service: Service) -> None:
    project = service.project()
    service("coordinator").post(f"/projects/{project}/suspend", {"reason": "flood"})
    events = service("coordinator").get(f"/projects/{project}/history?limit=200").json["items"]
    assert events[-1]["data"] == {"reason": "flood"}
    assert events[-1]["actor"] == "coordinator"


def test_an_applicant_sees_only_their_own_projects(service: Service) -> None:
    service.add_user("stranger", ("applicant", ""))
    project = service.project()
    task = service.task(project)
    assert service("applicant").get(f"/projects/{project}").status_code == 200
    stranger = service("stranger")
    for path in (
        f"/projects/{project}",
        f"/projects/{project}/history",
        f"/projects/{project}/critical-path",
        f"/projects/{project}/attachments",
        f"/tasks/{task['id']}",
    ):
        assert stranger.get(path).status_code == 404, path
    assert stranger.get("/projects").json["items"] == []
    assert stranger.get("/tasks").json["items"] == []


def test_the_critical_path_of_a_project_says_how_it_stands(service: Service) -> None:
    project = service.project()
    found = service("supervisor").get(f"/projects/{project}/critical-path").json
    assert found["project"] == project
    assert found["counted_days"] == 6
    assert found["forecast_finish_on"] is not None


def test_an_item_can_be_withdrawn_only_by_those_it_concerns(service: Service) -> None:
    project = service.project()
    path = f"/projects/{project}/items/SURVEY/withdraw"
    assert service("reviewer").post(path).status_code == 403
    assert service("applicant").post(f"/projects/{project}/items/NONE/withdraw").status_code == 404
    # a plain task has no case that could be withdrawn
    assert service("applicant").post(path).status_code == 409
