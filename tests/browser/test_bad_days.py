"""Days on which things go wrong: the page says what happened and what to do; what was typed stays.

Each test has a project or a task of its own in the city they share.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.city import PASSWORD, City
from tests.browser.conftest import Visiting
from tests.browser.deeds import (
    answer,
    come_back,
    entry,
    field,
    fill,
    names,
    take_up,
    told,
)
from tests.browser.visitor import Visitor

OPINION = "写了整整一个上午的审查意见，一个字也不能丢。"
SCHEME = "建设工程设计方案(总平面)审查"
#: one byte more than a file may have, the whole form included
TOO_LARGE = 20_100_000


def typing(visitor: Visitor, item: str, project: str, verdict: str, label: str = "意见") -> Page:
    """Somebody sits over a task, with an answer that is not sent yet."""
    page = take_up(visitor.open("/tasks"), item, project)
    page.get_by_role("radio", name=verdict, exact=True).check()
    field(page, label).fill(OPINION)
    return page


def send(page: Page) -> None:
    page.get_by_role("button", name="提交结论").click()


def keeps(page: Page, verdict: str, label: str = "意见") -> None:
    """What was typed and chosen is still there."""
    expect(field(page, label)).to_have_value(OPINION)
    expect(page.get_by_role("radio", name=verdict, exact=True)).to_be_checked()


# -- the session and the line ----------------------------------------------------------------------


def test_a_session_that_ended_while_typing_loses_nothing(
    module_city: City, visitor: Visiting
) -> None:
    clerk = visitor(module_city, "clerk-water")
    clerk.watch.expected.add(401)
    page = typing(clerk, "水土保持方案审批", "宜园路商业街区", "受理")
    end_sessions(module_city, "clerk-water")
    send(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("登录已过期。 请在新窗口登录，再回到这里提交一次。")
    keeps(page, "受理")
    with page.expect_popup() as opened:
        alert.get_by_role("link", name="在新窗口登录").click()
    fill(opened.value, {"用户名": "clerk-water", "密码": PASSWORD})
    opened.value.get_by_role("button", name="登录", exact=True).click()
    expect(opened.value.get_by_role("heading", name="工作台")).to_be_visible()
    opened.value.close()
    come_back(page)
    expect(alert).to_have_count(0)
    keeps(page, "受理")
    send(page)
    expect(told(page)).to_contain_text("宜园路商业街区：受理，已办理。")


def test_who_must_log_in_again_is_told_by_the_list_and_arrives_where_they_wanted(
    module_city: City, visitor: Visiting
) -> None:
    reviewer = visitor(module_city, "reviewer-fire")
    reviewer.watch.expected.add(401)
    page = reviewer.open("/tasks")
    end_sessions(module_city, "reviewer-fire")
    come_back(page)
    bar = page.locator("#connection")
    expect(bar).to_contain_text("登录已过期。请在新窗口登录，再回到这里；填写的内容还在。")
    expect(bar.get_by_role("link", name="在新窗口登录")).to_have_attribute("target", "_blank")
    page.get_by_label("主导航").get_by_role("link", name="流程").click()
    fill(page, {"用户名": "reviewer-fire", "密码": PASSWORD})
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="流程", level=1)).to_be_visible()


def end_sessions(city: City, name: str) -> None:
    """End somebody's sessions, as a new password does."""
    known = {each["name"]: each["id"] for each in city.get("admin", "/users?limit=200")["items"]}
    city.call("admin", "PATCH", f"/users/{known[name]}", {"password": PASSWORD})
    del city.sessions[name]


def test_what_does_not_get_through_is_sent_when_the_line_is_back(
    module_city: City, visitor: Visiting
) -> None:
    reviewer = visitor(module_city, "reviewer-seis")
    page = typing(reviewer, "抗震设防要求确定", "圣埠智能仪表产业园", "准予许可")
    reviewer.watch.offline = True
    page.context.set_offline(True)
    send(page)
    bar = page.locator("#connection")
    expect(bar).to_contain_text("没有发出去：连接中断。填写的内容还在，请稍后再提交。")
    keeps(page, "准予许可")
    page.context.set_offline(False)
    reviewer.watch.offline = False
    send(page)
    expect(told(page)).to_contain_text("圣埠智能仪表产业园：准予许可，已办理。")


