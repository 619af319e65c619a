"""XES of any maker: extensions, namespaces, defaults, classifiers, odd names."""

from __future__ import annotations

import gzip
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from engine.analysis.eventlog import xes
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.refusal import InvalidLog
from tests.analysis.eventlogs import RECEIPT, Row, at, event, rows, step, trace, xes_of

MORNING = at("2014-01-06T08:00:00Z")


def read(*parts: str) -> EventLog:
    return xes.read(xes_of(*parts))


def test_the_receipt_log() -> None:
    log = xes.read(RECEIPT.read_bytes())
    assert (len(log.cases), len(log)) == (1_434, 8_577)
    assert (len(log.activities), len(log.resources), len(log.groups)) == (27, 48, 10)
    assert not log.has_starts
    assert log.notes == ()
    assert log.traits["channel"][:2] == ("Internet", "Internet")
    first = rows(log)[0]
    assert first == Row(
        *("case-10011", "Confirmation of receipt", None, None),
        *(at("2011-10-11T13:45:40.276+02:00"), "Resource21", "Group 1"),
    )


def test_a_stream_is_read_like_its_bytes() -> None:
    plain = gzip.decompress(RECEIPT.read_bytes())
    assert rows(xes.read(BytesIO(plain))) == rows(xes.read(RECEIPT.read_bytes()))


def test_rows_stand_by_case_and_end_and_then_as_in_the_file() -> None:
    log = read(
        trace(
            step("late", "complete", "09:00"),
            step("b", "complete", "08:00"),
            step("a", "complete", "08:00"),
        )
    )
    assert [each.activity for each in rows(log)] == ["b", "a", "late"]


@pytest.mark.parametrize(
    "head",
    [
        '<log xmlns="http://www.xes-standard.org/">',
        '<log xmlns="http://www.xes-standard.org">',
        '<x:log xmlns:x="http://www.xes-standard.org/">',
        "<log>",
    ],
)
def test_with_a_namespace_or_without(head: str) -> None:
    prefix = "x:" if "x:" in head else ""
    body = trace(step("a", "complete", "08:00"))
    for tag in ("trace", "event", "string", "date"):
        body = body.replace(f"<{tag}", f"<{prefix}{tag}").replace(f"</{tag}", f"</{prefix}{tag}")
    log = xes.read(f"{head}{body}</{prefix}log>".encode())
    assert rows(log) == [Row("1", "a", end=MORNING)]


def test_extensions_by_their_addresses_not_their_prefixes() -> None:
    log = read(
        '<extension name="C" prefix="c" uri="http://www.xes-standard.org/concept.xesext"/>',
        '<extension name="T" prefix="when" uri="http://www.xes-standard.org/time.xesext"/>',
        '<extension name="O" prefix="who" uri="http://www.xes-standard.org/org.xesext"/>',
        '<trace><string key="c:name" value="7"/><event><string key="c:name" value="a"/>'
        '<date key="when:timestamp" value="2014-01-06T08:00:00Z"/>'
        '<string key="who:resource" value="li"/></event></trace>',
    )
    assert rows(log) == [Row("7", "a", end=MORNING, resource="li")]


def test_attributes_may_come_in_any_order_and_be_of_any_type() -> None:
    log = read(
        '<trace><event><date key="time:timestamp" value="2014-01-06T08:00:00Z"/>'
        '<int key="org:resource" value="7"/><string key="concept:name" value="a"/></event>'
        '<boolean key="urgent" value="true"/><float key="area" value="1.5"/>'
        '<id key="uuid" value="x-1"/><date key="deadline" value="2014-02-01"/>'
        '<list key="parts"><values><string key="part" value="p"/></values></list>'
        '<container key="box"><string key="inside" value="q"/></container>'
        '<int key="concept:name" value="12"/></trace>'
    )
    assert rows(log) == [Row("12", "a", end=MORNING, resource="7")]
    assert log.traits == {
        "urgent": ("true",),
        "area": ("1.5",),
        "uuid": ("x-1",),
        "deadline": ("2014-02-01",),
    }


def test_nested_attributes_do_not_shadow_their_parents() -> None:
    nested = (
        '<event><string key="concept:name" value="a"><string key="concept:name" value="no"/>'
        '</string><date key="time:timestamp" value="2014-01-06T08:00:00Z">'
        '<date key="time:timestamp" value="1999-01-01"/></date></event>'
    )
    assert rows(read(trace(nested))) == [Row("1", "a", end=MORNING)]


def test_global_defaults_stand_in_but_for_placeholders_and_times() -> None:
    head = (
        '<global scope="event"><string key="org:group" value="EPB"/>'
        '<string key="org:resource" value="UNKNOWN"/>'
        '<date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>'
        '<global scope="trace"><string key="concept:name" value="__INVALID__"/></global>'
    )
    log = read(
        head,
        trace(step("a", "complete", "08:00"), event(concept__name="b")),
        "<trace>" + step("a", "complete", "08:00", org__group="FIRE") + "</trace>",
    )
    assert rows(log) == [
        Row("1", "a", end=MORNING, group="EPB"),
        Row("#2", "a", end=MORNING, group="FIRE"),
    ]
    assert log.notes == (
        "events without a timestamp that can be read, left out: 1 (b, '')",
        "cases without a name, numbered: 1",
    )


