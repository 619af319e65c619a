"""The keyboard alone: keys, menus, suggestions, and where one is after a link was followed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.small import Stage, Told, page, stage

PAGE = """
<form role="search" action="/search">
  <label>搜索 <input name="q" type="search" data-search="/suggest"></label>
  <div data-search-results data-found="找到 %d 条" hidden></div>
</form>
<nav><a href="/" data-go="d">工作台</a><a href="/projects" data-go="p">项目</a></nav>
<details class="menu"><summary>导出</summary><a href="/a">甲</a><a href="/b">乙</a></details>
<ul data-rows>{rows}</ul>
<dialog id="keys" aria-label="键盘操作">
  <label><input type="checkbox" data-keys-switch> 单键</label>
  <form method="dialog"><button>关闭</button></form>
</dialog>
"""
ROW = (
    '<li data-key="{key}"><input type="checkbox" name="task" value="{key}" aria-label="选 {key}">'
    '<a href="/tasks/{key}">事项 {key}</a></li>'
)
SUGGESTED = (
    '<a role="option" href="/projects/1">振风汽车</a>'
    '<a role="option" href="/projects/2">菱湖春晓</a>'
)


@pytest.fixture
def on(chromium: Browser) -> Iterator[Stage]:
    with stage(chromium) as made:
        body = PAGE.format(rows="".join(ROW.format(key=key) for key in "abc"))
        made.site.shows("/", page(body, title="工作台"))
        made.site.shows("/projects", page("<p>全部项目</p>", title="项目"))
        made.site.shows("/projects/2", page("<p>菱湖春晓小区</p>", title="菱湖春晓"))
        made.site.shows("/tasks/b", page("<p>办理</p>", title="事项 b"))
        made.site.shows("/suggest", Told(SUGGESTED))
        made.open("/")
        yield made


def press(shown: Page, *keys: str) -> None:
    for key in keys:
        shown.keyboard.press(key)


def test_rows_are_walked_chosen_and_opened(on: Stage) -> None:
    shown = on.page
    press(shown, "j", "j", "x")
    expect(shown.get_by_label("选 b")).to_be_checked()
    press(shown, "j", "j", "j", "k", "k", "k", "k", "j")
    assert shown.evaluate("document.activeElement.closest('[data-key]').dataset.key") == "b"
    press(shown, "Enter")
    expect(shown.get_by_text("办理")).to_be_visible()


def test_places_are_reached_by_two_keys(on: Stage) -> None:
    press(on.page, "g", "p")
    expect(on.page.get_by_text("全部项目")).to_be_visible()


def test_the_list_of_keys_opens_and_closes(on: Stage) -> None:
    shown = on.page
    press(shown, "?")
    dialog = shown.get_by_role("dialog")
    expect(dialog).to_be_visible()
    press(shown, "g", "p")
    expect(dialog).to_be_visible()
    press(shown, "Escape")
    expect(dialog).to_be_hidden()


def test_single_keys_can_be_switched_off(on: Stage) -> None:
    shown = on.page
    press(shown, "?")
    shown.get_by_label("单键").uncheck()
    press(shown, "Escape")
    shown.reload()
    press(shown, "?", "/")
    expect(shown.get_by_role("dialog")).to_be_hidden()
    expect(shown.get_by_role("combobox", name="搜索")).not_to_be_focused()


def test_keys_are_text_where_text_is_typed_and_the_systems_with_a_modifier(on: Stage) -> None:
    shown = on.page
    press(shown, "/")
    field = shown.get_by_role("combobox", name="搜索")
    expect(field).to_be_focused()
    press(shown, "j", "?", "/")
    expect(field).to_have_value("j?/")
    press(shown, "Escape", "Escape")
    expect(field).to_have_value("")
    press(shown, "Control+j", "Alt+j")
    assert shown.evaluate("document.activeElement === document.body")


def test_suggestions_are_chosen_with_arrows(on: Stage) -> None:
    shown = on.page
    field = shown.get_by_role("combobox", name="搜索")
    field.press_sequentially("春晓")
    expect(shown.get_by_role("option")).to_have_count(2)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(shown.locator("#announcer")).to_have_text("找到 2 条")
    assert on.site.sent("/suggest")[-1].query == "q=%E6%98%A5%E6%99%93"
    press(shown, "ArrowDown", "ArrowDown")
    chosen = shown.get_by_role("option", name="菱湖春晓")
    expect(chosen).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    press(shown, "Enter")
    expect(shown.get_by_text("菱湖春晓小区")).to_be_visible()


def test_suggestions_close_before_the_field_is_cleared(on: Stage) -> None:
    shown = on.page
    field = shown.get_by_role("combobox", name="搜索")
    field.press_sequentially("春")
    expect(shown.get_by_role("listbox")).to_be_visible()
    press(shown, "Escape")
    expect(shown.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("春")


def test_menus_close_by_escape_and_by_a_click_elsewhere(on: Stage) -> None:
    shown = on.page
    menu, summary = shown.locator("details.menu"), shown.locator("summary")
    summary.click()
    press(shown, "ArrowDown", "ArrowDown")
    expect(shown.get_by_role("link", name="乙")).to_be_focused()
    press(shown, "Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()
    summary.click()
    shown.locator("h1").click()
    expect(menu).not_to_have_attribute("open", "")


def test_a_followed_link_is_told_and_leads_to_the_content(on: Stage) -> None:
    shown = on.page
    shown.evaluate("document.querySelector('main').style.paddingBottom = '3000px'")
    shown.evaluate("window.scrollTo(0, 900)")
    shown.get_by_role("link", name="项目").click()
    expect(shown.get_by_text("全部项目")).to_be_visible()
    expect(shown.locator("main")).to_be_focused()
    expect(shown.locator("#announcer")).to_have_text("项目")
    assert shown.evaluate("window.scrollY") == 0
    shown.go_back()
    expect(shown.get_by_role("heading", name="工作台")).to_be_visible()


def test_a_page_that_needs_more_scripts_and_styles_gets_them(on: Stage) -> None:
    more = ("diagram.css", "chart.js")
    on.site.shows("/projects", page("<p>全部项目</p>", more=more))
    press(on.page, "g", "p")
    expect(on.page.get_by_text("全部项目")).to_be_visible()
    loaded = "[...document.querySelectorAll('head [src], head [href]')].map(x => x.src || x.href)"
    assert {
        name for name in more if any(name[:5] in url for url in on.page.evaluate(loaded))
    } == set(more)


def test_a_download_behind_a_link_is_left_to_the_browser(on: Stage) -> None:
    headers = {"Content-Disposition": 'attachment; filename="list.csv"'}
    on.site.shows("/list.csv", Told("a,b", kind="text/csv", headers=headers))
    shown = on.show('<a href="/list.csv">导出</a>')
    with shown.expect_download() as download:
        shown.get_by_role("link", name="导出").click()
    assert download.value.suggested_filename == "list.csv"
    expect(shown.get_by_role("link", name="导出")).to_be_visible()
