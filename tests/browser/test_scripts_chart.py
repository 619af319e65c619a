"""Charts: drawn as SVG from the page's own figures, and drawn again when those change."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.small import Stage, stage

MONTHS = [f"{month}月" for month in range(1, 11)]
RATE: dict[str, Any] = {
    "labels": MONTHS,
    "series": [
        {"name": "按期办结率", "values": [88, 90.5, 89.7, 92.3, 93.1, 94, 93.8, 95.2, 96, 96.4]}
    ],
    "target": 95,
    "targetName": "目标",
    "unit": "%",
    "min": 84,
    "max": 100,
}


@pytest.fixture
def on(chromium: Browser) -> Iterator[Stage]:
    with stage(chromium) as made:
        yield made


def draw(on: Stage, options: dict[str, Any], kind: str = "line") -> Page:
    told = html.escape(json.dumps(options))
    return on.show(
        f'<div id="chart" data-chart="{kind}" data-chart-options="{told}" role="img"'
        ' aria-label="按期办结率" style="height: 200px; width: 50vw"></div>',
        more=("chart.js",),
    )


def test_a_line_is_drawn_with_its_target_and_its_unit(on: Stage) -> None:
    shown = draw(on, RATE)
    chart = shown.locator("#chart svg")
    for text in ("目标 95%", "100%", "10月"):
        expect(chart.get_by_text(text, exact=True)).to_be_visible()
    expect(chart.locator("path[stroke='#14304D'][stroke-dasharray]")).to_have_count(1)
    family = chart.get_by_text("10月").evaluate("text => getComputedStyle(text).fontFamily")
    assert "PingFang SC" in family


def test_several_lines_are_named_at_their_ends(on: Stage) -> None:
    more = [
        *RATE["series"],
        {"name": "人防办", "values": [84.2, 85, 86, 87, 88, 88, 89, 90, 89, 88.6]},
    ]
    shown = draw(on, {**RATE, "series": more})
    expect(shown.locator("#chart svg").get_by_text("人防办 88.6%")).to_be_visible()


def test_bars_tell_their_unit_once(on: Stage) -> None:
    few = {"labels": MONTHS, "series": [{"name": "办结", "values": range_of(10)}], "unit": "件"}
    shown = draw(on, few, "bar")
    expect(shown.locator("#chart svg").get_by_text("件")).to_have_count(1)


def test_bars_lie_where_a_word_of_a_name_would_be_broken(on: Stage) -> None:
    names = ["Fire Brigade of the Public Security Bureau", "Meteorological Bureau", "Housing"]
    labels = [f"{name} {number}" for number in range(3) for name in names]
    few = {"labels": labels, "series": [{"name": "In time", "values": range_of(9)}], "min": 0}
    shown = draw(on, few, "bar")
    shown.set_viewport_size({"width": 700, "height": 900})
    box = shown.locator("#chart")
    expect(box.locator("svg").get_by_text("Meteorological")).to_have_count(3)
    expect(box.locator("svg").get_by_text("Security")).to_have_count(3)
    tops = [each["y"] for each in map(Locator.bounding_box, words(box, "Housing")) if each]
    assert tops == sorted(set(tops))
    shown.set_viewport_size({"width": 2400, "height": 900})
    expect(box).to_have_css("height", "200px")
    level = {each["y"] for each in map(Locator.bounding_box, words(box, "Housing")) if each}
    assert len(level) == 1


def words(box: Locator, text: str) -> list[Locator]:
    return box.locator("svg").get_by_text(text).all()


FRONT: dict[str, Any] = {
    "points": [
        {"cost": cost, "days": days, "count": 1, "name": ""}
        for cost, days in ((0, 63), (3, 58), (9, 48), (16, 40), (23, 34), (33, 28), (37, 26))
    ],
    "targetName": "目标",
    "across": "实施成本",
    "unit": "计时工作日",
}


@pytest.mark.parametrize("width", [760, 1800])
@pytest.mark.parametrize(
    ("target", "best", "now"),
    [
        (63, (0, 63), (74, 28)),
        (28, (33, 28), (74, 28)),
        (40, (16, 40), (33, 28)),
        (28, (33, 28), (33, 28)),
    ],
)
def test_the_labels_of_a_front_keep_off_one_another(
    on: Stage, width: int, target: int, best: tuple[int, int], now: tuple[int, int]
) -> None:
    marks = {
        key: {"cost": cost, "days": days, "name": "", "label": f"{word} {cost} 分，9 项"}
        for key, word, (cost, days) in (("best", "最低成本", best), ("now", "本方案", now))
    }
    shown = draw(on, {**FRONT, **marks, "target": target}, "front")
    shown.set_viewport_size({"width": width, "height": 700})
    box = shown.locator("#chart")
    expect(box.locator("svg")).to_have_attribute("width", str(width // 2))
    texts = (f"目标 {target}", *(str(each["label"]) for each in marks.values()))
    places = [mark.bounding_box() for text in texts for mark in words(box, text)]
    boxes = [[(e["x"], e["width"]), (e["y"], e["height"])] for e in places if e]
    assert len(boxes) == len(texts)
    for one, other in combinations(boxes, 2):
        assert any(apart(*both) for both in zip(one, other, strict=True)), (one, other)


def apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two stretches, of a start and a length, share no more than a pixel."""
    (first, length), (second, _) = sorted((one, other))
    return first + length <= second + 1


def range_of(count: int) -> list[int]:
    return list(range(1, count + 1))


def test_a_chart_follows_its_figures_and_its_width(on: Stage) -> None:
    shown = draw(on, RATE)
    changed = json.dumps({**RATE, "labels": ["甲", *MONTHS[1:]]})
    shown.locator("#chart").evaluate("(box, told) => { box.dataset.chartOptions = told }", changed)
    expect(shown.locator("#chart svg").get_by_text("甲")).to_be_visible()
    expect(shown.locator("#chart svg")).to_have_attribute("width", "600")
    shown.set_viewport_size({"width": 800, "height": 700})
    expect(shown.locator("#chart svg")).to_have_attribute("width", "400")
