"""A live region: it brings itself up to date, and never moves what somebody points at."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.small import Asked, Stage, Told, page, stage

REGION = (
    '<section id="tasks" class="card" data-live="/rows" data-live-every="0.1"'
    ' data-live-pill="有 %d 处更新"><h2>{title}</h2><ul data-rows>{rows}</ul></section>'
)


class Rows:
    """What the address of the region answers, and a test may change."""

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        self.title = "待办"
        self.word = "剩 1 天"
        self.inside = '<input type="checkbox" name="task" value="{key}" aria-label="{key}">'
        self.status = 200

    def row(self, key: str) -> str:
        inside = self.inside.format(key=key)
        return f'<li data-key="{key}">{inside}<a href="/tasks/{key}">{key} {self.word}</a></li>'

    def region(self) -> str:
        return REGION.format(title=self.title, rows="".join(map(self.row, self.keys)))

    def __call__(self, _: Asked) -> Told:
        return (
            Told(self.region(), self.status) if self.status in {0, 200} else Told("", self.status)
        )


@pytest.fixture
def on(chromium: Browser) -> Iterator[Stage]:
    with stage(chromium) as made:
        yield made


def start(on: Stage, rows: Rows, *, before: str = "", after: str = "") -> Page:
    """Show the region between other content, with nobody pointing at it."""
    on.site.shows("/rows", rows)
    shown = on.show(f"{before}{rows.region()}{after}<p>下文</p>")
    shown.mouse.move(1190, 690)
    return shown


def keys(page: Page) -> list[str]:
    shown: list[str] = page.locator("[data-key]").evaluate_all("all => all.map(x => x.dataset.key)")
    return shown


def top(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["y"]


def test_rows_come_go_and_change_places_while_nobody_is_there(on: Stage) -> None:
    rows = Rows("a", "b", "c")
    page = start(on, rows)
    rows.keys, rows.word, rows.title = ("d", "c", "a"), "逾期 1 天", "待办 3"
    expect(page.locator("[data-key=d]")).to_contain_text("逾期 1 天")
    assert keys(page) == ["d", "c", "a"]
    expect(page.locator("h2")).to_have_text("待办 3")
    assert {each.headers["X-Live"] for each in on.site.sent("/rows")} == {"1"}


def test_the_row_under_the_pointer_stays_where_it_is(on: Stage) -> None:
    rows = Rows("a", "b", "c")
    page = start(on, rows)
    row = page.locator("[data-key=b]")
    row.hover()
    place = top(row)
    rows.keys, rows.word = ("x", "y", "c", "b"), "逾期 1 天"
    expect(row).to_contain_text("逾期 1 天")
    expect(page.get_by_role("button", name="有 5 处更新")).to_be_visible()
    assert keys(page) == ["a", "b", "c"]
    assert top(row) == place
    expect(page.locator("[data-key=a]")).to_have_class("is-gone")
    page.mouse.move(1190, 690)
    expect(page.locator("[data-key=x]")).to_be_visible()
    assert keys(page) == ["x", "y", "c", "b"]
    expect(page.locator(".live-offer")).to_have_count(0)
    expect(page.locator(".is-gone")).to_have_count(0)


def test_the_row_in_focus_stays_until_the_focus_leaves(on: Stage) -> None:
    rows = Rows("a", "b")
    page = start(on, rows, after='<button id="out">外</button>')
    page.locator("[data-key=b] a").focus()
    rows.keys = ("x", "b", "a")
    expect(page.locator(".live-pill")).to_have_text("有 3 处更新")
    assert keys(page) == ["a", "b"]
    page.locator("#out").focus()
    expect(page.locator("[data-key=x]")).to_be_visible()
    assert keys(page) == ["x", "b", "a"]


def test_updates_are_taken_from_the_offer(on: Stage) -> None:
    rows = Rows("a")
    page = start(on, rows)
    page.locator("[data-key=a]").hover()
    rows.keys = ("b", "a")
    page.get_by_role("button", name="有 1 处更新").click()
    expect(page.locator("[data-key=b]")).to_be_visible()
    assert keys(page) == ["b", "a"]


def test_a_region_above_the_pointer_waits_too(on: Stage) -> None:
    above, below = Rows("a"), Rows("k")
    second = REGION.replace("tasks", "risks").replace("/rows", "/more")
    below_html = second.format(title="风险", rows=below.row("k"))
    on.site.shows("/more", Told(below_html))
    page = start(on, above, after=below_html)
    row = page.locator("#risks [data-key=k]")
    row.hover()
    place = top(row)
    above.keys = ("a", "b", "c", "d")
    expect(page.locator("#tasks .live-pill")).to_be_visible()
    assert top(row) == place
    page.mouse.move(1190, 690)
    expect(page.locator("#tasks [data-key=d]")).to_be_visible()


def test_choices_open_details_and_scrolling_survive(on: Stage) -> None:
    rows = Rows(*"abc")
    rows.inside += (
        '<details><summary>更多</summary><div style="height:40px;overflow:auto">'
        '<p style="height:400px">{key}</p></div></details>'
    )
    page = start(on, rows)
    page.get_by_role("checkbox", name="b").check()
    page.locator("[data-key=b] summary").click()
    page.locator("[data-key=b] div").evaluate("box => { box.scrollTop = 70 }")
    page.locator("h1").click()
    page.mouse.move(1190, 690)
    rows.keys, rows.word = ("c", "b"), "剩 0 天"
    expect(page.locator("[data-key=b]")).to_contain_text("剩 0 天")
    assert keys(page) == ["c", "b"]
    expect(page.get_by_role("checkbox", name="b")).to_be_checked()
    expect(page.get_by_role("checkbox", name="c")).not_to_be_checked()
    expect(page.locator("[data-key=b] details")).to_have_attribute("open", "")
    assert page.locator("[data-key=b] div").evaluate("box => box.scrollTop") == 70


def test_a_form_that_was_typed_in_is_left_alone(on: Stage) -> None:
    rows = Rows("a", "b")
    rows.inside = '<form action="/say"><input name="why-{key}" aria-label="理由 {key}"></form>'
    page = start(on, rows)
    page.get_by_label("理由 a").fill("材料不齐")
    page.locator("h1").click()
    page.mouse.move(1190, 690)
    rows.inside = (
        '<form action="/say"><input name="why-{key}" value="空" aria-label="理由 {key}"></form>'
    )
    expect(page.get_by_label("理由 b")).to_have_value("空")
    expect(page.get_by_label("理由 a")).to_have_value("材料不齐")


def test_a_list_within_a_form_is_brought_up_to_date_although_rows_are_chosen(on: Stage) -> None:
    rows = Rows("a", "b")
    on.site.shows("/rows", lambda _: Told(wrapped(rows)))
    page = on.show(wrapped(rows))
    page.mouse.move(1190, 690)
    page.get_by_role("checkbox", name="b").check()
    page.locator("h1").click()
    page.mouse.move(1190, 690)
    rows.keys = ("c", "b")
    expect(page.locator("[data-key=c]")).to_be_visible()
    expect(page.get_by_role("checkbox", name="b")).to_be_checked()


def wrapped(rows: Rows) -> str:
    return rows.region().replace("<ul", '<form method="post"><ul').replace("</ul>", "</ul></form>")


def test_a_lost_connection_is_told_and_so_is_its_return(on: Stage) -> None:
    rows = Rows("a")
    page = start(on, rows)
    on.watch.offline = True
    rows.status = 0
    bar = page.get_by_role("status")
    expect(bar).to_have_text("连接中断")
    rows.status, rows.keys = 200, ("a", "b")
    expect(page.locator("[data-key=b]")).to_be_visible()
    expect(bar).to_have_text("已恢复")


def test_an_ended_session_stops_the_asking_until_the_user_has_logged_in(on: Stage) -> None:
    rows = Rows("a")
    rows.inside = '<form method="post"><input type="hidden" name="_csrf" value="{key}-old"></form>'
    page = start(on, rows)
    on.watch.expected.add(401)
    rows.status = 401
    expect(page.get_by_role("status")).to_have_text("登录已过期 登录")
    link = page.get_by_role("link", name="登录")
    expect(link).to_have_attribute("target", "_blank")
    rows.status, rows.keys = 200, ("a", "b")
    on.site.shows("/", page_with_token("new"))
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("[data-key=b]")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("已恢复")


def page_with_token(token: str) -> Told:
    return page(f'<form method="post"><input type="hidden" name="_csrf" value="{token}"></form>')


HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_nothing_is_asked_while_the_tab_is_hidden_and_at_once_when_it_is_seen(on: Stage) -> None:
    rows = Rows("a")
    page = start(on, rows)
    page.evaluate(HIDE, True)
    asked = len(on.site.sent("/rows"))
    page.wait_for_function("since => performance.now() > since + 500", arg=now(page))
    assert len(on.site.sent("/rows")) <= asked + 1, "only what was under way may still come"
    rows.keys = ("a", "b")
    page.evaluate(HIDE, False)
    expect(page.locator("[data-key=b]")).to_be_visible()


def now(page: Page) -> float:
    told: float = page.evaluate("performance.now()")
    return told


def test_what_is_gone_is_told_and_asked_for_no_more(on: Stage) -> None:
    rows = Rows("a")
    page = start(on, rows)
    on.watch.expected.add(404)
    rows.status = 404
    expect(page.get_by_role("status")).to_have_text("已不存在")
    expect(page.locator("#tasks")).to_have_attribute("data-live-ended", "")
