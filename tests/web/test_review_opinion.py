"""The form of an opinion: given by a department, entered by the lead, revised, refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.scheduler import sweep
from engine.service.review import finishing, opinions, rounds, views
from tests.api.conftest import Service
from tests.web.conftest import Enter
from tests.web.reviews import AGAINST, Review, review
from tests.web.visitor import Shown, Visitor


@pytest.fixture
def found(service: Service) -> Review:
    return review(service)


def give(visitor: Visitor, found: Review, department: str, **fields: object) -> Shown:
    """Fill in the form of a department's opinion and send it."""
    page = f"{found.path}/opinion?department={department}"
    return visitor.send(f"{found.path}/opinion", page, **fields)


def kinds(found: Review, department: str) -> list[str]:
    every = found.service.act(opinions.versions, found.round)
    return [each["kind"] for each in every if each["department"] == department]


def test_a_department_agrees_and_is_back_at_the_round(found: Review, enter: Enter) -> None:
    shown = give(enter("met"), found, "MET", kind="agree", text="防雷满足规范")
    assert "意见已记录" in shown.text
    assert "防雷满足规范" in shown.one("//li[@data-key='MET']")
    assert kinds(found, "MET") == ["agree"]


def test_a_disagreement_without_reasons_is_returned_with_what_was_typed(
    found: Review, enter: Enter
) -> None:
    shown = give(enter("fire"), found, "FIRE", kind="disagree", text="车道太窄", legal_basis="")
    assert shown.status == 422
    assert "不同意须写明法律依据和要求" in shown.text
    assert shown.one("//textarea[@name='text']") == "车道太窄"
    assert shown.tree.xpath("//input[@value='disagree']/@checked")
    assert kinds(found, "FIRE") == []
    give(enter("fire"), found, "FIRE", kind="disagree", legal_basis="第十条", required="加宽")
    assert kinds(found, "FIRE") == ["disagree"]


def test_conditions_say_who_and_when_and_empty_rows_do_not_count(
    found: Review, enter: Enter
) -> None:
    hous = enter("hous")
    shown = give(hous, found, "HOUS", kind="agree_with_conditions")
    assert shown.status == 422
    assert "每条条件都要写明内容" in shown.text
    due_on = found.service.clock.now().date() + timedelta(9)
    data = hous.form(f"{found.path}/opinion") | {
        "kind": "agree_with_conditions",
        "condition_text": ["入口北移", ""],
        "condition_owner": ["建设单位", "建设单位"],
        "condition_due_on": [str(due_on), ""],
    }
    shown = hous.post(f"{found.path}/opinion", data)
    assert "入口北移" in shown.one("//ol[@class='podium-conditions']")
    again = hous.get(f"{found.path}/opinion")
    assert again.all("//input[@name='condition_text']/@value")[0] == "入口北移"


def test_material_that_is_needed_is_named(found: Review, enter: Enter) -> None:
    shown = give(enter("met"), found, "MET", kind="need_supplement", materials="")
    assert shown.status == 422
    assert "请列出需要补充的材料" in shown.text
    give(enter("met"), found, "MET", kind="need_supplement", materials="日照分析")
    assert "日照分析" in enter("lead").get(found.path).one("//li[@data-key='MET']")


def test_what_belongs_to_another_kind_is_not_said(found: Review, enter: Enter) -> None:
    give(enter("met"), found, "MET", kind="agree", legal_basis="第十条", materials="日照分析")
    [row] = found.service.act(opinions.versions, found.round)
    assert (row["legal_basis"], row["materials"]) == ("", [])


def test_every_version_is_kept_and_shown(found: Review, enter: Enter) -> None:
    found.say("MET", AGAINST)
    give(enter("met"), found, "MET", kind="agree", text="已改")
    shown = enter("met").get(f"{found.path}/opinion")
    assert "第 2 版" in shown.one("//section[@aria-labelledby='said-title']")
    assert "第 1 版" in shown.one("//section[@aria-labelledby='said-title']")
    assert "修改意见（现为第 2 版）" in shown.text


