"""Simulations in a browser: set up, watched to its end without a reload, read, drawn, compared."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.city import City
from tests.browser.conftest import Visiting
from tests.browser.visitor import PHONE, Visitor

FORM = "/simulations/new?procedure=industrial-2014"
LITTLE = {"项目数": "200", "重复次数": "5", "开头不计（天）": "200", "结尾不计（天）": "60"}


#: a worker's process starts, and plays, while others are at work
PATIENCE = 120_000


def fill(page: Page, **more: str) -> None:
    """Fill in a run that is soon played: nothing queues."""
    page.get_by_label("不限人手").check()
    for label, text in {**LITTLE, **more}.items():
        page.get_by_label(label, exact=True).fill(text)


def start(analyst: Visitor, path: str = FORM, **more: str) -> Page:
    """Set a run up and start it; returns its page."""
    page = analyst.open(path)
    fill(page, **more)
    page.get_by_role("button", name="开始模拟").click()
    page.wait_for_url(re.compile(r"/simulations/\d+$"))
    return page


def test_a_run_is_watched_to_its_end_in_place(module_city: City, visitor: Visiting) -> None:
    analyst = visitor(module_city, "analyst")
    page = start(analyst, f"{FORM}&sensitivity=1")
    expect(page.locator("h1 .state")).to_have_text("排队中")
    page.evaluate("window.isSamePage = true")
    with module_city.installation.process("scheduler"):
        expect(page.locator(".sim-headline")).to_contain_text("28 天的承诺", timeout=PATIENCE)
        assert page.evaluate("window.isSamePage")
        start(analyst, "/simulations/new?again=1")
        expect(page.locator(".sim-headline")).to_contain_text("28 天的承诺", timeout=PATIENCE)
    for chart in ("distribution", "tornado", "warmup"):
        expect(page.locator(f"[data-chart={chart}] svg")).to_be_visible()
    for width in (None, PHONE["viewport"]):
        if width:
            page.set_viewport_size(width)
        analyst.rest()
        assert_accessible(page)
        assert_fits(page)


def test_a_run_is_drawn_on_the_diagrams(module_city: City, visitor: Visiting) -> None:
    analyst = visitor(module_city, "analyst")
    page = analyst.open("/simulations/1/diagram?measure=working")
    item = page.locator(".djs-element.is-link").first
    expect(item).to_have_class(re.compile("is-state-cool-"))
    expect(page.locator(".diagram-pill").first).to_contain_text(re.compile("小时|天|分"))
    item.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("item="))
    expect(page.locator("#diagram-title")).to_contain_text("的步骤")
    analyst.rest()
    assert_accessible(page)


def test_two_runs_are_chosen_and_compared(module_city: City, visitor: Visiting) -> None:
    analyst = visitor(module_city, "analyst")
    page = analyst.open("/simulations")
    for box in page.locator("input[name=ids]").all()[:2]:
        box.check()
    page.get_by_role("button", name="对比选中的模拟").click()
    expect(page.locator("[data-chart=distribution] svg")).to_be_visible()
    expect(page.locator(".sim-headline")).to_contain_text("95% 区间")
    analyst.rest()
    assert_accessible(page)


def test_a_run_is_cancelled_from_its_page(module_city: City, visitor: Visiting) -> None:
    page = start(visitor(module_city, "analyst"))
    page.get_by_role("button", name="取消计算").click()
    expect(page.locator("h1 .state")).to_have_text("已取消")
    expect(page.get_by_text("设定都还在，可以再算一次。")).to_be_visible()
