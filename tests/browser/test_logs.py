"""Event logs in a browser: columns are checked as they are chosen, charts and flows are drawn."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.city import City
from tests.browser.conftest import Visiting


def test_columns_are_checked_as_they_are_chosen(odd_city: City, visitor: Visiting) -> None:
    page = visitor(odd_city, "analyst").open("/logs/new/{table}".format_map(odd_city.places()))
    people = page.locator("#check > div", has_text="人员").locator(".key")
    expect(people).to_have_text("3")
    expect(page.locator("#check .is-wrong .key")).to_have_text("1")
    page.evaluate("window.isSamePage = true")
    page.get_by_label("人员").select_option("")
    expect(people).to_have_text("0")
    expect(page.locator(".log-preview thead .is-used")).to_have_count(3)
    page.get_by_label("活动").select_option("案件编号")
    expect(page.locator("#check")).to_contain_text("不能既是办件又是活动")
    page.get_by_label("活动").select_option("环节")
    expect(people).to_have_text("0")
    assert page.evaluate("window.isSamePage")


def test_the_keyboard_alone_reaches_an_activity(odd_city: City, visitor: Visiting) -> None:
    page = visitor(odd_city, "analyst").open(
        "/logs/{log}/calibration".format_map(odd_city.places())
    )
    link = page.locator(".fits-list a", has_text="T05")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fit h3")).to_contain_text("T05")
    page.locator("summary", has_text="分位数对照").press("Enter")
    expect(page.locator(".fit-qq svg").get_by_text("完全贴合")).to_be_visible()


def test_flows_are_as_thick_as_they_were_gone_often(odd_city: City, visitor: Visiting) -> None:
    analyst = visitor(odd_city, "analyst")
    page = analyst.open("/logs/{log}/diagram".format_map(odd_city.places()))
    first = page.locator("[data-element-id='START--Confirmation-of-receipt']")
    expect(first).to_have_class(re.compile("is-flow-weight-5"))
    expect(page.locator(".diagram-flow", has_text="1,434").first).to_be_visible()
    page.get_by_role("link", name="P90").click()
    slow = page.locator("[data-element-id='T06-Determine-necessity-of-stop-advice']")
    expect(slow).to_have_class(re.compile("is-state-cool-5"))
