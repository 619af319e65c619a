"""Logging in with a password, and what protects a session."""

from __future__ import annotations

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest

from engine.service import passwords
from tests.api.conftest import Client, Service

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


@pytest.fixture
def li(service: Service, password_hash: str) -> Service:
    """The service, with a coordinator who has a password."""
    service.add_user("li", ("coordinator", ""), password_hash=password_hash)
    return service


def log_in(service: Service, name: str = "li", password: str = PASSWORD) -> Client:
    client = service()
    answer = client.post("/session", {"name": name, "password": password})
    assert answer.status_code == 200, answer.json
    client.headers["X-CSRF-Token"] = answer.json["csrf_token"]
    return client


def test_who_logs_in_is_known_by_the_cookie(li: Service) -> None:
    client = log_in(li)
    me = client.get("/me").json
    assert me["name"] == "li"
    assert me["roles"] == [{"role": "coordinator", "department": ""}]
    assert me["csrf_token"] == client.headers["X-CSRF-Token"]
    assert li("admin").get("/me").json["csrf_token"] is None


def test_scripts_cannot_read_the_cookie_and_other_sites_cannot_send_it(li: Service) -> None:
    body = {"name": "li", "password": PASSWORD}
    cookie = SimpleCookie(li().post("/session", body).headers["Set-Cookie"])["lianshen_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    answer = li().post("/session", body, base_url="https://lianshen.example")
    assert SimpleCookie(answer.headers["Set-Cookie"])["lianshen_session"]["secure"]


def test_behind_a_proxy_with_tls_the_cookie_is_sent_over_tls_only(li: Service) -> None:
    client, body = li(), {"name": "li", "password": PASSWORD}
    answer = client.post("/session", body, headers={"X-Forwarded-Proto": "https"})
    assert SimpleCookie(answer.headers["Set-Cookie"])["lianshen_session"]["secure"]


@pytest.mark.parametrize("token", [None, "", "0" * 64, "ü"])
def test_an_unsafe_request_with_a_cookie_needs_the_csrf_token(
    li: Service, token: str | None
) -> None:
    client = log_in(li)
    client.headers = {} if token is None else {"X-CSRF-Token": token}
    answer = client.post("/projects", {"name": "a", "procedure": "small", "applicant": "b"})
    assert (answer.status_code, answer.json["code"]) == (403, "csrf")
    assert client.get("/projects").json["items"] == []


def test_a_csrf_token_belongs_to_its_session(li: Service) -> None:
    client = log_in(li)
    client.headers = log_in(li).headers
    assert client.post("/projects", {}).json["code"] == "csrf"


def test_with_the_csrf_token_it_is_done(li: Service) -> None:
    body = {"name": "a", "procedure": "small", "applicant": "b"}
    assert log_in(li).post("/projects", body).status_code == 201


def test_logging_out_ends_the_session_itself(li: Service) -> None:
    client = log_in(li)
    cookie = client.browser.get_cookie("lianshen_session")
    assert cookie is not None
    assert client.delete("/session").status_code == 204
    assert client.browser.get_cookie("lianshen_session") is None
    client.browser.set_cookie("lianshen_session", cookie.value)
    assert client.get("/me").status_code == 401


def test_logging_in_again_ends_the_session_before(li: Service) -> None:
    client = log_in(li)
    before = client.browser.get_cookie("lianshen_session")
    client.post("/session", {"name": "li", "password": PASSWORD})
    after = client.browser.get_cookie("lianshen_session")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    client.browser.set_cookie("lianshen_session", before.value)
    assert client.get("/me").status_code == 401


def test_a_session_ends_by_itself(li: Service) -> None:
    client = log_in(li)
    li.clock.set(li.clock.now() + timedelta(hours=11, minutes=59))
    assert client.get("/me").status_code == 200
    li.clock.set(li.clock.now() + timedelta(minutes=1))
    assert client.get("/me").status_code == 401


def test_a_new_password_ends_the_sessions_but_not_the_tokens(li: Service) -> None:
    client = log_in(li)
    li_id = client.get("/me").json["id"]
    changed = li("admin").patch(f"/users/{li_id}", {"password": "another good one"})
    assert changed.status_code == 200
    assert client.get("/me").status_code == 401
    assert li("li").get("/me").status_code == 200
    assert log_in(li, password="another good one").get("/me").status_code == 200


@pytest.mark.parametrize(
    ("name", "password"),
    [("li", "wrong"), ("nobody", PASSWORD), ("clerk", PASSWORD), ("li ", PASSWORD)],
)
def test_wrong_names_and_passwords_are_not_told_apart(
    li: Service, name: str, password: str
) -> None:
    answer = li().post("/session", {"name": name, "password": password})
    assert (answer.status_code, answer.json["code"]) == (401, "wrong_password")
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_name_takes_as_long_as_a_known_one(
    li: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = passwords._HASHER.verify

    def counting(kept: str, given: str) -> bool:
        checked.append(kept)
        return verify(kept, given)

    class Counting:
        hash = passwords._HASHER.hash
        verify = staticmethod(counting)

    monkeypatch.setattr(passwords, "_HASHER", Counting)
    for name in ("li", "nobody", "clerk"):
        li().post("/session", {"name": name, "password": "wrong"})
    assert len(checked) == 3


def test_the_secrets_are_not_in_the_database(li: Service) -> None:
    client = log_in(li)
    cookie = client.browser.get_cookie("lianshen_session")
    assert cookie is not None
    kept = (li.settings.data_dir / "lianshen.db").read_bytes()
    kept += (li.settings.data_dir / "lianshen.db-wal").read_bytes()
    for secret in (cookie.value, li.secrets["li"], PASSWORD):
        assert secret.encode() not in kept


# -- guessing -----------------------------------------------------------------------------------


def guess(service: Service, name: str = "li", address: str = "10.0.0.1", times: int = 1) -> int:
    """The status of the last of some wrong guesses."""
    status = 0
    for _ in range(times):
        answer = service().post(
            "/session",
            {"name": name, "password": "wrong"},
            environ_overrides={"REMOTE_ADDR": address},
        )
        status = answer.status_code
    return status


def test_a_guesser_is_slowed_down_and_told_for_how_long(li: Service) -> None:
    assert guess(li, times=5) == 401
    answer = li().post(
        "/session",
        {"name": "li", "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "10.0.0.1"},
    )
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_attempts")
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    li.clock.set(li.clock.now() + timedelta(seconds=int(answer.headers["Retry-After"])))
    assert guess(li) == 401


def test_a_guesser_does_not_lock_out_the_user_elsewhere(li: Service) -> None:
    assert guess(li, times=6) == 429
    assert log_in(li).get("/me").status_code == 200


def test_a_guesser_cannot_go_on_with_other_names(
    li: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.service.login.check", lambda *_: False)
    statuses = [guess(li, name=f"user-{number}") for number in range(31)]
    assert statuses == [401] * 30 + [429]
    assert guess(li, name="another", address="10.0.0.2") == 401


def test_guessers_with_many_addresses_are_slowed_down_as_well(
    li: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.service.login.check", lambda *_: False)
    statuses = [guess(li, address=f"10.0.1.{number}") for number in range(101)]
    assert statuses == [401] * 100 + [429]


def test_a_network_of_ipv6_counts_as_one_address(
    li: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.service.login.check", lambda *_: False)
    statuses = [guess(li, address=f"2001:db8::{number}") for number in range(6)]
    assert statuses == [401] * 5 + [429]


def test_who_gets_in_is_not_held_to_earlier_slips(li: Service) -> None:
    for _ in range(3):
        assert guess(li, address="127.0.0.1", times=4) == 401
        log_in(li)
