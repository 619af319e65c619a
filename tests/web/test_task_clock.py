"""The clock's panel: which weeks are shown, how far its bars are; laws in the page's words."""

from __future__ import annotations

from datetime import date

import pytest

from api.web import clock, law
from engine.rules import china
from engine.rules.deadline import DayUnit
from engine.rules.legal_clock import LegalClock, Stop, Term
from tests.api.conftest import Service


def on(text: str) -> date:
    return date.fromisoformat(f"2014-{text}")


def running(**more: object) -> LegalClock:
    """A clock that was started on Thursday 25 September: 7 days promised, 30 calendar by law."""
    promised = Term(on("10-16"), 7)
    statutory = Term(on("10-27"), 30, DayUnit.CALENDAR, "环境影响评价法 art.22")
    given = {"promised": promised, "statutory": statutory, **more}
    return LegalClock(china.calendar(), on("09-25"), **given)  # type: ignore[arg-type]


def test_both_sides_are_counted_in_their_own_unit() -> None:
    promised, statutory = clock.panel(running(), on("09-30")).sides
    assert (promised.used, promised.share, promised.light) == (4, 57, "green")
    assert (statutory.used, statutory.share, statutory.left) == (5, 16, 15)


def test_a_bar_is_never_more_than_full() -> None:
    [promised, _] = clock.panel(running(), on("11-28")).sides
    assert (promised.share, promised.light) == (100, "red")
    assert promised.left < 0


def test_weeks_go_on_a_little_beyond_the_due_day() -> None:
    shown = clock.panel(running(), on("09-30")).weeks
    assert [week[0].on for week in shown if week] == [
        on(each) for each in ("09-22", "09-29", "10-06", "10-13", "10-20")
    ]


def test_of_a_clock_that_is_long_late_the_middle_is_left_out() -> None:
    panel = clock.panel(running(), on("12-30"))
    assert [week is None for week in panel.weeks] == [False, False, True, *[False] * 5]
    assert panel.left_out == 8
    last = panel.weeks[-1]
    assert last is not None
    assert last[-1].on >= on("12-30")


def test_what_stands_still_is_as_late_as_it_was_then() -> None:
    stopped = running(stops=(Stop(on("09-29")),))
    [promised, _] = clock.panel(stopped, on("11-28"), paused=True).sides
    assert (promised.used, promised.left > 0, promised.light) == (3, True, "paused")


def test_what_has_ended_has_no_light_any_more() -> None:
    panel = clock.panel(running(end_on=on("09-29")), on("11-28"))
    assert [(side.light, side.used) for side in panel.sides] == [(None, 3), (None, 4)]
    assert panel.used == 3


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("城乡规划法 art.40; 行政许可法 art.42", "城乡规划法第40条；行政许可法第42条"),
        ("水土保持法 art.25-26", "水土保持法第25至26条"),
        (
            "环境影响评价法 art.22 (报告书 60, 报告表 30)",
            "环境影响评价法第22条（报告书 60, 报告表 30）",
        ),
        ("行政许可法 art. 42 para. 2", "行政许可法第42条第2款"),
        ("local", "地方规定"),
        ("国发〔2008〕3号", "国发〔2008〕3号"),
    ],
)
def test_laws_are_cited_as_in_chinese(service: Service, note: str, told: str) -> None:
    with service.app.test_request_context("/"):
        assert law.law(note) == told
    with service.app.test_request_context("/", headers={"Cookie": "lianshen_language=en"}):
        assert law.law(note) == note


def test_no_english_is_left_in_the_catalogues_notes(service: Service) -> None:
    import re

    import yaml

    path = service.settings.bpmn_dir / "catalogue.yaml"
    items = yaml.safe_load(path.read_text(encoding="utf-8"))["items"].values()
    with service.app.test_request_context("/"):
        for note in {item["legal_basis"] for item in items}:
            assert not re.search(r"[A-Za-z]{2}", law.law(note)), note
