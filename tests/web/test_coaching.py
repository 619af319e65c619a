"""The pages of coaching: the list, opening one, the conversation, the checklist, the sheet."""

from __future__ import annotations

from typing import Any

import pytest

from engine.service import projects
from engine.service.coaching import cases, checklist, conversation, reading, register
from engine.service.coaching.views import CoachingView
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web import city
from tests.web.conftest import Enter
from tests.web.visitor import Shown

NEW = "/coaching/new"
MOST_STATEMENTS = 12


@pytest.fixture
def key(service: Service) -> int:
    return int(service.act(cases.begin, "二期厂房", "applicant"))


def view(service: Service, key: int) -> CoachingView:
    found: CoachingView = service.act(reading.get, key)
    return found


def only(service: Service) -> CoachingView:
    [found] = service.act(register.find, register.Wanted()).items
    return view(service, found.id)


def ask(service: Service, key: int, text: str, **more: Any) -> int:
    return int(service.act(conversation.ask, key, text, **more))


def advise(service: Service, key: int, text: str, department: str, **more: Any) -> int:
    return int(service.act(conversation.advise, key, text, department=department, **more))


def answering(shown: Shown, question: int) -> dict[str, str]:
    """The fields of the form that answers a question, as they are filled in already."""
    [form] = shown.tree.xpath(f"//form[input[@name='answers'][@value='{question}']]")
    return {name: value for name, value in form.form_values() if value is not None}


# -- the list -----------------------------------------------------------------------------------


def test_the_portfolio_leads_there_for_who_opens_one(enter: Enter) -> None:
    for name in ("coordinator", "applicant"):
        assert enter(name).get("/projects").tree.xpath("//main//a[@href='/coaching']")
    assert not enter("clerk").get("/projects").tree.xpath("//main//a[@href='/coaching']")


def test_where_there_is_none_the_next_action_is_offered(enter: Enter) -> None:
    shown = enter("applicant").get("/coaching")
    assert "还没有前期辅导" in shown.text
    assert shown.tree.xpath(f"//div[@class='empty']/a[@href='{NEW}']")
    assert not enter("clerk").get("/coaching").tree.xpath(f"//a[@href='{NEW}']")


def test_the_list_says_who_waits_and_how_far_the_papers_are(
    service: Service, enter: Enter, key: int
) -> None:
    ask(service, key, "容积率？", department="PLAN")
    lines = [service.act(checklist.add, key, text, department="PLAN") for text in ("图", "表")]
    service.act(checklist.tick, key, {lines[0]: True})
    shown = enter("coordinator").get("/coaching")
    row = shown.one(f"//tr[@data-key='{key}']")
    for text in ("二期厂房", "applicant", "规划局 1", "已备 1 / 2", "辅导中"):
        assert text in row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["药厂", "二期厂房"]),
        ("show=open", ["二期厂房"]),
        ("show=closed", ["药厂"]),
        ("show=waiting", ["二期厂房"]),
        ("show=waiting&department=centre", []),
        ("department=WATER", ["药厂"]),
        ("q=二期", ["二期厂房"]),
        ("q=%25", []),
    ],
)
def test_filters_carry_counts(
    service: Service, enter: Enter, key: int, query: str, found: list[str]
) -> None:
    other = service.act(cases.begin, "药厂", "某公司", also=["WATER"])
    service.act(cases.close, other, "另行选址。")
    ask(service, key, "容积率？", department="PLAN")
    shown = enter("coordinator").get(f"/coaching?{query}")
    assert shown.all("//tbody/tr//a[@class='title']") == found
    if "=" not in query:
        groups = shown.all("//nav[@class='switch']/a")
        assert groups == ["全部 2", "辅导中 1", "待回复 1", "已结束 1"]
        assert "水利局 1" in shown.all("//select[@name='department']/option")


def test_the_list_is_exported(service: Service, enter: Enter, key: int) -> None:
    ask(service, key, "容积率？", department="PLAN")
    shown = enter("coordinator").get("/coaching?format=csv")
    head, row = shown.body.decode("utf-8-sig").splitlines()
    assert head.startswith("项目,建设单位,状态")
    assert row.startswith(
        "二期厂房,applicant,辅导中,,发改委、国土局、规划局、环保局、建委,1,1,规划局,0,0"
    )


