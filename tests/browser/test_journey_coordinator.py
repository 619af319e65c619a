"""A coordinator: who is late and where, projects narrowed and taken along, one begun and led."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.city import NOW, City
from tests.browser.conftest import Visiting
from tests.browser.deeds import (
    answer,
    come_back,
    entry,
    exported,
    fill,
    log_in,
    names,
    take_up,
    told,
)

LATE = "大龙山茶叶精深加工厂"
NEW = "振风精密机械三期厂房"
APPLICANT = "安庆振风精密机械有限公司"
FILING, LAND = "企业投资项目备案", "国有土地使用权登记"


def test_what_is_late_is_found_with_its_department_and_given_to_somebody(
    module_city: City, visitor: Visiting
) -> None:
    page = log_in(visitor(module_city, ""), "coordinator")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.locator(".meta")).to_contain_text("4 件逾期")
    page.get_by_label("灯").get_by_role("link", name="逾期 4").click()
    expect(page.get_by_role("region", name="全部待办").locator("[data-key]")).to_have_count(4)
    page.get_by_role("region", name="逾期在谁").get_by_role("link", name="规划局").click()
    expect(page.get_by_role("heading", name="待办", level=1)).to_be_visible()
    assert names(page) == ["建设用地规划许可证核发"]
    expect(entry(page, LATE)).to_contain_text("逾期 1 天")
    take_up(page, "建设用地规划许可证核发", LATE)
    page.get_by_text("改派给").first.click()
    page.get_by_label("程立群").check()
    page.get_by_role("button", name="确定改派").click()
    expect(told(page)).to_contain_text("已改派给 程立群")
    theirs = visitor(module_city, "reviewer-plan-2").open("/tasks")
    expect(entry(theirs, LATE).get_by_text("我", exact=True)).to_be_visible()
    other = visitor(module_city, "reviewer-plan").open("/tasks?scope=department")
    expect(entry(other, LATE)).to_contain_text("程立群")


def test_the_portfolio_is_narrowed_kept_as_a_view_and_taken_along(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city).open("/")
    page.get_by_label("主导航").get_by_role("link", name="项目").click()
    page.get_by_label("状态").get_by_role("link", name=re.compile("^办理中")).click()
    page.get_by_label("类型").select_option("industrial")
    page.wait_for_url(re.compile("kind=industrial"))
    page.get_by_label("卡在部门").select_option("APPL")
    page.wait_for_url(re.compile("department=APPL"))
    shown = names(page)
    assert shown
    assert [row["项目"] for row in exported(page, "csv")] == shown
    rows = exported(page, "xlsx")
    assert [row["项目"] for row in rows] == shown
    slack = [int(row["余量"]) for row in rows]
    assert slack == sorted(slack)
    page.get_by_label("视图名称").fill("等企业的工业项目")
    page.get_by_role("button", name="保存当前筛选").click()
    expect(page.get_by_role("link", name="等企业的工业项目")).to_be_visible()
    page.get_by_role("link", name="清除筛选").click()
    expect(page.locator("main [data-key]")).to_have_count(23)
    page.get_by_role("link", name="等企业的工业项目").click()
    expect(page.locator("main [data-key]")).to_have_count(len(shown))
    assert names(page) == shown


def test_a_refused_item_is_applied_for_again(module_city: City, visitor: Visiting) -> None:
    page = visitor(module_city).open("/search?q=智能纺纱")
    page.get_by_role("main").get_by_role("link", name="宜秀智能纺纱车间").click()
    row = entry(page, "人防工程审批", "不予许可")
    row.get_by_role("link", name="再次申请").click()
    expect(page.get_by_role("heading", name="重新申请“人防工程审批”？")).to_be_visible()
    page.get_by_role("button", name="再次申请").click()
    expect(told(page)).to_contain_text("已重新申请“人防工程审批”")
    expect(entry(page.locator("#project-open"), "人防工程审批")).to_contain_text("收件")
    theirs = visitor(module_city, "clerk-cad").open("/tasks")
    expect(entry(theirs, "宜秀智能纺纱车间", "收件")).to_contain_text("剩 5 天")


# -- one project from its registration on ---------------------------------------------------------


def test_a_project_is_begun_watched_stopped_and_led_on(own_city: City, visitor: Visiting) -> None:
    page = register(visitor(own_city).open("/"))
    accept(visitor(own_city, "clerk-ndrc").open("/tasks"), FILING)
    accept(visitor(own_city, "clerk-land").open("/tasks"), LAND)
    comes_by_itself(page)
    permit(visitor(own_city, "reviewer-ndrc").open("/tasks"), FILING)
    goes_on(page)
    stop(page)
    cannot_be_answered(visitor(own_city, "reviewer-land").open("/tasks"))
    own_city.set_clock(NOW + timedelta(days=5))
    later = visitor(own_city).open(urlsplit(page.url).path)
    lead_on(later)
    what_happened_is_told(later)


def register(page: Page) -> Page:
    """Register a project and start it."""
    page.get_by_role("link", name="登记项目").click()
    fill(page, {"项目名称": NEW, "建设单位": APPLICANT})
    page.get_by_role("radio", name=re.compile("工业项目（2014）")).check()
    page.get_by_role("button", name="登记并启动").click()
    expect(told(page)).to_have_text("已登记并启动 LS2014-0024。")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NEW)
    progress = page.get_by_role("region", name="进度")
    expect(progress).to_contain_text("承诺 28 天")
    expect(progress).to_contain_text("3 个月窗口 2015-01-16")
    return page


def accept(page: Page, item: str) -> None:
    """Accept an item at the window, where five days would be given."""
    expect(entry(page, NEW)).to_contain_text("剩 5 天")
    expect(entry(page, NEW)).to_contain_text("10-23")
    take_up(page, item, NEW)
    answer(page, "受理")
    expect(told(page)).to_contain_text(f"{NEW}：受理，已办理。")


def comes_by_itself(page: Page) -> None:
    """What others have done meanwhile comes to the coordinator's page, which was left open."""
    opened = page.locator("#project-open")
    expect(entry(opened, FILING)).to_contain_text("收件")
    come_back(page)
    expect(entry(opened, FILING)).to_contain_text("审查")
    expect(entry(opened, FILING)).to_contain_text("剩 1 天")
    expect(entry(opened, LAND)).to_contain_text("10-23")
    page.get_by_label("选择阶段").get_by_role("link", name="项目审批").click()
    page.get_by_role("link", name=re.compile(f"^{LAND} · 国土局 · ")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("剩 5 天")
    page.go_back()


def permit(page: Page, item: str) -> None:
    """Review an item, and permit it."""
    take_up(page, item, NEW)
    answer(page, "通过审查", 意见="内容齐全，符合产业政策")
    expect(told(page)).to_contain_text("通过审查，已办理。")
    page.get_by_label("主导航").get_by_role("link", name="待办").click()
    take_up(page, item, NEW)
    answer(page, "准予许可", 文号或证号="发改备〔2014〕88号")
    expect(told(page)).to_contain_text("准予许可，已办理。")


def goes_on(page: Page) -> None:
    """What waited for the item comes to the next departments."""
    come_back(page)
    stages = page.get_by_role("region", name="阶段")
    expect(stages).to_contain_text("1 / 5 项")
    opened = page.locator("#project-open")
    for item in ("建设用地规划许可证核发", "水土保持方案审批"):
        expect(entry(opened, item)).to_contain_text("收件")


def stop(page: Page) -> None:
    """Suspend the project; without a reason nothing is sent."""
    page.get_by_role("link", name="中止办理").click()
    page.get_by_role("button", name="中止办理").click()
    expect(page.get_by_label("理由")).to_be_focused()
    page.get_by_label("理由").fill("场地勘察发现古井，等候勘探")
    page.get_by_role("button", name="中止办理").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("中止")
    expect(page.get_by_role("link", name="恢复办理")).to_be_visible()


def cannot_be_answered(page: Page) -> None:
    """Who works on the project sees that it stands still, and cannot answer."""
    take_up(page, LAND, NEW)
    button = page.get_by_role("button", name="提交结论")
    expect(button).to_be_disabled()
    expect(page.locator("#why")).to_contain_text("项目现在中止，恢复办理后才能提交")


def lead_on(page: Page) -> None:
    """Resume it: the third working day after the stop is day 0, so five days end on the 28th."""
    page.get_by_role("link", name="恢复办理").click()
    page.get_by_label("理由").fill("勘探结束")
    page.get_by_role("button", name="恢复办理").click()
    expect(page.get_by_role("link", name="中止办理")).to_be_visible()
    expect(entry(page.locator("#project-open"), LAND)).to_contain_text("10-28")


def what_happened_is_told(page: Page) -> None:
    """The history says who did what, when and why, on the page and as a file."""
    page.get_by_role("link", name="全部经过").click()
    stopped = entry(page, "中止项目")
    for part in ("10-16 10:00", "许文静", "理由：场地勘察发现古井，等候勘探"):
        expect(stopped).to_contain_text(part)
    expect(entry(page, "恢复项目")).to_contain_text("10-21 10:00")
    rows = exported(page, "csv")
    assert len(rows) == page.locator("main [data-key]").count()
    assert any("场地勘察发现古井，等候勘探" in row.values() for row in rows)
