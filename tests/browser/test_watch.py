"""The watch sees what it is for, and axe what it is for: else every page would pass."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.small import Told, served
from tests.browser.watch import Watch

HEAD = '<!doctype html><html lang="zh-CN"><head><title>页</title></head><body><main><h1>页</h1>'
AMISS = {
    '<script>document.title = "";</script>': "console error: Executing inline script violates",
    '<p onclick="go()">去</p><a href="#" id="go">去</a>': "Executing inline event handler violates",
    '<img src="http://pictures.example/a.png" alt="图">': "asked another host: http://pictures.ex",
    '<img src="/nothing.png" alt="图">': "404: GET /nothing.png",
    '<script type="module" src="/throws.js"></script>': "uncaught: it broke",
    '<script type="module" src="/warns.js"></script>': "console warning: mind",
    '<script type="module" src="/hangs-up.js"></script>': "failed: GET /hangs-up.js (net::ERR_EMP",
}
SCRIPTS = {
    "/throws.js": Told("throw new Error('it broke')", kind="text/javascript"),
    "/warns.js": Told("console.warn('mind')", kind="text/javascript"),
    "/hangs-up.js": Told(status=0),
}
BROKEN = {
    '<img src="data:,">': "image-alt",
    '<p style="color: #aaa">淡淡的一行字</p>': "color-contrast",
    "<button></button>": "button-name",
    '<input type="text">': "label",
}


def looked_at(chromium: Browser, body: str) -> list[str]:
    """What a watch notes of a page with something in it."""
    with served() as site:
        site.shows("/", Told(f"{HEAD}{body}</main></body></html>"))
        for path, told in SCRIPTS.items():
            site.shows(path, told)
        context = chromium.new_context()
        watch = Watch(context, site.address)
        context.new_page().goto(site.address, wait_until="networkidle")
        context.close()
    return watch.faults


@pytest.mark.parametrize(("body", "fault"), AMISS.items())
def test_what_is_amiss_is_noted(chromium: Browser, body: str, fault: str) -> None:
    assert any(fault in each for each in looked_at(chromium, body)), looked_at(chromium, body)


def test_of_a_good_page_nothing_is_noted(chromium: Browser) -> None:
    assert looked_at(chromium, '<p style="color: #333">一行字</p><a href="/b">去</a>') == []


@pytest.mark.parametrize(("body", "rule"), BROKEN.items())
def test_axe_finds_what_is_broken_under_the_policy(chromium: Browser, body: str, rule: str) -> None:
    with served() as site:
        site.shows("/", Told(f"{HEAD}{body}</main></body></html>"))
        page = chromium.new_page()
        page.goto(site.address)
        with pytest.raises(AssertionError, match=rule):
            assert_accessible(page)
        page.context.close()


def test_a_page_wider_than_its_window_does_not_fit(chromium: Browser) -> None:
    with served() as site:
        site.shows("/", Told(f'{HEAD}<p style="width: 2000px">宽</p></main></body></html>'))
        page = chromium.new_page()
        page.goto(site.address)
        with pytest.raises(AssertionError, match="px wide in a window"):
            assert_fits(page)
        page.context.close()
