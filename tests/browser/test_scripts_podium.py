"""The page for the projector: the countdown, what stays live under the pointer; rows that grow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.small import Stage, Told, stage

#: an hour the browser's own clock knows nothing of
NOW = datetime(2014, 9, 4, 8, 0, tzinfo=UTC)
ROWS = (
    '<section id="rows" data-live="/round" data-live-every="0.1"><ul data-rows>'
    '<li data-key="MET">气象局 {word}</li></ul></section>'
)
COUNT = '<p id="count" data-live="/round" data-live-every="0.1"{still}>{n} 家</p>'
FORM = (
    '<form method="post" action="/say"><ol id="list"><li><input name="text" value=""></li>'
    '<template><li><label for="t">条件</label><input id="t" name="text"></li></template></ol>'
    '<button type="button" data-add-row="list">加一条</button></form>'
)


@pytest.fixture
def on(chromium: Browser) -> Iterator[Stage]:
    with stage(chromium) as made:
        yield made


def clock(left: timedelta) -> str:
    return (
        f'<p id="clock" role="timer" data-countdown="{(NOW + left).isoformat()}" '
        f'data-now="{NOW.isoformat()}" data-over="已截止">–</p>'
    )


def test_it_counts_from_the_servers_clock(on: Stage) -> None:
    shown = on.show(clock(timedelta(hours=1, minutes=2, seconds=3)))
    place = shown.locator("#clock")
    expect(place).to_have_text("01:02:02")
    expect(place).to_have_text("01:02:01")


def test_it_says_when_the_time_is_up(on: Stage) -> None:
    shown = on.show(clock(timedelta(seconds=1)))
    expect(shown.locator("#clock")).to_have_text("已截止")


def test_a_later_word_of_the_server_sets_it(on: Stage) -> None:
    shown = on.show(clock(timedelta(minutes=10)))
    expect(shown.locator("#clock")).to_have_text("00:09:59")
    later = (NOW + timedelta(minutes=5)).isoformat()
    shown.locator("#clock").evaluate("(place, now) => { place.dataset.now = now; }", later)
    expect(shown.locator("#clock")).to_have_text("00:04:59")


@pytest.mark.parametrize(("still", "count"), [(" data-live-still", "2 家"), ("", "1 家")])
def test_what_keeps_its_size_is_live_above_the_row_that_is_pointed_at(
    on: Stage, still: str, count: str
) -> None:
    new = COUNT.format(still=still, n=2) + ROWS.format(word="同意")
    on.site.shows("/round", Told(COUNT.format(still=still, n=1) + ROWS.format(word="未提")))
    shown = on.show(COUNT.format(still=still, n=1) + ROWS.format(word="未提"))
    shown.locator("[data-key]").hover()
    on.site.shows("/round", Told(new))
    expect(shown.locator("[data-key]")).to_have_text("气象局 同意")
    expect(shown.locator("#count")).to_have_text(count)


def test_the_button_for_the_whole_screen_stays(on: Stage) -> None:
    button = (
        '<header id="head" data-live="/round" data-live-every="0.1">{n}'
        "<button data-fullscreen hidden>全屏</button></header>"
    )
    on.site.shows("/round", Told(button.format(n=2)))
    shown = on.show(button.format(n=1))
    expect(shown.locator("#head")).to_contain_text("2")
    expect(shown.get_by_role("button", name="全屏")).to_be_visible()


def test_a_row_is_added_with_labels_of_its_own(on: Stage) -> None:
    shown = on.show(FORM)
    for number in (1, 2):
        shown.get_by_role("button", name="加一条").click()
        added = shown.get_by_label("条件").nth(number - 1)
        expect(added).to_be_focused()
        added.fill(f"第{number}条")
    values = shown.locator("[name=text]").evaluate_all("all => all.map(x => x.value)")
    assert values == ["", "第1条", "第2条"]
