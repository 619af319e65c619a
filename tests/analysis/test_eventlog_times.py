"""How dates are written is found from the whole column, and what cannot be told is noted."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.eventlog import csvlog
from engine.analysis.eventlog.instant import instant
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.refusal import InvalidLog
from engine.analysis.eventlog.zone import Offsets, midnights
from tests.analysis.eventlogs import at

SHANGHAI, AMSTERDAM = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Amsterdam")
AMBIGUOUS = "days and months cannot be told apart: read as day first"
BOTH = "dates with the day first and with the month first: read as most are"


def read(*written: str, date_format: str = "auto") -> EventLog:
    lines = [f'1,a{number},"{text}"' for number, text in enumerate(written)]
    mapping = csvlog.Mapping("case", "activity", "end", date_format=date_format)
    return csvlog.read("\n".join(["case,activity,end", *lines]).encode(), mapping)


def days(log: EventLog) -> list[str]:
    """The dates in Shanghai, in the order of the file."""
    order = [log.activities.index(f"a{number}") for number in range(len(log))]
    places = [log.activity.tolist().index(each) for each in order]
    moments = [datetime.fromtimestamp(log.end[each], SHANGHAI) for each in places]
    return [f"{each:%Y-%m-%d %H:%M}" for each in moments]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (["06/01/2014 08:00", "13/01/2014 08:00"], ["2014-01-06 08:00", "2014-01-13 08:00"]),
        (["1/6/2014 8:00", "1/13/2014 8:00"], ["2014-01-06 08:00", "2014-01-13 08:00"]),
        (["06.01.14 08:00", "31.01.14 08:00"], ["2014-01-06 08:00", "2014-01-31 08:00"]),
        (["1/6/2014 8:00 PM", "1/13/2014 12:00 AM"], ["2014-01-06 20:00", "2014-01-13 00:00"]),
        (["2014/1/6 8:00"], ["2014-01-06 08:00"]),
        (["2014年1月6日", "2014年1月6日 8时30分"], ["2014-01-06 00:00", "2014-01-06 08:30"]),
        (["2014/1/6 下午 8:00:00"], ["2014-01-06 20:00"]),
        (["06-JAN-2014 08:00", "7 Feb 2014 8:00"], ["2014-01-06 08:00", "2014-02-07 08:00"]),
        (["Jan 6, 2014 8:00 am"], ["2014-01-06 08:00"]),
        (["Mon, 06 Jan 2014 00:00:00 GMT"], ["2014-01-06 08:00"]),
        (["20140106", "20140113"], ["2014-01-06 00:00", "2014-01-13 00:00"]),
        (["20140106080000", "20140113090000"], ["2014-01-06 08:00", "2014-01-13 09:00"]),
        (["201401060800"], ["2014-01-06 08:00"]),
        (["1388966400", "1388966460"], ["2014-01-06 08:00", "2014-01-06 08:01"]),
        (["1388966400.5"], ["2014-01-06 08:00"]),
        (["1388966400000"], ["2014-01-06 08:00"]),
        (["1388966400000000"], ["2014-01-06 08:00"]),
        (["41645.333333333336", "41645.5"], ["2014-01-06 08:00", "2014-01-06 12:00"]),
        (["41645,5"], ["2014-01-06 12:00"]),
        (["2014-01-06T00:00:00Z", "6/1/2014 09:00"], ["2014-01-06 08:00", "2014-01-06 09:00"]),
    ],
)
def test_found_from_the_column(written: list[str], found: list[str]) -> None:
    assert days(read(*written)) == found


def test_what_cannot_be_told_is_read_day_first_and_noted() -> None:
    log = read("06/01/2014 08:00", "07/02/2014 08:00")
    assert days(log) == ["2014-01-06 08:00", "2014-02-07 08:00"]
    assert log.notes == (AMBIGUOUS,)
    log = read("06/01/2014 08:00", "07/02/2014 08:00", date_format="mdy")
    assert days(log) == ["2014-06-01 08:00", "2014-07-02 08:00"]
    assert log.notes == ()


def test_both_orders_in_one_column_are_noted() -> None:
    log = read("13/01/2014 08:00", "14/01/2014 08:00", "01/15/2014 08:00")
    assert days(log) == ["2014-01-13 08:00", "2014-01-14 08:00"]
    assert log.notes[0] == BOTH
    assert "row 4, column end, '01/15/2014 08:00'" in log.notes[1]


def test_start_and_end_are_written_alike() -> None:
    text = "case,activity,start,end\n1,a,06/01/2014 07:00,13/01/2014 08:00\n"
    log = csvlog.read(text.encode(), csvlog.preview(text.encode()).guess)
    assert log.start.tolist() == [at("2014-01-06T07:00:00+08:00")]


@pytest.mark.parametrize(
    ("date_format", "written"),
    [
        ("ymd", "2014-01-06 08:00"),
        ("ymd", "14-01-06 08:00"),
        ("dmy", "06/01/2014 08:00"),
        ("mdy", "01/06/2014 08:00"),
        ("compact", "20140106080000"),
        ("excel", "41645.33333333"),
        ("epoch", "1388966400"),
        ("epoch_ms", "1388966400000"),
        ("epoch_us", "1388966400000000"),
        ("%Y week %W day %w, %H", "2014 week 01 day 1, 08"),
        ("%d.%m.%Y %H:%M %z", "06.01.2014 00:00 +0000"),
    ],
)
def test_a_format_that_is_chosen(date_format: str, written: str) -> None:
    assert days(read(written, date_format=date_format)) == ["2014-01-06 08:00"]


@pytest.mark.parametrize("date_format", ["dmy", "excel", "epoch", "compact", "%Y", "%Q%", "%("])
def test_cells_that_do_not_fit_the_format_are_problems(date_format: str) -> None:
    with pytest.raises(InvalidLog, match="row 2, column end, '9e999'"):
        read("9e999", "x" * 100, date_format=date_format)


def test_only_dates_in_a_csv() -> None:
    only = "all times are midnight: dates only, the order within a day is unknown"
    assert read("13/01/2014", "14/01/2014").notes == (only,)
    assert read("41645", "41646").notes == (only,)
    assert read("2014-01-06", "2014-01-07", "2014-01-07 08:00").notes == (
        "times at midnight: perhaps dates only: 2",
    )


@given(st.text(max_size=80) | st.from_regex(r"\d{1,4}[-/. ]\d{1,3}[-/. ]\d{1,4}( \d\d:\d\d)?"))
def test_any_text_is_a_time_or_a_value_error(text: str) -> None:
    try:
        seconds, midnight = instant(text, SHANGHAI)
    except ValueError:
        return
    assert np.isfinite(seconds)
    assert midnight in {True, False}


@given(
    st.lists(st.floats(min_value=0, max_value=2e9), min_size=1, max_size=9),
    st.sampled_from(
        ["Asia/Shanghai", "Europe/Amsterdam", "America/St_Johns", "UTC", "Asia/Kolkata"]
    ),
)
def test_offsets_are_the_zone_s(instants: list[float], name: str) -> None:
    zone = ZoneInfo(name)
    times = np.array(instants)
    offsets = Offsets.of(zone, times.min(), times.max())
    found = offsets.ahead[offsets.period(times)]
    for at_, ahead in zip(instants, found.tolist(), strict=True):
        exact = datetime.fromtimestamp(at_, UTC).astimezone(zone).utcoffset()
        assert exact is not None
        assert abs(exact.total_seconds() - ahead) <= 30


def test_midnights_are_the_city_s() -> None:
    times = np.array([at("2014-01-06T00:00:00+01:00"), at("2014-07-06T00:00:00+02:00")])
    assert midnights(times, AMSTERDAM) == 2
    assert midnights(times, SHANGHAI) == 0
    assert midnights(times[:0], SHANGHAI) == 0