CLASSIFIERS = (
    '<classifier name="Event" keys="concept:name lifecycle:transition"/>'
    '<classifier name="By code" keys="\'action code\' org:group"/>'
)
CODED = (
    '<event><string key="action code" value="{}"/><string key="org:group" value="{}"/>{}</event>'
)
WHEN = '<date key="time:timestamp" value="2014-01-06T08:00:00Z"/>'


def test_activities_by_a_classifier_whose_keys_may_have_spaces() -> None:
    content = xes_of(CLASSIFIERS, trace(CODED.format("07", "EPB", WHEN)))
    assert xes.read(content, classifier="By code").activities == ("07+EPB",)
    assert xes.read(content, classifier="Event").activities == ("(unnamed)",)
    with pytest.raises(InvalidLog, match="there is: Event, By code"):
        xes.read(content, classifier="by name")


def test_events_without_a_name_are_named_by_the_first_classifier() -> None:
    head = '<classifier name="By code" keys="\'action code\'"/>'
    log = read(head, trace(CODED.format("07", "EPB", WHEN)))
    assert log.activities == ("07",)
    assert log.notes == ("no event has a concept:name: named by the first classifier",)


def test_roles_are_groups_where_no_group_is_told() -> None:
    log = read(trace(step("a", "complete", "08:00", org__role="clerk")))
    assert log.groups == ("clerk",)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2014-01-06T16:00:00+08:00", MORNING),
        ("2014-01-06T08:00:00Z", MORNING),
        ("2014-01-06T16:00:00", MORNING),
        ("2014-01-06 16:00:00.250", MORNING + 0.25),
        ("2014-01-06T16:00:00.123456789+08:00", MORNING + 0.123456),
        ("2014-01-06T16:00:00,5+0800", MORNING + 0.5),
        (" 2014/1/6 16:00 ", MORNING),
        ("2014-01-06", MORNING - 16 * 3_600),
        ("2014-01-05T24:00:00+08:00", MORNING - 16 * 3_600),
    ],
)
def test_timestamps_with_an_offset_and_of_the_city(written: str, instant: float) -> None:
    log = read(trace(event(concept__name="a", time__timestamp=written)))
    assert log.end.tolist() == [pytest.approx(instant, abs=1e-6)]


def test_the_city_s_offset_is_that_of_the_day() -> None:
    log = xes.read(
        xes_of(
            trace(
                event(concept__name="a", time__timestamp="2014-01-06T08:00:00"),
                event(concept__name="a", time__timestamp="2014-07-06T08:00:00"),
            )
        ),
        timezone=ZoneInfo("Europe/Amsterdam"),
    )
    assert log.end.tolist() == [at("2014-01-06T07:00:00"), at("2014-07-06T06:00:00")]


def test_dates_without_times_are_recognised() -> None:
    days = [event(concept__name="a", time__timestamp=f"2014-01-0{day}") for day in (6, 7, 8)]
    only = read(trace(*days))
    assert only.notes == ("all times are midnight: dates only, the order within a day is unknown",)
    most = read(trace(*days, step("a", "complete", "08:00")))
    assert most.notes == ("times at midnight: perhaps dates only: 3",)
    offsets = [
        event(concept__name="a", time__timestamp="2014-01-06T00:00:00+02:00"),
        event(concept__name="a", time__timestamp="2014-07-06T00:00:00.000+01:00"),
    ]
    assert read(trace(*offsets)).notes == only.notes


def test_odd_names() -> None:
    long = "长" * 600
    log = read(
        trace(step("", "complete", "08:00"), name=" 一号 "),
        trace(step("  a\t&amp;\n", "complete", "08:00"), step("a &amp;", "complete", "08:01")),
        trace(step("a&#127;b", "complete", "08:00"), name="👷"),
        trace(
            step(long + "1", "complete", "08:00"), step(long + "2", "complete", "08:01"), name="1"
        ),
        trace(name="nothing happened"),
    )
    assert log.cases == ("一号", "1", "👷", "1#4")
    unnamed, joined, control, *longs = log.activities
    assert (unnamed, joined, control) == ("(unnamed)", "a &", "a b")
    assert [len(each) for each in longs] == [500, 500]
    assert [each.partition(": ")[0] for each in log.notes] == [
        "activities without a name, called (unnamed)",
        "names with control characters, replaced by spaces",
        "names longer than 500 characters, cut",
        "cases with a name that another has, numbered",
        "cases without an event, left out",
    ]


def test_events_outside_a_case_are_left_out() -> None:
    log = read(step("lost", "complete", "08:00"), trace(step("a", "complete", "08:00")))
    assert rows(log) == [Row("1", "a", end=MORNING)]
    assert log.notes == ("events outside any case, left out: 1",)


def test_attributes_of_cases_cannot_be_multiplied() -> None:
    cases = [
        f'<trace><string key="only-{number}" value="x"/>{step("a", "complete", "08:00")}</trace>'
        for number in range(xes.TRAITS + 10)
    ]
    log = read(*cases)
    assert len(log.traits) == xes.TRAITS
    assert "more attributes of cases than are kept, left out: 10 (only-50)" in log.notes


def test_a_hundred_thousand_events() -> None:
    events = "".join(
        step(
            f"a{number // 2}",
            ("start", "complete")[number % 2],
            f"08:{number:02}",
            org__resource="li",
        )
        for number in range(20)
    )
    log = xes.read(xes_of(*(trace(events, name=f"{number}") for number in range(5_000))))
    assert (len(log.cases), len(log)) == (5_000, 50_000)
    assert (log.end - log.start == 60).all()
