"""Files that are no logs, or are meant to do harm: refused with the line and what to do."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.eventlog import csvlog, xes
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.refusal import LIMITS, InvalidLog, Limits
from engine.errors import TooLarge
from tests.analysis.eventlogs import RECEIPT, event, rows, step, trace, xes_of

GOOD = xes_of(trace(step("a", "complete", "08:00")))
MAPPING = csvlog.Mapping(case="case", activity="activity", end="end")
CSV = b"case,activity,end\n1,a,2014-01-06 08:00\n"
Read = Callable[..., EventLog]


def read_csv(content: bytes, limits: Limits = LIMITS) -> EventLog:
    return csvlog.read(content, MAPPING, limits=limits)


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"", "the file is empty", None),
        (b"   ", "not well-formed", 1),
        (b"hello", "not well-formed", 1),
        (b"<log>\n<trace>\n<event></trace></log>", "not well-formed", 3),
        (GOOD[:-20], "not well-formed", 1),
        (b"<log><string key='a' value='&#31;'/></log>", "not well-formed", 1),
        (b"<log>\xff</log>", "not well-formed", 1),
        (b'<?xml version="1.0" encoding="klingon"?><log/>', "ncoding", 1),
        (b"<bpmn><event/></bpmn>", "the root is bpmn, not log", 1),
        (b"PK\x03\x04rest", "ZIP archive or a workbook", None),
        (b"<log/>", "no event of the log can be used: it has none", None),
        (xes_of(trace(event(concept__name="a"))), "without a timestamp", None),
        (xes_of(step("a", "complete", "08:00")), "outside any case", None),
    ],
)
def test_what_is_no_xes(content: bytes, message: str, line: int | None) -> None:
    with pytest.raises(InvalidLog, match=message) as refused:
        xes.read(content)
    assert refused.value.detail.get("line") == line
    assert refused.value.detail["field"] == "file"
    assert "send it again" in refused.value.remedy


@pytest.mark.parametrize("read", [xes.read, read_csv])
@pytest.mark.parametrize("cut", [5, 30, -9, -1])
def test_damaged_gzip(read: Read, cut: int) -> None:
    content = gzip.compress(GOOD if read is xes.read else CSV)
    assert len(read(content)) == 1
    with pytest.raises(InvalidLog, match=r"cannot be unpacked|is empty"):
        read(content[:cut])
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 0xFF
    with pytest.raises(InvalidLog):
        read(bytes(damaged))


BOMB = """<!DOCTYPE log [<!ENTITY a "boom boom boom boom">
{}]><log><string key="a" value="&j;"/></log>""".format(
    "\n".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefghi", "bcdefghij", strict=True)
    )
).encode()


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        BOMB.decode().encode("utf-16"),
        b'<!DOCTYPE log SYSTEM "file:///etc/passwd"><log/>',
        b'<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>',
        b'<!DOCTYPE log [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;]><log/>',
        b"<!DOCTYPE log><log/>",
    ],
)
def test_a_document_type_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidLog, match="document type"):
        xes.read(content)


def test_undeclared_entities_are_refused() -> None:
    with pytest.raises(InvalidLog, match="line 1"):
        xes.read(b"<log><string key='a' value='&who;'/></log>")


@pytest.mark.parametrize("read", [xes.read, read_csv])
def test_a_bomb_is_given_up_at_the_limit(read: Read) -> None:
    bomb = gzip.compress(b"<log>" + b" " * 200_000_000, 1)
    assert len(bomb) < 2_000_000
    limits = Limits(size=5_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="5000000 bytes"):
            read(bomb, limits=limits)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 20_000_000


def test_limits_are_of_events_cases_and_bytes() -> None:
    content = RECEIPT.read_bytes()
    plain = gzip.decompress(content)
    for limits in (Limits(events=8_576), Limits(cases=1_433), Limits(size=len(plain) - 1)):
        for source in (content, plain, BytesIO(content)):
            with pytest.raises(TooLarge):
                xes.read(source, limits=limits)
    exact = Limits(events=8_577, cases=1_434, size=len(plain))
    assert len(xes.read(content, limits=exact)) == 8_577


def test_nothing_is_kept_of_what_is_passed_over() -> None:
    """A tree of these attributes would be twenty times the file."""
    own = '<string key="x" value="y"><int key="a" value="1"/></string>' * 200_000
    content = xes_of(own, trace(step("a", "complete", "08:00")))
    tracemalloc.start()
    try:
        assert len(xes.read(content)) == 1
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < len(content)


def test_deep_nesting_costs_nothing() -> None:
    deep = '<string key="a" value="">' * 100_000
    with pytest.raises(InvalidLog, match="not well-formed"):
        xes.read(xes_of(deep))
    closed = deep + "</string>" * 100_000
    assert len(xes.read(xes_of(closed, trace(step("a", "complete", "08:00"))))) == 1


def test_other_encodings() -> None:
    text = xes_of(trace(step("受理", "complete", "08:00"), name="一")).decode()
    for encoding in ("utf-8", "gb18030", "gbk", "utf-16"):
        content = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert rows(xes.read(content))[0][:2] == ("一", "受理")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n \n", "no row|no rows|no column"),
        (b"case,activity,end\n", "no row of the file can be used: it has none"),
        (b"case,activity,end\n,a,2014-01-06\n", "outside any case"),
        (b"case,activity,end\n1,a,soon\n", "row 2, column end, 'soon'"),
        (b"case,activity\n1,a\n", "no column 'end'; it has case, activity"),
        (b'case,activity,end\n1,"' + b"a" * 200_000, "quote left open"),
        (b"\x00\x01\x02", "no column 'case'"),
    ],
)
def test_what_is_no_csv(content: bytes, message: str) -> None:
    with pytest.raises(InvalidLog, match=message):
        read_csv(content)


def test_problems_name_row_and_column() -> None:
    with pytest.raises(InvalidLog) as refused:
        read_csv(b"case,activity,end\n1,a,soon\n1,b,2014-13-45\n")
    assert refused.value.detail["problems"] == [
        {"row": 2, "column": "end", "value": "soon"},
        {"row": 3, "column": "end", "value": "2014-13-45"},
    ]


PIECES = st.sampled_from(
    [
        *(
            b"case,activity,end\n",
            b"1,a,2014-01-06\n",
            b'"',
            b",",
            b"\n",
            b"\x00",
            b"\xff",
            b"\xe9a",
        ),
        *(b"<log>", b"<trace>", b"<event>", b"</event>", b"</trace>", b"</log>", b"\x1f\x8b"),
        b'<string key="concept:name" value="a"/>',
        b'<date key="time:timestamp" value="2014-01-06"/>',
        b'<global scope="x"></global><classifier/><extension/>',
    ]
)
ANYTHING = st.lists(PIECES | st.binary(max_size=4), max_size=12).map(b"".join)


@given(content=ANYTHING)
def test_any_bytes_are_a_log_or_refused(content: bytes) -> None:
    for read in (xes.read, read_csv, csvlog.preview):
        with contextlib.suppress(InvalidLog):
            read(content)