# -- opening one --------------------------------------------------------------------------------


def test_an_applicant_opens_one_with_the_first_question(service: Service, enter: Enter) -> None:
    visitor = enter("applicant")
    shown = visitor.get(NEW)
    assert shown.tree.xpath("//input[@id='f-applicant']/@value") == ["applicant"]
    assert "常设部门：发改委、国土局、规划局、环保局、建委" in shown.text
    fields = {"name": "我的厂房", "question": "做报告书吗？", "topic": "eia", "also": "WATER"}
    shown = visitor.send(NEW, **fields)
    assert "前期辅导已经开始" in shown.text
    found = only(service)
    assert (found.name, found.applicant, found.departments[-1]) == (
        *("我的厂房", "applicant", "WATER"),
    )
    assert [(each.department, each.text) for each in found.entries] == [("EPB", "做报告书吗？")]


def test_what_was_typed_stays_where_it_is_refused(service: Service, enter: Enter) -> None:
    fields = {"name": " ", "applicant": "某公司", "question": "问题", "also": "WATER"}
    shown = enter("coordinator").send(NEW, NEW, **fields)
    assert shown.status == 422
    assert "名称须为" in shown.text
    assert shown.one("//textarea[@name='question']") == "问题"
    assert shown.tree.xpath("//input[@name='also'][@checked]/@value") == ["WATER"]
    assert service.act(register.find, register.Wanted()).items == []


def test_others_open_none(enter: Enter) -> None:
    for name in ("clerk", "reviewer", "head", "analyst", "supervisor"):
        assert enter(name).get(NEW).status == 403


# -- the conversation -----------------------------------------------------------------------------


def test_an_applicant_asks_and_a_department_answers(
    service: Service, enter: Enter, key: int
) -> None:
    page = f"/coaching/{key}"
    visitor = enter("applicant")
    shown = visitor.send(f"{page}/ask", page, question="地块可用吗？", topic="land_pre_review")
    assert "问题已提交" in shown.text
    assert "待回复" in shown.one("//li[@class='thread']")
    reviewer = enter("reviewer")
    shown = reviewer.get(page)
    assert "thread-mine" in shown.tree.xpath("//ol[@class='threads']/li/@class")[0]
    fields = answering(shown, view(service, key).entries[0].id)
    shown = reviewer.post(f"{page}/advise", {**fields, "advice": "可用，\n请先勘测。"})
    assert "意见已写入" in shown.text
    thread = shown.one("//ol[@class='threads']/li")
    assert "已回复" in thread
    assert "国土局" in thread
    answer = view(service, key).entries[1]
    assert (answer.department, answer.topic, answer.text) == (
        *("LAND", "land_pre_review", "可用，\n请先勘测。"),
    )


def test_threads_are_chosen_by_topic_and_department(
    service: Service, enter: Enter, key: int
) -> None:
    ask(service, key, "容积率？", topic="scheme")
    ask(service, key, "报告书？", topic="eia")
    ask(service, key, "找谁？")
    visitor = enter("applicant")

    def found(query: str) -> list[str]:
        shown = visitor.get(f"/coaching/{key}?{query}")
        return shown.all("//ol[@class='threads']/li//p[@class='prose']")

    assert found("") == ["找谁？", "报告书？", "容积率？"]
    assert found("topic=eia") == ["报告书？"]
    assert found("department=PLAN") == ["容积率？"]
    assert found("department=centre") == ["找谁？"]
    assert found("topic=permit") == []


def test_a_refused_answer_is_shown_again_as_typed(service: Service, enter: Enter, key: int) -> None:
    asked = ask(service, key, "容积率？", department="LAND")
    page = f"/coaching/{key}"
    reviewer = enter("reviewer")
    fields = answering(reviewer.get(page), asked)
    shown = reviewer.post(f"{page}/advise", {**fields, "advice": "x" * 4001})
    assert shown.status == 422
    assert "不超过 4000 字" in shown.text
    [kept] = shown.tree.xpath("//li//textarea[@name='advice']")
    assert kept.text_content() == "x" * 4001


