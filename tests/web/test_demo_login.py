"""The accounts of a demonstration are named to this machine, and to no other."""

from __future__ import annotations

from api.demonstration import accounts
from tests.api.conftest import Service
from tests.web.conftest import PASSWORD, Enter


def demonstrated(service: Service, password_hash: str) -> None:
    service.act(accounts.keep, PASSWORD, password_hash, ["coordinator", "reviewer"])


def test_one_click_logs_in(service: Service, enter: Enter, password_hash: str) -> None:
    stranger = enter()
    demonstrated(service, password_hash)
    shown = stranger.get("/login")
    [form] = shown.tree.xpath("//form[.//button[@title='coordinator']]")
    answer = stranger.client.post("/login", data=dict(form.form_values()))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_clients_elsewhere_are_told_nothing(
    service: Service, enter: Enter, password_hash: str
) -> None:
    stranger = enter()
    demonstrated(service, password_hash)
    for headers in ({"X-Forwarded-For": "203.0.113.9"}, {"Host": "lianshen.example"}):
        shown = stranger.get("/login", **headers)
        assert PASSWORD not in shown.body.decode()
        assert "演示账户" not in shown.text


def test_a_service_that_is_no_demonstration_names_nobody(enter: Enter) -> None:
    assert "演示账户" not in enter().get("/login").text
