"""The first administrator, users, and tokens."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from engine.errors import Forbidden
from engine.service import identity
from tests.api.conftest import Service

FIRST = {"name": "root", "password": "correct horse battery"}
ELSEWHERE = {
    "base_url": "http://lianshen.example",
    "environ_overrides": {"REMOTE_ADDR": "10.0.0.1"},
}


def test_the_first_administrator_comes_in_once(bare: Service) -> None:
    answer = bare().post("/setup", FIRST)
    assert answer.status_code == 201
    assert answer.json["roles"] == [{"role": "admin", "department": ""}]
    assert bare().post("/session", FIRST).status_code == 200
    assert bare().post("/setup", {**FIRST, "name": "second"}).status_code == 403


@pytest.mark.parametrize(
    "options",
    [
        ELSEWHERE,
        {"environ_overrides": {"REMOTE_ADDR": "10.0.0.1"}},
        {"base_url": "http://rebound.example"},
        {"headers": {"X-Forwarded-For": "10.0.0.1"}},
        {"headers": {"Forwarded": "for=10.0.0.1"}},
    ],
)
def test_a_stranger_cannot_become_the_first(bare: Service, options: dict[str, object]) -> None:
    assert bare().post("/setup", FIRST, **options).status_code == 403
    assert bare().post("/setup", {**FIRST, "code": "guess"}, **options).status_code == 403
    assert bare.act(identity.is_empty)


def test_with_the_printed_code_the_first_may_come_from_elsewhere(bare: Service) -> None:
    assert bare().post("/setup", {**FIRST, "code": "the-code"}, **ELSEWHERE).status_code == 201


def test_another_site_cannot_set_up_through_a_browser(bare: Service) -> None:
    # what a form of another site can send needs no permission of ours, but is no JSON
    answer = bare().call("POST", "/setup", data='{"name":"x"}', content_type="text/plain")
    assert answer.status_code == 415


def test_of_two_first_administrators_at_once_one_comes_in(both: Service) -> None:
    from engine.service.work import SYSTEM, Work
    from engine.store import tables as t
    from engine.store.database import transaction

    with transaction(both.engine) as db:
        for table in (t.access_token, t.user_role, t.user):
            db.execute(table.delete())
    start, results = Barrier(2), []

    def found(name: str) -> None:
        start.wait()
        try:
            with transaction(both.engine) as db:
                identity.found(Work(db, both.clock.now(), SYSTEM, both.settings), "hash", name)
        except Forbidden:
            results.append("out")
        else:
            results.append("in")

    threads = [Thread(target=found, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["in", "out"]


@pytest.mark.parametrize("password", ["short", "x" * 257, "li.wei.long"])
def test_a_password_that_guards_nothing_is_refused(service: Service, password: str) -> None:
    answer = service("admin").post("/users", {"name": "li.wei.long", "password": password})
    assert (answer.status_code, answer.json["field"]) == (422, "password")


def test_a_user_is_added_changed_and_shut_out(both: Service) -> None:
    admin = both("admin")
    roles = [{"role": "reviewer", "department": "LAND"}]
    made = admin.post("/users", {"name": "李伟", "display_name": "李伟（国土局）", "roles": roles})
    assert made.status_code == 201
    path = made.headers["Location"]
    assert admin.get(path).json == made.json
    token = admin.post("/tokens", {"name": "test", "user": made.json["id"]}).json["token"]
    both.secrets["李伟"] = token
    assert both("李伟").get("/me").json["roles"] == roles
    assert admin.post("/users", {"name": "李伟"}).status_code == 409
    changed = admin.patch(path, {"roles": [{"role": "clerk", "department": "规划局"}]}).json
    assert changed["roles"] == [{"role": "clerk", "department": "PLAN"}]
    assert changed["display_name"] == "李伟（国土局）"
    assert admin.patch(path, {"active": False}).json["active"] is False
    assert both("李伟").get("/me").status_code == 401
    assert admin.patch(path, {"active": True}).json["active"] is True
    assert both("李伟").get("/me").status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"roles": [{"role": "king"}]}, "roles.0.role"),
        ({"roles": [{"role": "clerk", "department": "L AND"}]}, "roles"),
        ({"name": " x"}, "name"),
        ({"name": "a\u200bb"}, "name"),
    ],
)
def test_what_a_user_cannot_be_is_refused(
    service: Service, change: dict[str, object], field: str
) -> None:
    answer = service("admin").post("/users", {"name": "x", **change})
    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_the_last_administrator_stays(service: Service) -> None:
    admin = service("admin")
    path = f"/users/{admin.get('/me').json['id']}"
    assert admin.patch(path, {"active": False}).status_code == 409
    assert admin.patch(path, {"roles": []}).status_code == 409
    assert admin.get("/me").status_code == 200


def test_users_come_in_parts(service: Service) -> None:
    names: list[str] = []
    cursor = "0"
    while cursor:
        part = service("admin").get(f"/users?limit=2&cursor={cursor}").json
        names += [each["name"] for each in part["items"]]
        cursor = part["next"]
    assert names == [
        "applicant",
        "clerk",
        "reviewer",
        "head",
        "coordinator",
        "analyst",
        "supervisor",
        "admin",
    ]


def test_a_token_works_until_it_is_revoked(service: Service) -> None:
    made = service("clerk").post("/tokens", {"name": "dashboard"})
    service.secrets["dashboard"] = made.json["token"]
    assert service("dashboard").get("/me").json["name"] == "clerk"
    listed = service("clerk").get("/tokens").json["items"]
    assert [each["name"] for each in listed] == ["test", "dashboard"]
    assert "token" not in listed[1]
    assert service("clerk").delete(made.headers["Location"]).status_code == 204
    assert service("dashboard").get("/me").status_code == 401
    assert service("clerk").delete(made.headers["Location"]).status_code == 204


def test_a_token_expires(service: Service) -> None:
    at = service.clock.now() + timedelta(hours=1)
    made = service("clerk").post("/tokens", {"name": "short", "expires_at": at.isoformat()})
    service.secrets["short"] = made.json["token"]
    assert service("short").get("/me").status_code == 200
    service.clock.set(at)
    assert service("short").get("/me").status_code == 401
    assert (
        service("clerk").post("/tokens", {"name": "x", "expires_at": at.isoformat()}).status_code
        == 422
    )
    naive = {"name": "x", "expires_at": "2015-01-01T00:00:00"}
    assert service("clerk").post("/tokens", naive).json["field"] == "expires_at"


def test_tokens_of_others_are_for_administrators(service: Service) -> None:
    clerk, admin = service("clerk"), service("admin")
    own = clerk.get("/tokens").json["items"][0]["id"]
    clerk_id = clerk.get("/me").json["id"]
    reviewer = service("reviewer")
    assert reviewer.get(f"/tokens?user={clerk_id}").status_code == 403
    assert reviewer.post("/tokens", {"name": "x", "user": clerk_id}).status_code == 403
    assert reviewer.delete(f"/tokens/{own}").status_code == 404
    assert admin.get(f"/tokens?user={clerk_id}").json["items"][0]["user"] == "clerk"
    assert admin.delete(f"/tokens/{own}").status_code == 204
    assert clerk.get("/me").status_code == 401


def test_what_happens_to_accounts_stands_in_the_feed_of_administrators(service: Service) -> None:
    service("admin").post("/users", {"name": "new", "roles": [{"role": "admin"}]})
    events = service("admin").get("/events?limit=200").json["items"]
    [made] = [each for each in events if each["data"].get("name") == "new"]
    assert (made["event"], made["actor"]) == ("user.created", "admin")
    for role in ("clerk", "coordinator", "supervisor"):
        seen = service(role).get("/events?limit=200").json["items"]
        assert not [each for each in seen if each["event"].startswith(("user.", "token."))]


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ({"role": "clerk"}, "department"),
        ({"role": "reviewer", "department": ""}, "department"),
        ({"role": "clerk", "department": "NOWHERE"}, "NDRC"),
    ],
)
def test_a_clerk_works_for_a_department_there_is(
    role: dict[str, str], words: str, service: Service
) -> None:
    answer = service("admin").post("/users", {"name": "someone", "roles": [role]})
    assert answer.status_code == 422
    assert answer.json["field"] == "roles"
    assert words in answer.json["detail"]


def test_mail_goes_where_a_user_says(both: Service) -> None:
    added = both("admin").post("/users", {"name": "li", "email": " li.wei@example.cn "})
    assert added.json["email"] == "li.wei@example.cn"
    user = f"/users/{added.json['id']}"
    assert both("admin").patch(user, {"email": ""}).json["email"] == ""
    assert both("clerk").patch("/me", {"email": "clerk@plan.example.cn"}).json["email"]
    assert both("clerk").get("/me").json["email"] == "clerk@plan.example.cn"


@pytest.mark.parametrize(
    "address", ["li", "li@", "@x.cn", "a b@x.cn", "李@x.cn", "a@x.cn\nBcc: b@x.cn", "a@x..cn"]
)
def test_what_is_no_address_is_refused(service: Service, address: str) -> None:
    refused = service("clerk").patch("/me", {"email": address})
    assert (refused.status_code, refused.json["field"]) == (422, "email")
