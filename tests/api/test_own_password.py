"""Changing one's own password, and finding users, over REST."""

from __future__ import annotations

from api.auth import CSRF_HEADER
from engine.service import passwords
from tests.api.conftest import Client, Service

OLD, NEW = "correct horse battery", "staple of the trade"


def logged_in(service: Service, password: str) -> Client:
    """A browser in which li.wei has logged in."""
    client = service()
    answer = client.post("/session", {"name": "li.wei", "password": password})
    assert answer.status_code == 200
    client.headers = {CSRF_HEADER: answer.json["csrf_token"]}
    return client


def change(client: Client, present: str, password: str) -> int:
    """Change the password; the answer's status."""
    return int(client.post("/me/password", {"present": present, "password": password}).status_code)


def test_one_changes_ones_own_password_and_other_sessions_end(service: Service) -> None:
    service.add_user("li.wei", ("clerk", "PLAN"), password_hash=passwords.hashed(OLD))
    here, elsewhere = logged_in(service, OLD), logged_in(service, OLD)
    assert change(here, OLD, NEW) == 204
    assert here.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 401
    assert service("li.wei").get("/me").status_code == 200, "tokens go on working"
    old = service().post("/session", {"name": "li.wei", "password": OLD})
    assert old.status_code == 401
    logged_in(service, NEW)


def test_the_present_password_is_needed_and_guessing_is_slowed_down(service: Service) -> None:
    service.add_user("li.wei", ("clerk", "PLAN"), password_hash=passwords.hashed(OLD))
    here = logged_in(service, OLD)
    answers = [change(here, f"wrong {number}", NEW) for number in range(6)]
    assert answers == [401] * 5 + [429]
    assert here.get("/me").status_code == 200
    service.clock.set(service.clock.now().replace(hour=3))
    assert change(here, OLD, "short") == 422
    assert change(here, OLD, NEW) == 204


def test_users_are_found_by_their_names(service: Service) -> None:
    service.add_user("li.wei", ("clerk", "PLAN"))
    names = [each["name"] for each in service("admin").get("/users?text=LI.w").json["items"]]
    assert names == ["li.wei"]
    clerks = service("admin").get("/users?role=clerk&department=PLAN").json["items"]
    assert [each["name"] for each in clerks] == ["clerk", "li.wei"]
    assert service("clerk").get("/users?text=li").status_code == 403
