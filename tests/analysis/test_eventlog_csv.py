"""CSV of any maker: looked at, mapped, read."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from engine.analysis.eventlog import csvlog
from engine.analysis.eventlog.csvlog import Dialect, Mapping
from engine.analysis.eventlog.log import EventLog
from engine.analysis.eventlog.refusal import InvalidLog
from tests.analysis.eventlogs import DAY, HOUR, Row, at, rows

EIGHT = at("2014-01-06T08:00:00+08:00")
BAD_TIME = "cells that cannot be read as a time, taken as unknown"
ONE = Mapping(case="case", activity="activity", end="end")


def read(text: str, mapping: Mapping | None = None, **more: Any) -> EventLog:
    content = text.encode()
    return csvlog.read(content, mapping or csvlog.preview(content).guess, **more)


# -- preview ---------------------------------------------------------------------------------------


def test_a_preview_shows_columns_first_rows_and_a_guess() -> None:
    lines = [f"{number},a,2014-01-06 08:{number:02}" for number in range(30)]
    seen = csvlog.preview("\n".join(["Case ID,Activity,Complete Timestamp", *lines]).encode())
    assert seen.columns == ("Case ID", "Activity", "Complete Timestamp")
    assert len(seen.rows) == 20
    assert seen.rows[3] == ("3", "a", "2014-01-06 08:03")
    assert seen.dialect == Dialect("utf-8", ",", header=True)
    assert seen.guess == Mapping("Case ID", "Activity", end="Complete Timestamp")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(delimiter: str) -> None:
    text = "case,activity,end\n1,'a; b',2014-01-06 08:00\n".replace(",", delimiter)
    text = text.replace("'", '"')
    assert csvlog.preview(text.encode()).dialect.delimiter == delimiter
    assert rows(read(text)) == [Row("1", "a; b", end=EIGHT)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_encodings(encoding: str) -> None:
    text = "项目编号,环节,办理人,完成时间\nLS-1,受理（窗口）,张工,2014年1月6日 8:00\n"
    content = text.encode(encoding)
    seen = csvlog.preview(content)
    assert seen.dialect.encoding == encoding
    assert rows(csvlog.read(content, seen.guess)) == [
        Row("LS-1", "受理（窗口）", end=EIGHT, resource="张工")
    ]


def test_western_european_is_not_taken_for_chinese() -> None:
    content = "case;activity;end\n1;Müller prüft;06.01.2014 08:00\n2;Café;\n".encode("latin-1")
    seen = csvlog.preview(content)
    assert (seen.dialect.encoding, seen.rows[0][1]) == ("latin-1", "Müller prüft")
    notes = csvlog.read(content, seen.guess).notes
    assert notes[0] == "the encoding is not told and was taken for Western European"


def test_what_cannot_be_read_in_the_encoding_chosen_is_told() -> None:
    content = "case,activity,end\n1,受理,2014-01-06\n".encode("gb18030")
    log = csvlog.read(content, ONE, dialect=Dialect("utf-8"))
    assert "�" in log.activities[0]
    assert "characters that cannot be read in the file's encoding, replaced" in log.notes


def test_without_a_heading_columns_are_numbered() -> None:
    seen = csvlog.preview(b"c1,a,2014-01-06 08:00\nc1,b,2014-01-06 09:00\n")
    assert not seen.dialect.header
    assert seen.columns == ("column 1", "column 2", "column 3")
    assert seen.guess == Mapping("column 1", "column 2", end="column 3")
    text = "c1,a,2014-01-06 08:00\nc1,b,2014-01-06 09:00\n"
    assert [each.activity for each in rows(read(text))] == ["a", "b"]


def test_columns_without_a_name_and_twice_the_same() -> None:
    seen = csvlog.preview(b"case,,case,case (3)\n1,2,3,4\n")
    assert seen.columns == ("case", "column 2", "case (3)", "case (3) (4)")


@pytest.mark.parametrize(
    ("heading", "guess"),
    [
        (
            "case:concept:name,concept:name,time:timestamp,org:resource,lifecycle:transition",
            Mapping(
                *("case:concept:name", "concept:name", "time:timestamp"),
                lifecycle="lifecycle:transition",
                resource="org:resource",
            ),
        ),
        (
            "case_id,activity,enable_time,start_time,end_time,resource",
            Mapping(
                *("case_id", "activity", "end_time", "start_time", "enable_time"),
                resource="resource",
            ),
        ),
        (
            "Resource,End,Start,Task,Department,Case,Notes",
            Mapping(*("Case", "Task", "End", "Start"), resource="Resource", group="Department"),
        ),
        (
            "案件编号,活动,开始时间,结束时间,到达时间,人员,部门",
            Mapping(
                *("案件编号", "活动", "结束时间", "开始时间", "到达时间"),
                resource="人员",
                group="部门",
            ),
        ),
        ("foo,bar", Mapping("foo", "bar")),
        (
            "case,activity,end,case:procedure",
            Mapping("case", "activity", "end", traits=("case:procedure",)),
        ),
    ],
)
def test_guesses(heading: str, guess: Mapping) -> None:
    assert csvlog.preview(f"{heading}\n".encode()).guess == guess


def test_a_guess_by_what_stands_in_the_cells() -> None:
    content = b"when,nr,what,other\n41645.5,c1,a,x\n41646.5,c1,b,x\n"
    assert csvlog.preview(content).guess == Mapping("nr", "what", end="when")


# -- mapping ---------------------------------------------------------------------------------------


def test_a_mapping_is_data() -> None:
    mapping = Mapping("c", "a", "e", "s", resource="r", date_format="dmy", traits=("x",))
    assert Mapping.of(mapping.data()) == mapping
    assert Mapping.of({"case": "c", "activity": "a", "end": "e", "start": None}) == Mapping(
        "c", "a", "e"
    )
    dialect = Dialect("gb18030", ";", header=False)
    assert Dialect.of(dialect.data()) == dialect


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "mapping.case"),
        ({"case": "c"}, "mapping.activity"),
        ({"case": "c", "activity": "a"}, "mapping.end"),
        ({"case": "c", "activity": "a", "ready": "r"}, "mapping.end"),
        ({"case": "c", "activity": "c", "end": "e"}, "mapping.activity"),
        ({"case": "c", "activity": "a", "end": "e", "start": "e"}, "mapping.end"),
        (
            {"case": "c", "activity": "a", "end": "e", "start": "s", "lifecycle": "l"},
            "mapping.lifecycle",
        ),
        ({"case": "c", "activity": "a", "end": 3}, "mapping.end"),
        ({"case": "c", "activity": "a", "end": "e", "colour": "x"}, "mapping.colour"),
        ({"case": "c", "activity": "a", "end": "e", "traits": "x"}, "mapping.traits"),
        ({"case": "c", "activity": "a", "end": "e", "date_format": "x"}, "mapping.date_format"),
    ],
)
def test_a_mapping_that_makes_no_log(data: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidLog) as refused:
        Mapping.of(data)
    assert refused.value.detail["field"] == field


@pytest.mark.parametrize("data", [{"encoding": "klingon"}, {"delimiter": "ab"}, {"header": "yes"}])
def test_a_dialect_there_is_not(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidLog, match="must be one of"):
        Dialect.of(data)


# -- reading ---------------------------------------------------------------------------------------


def test_ready_start_and_end() -> None:
    log = read(
        "case,activity,resource,group,ready,start,end,city\n"
        "1,a,li,EPB,2014-01-06 06:00,2014-01-06 07:00,2014-01-06 08:00,x\n"
        "1,b,NULL,-,,,2014-01-06 09:00,\n"
    )
    assert rows(log) == [
        Row("1", "a", EIGHT - 2 * HOUR, EIGHT - HOUR, EIGHT, "li", "EPB"),
        Row("1", "b", end=EIGHT + HOUR),
    ]
    assert log.notes == ()


def test_packed() -> None:
    content = gzip.compress(b"case,activity,end\n1,a,2014-01-06 08:00\n")
    assert csvlog.preview(content).columns == ("case", "activity", "end")
    assert rows(csvlog.read(content, ONE)) == [Row("1", "a", end=EIGHT)]


def test_with_a_lifecycle() -> None:
    log = read(
        "case,activity,timestamp,lifecycle,resource\n"
        "1,a,2014-01-06 07:00,start,li\n"
        "1,a,2014-01-06 06:00,SCHEDULE,\n"
        "1,a,,complete,\n"
        "1,a,2014-01-06 08:00,complete,li\n"
    )
    assert rows(log) == [Row("1", "a", EIGHT - 2 * HOUR, EIGHT - HOUR, EIGHT, "li")]
    assert log.notes == ("events without a timestamp that can be read, left out: 1",)


def test_a_start_alone_is_the_one_time_there_is() -> None:
    log = read("case,activity,start\n1,a,2014-01-06 08:00\n")
    assert rows(log) == [Row("1", "a", end=EIGHT)]
    assert log.notes == ()


def test_what_never_ended_stands_where_it_began() -> None:
    log = read(
        "case,activity,ready,start,end\n"
        "1,a,2014-01-06 07:00,2014-01-06 08:00,\n"
        "1,b,2014-01-06 07:00,,\n"
        "1,c,,,\n"
    )
    assert rows(log) == [Row("1", "a", end=EIGHT)]
    assert log.notes == (
        "activities begun and never ended: their time of work is unknown: 1",
        "activities made ready and never done, left out: 1",
        "events without a timestamp that can be read, left out: 1",
    )


def test_times_that_contradict_each_other() -> None:
    log = read(
        "case,activity,ready,start,end\n"
        "1,a,2014-01-06 07:00,2014-01-06 09:00,2014-01-06 08:00\n"
        "1,b,2014-01-06 08:30,2014-01-06 08:15,2014-01-06 09:00\n"
    )
    assert rows(log) == [
        Row("1", "a", EIGHT - HOUR, None, EIGHT),
        Row("1", "b", None, EIGHT + HOUR / 4, EIGHT + HOUR),
    ]
    assert log.notes == (
        "activities that start after their end: their start is left out: 1",
        "activities ready after they start: their readiness is left out: 1",
    )


def test_bad_cells_and_rows_are_counted_and_the_first_named() -> None:
    log = read(
        "case,activity,start,end\n"
        "1,a,2014-01-06 07:00,2014-01-06 08:00\n"
        "\n"
        "1,b,2014-02-30 07:00,2014-01-06 08:00\n"
        "1,c,,never\n"
        ",d,,2014-01-06 08:00\n"
        "1,e\n"
        "1,f,,2014-01-06 08:00,more,and more\n"
    )
    assert [each.activity for each in rows(log)] == ["a", "b", "f"]
    assert log.notes == (
        "events outside any case, left out: 1 (row 6)",
        "rows with fewer cells than the heading: the rest is empty: 1 (line 7)",
        "rows with more cells than the heading: the rest is left out: 1 (line 8)",
        f"{BAD_TIME}: 2 (row 4, column start, '2014-02-30 07:00')",
        "events without a timestamp that can be read, left out: 2",
    )


def test_attributes_of_cases() -> None:
    text = (
        "case,activity,end,case:procedure,city\n"
        "1,a,2014-01-06,,Lianshen\n1,b,2014-01-07,p1,\n2,a,2014-01-06,p2,x\n"
    )
    assert read(text).traits == {"procedure": ("p1", "p2")}
    mapping = Mapping("case", "activity", "end", traits=("city",))
    assert read(text, mapping).traits == {"city": ("Lianshen", "x")}
    with pytest.raises(InvalidLog, match="no column 'nowhere'"):
        read(text, Mapping("case", "activity", "end", traits=("nowhere",)))


def test_rows_of_a_case_need_not_stand_together() -> None:
    log = read(
        "case,activity,end\n2,b,2014-01-07\n1,a,2014-01-06\n2,a,2014-01-06\n",
        ONE,
    )
    assert [each[:2] for each in rows(log)] == [("2", "a"), ("2", "b"), ("1", "a")]
    assert log.end[1] - log.end[0] == DAY


def test_what_was_kept_from_running_as_a_formula_is_read_as_it_was() -> None:
    log = read("case,activity,end\n'=1+1,'-,2014-01-06\n'tis,''@x,2014-01-06\n")
    assert log.cases == ("=1+1", "'tis")
    assert log.activities == ("-", "'@x")


def test_words_for_nothing_name_nobody_but_may_name_an_activity() -> None:
    log = read("case,activity,end,resource\nnone,n/a,2014-01-06,n/a\n")
    assert (log.cases, log.activities, log.resources) == (("none",), ("n/a",), ())