def test_what_only_looks_is_offered_nothing(service: Service, enter: Enter, key: int) -> None:
    ask(service, key, "容积率？", department="PLAN")
    service.act(checklist.add, key, "图", department="PLAN")
    for name in ("supervisor", "analyst"):
        shown = enter(name).get(f"/coaching/{key}")
        assert shown.status == 200
        assert not [
            each for each in shown.tree.forms if f"/coaching/{key}/" in each.get("action", "")
        ]


def test_another_firms_is_not_there(service: Service, enter: Enter) -> None:
    other = service.act(cases.begin, "药厂", "某公司")
    applicant = enter("applicant")
    for path in ("", "/advice"):
        assert applicant.get(f"/coaching/{other}{path}").status == 404


# -- the checklist --------------------------------------------------------------------------------


def test_the_checklist_is_made_and_ticked(service: Service, enter: Enter, key: int) -> None:
    city.deploy(service)
    page = f"/coaching/{key}"
    visitor = enter("applicant")
    shown = visitor.send(f"{page}/checklist", page, procedure="industrial-2014")
    lines = view(service, key).of_kind("material")
    assert f"清单增加了 {len(lines)} 项材料" in shown.text
    assert "企业投资项目备案" in shown.one("//section[@id='checklist']")
    first = next(each for each in lines if each.department == "NDRC")
    for name, done, group in (("ready", True, "NDRC"), ("missing", False, "NDRC")):
        [form] = [
            each
            for each in visitor.get(page).tree.forms
            if each.get("action") == f"{page}/tick" and each.fields["open"] == group
        ]
        fields = {field: value for field, value in form.form_values() if value is not None}
        shown = visitor.post(f"{page}/tick", {**fields, name: str(first.id)})
        state = shown.one(f"//li[@id='line-{first.id}']/button/@aria-checked")
        assert state == str(done).lower()
        assert {each.id: each.done for each in view(service, key).entries}[first.id] is done
        assert shown.tree.xpath("//details[@data-key='NDRC'][@open]")


def test_a_department_adds_what_no_catalogue_asks_for(
    service: Service, enter: Enter, key: int
) -> None:
    page = f"/coaching/{key}"
    shown = enter("reviewer").send(f"{page}/materials", page, material="勘测定界图")
    assert "另外需要" in shown.one("//section[@id='checklist']")
    [line] = view(service, key).entries
    assert (line.department, line.text) == ("LAND", "勘测定界图")


# -- what comes of it ---------------------------------------------------------------------------


def test_a_coordinator_adds_a_department_closes_and_opens_again(
    service: Service, enter: Enter, key: int
) -> None:
    page = f"/coaching/{key}"
    visitor = enter("coordinator")
    shown = visitor.send(f"{page}/departments", page, department="WATER")
    assert "水利局" in shown.one("//section[@aria-labelledby='participants-title']")
    shown = visitor.send(f"{page}/close", summary="材料清楚了。")
    assert "材料清楚了。" in shown.one("//section[@aria-label='辅导结果']")
    assert "已结束" in shown.one("//h1")
    assert not shown.tree.xpath("//textarea")
    shown = visitor.send(f"{page}/reopen")
    assert view(service, key).state == "open"
    assert "辅导中" in shown.one("//h1")


def test_nobody_closes_over_a_question_they_have_not_seen(
    service: Service, enter: Enter, key: int
) -> None:
    page = f"/coaching/{key}"
    visitor = enter("coordinator")
    visitor.get(page)
    fields = {**visitor.form(f"{page}/close"), "summary": "好了"}
    ask(service, key, "等一下！", topic="eia")
    shown = visitor.post(f"{page}/close", fields)
    assert shown.status == 412
    assert "前期辅导提问" in shown.one("//ul[@class='changes']/li")
    assert shown.one("//textarea[@name='summary']") == "好了"
    assert view(service, key).state == "open"


