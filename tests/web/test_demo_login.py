"""The accounts of a demonstration are named to this machine, and to no other."""

from __future__ import annotations

from api.demonstration import accounts
from engine.service import identity
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


def test_a_departments_people_stand_in_its_row(
    service: Service, enter: Enter, password_hash: str
) -> None:
    """A head of a department has a column; the government's stands with those of none."""
    heads = {"mayor": {("head", "")}, "head-plan": {("head", "PLAN")}}
    for name, roles in heads.items():
        service.act(
            identity.create, name, display_name=name, password_hash=password_hash, roles=roles
        )
    stranger = enter()
    service.act(accounts.keep, PASSWORD, password_hash, ["coordinator", "reviewer", *heads])
    tree = stranger.get("/login").tree
    listed = tree.xpath("//div[@class='demo-roles']//button/@title")
    assert [*listed] == ["coordinator", "mayor"]
    rows = tree.xpath("//table[contains(@class, 'demo-departments')]/tbody/tr")
    columns = [[[*cell.xpath(".//button/@title")] for cell in row.xpath("td")] for row in rows]
    assert sorted(columns) == [[[], [], ["head-plan"]], [[], ["reviewer"], []]]


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