def test_two_clicks_on_a_slow_button_register_one_project(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city).open("/projects/new")
    fill(page, {"项目名称": "只登记一次的厂房", "建设单位": "某公司"})
    page.get_by_role("radio", name=re.compile("工业项目（2014）")).check()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/projects/new", hold)
    button = page.get_by_role("button", name="只登记")
    button.dblclick()
    expect(button).to_be_disabled()
    expect(button).to_have_class(re.compile("is-slow"))
    field(page, "项目名称").press("Enter")
    for route in held:
        route.continue_()
    expect(told(page)).to_contain_text("还没有启动")
    assert len(held) == 1
    page.goto(f"{module_city.address}/projects?q=只登记一次")
    assert names(page) == ["只登记一次的厂房"]


# -- files -----------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_or_of_a_wrong_kind_is_refused_before_it_is_sent_and_after(
    module_city: City, visitor: Visiting, tmp_path: Path
) -> None:
    applicant = visitor(module_city, "applicant-2")
    applicant.watch.expected |= {413, 422}
    page = take_up(applicant.open("/tasks"), SCHEME, "菱北学府住宅小区")
    field(page, "说明").fill(OPINION)
    paper = page.locator("#materials .paper").filter(has_text="总平面图")
    large, program = sparse(tmp_path / "总平面图.pdf", TOO_LARGE), sparse(tmp_path / "图.exe", 100)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    put(paper, large, "总平面图.pdf 有 20.1 MB，超过上限 20.0 MB。")
    put(paper, program, "不接受 图.exe 这种文件。")
    assert sent == []
    let_through(paper)
    paper.locator("input[type=file]").set_input_files(large)
    expect(page.locator("#failure")).to_contain_text("文件或内容太大。 请压缩或分开后再上传。")
    let_through(paper)
    put(paper, program, "不接受这种文件")
    expect(page.locator("#failure")).to_be_empty()
    assert len(sent) == 2
    expect(field(page, "说明")).to_have_value(OPINION)


def sparse(path: Path, size: int) -> Path:
    """Return a file of so many bytes, none of them written."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def put(paper: Locator, file: Path, told: str) -> None:
    """Choose a file for a material; beside it stands what is wrong with it."""
    paper.locator("input[type=file]").set_input_files(file)
    expect(paper.locator("[data-field-error]")).to_contain_text(told)


def let_through(paper: Locator) -> None:
    """Take away what the page's script goes by, as if it did not run."""
    paper.locator("input[type=file]").evaluate(
        """input => {
            input.setCustomValidity("");
            for (const name of ["maxBytes", "acceptTypes"]) delete input.dataset[name];
        }"""
    )


# -- others were faster ----------------------------------------------------------------------------


def test_who_answers_in_a_project_cancelled_meanwhile_is_told_by_whom_and_why(
    module_city: City, visitor: Visiting
) -> None:
    reviewer = visitor(module_city, "reviewer-fire")
    reviewer.watch.expected |= {409, 412}
    page = typing(reviewer, "消防验收", "皖江锦纺织面料染整基地", "通过审查")
    other = visitor(module_city).open("/search?q=锦纺织面料")
    other.get_by_role("main").get_by_role("link", name="皖江锦纺织面料染整基地").click()
    other.get_by_role("link", name="撤销登记").click()
    field(other, "理由").fill("投资方退出")
    other.get_by_role("button", name="撤销登记").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("已撤销")
    send(page)
    happened = page.get_by_role("alert").get_by_role("listitem").filter(has_text="撤销项目")
    expect(happened).to_contain_text("许文静（政务服务中心） · 撤销项目 · 投资方退出")
    keeps(page, "通过审查")


def test_who_answers_what_a_colleague_has_answered_is_told_what_it_was(
    module_city: City, visitor: Visiting
) -> None:
    slow, quick = (visitor(module_city, each) for each in ("reviewer-plan", "reviewer-plan-2"))
    slow.watch.expected |= {409, 412}
    page = typing(slow, SCHEME, "新河苑保障性住房", "退件", "理由")
    other = take_up(quick.open("/tasks"), SCHEME, "新河苑保障性住房")
    answer(other, "通过审查", 意见="符合规划条件")
    expect(told(other)).to_contain_text("通过审查，已办理。")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("程立群")
    expect(page.get_by_role("alert").get_by_role("listitem").first).to_contain_text("通过审查")
    keeps(page, "退件", "理由")


