"""Reading a notice's days, and everything that is wrong with them at once."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules import china
from engine.rules.calendar import Name
from engine.rules.revision import DecidedDay, Decision, Revision, laid
from engine.rules.revision_check import (
    Finding,
    InvalidRevision,
    balance,
    check,
    lawful_days,
    warnings,
)
from engine.rules.revision_text import parse, written

CHINA = china.calendar()
TODAY = date(2026, 11, 25)
SPRING = Name("春节", "Spring Festival")
NOTICE = """\
# 2027
2027-01-01 holiday 元旦
2027-02-05..2027-02-11 放假 春节 Spring Festival

2027-02-20,make_up,春节,
2027/2/27\t班\tspring-festival
2027-03-01 closure 防汛 Flooding in town
2027-10-03 ordinary
"""


def day(text: str, decision: Decision, name: Name = Name("", "")) -> DecidedDay:  # noqa: B008
    return DecidedDay(date.fromisoformat(text), decision, name)


def plain(days: tuple[DecidedDay, ...]) -> list[DecidedDay]:
    """Days without the lines they stood in."""
    return [DecidedDay(each.on, each.decision, each.name) for each in days]


def refused(days: list[DecidedDay], **more: date) -> list[str]:
    """The codes of what is wrong with days."""
    with pytest.raises(InvalidRevision) as raised:
        check(CHINA, days, **more)
    return [each["code"] for each in raised.value.detail["problems"]]


def test_words_commas_and_tabs_are_read() -> None:
    found = parse(NOTICE)
    assert plain(found) == [
        day("2027-01-01", Decision.HOLIDAY, Name("元旦", "New Year's Day")),
        *(day(f"2027-02-{n:02}", Decision.HOLIDAY, SPRING) for n in range(5, 12)),
        day("2027-02-20", Decision.MAKE_UP, SPRING),
        day("2027-02-27", Decision.MAKE_UP, SPRING),
        day("2027-03-01", Decision.CLOSURE, Name("防汛", "Flooding in town")),
        day("2027-10-03", Decision.ORDINARY),
    ]
    assert [each.line for each in found] == [2, *[3] * 7, 5, 6, 7, 8]


def test_a_file_of_a_spreadsheet_is_read() -> None:
    text = (
        "\ufeffdate,reason,name_zh,name_en\n2027-02-20,make-up,春节,\n"
        "2027-02-21,holiday,,Qingming Festival\n"
    )
    assert plain(parse(text)) == [
        day("2027-02-20", Decision.MAKE_UP, SPRING),
        day("2027-02-21", Decision.HOLIDAY, Name("清明节", "Qingming Festival")),
    ]


named = st.sampled_from([SPRING, Name("防汛停止办公", "Closed for flooding"), Name("防汛", "")])
written_days = st.builds(
    DecidedDay,
    on=st.dates(date(2004, 1, 1), date(2050, 12, 31)),
    decision=st.sampled_from([each for each in Decision if each is not Decision.ORDINARY]),
    name=named,
)


@given(st.lists(written_days, max_size=20))
def test_what_is_written_is_read_again(days: list[DecidedDay]) -> None:
    assert plain(parse(written(days))) == days


def test_all_lines_that_cannot_be_read_are_told_at_once() -> None:
    with pytest.raises(InvalidRevision) as raised:
        parse(
            "2027-13-01 holiday 元旦\n2027-01-01 holiday 元旦\n2027-01-02 off\n2027-01-05\n"
            "2027-02-05..2027-02-01 holiday 春节\n2020-01-01..2027-01-01 closure\n"
        )
    problems = raised.value.detail["problems"]
    assert [(each["line"], each["code"]) for each in problems] == [
        (1, "no_date"),
        (3, "no_decision"),
        (4, "no_decision"),
        (5, "backwards"),
        (6, "too_long"),
    ]


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    found: tuple[DecidedDay, ...] = ()
    with suppress(InvalidRevision):
        found = parse(text)
    assert all(each.line for each in found)


def test_a_text_does_not_decide_more_than_anybody_means() -> None:
    many = "".join(f"{year}-01-01..{year}-12-31 closure x\n" for year in range(2027, 2032))
    with pytest.raises(InvalidRevision) as raised:
        parse(many)
    assert [each["code"] for each in raised.value.detail["problems"]] == ["too_long"]


def test_what_cannot_be_decided_is_refused_with_everything_that_is_wrong() -> None:
    monday, sunday = "2027-03-01", "2027-03-07"
    assert refused([]) == ["empty"]
    assert refused([day(monday, Decision.MAKE_UP, SPRING)]) == ["weekday"]
    assert refused([day(monday, Decision.EXTRA)]) == ["worked"]
    assert refused([day(sunday, Decision.HOLIDAY)]) == ["unnamed"]
    assert refused([day("2051-01-01", Decision.CLOSURE)]) == ["out_of_range"]
    assert refused([], provisional_from=date(2052, 1, 1)) == ["out_of_range"]
    assert refused([day(monday, Decision.CLOSURE, Name("长" * 101, ""))]) == ["bad_name"]
    several = [
        day(sunday, Decision.CLOSURE),
        day(sunday, Decision.EXTRA),
        day(monday, Decision.EXTRA),
    ]
    assert refused(several) == ["twice", "worked"]


def test_a_day_that_is_off_anyway_may_be_a_holiday() -> None:
    check(CHINA, [day("2027-03-07", Decision.HOLIDAY, SPRING)])
    check(CHINA, [day("2027-03-07", Decision.CLOSURE)])
    # the city works on a holiday that falls on a Friday
    check(CHINA, [day("2026-10-02", Decision.EXTRA)])


def codes(draft: list[DecidedDay], provisional_from: date | None = None) -> list[str]:
    after = laid(CHINA, [Revision(1, "x", tuple(draft), provisional_from)])
    return [each.code for each in warnings(CHINA, after, draft, TODAY)]


def test_what_looks_wrong_is_told() -> None:
    flood = [day("2026-12-01", Decision.CLOSURE)]
    assert codes(flood) == []
    assert codes([day("2026-11-24", Decision.CLOSURE)]) == ["past"]
    assert codes([day("2026-12-01", Decision.ORDINARY)]) == ["nothing_to_undo"]
    spring = list(parse("2027-02-05..2027-02-11 holiday 春节"))
    assert codes(spring) == ["still_provisional"]
    assert codes(spring, date(2028, 1, 1)) == ["balance", "by_law_only"]
    assert codes(flood, date(2026, 1, 1)) == ["provisional_again"]


def test_published_years_balance() -> None:
    """All but three of the years since 2007 have as many days off as the law gives."""
    odd = {year for year in range(2008, 2027) if balance(CHINA, year) != lawful_days(year)}
    # 2011/2012: one moved across the turn of the year; 2015: victory day; 2020: the epidemic
    assert odd == {2011, 2012, 2015, 2020}
    assert lawful_days(1999) is None


def test_a_finding_is_told_to_programs() -> None:
    assert Finding("empty", "nothing").plain() == {
        "code": "empty",
        "on": None,
        "line": None,
        "text": "nothing",
    }
