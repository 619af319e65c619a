"""What is done with a project: asked for, confirmed, refused, told to whoever comes second."""

from __future__ import annotations

import pytest

from engine.service import events, procedures, projects
from tests.api.conftest import Service
from tests.web import city
from tests.web.conftest import Enter


def state(service: Service, project: int) -> str:
    return str(service.act(projects.get, project).state)


def test_a_draft_is_started_after_a_question(service: Service, enter: Enter) -> None:
    project = city.draft(service, "small")
    visitor = enter("coordinator")
    address = f"/projects/{project}/start"
    shown = visitor.get(address)
    assert "从今天起计时" in shown.text
    assert state(service, project) == "draft"
    shown = visitor.send(address)
    assert "项目已启动。" in shown.text
    assert state(service, project) == "running"


def test_an_applicant_starts_their_own_draft_and_no_more(service: Service, enter: Enter) -> None:
    project = city.draft(service, "small")
    visitor = enter("applicant")
    assert (
        "项目已启动。"
        in visitor.send(f"/projects/{project}/start", f"/projects/{project}/start").text
    )
    shown = visitor.get(f"/projects/{project}/suspend")
    assert shown.status == 403
    assert "没有办理这件事的权限" in shown.text


def test_a_project_is_suspended_with_a_reason_and_resumed(service: Service, enter: Enter) -> None:
    project = service.project()
    visitor = enter("coordinator")
    address = f"/projects/{project}/suspend"
    shown = visitor.send(address, address, reason="专家评审")
    assert "项目已中止" in shown.text
    assert "理由：专家评审" in shown.text
    address = f"/projects/{project}/resume"
    assert "项目已恢复办理。" in visitor.send(address, address).text
    assert state(service, project) == "running"


@pytest.mark.parametrize(("verb", "word"), [("close", "已终止"), ("cancel", "已撤销")])
def test_a_project_is_ended_for_good(service: Service, enter: Enter, verb: str, word: str) -> None:
    project = service.project()
    visitor = enter("coordinator")
    address = f"/projects/{project}/{verb}"
    assert "不能恢复" in visitor.get(address).text
    assert word in visitor.send(address, reason="企业放弃").one("//h1")


@pytest.mark.parametrize("verb", ["suspend", "close", "cancel"])
def test_without_a_reason_nothing_is_done(service: Service, enter: Enter, verb: str) -> None:
    project = service.project()
    visitor = enter("coordinator")
    address = f"/projects/{project}/{verb}"
    shown = visitor.send(address, address, reason="  ")
    assert shown.status == 422
    assert "请写明理由。" in shown.text
    assert state(service, project) == "running"


def test_who_comes_second_is_told_who_did_what_and_keeps_what_was_typed(
    service: Service, enter: Enter
) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("coordinator")
    address = f"/projects/{project}/suspend"
    visitor.get(address)
    city.answer(service, project, "IND-01", "accept")
    shown = visitor.send(address, reason="专家评审")
    assert shown.status == 412
    assert "已有人作了改动" in shown.text
    changes = shown.all("//ul[@class='changes']/li")
    assert any("已受理" in each and "企业投资项目备案" in each for each in changes)
    assert shown.one("//textarea[@name='reason']") == "专家评审"
    assert state(service, project) == "running"
    assert "项目已中止" in visitor.send(address).text


def test_a_move_the_state_does_not_allow_is_refused(service: Service, enter: Enter) -> None:
    project = service.project()
    visitor = enter("coordinator")
    address = f"/projects/{project}/resume"
    shown = visitor.send(address, address)
    assert shown.status == 409
    assert "现在的状态不允许这样做" in shown.text


def test_a_double_click_does_nothing_twice(service: Service, enter: Enter) -> None:
    project = service.project()
    visitor = enter("coordinator")
    address = f"/projects/{project}/suspend"
    visitor.get(address)
    fields = visitor.form(address) | {"reason": "听证"}
    visitor.post(address, fields)
    assert visitor.post(address, fields).status == 200
    found = service.act(events.feed, limit=200).items
    assert [each.event for each in found].count("project.suspended") == 1


# -- items -----------------------------------------------------------------------------------------


def test_an_item_is_withdrawn_and_applied_for_again(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept")
    visitor = enter("applicant")
    address = f"/projects/{project}/items/IND-01/withdraw"
    assert "撤回“企业投资项目备案”的申请？" in visitor.get(address).text
    shown = visitor.send(address, reason="资料有误")
    assert "已撤回“企业投资项目备案”的申请。" in shown.text
    assert "已撤回" in shown.one("//tr[@data-key='IND-01']")
    address = f"/projects/{project}/items/IND-01/apply-again"
    shown = visitor.send(address, address)
    assert "已重新申请“企业投资项目备案”。" in shown.text
    assert "收件" in shown.one("//tr[@data-key='IND-01']")


def test_a_stale_withdrawal_is_refused(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("coordinator")
    address = f"/projects/{project}/items/IND-01/withdraw"
    visitor.get(address)
    city.answer(service, project, "IND-01", "accept")
    shown = visitor.send(address, reason="资料有误")
    assert shown.status == 412
    assert city.task(service, project, "IND-01").element == "review"


def test_what_is_decided_cannot_be_withdrawn(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    city.answer(service, project, "IND-01", "accept", "done", "approve")
    visitor = enter("coordinator")
    address = f"/projects/{project}/items/IND-01/withdraw"
    assert visitor.send(address, address, reason="资料有误").status == 409


def test_departments_neither_withdraw_nor_apply(service: Service, enter: Enter) -> None:
    city.deploy(service)
    project = city.started(service)
    visitor = enter("clerk")
    assert visitor.get(f"/projects/{project}/items/IND-01/withdraw").status == 403
    assert not visitor.get(f"/projects/{project}").tree.xpath("//a[contains(@href, '/withdraw')]")


# -- incidents -------------------------------------------------------------------------------------


def test_a_failed_step_is_tried_again_with_a_value_corrected(
    service: Service, enter: Enter
) -> None:
    service.act(procedures.deploy, {"failing.bpmn": city.FAILING})
    project = city.started(service, "failing")
    city.fail(service, project, "SURVEY", "approve", amount=0)
    visitor = enter("coordinator")
    [address] = visitor.get(f"/projects/{project}").tree.xpath(
        "//a[contains(@href, '/retry')]/@href"
    )
    shown = visitor.send(address, address, data="")
    assert shown.status >= 400
    assert "division by zero" in shown.text
    shown = visitor.send(address, data="amount: 5")
    assert shown.status == 422
    assert shown.one("//textarea[@name='data']") == "amount: 5"
    shown = visitor.send(address, data="amount = 5")
    assert "这一步已办成，出错已解决。" in shown.text
    assert city.task(service, project, "DRAWINGS").state == "open"


def test_an_incident_belongs_to_its_project(service: Service, enter: Enter) -> None:
    service.act(procedures.deploy, {"failing.bpmn": city.FAILING})
    project, other = city.started(service, "failing"), city.started(service, "failing")
    city.fail(service, project, "SURVEY", "approve", amount=0)
    visitor = enter("coordinator")
    [address] = visitor.get(f"/projects/{project}").tree.xpath(
        "//a[contains(@href, '/retry')]/@href"
    )
    elsewhere = address.replace(f"/projects/{project}/", f"/projects/{other}/")
    assert visitor.get(elsewhere).status == 404
