"""The lab in a browser: a switch changes everything at once, and the user stays where they are."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.city import City
from tests.browser.conftest import Visiting

BARRED = "#switch-commit-IND-11"


def days(page: Page, told: str) -> None:
    """Expect the first headline to say these days."""
    expect(page.locator(".lab-strip .key").first).to_have_text(told)


def test_a_switch_redraws_everything_in_place(module_city: City, visitor: Visiting) -> None:
    page = visitor(module_city, "analyst").open("/lab/{scenario}".format_map(module_city.places()))
    expect(page.locator("#front h3").first).to_contain_text("33 分")
    page.evaluate("window.isSamePage = true")
    switch = page.locator("#switch-post-IND-02")
    for told, checked in (("63 → 35", "false"), ("63 → 28", "true")):
        switch.focus()
        page.keyboard.press("Space")
        days(page, told)
        expect(switch).to_have_attribute("aria-checked", checked)
        expect(switch).to_be_focused()
        total = page.locator(".lab-waterfall svg").get_by_text(told[-2:], exact=True)
        expect(total.first).to_be_visible()
    assert page.evaluate("window.isSamePage")


def test_what_is_barred_stays_so_after_another_was_switched(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city, "analyst").open("/lab/{scenario}".format_map(module_city.places()))
    page.locator("#switch-shorten-IND-16").click()
    days(page, "63 → 26")
    page.locator(BARRED).focus()
    page.keyboard.press("Space")
    expect(page.locator("#announcer")).to_contain_text("不适用告知承诺")
    expect(page.locator(BARRED)).to_have_attribute("aria-checked", "false")
    page.locator("#switch-shorten-IND-16").click()
    days(page, "63 → 28")


def test_the_cheapest_way_to_another_target_is_found_in_place(
    module_city: City, visitor: Visiting
) -> None:
    page = visitor(module_city, "analyst").open("/lab/{scenario}".format_map(module_city.places()))
    page.get_by_label("目标").fill("36")
    page.get_by_role("button", name="求最低成本").click()
    expect(page.locator("#front h3").first).to_have_text("36 天的最低成本：20 分")
    expect(page.locator(".lab-front-chart svg").get_by_text("目标 36")).to_be_visible()


def test_an_answer_that_comes_late_does_not_take_the_place_of_a_newer_one(
    module_city: City, visitor: Visiting
) -> None:
    analyst = visitor(module_city, "analyst")
    made = {"name": "迟到的回答", "procedure": "real-estate-2014"}
    number = module_city.call("analyst", "POST", "/scenarios", made)["id"]
    held: list[Route] = []
    analyst.page.route(re.compile(r"/lab/\d+\?optimum=1$"), lambda route: held.append(route))  # noqa: PLW0108 - no builtin
    page = analyst.open(f"/lab/{number}")
    page.get_by_label("目标").fill("27")
    page.get_by_role("button", name="求最低成本").click()
    answer = page.locator("#front h3").first
    expect(answer).to_contain_text("27 天")
    with page.expect_response(lambda response: response.url.endswith("?optimum=1")):
        held[0].continue_()
    analyst.rest()
    expect(answer).to_contain_text("27 天")
    expect(page.locator(".lab-apply")).to_have_attribute("action", re.compile("target=27"))
