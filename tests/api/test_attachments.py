"""Files of a project: kept by version, given back as they were, and never shown as our own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from engine.service import procedures
from tests.api.conftest import Service

PDF = b"%PDF-1.7 a plan"


@pytest.fixture
def path(service: Service) -> str:
    return f"/projects/{service.project()}/attachments"


def form(content: bytes = PDF, name: str = "总平面图.pdf", kind: str = "application/pdf") -> Any:
    return {"file": (BytesIO(content), name, kind)}


def test_a_file_comes_back_as_it_was_sent(service: Service, path: str) -> None:
    made = service("reviewer").post(path, data={**form(), "item": "SURVEY"})
    assert made.status_code == 201
    assert (made.json["name"], made.json["item"]) == ("总平面图.pdf", "SURVEY")
    assert service("applicant").get(made.headers["Location"]).json == made.json
    got = service("applicant").get(f"{made.headers['Location']}/content")
    assert (got.data, got.mimetype) == (PDF, "application/pdf")


def test_the_body_can_be_the_file_itself(service: Service, path: str) -> None:
    made = service("reviewer").post(
        f"{path}?name=plan.pdf&item=SURVEY", data=PDF, content_type="application/pdf"
    )
    assert (made.status_code, made.json["size"]) == (201, len(PDF))


def test_the_same_name_again_is_the_next_version(service: Service, path: str) -> None:
    for content in (PDF, PDF + b"2"):
        service("reviewer").post(path, data=form(content))
    found = service("applicant").get(path).json["items"]
    assert [each["version"] for each in found] == [2, 1]
    assert service("applicant").get(f"{path}?item=SURVEY").json["items"] == []
    assert len(service("applicant").get(f"{path}?item=").json["items"]) == 2


def test_a_browser_saves_a_file_and_shows_nothing_of_it(service: Service, path: str) -> None:
    made = service("reviewer").post(path, data=form(b"<script>", "a.txt", "text/plain"))
    headers = service("clerk").get(f"{made.headers['Location']}/content").headers
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (form(kind="text/html"), "content_type"),
        (form(b"MZ"), "content"),
        (form(b""), "content"),
        (form(name="../etc/passwd"), "name"),
        ({"item": "SURVEY"}, "file"),
        ({**form(), "other": "x"}, "file"),
        ({**form(), "second": (BytesIO(PDF), "b.pdf", "application/pdf")}, "file"),
    ],
)
def test_what_is_not_accepted_is_named(service: Service, path: str, data: Any, field: str) -> None:
    answer = service("reviewer").post(path, data=data, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_a_file_beyond_the_limit_is_refused(service: Service, path: str) -> None:
    large = PDF + b"x" * 20_100_000
    options = {"data": large, "content_type": "application/pdf"}
    answer = service("reviewer").post(f"{path}?name=a.pdf", **options)
    assert answer.status_code == 413


def test_a_file_of_nobody_is_not_even_read(service: Service, path: str) -> None:
    answer = service().post(path, data=form(), headers={"Authorization": "Bearer x"})
    assert answer.status_code == 401


def test_others_cannot_reach_a_file(service: Service, path: str) -> None:
    service.add_user("stranger", ("applicant", ""))
    made = service("reviewer").post(path, data=form())
    for where in ("", "/content"):
        answer = service("stranger").get(f"{made.headers['Location']}{where}")
        assert answer.status_code == 404
    assert service("stranger").post(path, data=form()).status_code == 404
    assert service("supervisor").post(path, data=form()).status_code == 403


def test_a_file_for_a_material_in_the_query_or_the_form(service: Service) -> None:
    files = procedures.named("industrial-2014", service.settings)
    service.act(procedures.deploy, files)
    body = {"name": "Plant", "procedure": "industrial-2014", "applicant": "applicant"}
    project = service("coordinator").post("/projects", body).json["id"]
    path = f"/projects/{project}/attachments"
    where = {"item": "IND-01", "material": "营业执照"}
    first = service("coordinator").post(path, data={**form(), **where})
    again = service("coordinator").post(
        f"{path}?item=IND-01&material=营业执照&name=总平面图.pdf",
        data=PDF,
        content_type="application/pdf",
    )
    assert [(each.json["material"], each.json["version"]) for each in (first, again)] == [
        *(("营业执照", 1), ("营业执照", 2)),
    ]
    newest = service("applicant").get(f"{path}?latest=true").json["items"]
    assert [each["id"] for each in newest] == [again.json["id"]]
    wrong = service("coordinator").post(path, data={**form(), "item": "IND-01", "material": "图纸"})
    assert (wrong.status_code, wrong.json["field"]) == (422, "material")
    assert "营业执照" in wrong.json["materials"]
