"""The same request twice does its work once, whatever happened to the first answer."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from tests.api.conftest import Service

NEW = {"name": "Plant", "procedure": "small", "applicant": "Pumps Ltd"}
KEY = {"Idempotency-Key": "b3f9"}


def test_a_repeated_request_gets_the_first_answer(both: Service) -> None:
    coordinator = both("coordinator")
    first = coordinator.post("/projects", NEW, headers=KEY)
    again = coordinator.post("/projects", NEW, headers=KEY)
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    for name in ("Content-Type", "Location", "ETag"):
        assert again.headers[name] == first.headers[name]
    assert len(coordinator.get("/projects").json["items"]) == 1


def test_a_task_is_completed_once(both: Service) -> None:
    task = both.task(both.project())
    path = f"/tasks/{task['id']}/complete"
    first = both("reviewer").post(path, {"outcome": "approve"}, headers=KEY)
    again = both("reviewer").post(path, {"outcome": "approve"}, headers=KEY)
    assert first.status_code == again.status_code == 200
    assert again.data == first.data
    assert both("reviewer").post(path, {"outcome": "approve"}).status_code == 409


def test_how_a_request_is_written_does_not_matter(service: Service) -> None:
    coordinator = service("coordinator")
    coordinator.post("/projects", NEW, headers=KEY)
    raw = b'{ "applicant":"Pumps Ltd", "procedure":"small","name":"Pl\\u0061nt"}'
    again = coordinator.call(
        "POST", "/projects", data=raw, content_type="application/json", headers=KEY
    )
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_key_belongs_to_one_request(both: Service) -> None:
    coordinator = both("coordinator")
    project = coordinator.post("/projects", NEW, headers=KEY).json["id"]
    for path, body, more in (
        ("/projects", {**NEW, "name": "Other"}, {}),
        (f"/projects/{project}/start", {}, {}),
        ("/projects", NEW, {"If-Match": '"1"'}),
    ):
        answer = coordinator.post(path, body, headers={**KEY, **more})
        assert answer.status_code == 422
    assert coordinator.get("/projects").json["items"][0]["state"] == "draft"


def test_a_key_belongs_to_one_user(service: Service) -> None:
    one = service("coordinator").post("/projects", NEW, headers=KEY)
    other = service("admin").post("/projects", NEW, headers=KEY)
    assert one.json["id"] != other.json["id"]


def test_a_request_that_failed_may_be_sent_again(both: Service) -> None:
    project = both("coordinator").post("/projects", NEW).json["id"]
    path = f"/projects/{project}/suspend"
    assert both("coordinator").post(path, headers=KEY).status_code == 409
    both("coordinator").post(f"/projects/{project}/start")
    answer = both("coordinator").post(path, headers=KEY)
    assert answer.status_code == 200
    assert "Idempotency-Replayed" not in answer.headers


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "schlüssel", "a\tb"])
def test_what_is_no_key_is_refused(service: Service, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = service("coordinator").post("/projects", NEW, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_invalid")


def test_answers_with_secrets_are_not_kept(service: Service) -> None:
    answer = service("clerk").post("/tokens", {"name": "x"}, headers=KEY)
    assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_not_accepted")


def test_an_upload_is_kept_once_whatever_its_boundary(service: Service) -> None:
    project = service.project()
    path = f"/projects/{project}/attachments"

    def send(boundary: str) -> Any:
        lines = [
            f"--{boundary}",
            'Content-Disposition: form-data; name="file"; filename="a.txt"',
            "Content-Type: text/plain",
            "",
            "hello",
            f"--{boundary}--",
            "",
        ]
        return service("clerk").call(
            "POST",
            path,
            data="\r\n".join(lines).encode(),
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=KEY,
        )

    assert send("one").status_code == 201
    assert send("two").headers["Idempotency-Replayed"] == "true"
    assert len(service("clerk").get(path).json["items"]) == 1


def test_of_many_at_once_one_works_and_all_get_its_answer(both: Service) -> None:
    count = 6
    start = Barrier(count)
    answers: list[Any] = []

    def send() -> None:
        client = both("coordinator")
        start.wait()
        answers.append(client.post("/projects", NEW, headers=KEY))

    threads = [Thread(target=send) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {each.status_code for each in answers} == {201}
    assert len({each.data for each in answers}) == 1
    replayed = [each for each in answers if "Idempotency-Replayed" in each.headers]
    assert len(replayed) == count - 1
    assert len(both("coordinator").get("/projects").json["items"]) == 1
