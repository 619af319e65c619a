"""What is written is read as it was: any names, any times, both formats."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from engine.analysis.eventlog import csvlog, xes
from engine.analysis.eventlog.csv_times import BLANK
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.wall import Unit
from tests.analysis.eventlogs import RECEIPT, Row, at, log_of, rows

ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Amsterdam", "America/St_Johns")]
NAMES = (
    st.text(
        st.characters(exclude_categories=["C", "Z"]) | st.sampled_from(" ,;\"'<>&=+-@|"),
        max_size=12,
    )
    .map(str.strip)
    .filter(lambda text: text.lower() not in BLANK)
)
#: from 1930 to 2100, in microseconds: what a float holds exactly
MICROSECONDS = st.integers(-1_262_304_000_000_000, 4_102_444_800_000_000)
SCALES = st.sampled_from([1_000_000, 1_000, 1])


@st.composite
def a_row(draw: st.DrawFn, scale: int, cases: list[str], names: list[str]) -> Row:
    times = sorted(draw(MICROSECONDS) // scale * scale / 1e6 for _ in range(3))
    ready, start = (time if draw(st.booleans()) else None for time in times[:2])
    someone = st.sampled_from([*names, ""])
    return Row(
        *(draw(st.sampled_from(cases)), draw(st.sampled_from(names)), ready, start, times[2]),
        *(draw(someone), draw(someone)),
    )


@st.composite
def logs(draw: st.DrawFn) -> EventLog:
    scale = draw(SCALES)
    cases = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    given_ = draw(st.lists(a_row(scale, cases, names), min_size=1, max_size=12))
    log = log_of(given_)
    own = draw(st.lists(NAMES, max_size=2, unique=True))
    traits = {f"of {name}": tuple(draw(NAMES | st.just("")) for _ in log.cases) for name in own}
    return log_of(given_, traits)


def through_csv(log: EventLog, zone: ZoneInfo) -> EventLog:
    content = csvlog.write(log, timezone=zone)
    return csvlog.read(content, csvlog.preview(content).guess)


def through_xes(log: EventLog, zone: ZoneInfo) -> EventLog:
    return xes.read(xes.write(log, timezone=zone, packed=True))


@pytest.mark.parametrize("through", [through_csv, through_xes])
@given(log=logs(), zone=st.sampled_from(ZONES))
def test_what_is_written_is_read(
    through: Callable[[EventLog, ZoneInfo], EventLog], log: EventLog, zone: ZoneInfo
) -> None:
    found = through(log, zone)
    assert rows(found) == rows(log)
    assert found.cases == log.cases
    assert {name: of for name, of in found.traits.items() if any(of)} == {
        name: of for name, of in log.traits.items() if any(of)
    }


@pytest.mark.parametrize("through", [through_csv, through_xes])
def test_the_receipt_log(through: Callable[[EventLog, ZoneInfo], EventLog]) -> None:
    log = xes.read(RECEIPT.read_bytes())
    for zone in ZONES:
        found = through(log, zone)
        assert rows(found) == rows(log)
        assert found.traits == log.traits


LOG = log_of(
    [
        Row("1", "a, b", 1388966400.0, 1388966460.0, 1388970000.0, "li", "EPB"),
        Row("1", "=c", None, None, 1388970000.25),
        Row("2", "a, b", None, 1404604800.5, 1404608400.0, "li"),
    ],
    {"procedure": ("p", "")},
)


EIGHT, NINE = "2014-01-06T08", "2014-01-06T09:00:00"


def test_csv_as_text() -> None:
    assert csvlog.write(LOG).decode("utf-8-sig").splitlines() == [
        "case,activity,resource,group,ready,start,end,case:procedure",
        f'1,"a, b",li,EPB,{EIGHT}:00:00.000+08:00,{EIGHT}:01:00.000+08:00,{NINE}.000+08:00,p',
        f"1,'=c,,,,,{NINE}.250+08:00,p",
        '2,"a, b",li,,,2014-07-06T08:00:00.500+08:00,2014-07-06T09:00:00.000+08:00,',
    ]


def test_csv_is_what_python_s_writer_writes() -> None:
    log = xes.read(RECEIPT.read_bytes())
    found = list(csv.reader(io.StringIO(csvlog.write(log).decode("utf-8-sig"))))
    assert {len(row) for row in found} == {7 + len(log.traits)}
    assert [(row[0], row[1]) for row in found[1:]] == [each[:2] for each in rows(log)]


def test_times_can_be_written_to_the_second() -> None:
    written = csvlog.write(LOG, unit=Unit.SECOND).decode()
    assert f"{NINE}+08:00" in written
    assert ".250" not in written


def test_xes_has_what_the_standard_asks_for() -> None:
    root = etree.fromstring(xes.write(LOG))
    space = {"x": "http://www.xes-standard.org/"}
    order = [etree.QName(each).localname for each in root]
    assert order == [*["extension"] * 4, *["global"] * 2, "classifier", *["trace"] * 2]
    assert root.get("xes.version") == "1849-2016"
    declared = {each.get("prefix") for each in root.findall("x:extension", space)}
    keys = {str(each.get("key")) for each in root.iterfind(".//x:event/*", space)}
    assert {key.partition(":")[0] for key in keys} <= declared
    wanted = root.findall("x:global[@scope='event']/*", space)
    events = root.findall(".//x:event", space)
    assert len(events) == 3 + 1 + 2
    for event in events:
        assert {each.get("key") for each in wanted} <= {each.get("key") for each in event}
    first = [
        next(str(own.get("value")) for own in each if own.get("key") == "lifecycle:transition")
        for each in events[:4]
    ]
    assert first == ["assign", "start", "complete", "complete"]


def test_xes_of_one_timestamp_needs_no_instances() -> None:
    written = xes.write(log_of([Row("1", "a", end=0.0)]), timezone=ZoneInfo("UTC"))
    assert b"concept:instance" not in written
    assert b'value="1970-01-01T00:00:00+00:00"' in written


def test_the_same_log_gives_the_same_bytes_whole_or_in_parts() -> None:
    for module in (csvlog, xes):
        assert b"".join(module.parts(LOG)) == module.write(LOG) == module.write(LOG)
    packed = xes.write(LOG, packed=True)
    assert gzip.decompress(packed) == xes.write(LOG)
    assert packed == xes.write(LOG, packed=True)


def test_an_empty_log_is_a_file_without_rows() -> None:
    empty = log_of([])
    assert csvlog.write(empty).decode("utf-8-sig") == (
        "case,activity,resource,group,ready,start,end\r\n"
    )
    assert etree.QName(etree.fromstring(xes.write(empty))).localname == "log"


def test_what_never_ended_is_written_as_begun() -> None:
    log = log_of([Row("1", "a", None, 0.0, None), Row("1", "b", None, None, 3_600.0)])
    for found in (through_csv(log, ZONES[0]), through_xes(log, ZONES[0])):
        assert [each[:5] for each in rows(found)] == [
            ("1", "a", None, None, 0.0),
            ("1", "b", None, None, 3_600.0),
        ]


def test_names_that_no_file_can_hold_are_mended() -> None:
    log = log_of([Row("1\x00", "a\ud800\nb", end=0.0)])
    assert xes.read(xes.write(log)).activities == ("a  b",)
    assert csvlog.read(csvlog.write(log), csvlog.Mapping("case", "activity", "end")).cases == ("1",)


def test_more_rows_than_are_written_at_once() -> None:
    number = 40_000
    case = np.repeat(np.arange(number // 10, dtype=np.int32), 10)
    places = np.arange(number, dtype=np.int32)
    end = 1.4e9 + places.astype(np.float64) * 61
    log = EventLog(
        cases=tuple(f"c{each}" for each in range(number // 10)),
        activities=tuple("abcdefghij"),
        resources=("li", "wang"),
        groups=(),
        case=case,
        activity=places % 10,
        resource=places % 2,
        group=places * 0 - 1,
        ready=end - 7_200,
        start=end - 3_600,
        end=end,
    )
    for found in (through_csv(log, ZONES[1]), through_xes(log, ZONES[1])):
        assert found.cases == log.cases
        assert (found.start == log.start).all()
        assert (found.end == end).all()
        assert (found.activity == log.activity).all()
    assert at("2014-05-13T16:53:20Z") == end[0]
