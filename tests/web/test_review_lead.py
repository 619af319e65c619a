"""What the lead does: launch, attendance, departments, questions, the conclusion; the list."""

from __future__ import annotations

import pytest

from engine.service import projects
from engine.service.review import register, rounds, sheet, views
from engine.service.review.register import Wanted
from tests.api.conftest import Service
from tests.service.city import counted
from tests.web.conftest import Enter
from tests.web.reviews import AGAINST, NEEDS, Review, deployed, people, review, started

NEW = "/joint-reviews/new"


@pytest.fixture
def found(service: Service) -> Review:
    return review(service)


# -- launched --------------------------------------------------------------------------------------


def test_a_round_is_launched_from_the_project_with_its_items_chosen(
    service: Service, enter: Enter
) -> None:
    people(service)
    deployed(service)
    project, lead = started(service), enter("lead")
    shown = lead.get(f"/projects/{project}")
    link = f"{NEW}?project={project}&stage=planning"
    assert link in shown.all("//a/@href")
    page = lead.get(link)
    assert "征求的部门随事项确定" in page.text
    boxes = page.tree.xpath("//input[@name='items']")
    assert boxes
    assert all(each.get("checked") is not None for each in boxes)
    key = f"{project}:planning"
    data = lead.form(NEW) | {
        "items": f"{key}:IND-08",
        "departments": f"{key}:WATER",
        f"papers:{key}": "方案第三稿",
    }
    shown = lead.post(NEW, data)
    assert "联审已发起" in shown.text
    [row] = service.act(views.find).items
    view = service.act(views.get, row.id)
    assert [each.id for each in view.items] == ["IND-08"]
    assert view.papers == "方案第三稿"
    assert "WATER" in {each.department for each in view.participants}
    shown = lead.get(f"/projects/{project}")
    assert link not in shown.all("//a/@href")
    assert f"/joint-reviews/{row.id}" in shown.all("//section[@id='project-stages']//a/@href")
    assert "规划许可，第 1 轮" in shown.one("//section[@id='project-reviews']")


def test_nothing_chosen_is_refused_and_what_was_typed_stays(service: Service, enter: Enter) -> None:
    people(service)
    deployed(service)
    project, lead = started(service), enter("lead")
    lead.get(f"{NEW}?project={project}&stage=planning")
    key = f"{project}:planning"
    data = lead.form(NEW) | {f"papers:{key}": "方案第三稿"}
    data.pop("items", None)
    shown = lead.post(NEW, data)
    assert shown.status == 422
    assert "请选择要审查的事项" in shown.text
    assert shown.one(f"//textarea[@name='papers:{key}']") == "方案第三稿"
    assert service.act(views.find).items == []


def test_a_stage_of_another_lead_cannot_be_launched(service: Service, enter: Enter) -> None:
    people(service)
    deployed(service)
    project, met = started(service), enter("met")
    assert "联审" not in met.get(f"/projects/{project}").one("//section[@id='project-stages']")
    shown = met.get(f"{NEW}?project={project}&stage=planning")
    assert "须由其发起" in shown.text
    assert met.post(NEW, met.form(NEW)).status == 403


def test_a_project_is_found_and_put_on_the_agenda(service: Service, enter: Enter) -> None:
    people(service)
    deployed(service)
    first, second = started(service, "水泵厂迁建"), started(service, "阀门厂扩建")
    lead = enter("lead")
    lead.get(f"{NEW}?project={first}&stage=planning")
    shown = lead.post(NEW, lead.form(NEW) | {"more": "阀门厂", "then": "search"})
    assert "阀门厂扩建" in shown.one("//ul[contains(@class, 'found-projects')]")
    shown = lead.post(NEW, lead.form(NEW) | {"then": f"add:{second}:planning"})
    assert shown.all("//input[@name='line']/@value") == [
        f"{first}:planning",
        f"{second}:planning",
    ]
    shown = lead.post(NEW, lead.form(NEW) | {"then": f"drop:{first}:planning"})
    assert shown.all("//input[@name='line']/@value") == [f"{second}:planning"]


# -- conducted -------------------------------------------------------------------------------------