def test_only_who_revised_the_same_opinion_is_stale(found: Review, enter: Enter) -> None:
    met = enter("met")
    met.get(f"{found.path}/opinion")
    action = f"{found.path}/opinion"
    data = met.form(action) | {"kind": "agree"}
    found.say("CAD")
    found.say("MET", AGAINST)
    shown = met.post(action, data)
    assert shown.status == 412
    assert kinds(found, "MET") == ["disagree"]
    met.send(action, action, kind="agree")
    assert kinds(found, "MET") == ["disagree", "agree"]


def test_others_speaking_meanwhile_do_not_matter(found: Review, enter: Enter) -> None:
    met = enter("met")
    met.get(f"{found.path}/opinion")
    data = met.form(f"{found.path}/opinion") | {"kind": "agree"}
    for each in ("CAD", "EPB", "FIRE"):
        found.say(each)
    met.post(f"{found.path}/opinion", data)
    assert kinds(found, "MET") == ["agree"]


def test_the_lead_enters_what_came_on_paper_with_both_names(found: Review, enter: Enter) -> None:
    lead = enter("lead")
    shown = give(lead, found, "MET", kind="agree", source="telephone", given_by="")
    assert shown.status == 422
    assert "请写明意见是谁提出的" in shown.text
    give(lead, found, "MET", kind="agree", source="telephone", given_by="叶春生")
    [row] = found.service.act(opinions.versions, found.round)
    assert (row["source"], row["given_by"], row["recorded_by"]) == ("telephone", "叶春生", "lead")
    assert "叶春生，lead 代录" in lead.get(found.path).one("//li[@data-key='MET']")


def test_who_is_asked_later_is_shown_its_own_day(found: Review, enter: Enter) -> None:
    service = found.service
    service.clock.set(service.clock.now() + timedelta(days=1))
    service.act(rounds.add_participant, found.round, "GREEN")
    [asked] = [
        each
        for each in service.act(views.get, found.round).participants
        if each.department == "GREEN"
    ]
    assert asked.task is not None
    assert asked.task.due_on is not None
    assert f"{asked.task.due_on:%m-%d} 前未提的" in enter("lead").get(found.path).text


def test_nobody_speaks_for_another_department(found: Review, enter: Enter) -> None:
    met = enter("met")
    shown = met.get(f"{found.path}/opinion?department=CAD")
    assert not shown.tree.xpath(f"//form[@action='{found.path}/opinion']")
    met.get(f"{found.path}/opinion")
    data = met.form(f"{found.path}/opinion") | {"kind": "agree", "department": "CAD"}
    assert met.post(f"{found.path}/opinion", data).status == 403
    assert kinds(found, "CAD") == []


def test_a_round_that_is_over_takes_no_opinion(found: Review, enter: Enter) -> None:
    met = enter("met")
    met.get(f"{found.path}/opinion")
    data = met.form(f"{found.path}/opinion") | {"kind": "agree"}
    found.service.act(rounds.cancel, found.round, "方案撤回")
    shown = met.post(f"{found.path}/opinion", data)
    assert shown.status == 409
    assert "这一轮联审已经结束" in shown.text
    assert "意见不能再改" in met.get(f"{found.path}/opinion").text


def test_after_the_conclusion_the_opinion_owed_is_issued_from_its_task(
    found: Review, enter: Enter
) -> None:
    for department in ("CAD", "EPB", "FIRE", "HOUS"):
        found.say(department)
    service = found.service
    service.clock.set(service.clock.now() + timedelta(days=7))
    sweep(service.engine, service.clock.now(), service.settings)
    service.act(finishing.conclude, found.round, "approved")
    met, page = enter("met"), f"{found.path}/opinion?department=MET"
    assert "补发意见" in met.get("/tasks").text
    assert "不改变结论" in met.get(page).text
    refused = give(met, found, "MET", kind="disagree", legal_basis="", required="")
    assert refused.status == 422
    shown = give(met, found, "MET", kind="agree", text="补发")
    assert "意见已补发" in shown.text
    assert kinds(found, "MET") == ["deemed_agree"]
    assert "意见不能再改" in met.get(page).text
    assert "意见不能再改" in enter("cad").get(f"{found.path}/opinion?department=CAD").text