def test_it_becomes_a_project_that_leads_back(service: Service, enter: Enter, key: int) -> None:
    city.deploy(service)
    page = f"/coaching/{key}"
    shown = enter("applicant").send(f"{page}/project", page, procedure="industrial-2014")
    project = view(service, key).project
    assert project is not None
    assert service.act(projects.get, project).state == "draft"
    assert "还没有启动" in shown.text
    assert shown.tree.xpath(f"//header//a[@href='{page}'][text()='由前期辅导转入']")
    shown = enter("coordinator").get(page)
    assert shown.tree.xpath(f"//main//a[@href='/projects/{project}']")
    assert not shown.tree.xpath(f"//form[@action='{page}/project']")
    service.add_user("met", ("clerk", "MET"))
    assert not enter("met").get(f"/projects/{project}").tree.xpath(f"//a[@href='{page}']")


def test_the_sheet_says_what_was_advised_and_that_it_decides_nothing(
    service: Service, enter: Enter, key: int
) -> None:
    page = f"/coaching/{key}"
    visitor = enter("applicant")
    assert not visitor.get(page).tree.xpath(f"//a[@href='{page}/advice']")
    assert visitor.get(f"{page}/advice").status == 404
    asked = ask(service, key, "容积率？", topic="scheme")
    advise(service, key, "不小于 1.0", "PLAN", answers=asked)
    advise(service, key, "编制报告表", "EPB", topic="eia")
    service.act(checklist.add, key, "日照分析", department="PLAN")
    assert visitor.get(page).tree.xpath(f"//a[@href='{page}/advice']")
    sheet = visitor.get(f"{page}/advice").one("//article")
    for text in (
        *("前期辅导意见书", f"辅〔2014〕{key}号", "2014年3月3日", "规划局", "问：容积率？"),
        *("不小于 1.0", "编制报告表", "日照分析", "不是行政许可决定", "不开始计算任何办理期限"),
    ):
        assert text in sheet
    own = visitor.get(f"{page}/advice?department=EPB").one("//article")
    assert "编制报告表" in own
    assert "不小于" not in own
    assert "decision on a permit" in enter("applicant", "en").get(f"{page}/advice").text


# -- where it is found --------------------------------------------------------------------------


def test_the_dashboard_says_how_many_questions_wait(
    service: Service, enter: Enter, key: int
) -> None:
    ask(service, key, "地块？", department="LAND")
    ask(service, key, "找谁？")
    told = "//p[@class='meta']//a[contains(@href, '/coaching')]"
    for name, place in (("reviewer", "LAND"), ("coordinator", "centre")):
        visitor = enter(name)
        shown = visitor.get("/")
        assert shown.one(told) == "1 个前期辅导问题待回复"
        [address] = shown.tree.xpath(f"{told}/@href")
        assert address == f"/coaching?show=waiting&department={place}"
        assert visitor.get(address).all("//a[@class='title']") == ["二期厂房"]
    for name in ("clerk", "applicant", "supervisor"):
        assert enter(name).get("/").all(told) == []


def test_search_finds_it_for_who_may_see_it(service: Service, enter: Enter, key: int) -> None:
    service.add_user("met", ("clerk", "MET"))
    for name, found in (("applicant", 1), ("met", 0)):
        visitor = enter(name)
        for path in ("/search?q=二期", "/search/suggestions?q=二期"):
            links = visitor.get(path).tree.xpath(f"//a[@href='/coaching/{key}']")
            assert len(links) == found


@pytest.mark.parametrize("name", ["applicant", "reviewer", "coordinator", "supervisor"])
def test_pages_take_few_statements(service: Service, enter: Enter, key: int, name: str) -> None:
    city.deploy(service)
    service.act(checklist.generate, key, "industrial-2014")
    for number in range(5):
        advise(service, key, "先做方案", "PLAN", answers=ask(service, key, f"问 {number}？"))
    visitor = enter(name)
    pages = ("/", "/coaching?show=waiting", f"/coaching/{key}", f"/coaching/{key}/advice", NEW)
    for path in pages if name in {"applicant", "coordinator"} else pages[:-1]:
        visitor.get(path)
        with counted(service.engine) as statements:
            assert visitor.get(path).status == 200
        asked = [each for each in statements if not each.startswith(("BEGIN", "PRAGMA"))]
        assert len(asked) <= MOST_STATEMENTS, (path, len(asked), asked)
