"""What goes wrong is said in one form, with a code to program against."""

from __future__ import annotations

from typing import Any

import pytest

from api import problem
from tests.api.conftest import Service

NEW = {"name": "Plant", "procedure": "small", "applicant": "Pumps Ltd"}


def test_a_problem_says_what_where_and_what_to_do(service: Service) -> None:
    answer = service("admin").get("/projects/7")
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "/api/v1/problems/not_found",
        "title": "There is nothing with that id.",
        "status": 404,
        "detail": "there is no project 7",
        "instance": "/api/v1/projects/7",
        "code": "not_found",
        "remedy": "Check the id; lists name the ids that exist.",
        "project": 7,
    }


def test_the_type_of_a_problem_can_be_opened(service: Service) -> None:
    kind = service("admin").get("/projects/7").json["type"]
    found = service().get(kind).json
    assert (found["code"], found["status"]) == ("not_found", 404)
    codes = [each["code"] for each in service().get("/problems").json["items"]]
    assert "stale_version" in codes
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**NEW, "nmae": "x"}, "nmae"),
        ({**NEW, "name": 7}, "name"),
        ({**NEW, "name": ""}, "name"),
        ({**NEW, "name": "x" * 301}, "name"),
        ({**NEW, "name": "a\x01b"}, "name"),
        ({"name": "x", "procedure": "small"}, "applicant"),
        ([], "body"),
        ("text", "body"),
        (None, "name"),
    ],
)
def test_the_field_at_fault_is_named(service: Service, body: Any, field: str) -> None:
    answer = service("coordinator").post("/projects", body)
    assert answer.status_code == 422
    assert answer.json["code"] == "invalid"
    assert answer.json["field"] == field


def test_all_fields_at_fault_are_named(service: Service) -> None:
    answer = service("coordinator").post("/projects", {"name": 1, "applicant": 2, "x": 3})
    fields = [each["field"] for each in answer.json["errors"]]
    assert sorted(fields) == ["applicant", "name", "procedure", "x"]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b'{"name": "a\\u0000b"}',
        b"[" * 5000,
    ],
)
def test_what_is_no_json_is_malformed(service: Service, raw: bytes) -> None:
    answer = service("coordinator").call(
        "POST", "/projects", data=raw, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json["code"] == "malformed"


@pytest.mark.parametrize("raw", [b'{"data": {"a": NaN}}', b'{"data": {"a": [1e999]}}'])
def test_numbers_that_json_does_not_know_are_refused(service: Service, raw: bytes) -> None:
    task = service.task(service.project())
    answer = service("reviewer").call(
        "POST", f"/tasks/{task['id']}/complete", data=raw, content_type="application/json"
    )
    assert (answer.status_code, answer.json["field"]) == (422, "data")


def test_another_content_type_is_refused(service: Service) -> None:
    answer = service("coordinator").call(
        "POST", "/projects", data=b"name=x", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 415
    assert answer.json["accepted"] == ["application/json"]


def test_a_body_beyond_the_limit_is_refused(service: Service) -> None:
    answer = service("coordinator").post("/projects", {**NEW, "name": "x" * 1_000_001})
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "lmit=5", "cursor=nonsense"]
)
def test_a_query_at_fault_names_its_parameter(service: Service, query: str) -> None:
    answer = service("coordinator").get(f"/projects?{query}")
    assert answer.status_code == 422
    assert answer.json["field"] == query.partition("=")[0]


def test_an_address_without_anything_is_a_problem_too(service: Service) -> None:
    for path in (
        "/none",
        "/projects/x",
        "/projects/-1",
        "/projects/99999999999999999999",
        "/tasks/a%00",
    ):
        answer = service("admin").get(path)
        assert answer.status_code == 404, path
        assert answer.content_type == "application/problem+json"


def test_a_method_without_anything_says_which_there_are(service: Service) -> None:
    answer = service("admin").call("PUT", "/projects")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_failure_inside_shows_an_id_and_nothing_else(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("engine.service.portfolio.find", fail)
    answer = service("admin").get("/projects", headers={"X-Request-Id": "abc-1"})
    assert answer.status_code == 500
    assert answer.json["request_id"] == "abc-1"
    assert "secret" not in answer.get_data(as_text=True)


def test_a_database_out_of_reach_is_told_as_such(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("SELECT secret", {}, Exception("gone"))

    monkeypatch.setattr("engine.service.portfolio.find", fail)
    answer = service("admin").get("/projects")
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "SELECT" not in answer.get_data(as_text=True)


def test_every_class_of_errors_has_a_status_and_a_remedy() -> None:
    for error in problem.classes().values():
        assert 400 <= problem.status_of(error) < 600
        assert problem.title_of(error).endswith("."), error
        assert error.remedy.endswith("."), error


def test_every_answer_minds_its_manners(service: Service) -> None:
    for path in ("/projects", "/none", "/healthz"):
        headers = service("admin").get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/projects?state=foo", "state"),
        ("/tasks?project=x", "project"),
        ("/tasks?overdue=perhaps", "overdue"),
        ("/tasks?limit=0", "limit"),
    ],
)
def test_a_field_is_named_as_it_was_sent(path: str, field: str, service: Service) -> None:
    answer = service("admin").get(path)
    assert (answer.status_code, answer.json["field"]) == (422, field)
    assert [each["field"] for each in answer.json["errors"]] == [field]