def test_who_claims_what_a_colleague_has_claimed_is_told_who_has_it(
    module_city: City, visitor: Visiting
) -> None:
    slow, quick = (visitor(module_city, each) for each in ("reviewer-plan", "reviewer-plan-2"))
    slow.watch.expected |= {409, 412}
    place = ("建设用地规划许可证核发", "大龙山茶叶精深加工厂")
    page = typing(slow, *place, "准予许可")
    other = take_up(quick.open("/tasks"), *place)
    other.get_by_role("button", name="认领此件").click()
    expect(told(other)).to_have_text("已认领。")
    send(page)
    expect(page.get_by_role("alert").get_by_role("listitem")).to_contain_text("程立群 · 认领")
    keeps(page, "准予许可")
    expect(page.locator("#why")).to_contain_text("已由 程立群 认领")


def test_a_stale_move_of_a_project_is_told_who_moved_it(
    module_city: City, visitor: Visiting
) -> None:
    first, second = visitor(module_city), visitor(module_city, "admin")
    first.watch.expected |= {409, 412}
    pages = [each.open("/projects?q=大观化纤") for each in (first, second)]
    for page in pages:
        page.get_by_role("link", name="大观化纤车间技术改造").click()
        page.get_by_role("link", name="中止办理").click()
        field(page, "理由").fill(OPINION)
    pages[1].get_by_role("button", name="中止办理").click()
    expect(pages[1].get_by_role("heading", level=1)).to_contain_text("中止")
    pages[0].get_by_role("button", name="中止办理").click()
    happened = pages[0].get_by_role("alert").get_by_role("listitem")
    expect(happened).to_contain_text("丁浩（信息中心） · 中止项目")
    expect(field(pages[0], "理由")).to_have_value(OPINION)


# -- diagrams --------------------------------------------------------------------------------------


def test_a_file_that_is_no_diagram_is_shown_with_its_line(
    module_city: City, visitor: Visiting, tmp_path: Path
) -> None:
    page = visitor(module_city, "analyst").open("/procedures/deploy")
    file = tmp_path / "approval.bpmn"
    file.write_text("<?xml version='1.0'?>\n<definitions>\n  <process>\n</definitions>\n")
    page.get_by_label("流程文件").set_input_files(file)
    page.get_by_role("button", name="检查").click()
    expect(page.get_by_role("main")).to_contain_text("approval.bpmn 第 4 行读不出来，画不了图")
    expect(page.locator(".source-line.is-wrong")).to_contain_text("</definitions>")
    expect(page.get_by_role("button", name="部署", exact=True)).to_be_disabled()


def test_a_diagram_that_cannot_be_drawn_says_so_and_is_drawn_when_it_can(
    module_city: City, visitor: Visiting
) -> None:
    coordinator = visitor(module_city)
    where = re.compile(r"/diagrams/\w+\.bpmn")
    page = coordinator.page
    page.route(where, lambda route: route.fulfill(body="<definitions", content_type="text/xml"))
    coordinator.open(f"/projects/{module_city.places()['running']}")
    diagram = page.get_by_role("region", name="流程图")
    expect(diagram).to_contain_text("这张图画不出来。")
    expect(diagram).to_contain_text("下面的列表内容完整；请检查文件，或重试。")
    diagram.get_by_text("以列表显示流程图").click()
    expect(diagram.get_by_role("listitem").filter(has_text="消防设计审核")).to_be_visible()
    page.unroute(where)
    diagram.get_by_role("button", name="重试").click()
    expect(diagram.get_by_role("link", name=re.compile("^消防设计审核 · "))).to_be_visible()


# -- lists that change -----------------------------------------------------------------------------


def test_a_list_that_changes_under_the_pointer_waits_until_it_has_left(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city, "reviewer-land").open("/tasks")
    before = names(page)
    row, changing = (entry(page, name) for name in ("圣埠智能仪表产业园", "迎江食品园冷链仓储中心"))
    expect(changing).to_contain_text("决定")
    row.hover()
    place = row.bounding_box()
    elsewhere = visitor(module_city, "reviewer-land", phone=True).open("/tasks")
    take_up(elsewhere, "土地核验", "迎江食品园冷链仓储中心")
    answer(elsewhere, "准予许可")
    expect(told(elsewhere)).to_contain_text("已办理。")
    come_back(page)
    expect(page.get_by_role("button", name=re.compile(r"^有 \d 处更新$"))).to_be_visible()
    expect(changing).to_have_class(re.compile("is-gone"))
    assert row.bounding_box() == place
    assert names(page) == before
    page.mouse.move(5, 5)
    expect(changing).to_contain_text("发证")
    expect(page.locator(".live-pill")).to_have_count(0)