def test_departments_are_added_and_replaced(found: Review, enter: Enter) -> None:
    page, lead = f"{found.path}/participants", enter("lead")
    lead.send(f"{page}/add", page, department="WATER")
    lead.send(f"{page}/replace", page, department="MET", by="GREEN", reason="不在保护区内")
    asked = found.service.act(sheet.read, found.round).asked
    assert {"WATER", "GREEN"} <= {each["department"] for each in asked}
    assert "MET" not in {each["department"] for each in asked}
    row = lead.get(found.path).one("//li[@data-key='MET']")
    assert "已改征" in row
    assert "不在保护区内" in row


def test_nobody_is_marked_absent_in_a_round_on_paper(found: Review, enter: Enter) -> None:
    shown = enter("lead").get(f"{found.path}/participants")
    assert not shown.tree.xpath(f"//form[@action='{found.path}/participants/attendance']")


def test_a_department_names_who_comes_for_it_alone(found: Review, enter: Enter) -> None:
    page, met = f"{found.path}/participants", enter("met")
    shown = met.get(page)
    forms = shown.tree.xpath(f"//form[@action='{page}/representative']")
    assert [form.xpath(".//input[@name='department']/@value") for form in forms] == [["MET"]]
    met.send(f"{page}/representative", user="met")
    assert found.service.act(sheet.read, found.round).participants["MET"]["representative"] == "met"
    assert not shown.tree.xpath(f"//form[@action='{page}/add']")


def test_a_round_is_given_up_with_a_reason(found: Review, enter: Enter) -> None:
    page, lead = f"{found.path}/participants", enter("lead")
    shown = lead.send(f"{page}/cancel", page, reason="方案撤回")
    assert "本轮联审已撤销" in shown.text
    assert found.service.act(sheet.read, found.round).row["state"] == "cancelled"


# -- concluded -------------------------------------------------------------------------------------


def test_before_all_have_spoken_there_is_no_conclusion(found: Review, enter: Enter) -> None:
    page, lead = f"{found.path}/conclusion", enter("lead")
    shown = lead.get(page)
    assert "还不能形成结论" in shown.text
    assert len(shown.tree.xpath("//input[@name='conclusion'][@disabled]")) == 4
    data = lead.form(page) | {"conclusion": "approved"}
    shown = lead.post(page, data)
    assert shown.status == 409
    assert "这一轮联审还不能形成结论" in shown.text


def test_over_a_disagreement_the_lead_says_why(found: Review, enter: Enter) -> None:
    found.say_all(FIRE=AGAINST)
    page, lead = f"{found.path}/conclusion", enter("lead")
    shown = lead.send(page, page, conclusion="approved")
    assert shown.status == 422
    assert "这个结论须写明理由" in shown.text
    assert shown.tree.xpath("//input[@value='approved']/@checked")
    shown = lead.send(page, page, conclusion="approved", reasons="车道已另行设计")
    assert "结论已形成" in shown.text
    assert "车道已另行设计" in shown.one("//aside[@id='round-side']")


def test_while_material_is_needed_the_one_notice_comes_first(found: Review, enter: Enter) -> None:
    found.say_all(MET=NEEDS)
    page, lead = f"{found.path}/conclusion", enter("lead")
    shown = lead.get(page)
    assert shown.tree.xpath("//input[@value='approved']/@disabled")
    assert "日照分析" in shown.one("//form[@id='conclude']")
    lead.send(page, page, conclusion="supplement")
    assert found.service.act(sheet.read, found.round).row["conclusion"] == "supplement"


def test_a_question_is_raised_and_settled_level_by_level(found: Review, enter: Enter) -> None:
    found.say_all(FIRE=AGAINST)
    page, lead = f"{found.path}/conclusion", enter("lead")
    shown = lead.send(f"{page}/raise", page, question="")
    assert shown.status == 422
    lead.send(f"{page}/raise", page, question="车道宽度如何取舍")
    shown = lead.get(page)
    assert "车道宽度如何取舍" in shown.text
    assert "还不能形成结论" in shown.text
    assert "1 项待裁定" in lead.get(found.path).one("//div[@id='round-end']/p")
    assert not enter("fire").get(page).tree.xpath(f"//form[@action='{page}/settle']")
    lead.send(f"{page}/settle", page, settlement="按规范加宽")
    shown = lead.get(page)
    assert "按规范加宽" in shown.text
    assert "提请指定部门裁定的问题" in shown.text


def test_somebody_elses_change_is_told_before_the_conclusion(found: Review, enter: Enter) -> None:
    found.say_all()
    page, lead = f"{found.path}/conclusion", enter("lead")
    lead.get(page)
    data = lead.form(page) | {"conclusion": "approved"}
    found.say("FIRE", AGAINST)
    assert lead.post(page, data).status == 412


