"""Who may call what: every operation, as every role, as the table says."""

from __future__ import annotations

import re

import pytest

from api import permissions, v1
from api.route import Route
from engine.service.work import ROLES
from tests.api.conftest import Service

EVERY = v1.routes(frozen_clock=True)
#: with something of each kind that is not there
ABSENT = {"key": "999999", "name": "absent"}


def path(route: Route) -> str:
    """The route's path to something that does not exist."""
    kinds = route.parameters
    whole = re.sub(r"{(\w+)}", lambda match: ABSENT[kinds[match[1]]], route.path)
    return whole.removeprefix("/api/v1") if route.prefix else whole


def test_the_table_names_every_operation_and_no_other() -> None:
    assert {route.name for route in EVERY} == set(permissions.TABLE)


def test_what_the_table_does_not_name_nobody_may_call() -> None:
    assert permissions.allowed("something new") == frozenset()


def expected(route: Route, role: str) -> bool:
    roles = permissions.TABLE[route.name]
    everybody = roles in (permissions.PUBLIC, permissions.LOGGED_IN, permissions.LOCAL)
    return everybody or role == "admin" or role in roles


@pytest.mark.parametrize("role", ROLES)
def test_every_operation_is_for_the_roles_of_the_table(service: Service, role: str) -> None:
    for route in EVERY:
        answer = service(role).call(route.method, path(route))
        if expected(route, role):
            own = route.name == "setup"
            assert answer.status_code not in ({401} if own else {401, 403}), (
                route.name,
                answer.json,
            )
        else:
            assert answer.status_code == 403, (route.name, answer.status_code)
            assert answer.json["roles"][-1] == "admin"


def test_without_a_login_only_what_is_public_answers(service: Service) -> None:
    for route in EVERY:
        answer = service().call(route.method, path(route), base_url="http://lianshen.example")
        if permissions.TABLE[route.name] == permissions.PUBLIC:
            assert answer.status_code != 401 or route.name == "login"
        else:
            assert answer.status_code == 401, route.name
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_user_without_roles_sees_themselves_and_nothing_else(service: Service) -> None:
    service.add_user("nobody")
    assert service("nobody").get("/me").json["roles"] == []
    assert service("nobody").get("/projects").status_code == 403
    assert service("nobody").get("/tasks").status_code == 403


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "Bearer no such token", "x"])
def test_a_token_that_is_none_is_refused(service: Service, header: str) -> None:
    answer = service().get("/projects", headers={"Authorization": header})
    assert answer.status_code == 401


def test_who_may_not_ask_is_told_that_before_what_is_wrong_with_the_request(
    service: Service,
) -> None:
    answer = service().post("/projects", {"nonsense": 1}, headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401
    assert service("clerk").post("/projects", {"nonsense": 1}).status_code == 403


def test_metrics_are_for_this_machine_or_for_users(service: Service) -> None:
    assert service().get("/metrics").status_code == 200
    elsewhere = {"base_url": "http://lianshen.example"}
    assert service().get("/metrics", **elsewhere).status_code == 401
    assert service().get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 401
    assert service("supervisor").get("/metrics", **elsewhere).status_code == 200


def test_a_task_is_for_its_department(service: Service) -> None:
    service.add_user("reviewer-plan", ("reviewer", "PLAN"))
    task = service.task(service.project())
    other = service("reviewer-plan").post(f"/tasks/{task['id']}/complete")
    assert other.status_code == 403
    assert other.json["department"] == "LAND"
    assert service("reviewer").post(f"/tasks/{task['id']}/complete").status_code == 200


def test_an_administrator_acts_for_anyone_and_the_history_says_so(service: Service) -> None:
    project = service.project()
    task = service.task(project)
    assert service("admin").post(f"/tasks/{task['id']}/complete").status_code == 200
    events = service("admin").get(f"/projects/{project}/history?limit=200").json["items"]
    [done] = [each for each in events if each["event"] == "task.completed"]
    assert (done["actor"], done["on_behalf_of"]) == ("admin", "LAND")
