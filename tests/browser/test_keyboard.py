"""The keyboard alone: from the door to a decision, and everywhere else a day leads."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.city import PASSWORD, City
from tests.browser.conftest import Visiting
from tests.browser.deeds import entry, read, told

LATE, NEXT = "大龙山茶叶精深加工厂", "新河苑保障性住房"
#: no page has more places before the one that is wanted
MOST = 120


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def walk(page: Page, target: Locator, key: str = "Tab") -> None:
    """Go on by a key until something has the focus, as somebody would who sees where it is."""
    for _ in range(MOST):
        page.keyboard.press(key)
        if target.evaluate("each => each === document.activeElement"):
            expect(target).to_be_in_viewport()
            return
    raise AssertionError(f"{target} is not reached by {key}")


def test_from_the_door_to_a_decision(module_city: City, visitor: Visiting) -> None:
    page = visitor(module_city, "").open("/login")
    expect(page.get_by_label("用户名")).to_be_focused()
    page.keyboard.type("reviewer-plan")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    press(page, "g", "t")
    expect(page.get_by_role("heading", name="待办", level=1)).to_be_visible()
    claim_two(page)
    go_to_row(page, LATE)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("建设用地规划许可证核发")
    decide(page)
    expect(told(page)).to_contain_text(f"{LATE}：准予许可，已办理。")
    expect(page.get_by_label("所在位置")).to_contain_text(NEXT)


def claim_two(page: Page) -> None:
    """Tick two rows and claim both."""
    for row in (LATE, NEXT):
        go_to_row(page, row)
        press(page, "x")
        expect(entry(page, row).first.get_by_role("checkbox")).to_be_checked()
    walk(page, page.get_by_role("button", name="认领所选 2"), "Shift+Tab")
    press(page, "Enter")
    expect(told(page)).to_have_text("已认领 2 件。")


def go_to_row(page: Page, text: str) -> None:
    """Go down the list to a row."""
    walk(page, entry(page, text).first.locator("a.title"), "j")


def decide(page: Page) -> None:
    """Choose a verdict, say what it asks for, and send it."""
    walk(page, page.get_by_role("radio", name="准予许可"))
    press(page, "Space")
    expect(page.get_by_role("radio", name="准予许可")).to_be_checked()
    walk(page, page.get_by_label("文号或证号"))
    page.keyboard.type("地字第340801201400117号")
    walk(page, page.get_by_label("意见"))
    page.keyboard.type("jk / gt ?")
    expect(page.get_by_label("意见")).to_have_value("jk / gt ?")
    walk(page, page.get_by_role("button", name="提交结论"))
    press(page, "Enter")


def test_a_project_is_searched_and_a_task_opened_from_its_diagram(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city).open("/")
    press(page, "/")
    page.keyboard.type("高花电子")
    expect(page.get_by_role("option", name=re.compile("高花电子元件厂房"))).to_be_visible()
    press(page, "ArrowDown", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("高花电子元件厂房")
    element = page.get_by_role("link", name=re.compile("^施工图设计 · 建设单位 · "))
    expect(element).to_be_visible()
    walk(page, element)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("施工图设计")
    press(page, "g", "p")
    expect(page.get_by_role("heading", name="项目总览")).to_be_visible()


def test_the_bar_is_skipped_and_a_list_taken_along(module_city: City, visitor: Visiting) -> None:
    page = visitor(module_city).open("/tasks")
    press(page, "Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    press(page, "Enter")
    expect(page.locator("main")).to_be_focused()
    walk(page, page.locator("details.exports > summary"))
    press(page, "Enter", "ArrowDown", "ArrowDown")
    with page.expect_download() as coming:
        press(page, "Enter")
    assert len(read(coming.value, "csv")) >= entry(page).count() > 0
    press(page, "Escape", "?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_hidden()
