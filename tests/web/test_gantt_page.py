"""Charts as pages show them: what a browser, a keyboard and a screen reader get."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from api.web.gantt import Gantt, procedure_gantt
from engine.analysis.critical_path import report
from engine.analysis.progress import Progress, State
from engine.rules import china
from tests.web.gantts import (
    MONDAY,
    WORDS,
    drawn,
    network,
    on_paper,
    rendered,
    speaking,
    underway,
)

LINES = ("A-1 3", "A-2 6 after=A-1", "B-1 2 after=A-2 stage=construction by=HOUS")
CALENDAR = china.calendar()


@pytest.fixture(scope="module")
def chart() -> Gantt:
    """A-1 is three days late; A-1 and A-2 lead somewhere, B-1 does not."""
    found = network(*LINES, opens_after="B-1")
    first = Progress(State.OPEN, MONDAY, due_on=CALENDAR.add(MONDAY, 3))
    come = underway(found, {"A-1": first}, CALENDAR.add(MONDAY, 6))
    return drawn(come, links={"A-1": "/tasks/1", "A-2": "/items/2?a=1&b=2"})


@pytest.fixture(scope="module")
def page(chart: Gantt) -> Any:
    """A page with that chart, and one of a procedure."""
    return rendered(chart, on_paper(*LINES, opens_after="B-1"))


def test_the_drawing_is_a_named_group(page: Any, chart: Gantt) -> None:
    drawing = page.xpath("//svg")[0]
    assert drawing.get("role") == "group"
    assert drawing.get("aria-label") == chart.label
    assert chart.label.startswith(
        "甘特图，共 3 项：已办结 0 项，办理中 1 项，未开始 2 项。预计开工 "
    )


def test_the_drawing_has_real_pixels(page: Any, chart: Gantt) -> None:
    drawing = page.xpath("//svg")[0]
    size = (drawing.get("width"), drawing.get("height"))
    assert size == (f"{chart.width:g}", f"{chart.height:g}")
    assert drawing.get("viewbox") == f"0 0 {size[0]} {size[1]}"


def test_every_bar_is_named_and_leads_where_it_can(page: Any, chart: Gantt) -> None:
    bars = page.xpath("(//svg)[1]//*[contains(@class, 'gantt-bar')]")
    assert [bar.get("href") for bar in bars] == ["/tasks/1", "/items/2?a=1&b=2", None]
    assert [bar.tag for bar in bars] == ["a", "a", "g"]
    for bar, row in zip(bars, chart.rows, strict=True):
        [title] = page.xpath(f"//*[@id='{bar.get('aria-labelledby')}']")
        assert title.text == row.title


def test_names_stay_beside_the_drawing_and_are_told_once(page: Any) -> None:
    names = page.xpath("(//*[contains(@class, 'gantt-names')])[1]")[0]
    assert names.get("aria-hidden") == "true"
    assert names.getnext().tag == "svg"
    assert [link.get("tabindex") for link in names.xpath(".//a")] == ["-1", "-1"]
    texts = [" ".join("".join(each.itertext()).split()) for each in names]
    assert texts[:3] == ["事项部门", "1 项目审批规划局牵头", "选址意见书规划局"]


def test_the_scrolling_part_can_be_reached_and_knows_today(page: Any, chart: Gantt) -> None:
    part = page.xpath("//*[@class='gantt-scroll']")[0]
    assert (part.get("tabindex"), part.get("role")) == ("0", "group")
    assert chart.today_x is not None
    assert part.get("data-today") == str(round(chart.today_x))
    assert page.xpath("//*[@class='gantt-scroll']")[1].get("data-today") is None


def test_the_table_tells_the_same(page: Any, chart: Gantt) -> None:
    table = page.xpath("(//details//table)[1]")[0]
    heads = [each.text for each in table.xpath(".//thead//th[@scope='col']")]
    assert heads == [
        "事项",
        "部门",
        "状态",
        "天数",
        "开始",
        "结束",
        "逾期天数",
        "总时差",
        "关键路径",
    ]
    names = ["".join(each.itertext()) for each in table.xpath(".//th[@scope='row']")]
    assert names == ["选址意见书", "节能审查", "施工许可证"]
    first = [cell.text or "" for cell in table.xpath(".//tr[th[@scope='row']]")[0].xpath("td")]
    assert first[1:] == ["办理中", "3", "2014-09-01", "预计 2014-09-10", "3", "0", "是"]
    assert table.xpath(".//caption")[0].text == chart.label


def test_ids_of_two_charts_differ_and_patterns_are_found(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    used = [each[5:-1] for each in (*page.xpath("//@fill"), *page.xpath("//@marker-end"))]
    assert set(used) <= set(ids)
    assert "g1-late" in used


def test_all_rest_days_are_one_path(page: Any) -> None:
    drawing = page.xpath("//svg")[0]
    assert len(drawing.xpath(".//*[@class='gantt-rest']")) == 1
    assert len(drawing.xpath(".//path")) < 20


def test_nothing_needs_inline_styles_or_scripts(page: Any) -> None:
    assert not page.xpath("//@style | //script | //@onclick | //style")


def test_names_are_written_as_they_are() -> None:
    name = 'A<b>&"B"\''
    words = replace(WORDS, items={"A-1": name})
    with speaking():
        chart = procedure_gantt(report("paper", network("A-1 3", opens_after="A-1")), words)
    page = rendered(chart)
    assert page.xpath("//th[@scope='row']")[0].text == name
    assert page.xpath("//*[local-name()='title']")[0].text.startswith(name)
    assert not page.xpath("//th//b")


def test_english_pages_have_english_names_and_wider_columns() -> None:
    with speaking("en"):
        chart = procedure_gantt(report("paper", network("A-1 3", opens_after="A-1")), WORDS)
    assert chart.width < on_paper("A-1 3", opens_after="A-1").width
