"""Registering a project: for others, for oneself, at once or later; refused with what was typed."""

from __future__ import annotations

from typing import Any

import pytest

from engine.service import applicants, projects
from engine.service.views import ProjectView
from tests.api.conftest import Service
from tests.web import city
from tests.web.conftest import Enter

NEW = "/projects/new"


def only(service: Service) -> ProjectView:
    [found] = service.act(projects.find).items
    view: ProjectView = service.act(projects.get, found.id)
    return view


@pytest.mark.parametrize(("then", "state"), [("start", "running"), ("later", "draft")])
def test_a_project_is_registered_and_started_or_not(
    service: Service, enter: Enter, then: str, state: str
) -> None:
    visitor = enter("coordinator")
    fields = {"name": "水泵厂迁建", "applicant": "某公司", "procedure": "small", "then": then}
    shown = visitor.send(NEW, NEW, **fields)
    view = only(service)
    assert (view.name, view.applicant, view.state) == ("水泵厂迁建", "某公司", state)
    assert view.code in shown.text
    assert "水泵厂迁建" in shown.one("//h1")


def test_procedures_are_offered_with_their_days_and_versions(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    city.deploy(service, "real-estate-2014")
    shown = enter("coordinator").get(NEW)
    cards = {
        each.xpath(".//input/@value")[0]: " ".join(each.text_content().split())
        for each in shown.tree.xpath("//label[@class='procedure-card']")
    }
    assert set(cards) == {"small", "industrial-2014", "real-estate-2014"}
    assert "28 天计时" in cards["industrial-2014"]
    assert "历时 59 天" in cards["industrial-2014"]
    assert "第 1 版" in cards["industrial-2014"]
    assert "房地产" in cards["real-estate-2014"]
    assert "29 天计时" in cards["real-estate-2014"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "名称须为"),
        ("name", "x" * 301, "名称须为"),
        ("applicant", " ", "建设单位须为"),
        ("procedure", "", "请选择已部署的流程。"),
        ("procedure", "unknown", "请选择已部署的流程。"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_typed_stays(
    service: Service, enter: Enter, field: str, value: str, told: str
) -> None:
    visitor = enter("coordinator")
    fields: dict[str, Any] = {"name": "水泵厂", "applicant": "某公司", "procedure": "small"}
    shown = visitor.send(NEW, NEW, **{**fields, field: value})
    assert shown.status == 422
    assert told in shown.text
    assert service.act(projects.find).items == []
    for name in {"name", "applicant"} - {field}:
        assert shown.tree.xpath(f"//input[@name='{name}']/@value") == [fields[name]]
    if field != "procedure":
        assert shown.tree.xpath("//input[@name='procedure'][@checked]/@value") == ["small"]


def test_known_applicants_are_suggested(service: Service, enter: Enter) -> None:
    service.act(projects.create, "旧项目", "small", "皖江纺织有限公司")
    shown = enter("coordinator").get(NEW)
    offered = shown.tree.xpath("//datalist[@id='applicants']/option/@value")
    assert {"applicant", "皖江纺织有限公司"} <= set(offered)
    assert service.act(applicants.known, limit=1) == ["applicant"]


def test_an_applicant_registers_under_their_own_name(service: Service, enter: Enter) -> None:
    visitor = enter("applicant")
    shown = visitor.get(NEW)
    assert shown.tree.xpath("//input[@id='f-applicant']/@value") == ["applicant"]
    assert not shown.tree.xpath("//datalist")
    visitor.send(NEW, name="我的厂房", procedure="small", applicant="别人", then="start")
    view = only(service)
    assert (view.applicant, view.state) == ("applicant", "running")
    assert visitor.get(f"/projects/{view.id}").status == 200


def test_others_register_nothing(enter: Enter) -> None:
    for name in ("clerk", "reviewer", "analyst", "supervisor"):
        assert enter(name).get(NEW).status == 403


def test_a_double_click_registers_one_project(service: Service, enter: Enter) -> None:
    visitor = enter("coordinator")
    visitor.get(NEW)
    fields = {**visitor.form(NEW), "name": "水泵厂", "applicant": "某公司", "procedure": "small"}
    first, second = visitor.post(NEW, fields), visitor.post(NEW, fields)
    assert first.one("//h1") == second.one("//h1")
    assert only(service).name == "水泵厂"


def test_without_a_procedure_there_is_nothing_to_register(bare: Service) -> None:
    from engine.service import passwords
    from tests.web.conftest import PASSWORD
    from tests.web.visitor import Visitor

    bare.add_user("admin", ("admin", ""), password_hash=passwords.hashed(PASSWORD))
    visitor = Visitor(bare.app)
    visitor.get("/login")
    visitor.send("/login", name="admin", password=PASSWORD)
    assert "还没有部署任何流程" in visitor.get(NEW).text