# -- listed ----------------------------------------------------------------------------------------


def test_what_waits_for_ones_department_comes_first(found: Review, enter: Enter) -> None:
    shown = enter("met").get("/joint-reviews")
    assert shown.one("//nav[@aria-label='状态']/a[@aria-current]") == "待我办理 1"
    assert f"{found.path}/opinion" in shown.all("//tbody//a/@href")
    found.say("MET")
    shown = enter("met").get("/joint-reviews")
    assert shown.one("//nav[@aria-label='状态']/a[@aria-current]") == "全部 1"
    assert f"{found.path}/opinion" not in shown.all("//tbody//a/@href")
    assert "没有等您办理的联审" in enter("met").get("/joint-reviews?show=mine").text


def test_filters_carry_counts_and_leave_what_they_say(
    service: Service, found: Review, enter: Enter
) -> None:
    other = started(service, "阀门厂扩建")
    second = service.act(rounds.launch, other, rounds.NewRound("planning", items=("IND-08",)))
    service.act(rounds.cancel, second, "方案撤回")
    lead = enter("lead")
    shown = lead.get("/joint-reviews?show=all")
    assert {"征求意见 1", "已撤销 1", "全部 2"} <= set(shown.all("//nav[@aria-label='状态']/a"))
    shown = lead.get("/joint-reviews?show=all&q=阀门")
    assert shown.all("//tbody//a[@class='title']") == ["阀门厂扩建"]
    wanted = Wanted("open", "planning", "MET")
    assert [each.id for each in service.act(register.find, wanted).items] == [found.round]
    csv = lead.client.get("/joint-reviews?show=all&format=csv").get_data().decode("utf-8-sig")
    assert csv.count("\n") == 3
    assert "水泵厂迁建" in csv
    with counted(service.engine) as seen:
        lead.get("/joint-reviews?show=all")
    assert len([each for each in seen if each.startswith("SELECT")]) <= 12


def test_long_lists_go_on(service: Service, found: Review) -> None:
    other = started(service, "阀门厂扩建")
    second = service.act(rounds.launch, other, rounds.NewRound("planning", items=("IND-08",)))
    for group, order in (("open", [second, found.round]),):
        part = service.act(register.find, Wanted(group), limit=1)
        rest = service.act(register.find, Wanted(group), cursor=part.next, limit=1)
        assert [each.id for each in (*part.items, *rest.items)] == order
        assert rest.next is None


def test_an_empty_city_says_what_to_do(enter: Enter) -> None:
    shown = enter("coordinator").get("/joint-reviews")
    assert "还没有联审" in shown.text
    assert NEW in shown.all("//main//a/@href")
    assert shown.all("//nav[@aria-label='主导航']/a[@aria-current='page']") == ["联审会"]


def test_the_bar_shows_it_to_staff_only(enter: Enter) -> None:
    assert "联审会" not in enter("applicant").get("/").all("//nav[@aria-label='主导航']/a")
    for each in ("clerk", "head", "supervisor"):
        assert "联审会" in enter(each).get("/").all("//nav[@aria-label='主导航']/a")


def test_the_history_tells_of_rounds(found: Review, enter: Enter) -> None:
    found.say("MET")
    shown = enter("lead").get(f"/projects/{found.project}/history?kind=review")
    assert "联审已发起" in shown.text
    assert "联审意见" in shown.text
    assert found.service.act(projects.get, found.project).state == "running"


# -- a year ----------------------------------------------------------------------------------------


def test_the_year_has_charts_and_the_tables_behind_them(found: Review, enter: Enter) -> None:
    found.say_all(FIRE=AGAINST)
    shown = enter("supervisor").get("/joint-reviews/statistics")
    assert shown.status == 200
    assert set(shown.all("//div[@data-chart]/@data-chart")) == {"bar", "line"}
    assert "1 个项目，1 轮在征求意见" in shown.text
    assert "公安消防支队" in shown.one("//section[@aria-labelledby='departments-title']//tbody")
    assert "没有联审" in enter("supervisor").get("/joint-reviews/statistics?year=2012").text
    assert enter("supervisor").get("/joint-reviews/statistics?year=soon").status == 422
    answer = enter("supervisor").client.get("/joint-reviews/statistics?format=xlsx")
    assert answer.status_code == 200
    assert answer.get_data().startswith(b"PK")
