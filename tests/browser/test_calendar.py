"""The calendar's editor in a browser: days are clicked, typed, looked at and published."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.city import City
from tests.browser.conftest import Visiting

TEXT = "日子，每行一天"


def day(page: Page, on: str) -> None:
    """Click a day of the year."""
    page.locator(f"button[data-day='{on}']").click()


def marked(page: Page) -> list[str]:
    """The days that are marked in the year."""
    found = page.locator("button[data-day][aria-pressed=true]")
    return [str(each.get_attribute("data-day")) for each in found.all()]


def test_days_are_clicked_into_the_text_and_out_of_it(city: City, visitor: Visiting) -> None:
    page = visitor(city, "coordinator").open("/calendar/edit?year=2014")
    text = page.get_by_label(TEXT)
    page.get_by_label("本地休息").check()
    page.get_by_label("名称").fill("防汛")
    day(page, "2014-10-20")
    day(page, "2014-10-21")
    expect(text).to_have_value("2014-10-20 closure 防汛\n2014-10-21 closure 防汛\n")
    day(page, "2014-10-20")
    expect(text).to_have_value("2014-10-21 closure 防汛\n")
    page.get_by_label("照常").check()
    day(page, "2014-10-21")
    expect(text).to_have_value("2014-10-21 ordinary\n")
    text.fill("2014-11-01..2014-11-03 放假 春节\n2014-12-05,closure,停电")
    assert marked(page) == ["2014-11-01", "2014-11-02", "2014-11-03", "2014-12-05"]
    day(page, "2014-12-06")
    assert text.input_value().splitlines()[-1] == "2014-12-06 ordinary"


def test_the_arrow_keys_go_from_day_to_day(city: City, visitor: Visiting) -> None:
    page = visitor(city, "coordinator").open("/calendar/edit?year=2014")
    page.locator("button[data-day='2014-10-01']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.locator("button[data-day='2014-09-30']")).to_be_focused()
    page.keyboard.press("Space")
    assert marked(page) == ["2014-09-30"]


def test_a_closure_is_published_and_shown(own_city: City, visitor: Visiting) -> None:
    page = visitor(own_city, "coordinator").open("/calendar/edit?year=2014")
    page.get_by_label("本地休息").check()
    page.get_by_label("名称").fill("防汛")
    day(page, "2014-10-20")
    page.get_by_role("textbox", name="依据").fill("市政府7号")
    page.get_by_role("button", name="预览", exact=True).click()
    expect(page.get_by_role("heading", name="预览修订")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("少一个工作日")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Excel").click()
    assert re.fullmatch(r"calendar-moves-\d{8}\.xlsx", saved.value.suggested_filename)
    page.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已发布第 1 号修订")
    expect(page.locator(".cal-months .cal-closure time")).to_have_text("20")
    expect(page.get_by_role("contentinfo")).to_contain_text("修订 1-")
