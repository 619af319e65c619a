"""Event logs: the city's own history, logs brought in, what is found in them."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.analysis.discovery.limits import Limit
from engine.analysis.eventlog import csvlog, xes
from engine.analysis.eventlog.log import EventLog
from engine.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from engine.rules import china
from engine.scheduler import sweep
from engine.service import items, procedures, projects, tasks
from engine.service.clock import suspensions
from engine.service.clock.suspensions import Stopping
from engine.service.logs import calibrating, found_diagram, history, logs
from engine.service.logs.calibrating import NotCalibrated, Question
from engine.service.simulations import runs
from engine.service.simulations.modelling import model
from engine.service.work import Actor
from engine.store import tables as t
from engine.workflow.deployment import build
from tests.service.city import City
from tests.service.driving import run_on_time
from tests.service.trust import started, trusting

HOUR, DAY = 3_600.0, 86_400.0
ANALYST = Actor(None, "analyst", frozenset({("analyst", "")}))
SUPERVISOR = Actor(None, "supervisor", frozenset({("supervisor", "")}))


@pytest.fixture
def single(sqlite_url: str, tmp_path: Path) -> Iterator[City]:
    """A city on SQLite alone."""
    found = City(sqlite_url, tmp_path / "data")
    yield found
    found.engine.dispose()


def told(log: EventLog) -> list[tuple[str, str, str]]:
    """The rows of a log as case, activity, group."""
    return [
        (log.cases[case], log.activities[activity], log.groups[group])
        for case, activity, group in zip(log.case, log.activity, log.group, strict=True)
    ]


def row(log: EventLog, activity: str) -> dict[str, Any]:
    """The one row of an activity."""
    [at] = [each for each in range(len(log)) if log.activities[log.activity[each]] == activity]
    who = log.resource[at]
    times = {name: float(getattr(log, name)[at]) for name in ("ready", "start", "end")}
    return {**times, "resource": log.resources[who] if who >= 0 else ""}


def own(city: City, **asked: Any) -> EventLog:
    return city.see(history.own, by=ANALYST, **asked)


def test_every_completed_task_is_a_row_under_its_node(city: City) -> None:
    project = started(city)
    run_on_time(city, project)
    log = own(city)
    assert len(log) == len(city.rows(t.task, state="completed"))
    assert (log.cases, log.traits["procedure"]) == (("LS2014-0001",), ("trusting",))
    assert {"G-1/receive", "G-1/review", "G-1/decide", "I-1/decide"} <= {*log.activities}
    assert ("LS2014-0001", "S-1/review", "PLAN") in told(log)
    assert (log.end[1:] >= log.end[:-1]).all()
    assert (log.ready <= log.end).all()
    assert not log.has_starts


def test_a_step_is_ready_claimed_and_done_by_somebody_without_a_name(city: City) -> None:
    clerk = city.user("li", ("clerk", "PLAN"), ("reviewer", "PLAN"))
    project = started(city)
    opened = city.now.timestamp()
    city.now += timedelta(hours=1)
    task = city.task(project, "G-1").id
    city.do(tasks.claim, task, by=clerk)
    city.now += timedelta(hours=2)
    city.do(tasks.complete, task, "accept", by=clerk)
    found = row(own(city), "G-1/receive")
    assert found == {
        "ready": opened,
        "start": opened + HOUR,
        "end": opened + 3 * HOUR,
        "resource": f"P{clerk.id}",
    }
    named = own(city, anonymous=False)
    assert row(named, "G-1/receive")["resource"] == "li"
    assert named.traits["name"] == ("A workshop",)
    assert "name" not in own(city).traits


def test_what_was_given_back_was_not_begun(city: City) -> None:
    clerk = city.user("li", ("clerk", "PLAN"))
    project = started(city)
    task = city.task(project, "G-1").id
    city.do(tasks.claim, task, by=clerk)
    city.do(tasks.unclaim, task, by=clerk)
    city.do(tasks.complete, task, "accept", by=clerk)
    assert math.isnan(row(own(city), "G-1/receive")["start"])


def test_what_a_clock_stood_still_is_no_time_of_work(city: City) -> None:
    project = started(city)
    city.answer(project, "G-1", "accept")
    opened = city.now.timestamp()
    city.wait(1)
    city.do(suspensions.suspend, project, "G-1", Stopping("hearing", "听告〔2014〕1号", 10))
    city.wait(7)
    city.do(suspensions.resume, project, "G-1")
    city.wait(1)
    city.answer(project, "G-1", "done")
    found = row(own(city), "G-1/review")
    assert found["end"] == opened + 9 * DAY
    assert found["end"] - found["ready"] == 2 * DAY


def test_a_stopped_project_stops_everybody(city: City) -> None:
    project = started(city)
    city.wait(1)
    city.do(projects.suspend, project, reason="flood")
    city.wait(30)
    city.do(projects.resume, project)
    city.answer(project, "S-1", "accept")
    found = row(own(city), "S-1/receive")
    assert found["end"] - found["ready"] == DAY


def test_silence_is_nobody(city: City) -> None:
    project = started(city)
    city.wait_working(6)
    sweep(city.engine, city.now, city.settings)
    log = own(city)
    assert log.cases == city_cases(project)
    assert (log.resource == -1).all()


def city_cases(*projects_: int) -> tuple[str, ...]:
    return tuple(f"LS2014-{each:04}" for each in projects_)


def test_items_from_receipt_to_decision(city: City) -> None:
    project = started(city)
    received = city.now.timestamp()
    city.wait(1)
    city.answer(project, "S-1", "accept", "done")
    city.wait(1)
    city.answer(project, "S-1", "refuse")
    city.do(items.apply_again, project, "S-1")
    city.answer(project, "S-1", "accept", "done", "approve")
    log = own(city, level="item")
    assert [each for _, each, _ in told(log)] == ["S-1", "S-1"]
    assert list(log.ready - received) == [0, 2 * DAY]
    assert list(log.start - received) == [DAY, 2 * DAY]
    assert list(log.end - received) == [2 * DAY, 2 * DAY]


def test_which_projects(city: City) -> None:
    first = started(city)
    city.answer(first, "S-1", "accept")
    city.wait(7)
    second = city.start("trusting")
    city.answer(second, "S-1", "accept")
    assert own(city).cases == city_cases(first, second)
    assert own(city, since=city.today).cases == city_cases(second)
    assert own(city, until=city.today).cases == city_cases(first, second)
    assert own(city, until=city.today - timedelta(days=1)).cases == city_cases(first)
    assert own(city, procedure="trusting").cases == city_cases(first, second)
    assert not own(city, procedure="other").cases


COLUMNS = ("case", "activity", "resource", "group", "ready", "start", "end")
CSV = """项目编号;环节;办结时间;科室
一;受理;2014-03-03 09:00;窗口
一;审查;2014-03-05 16:00;规划处
二;受理;2014-03-04 10:00;窗口
"""


def rows_of(log: EventLog) -> list[tuple[Any, ...]]:
    """The rows of a log as plain values, whatever numbers its names have."""
    names = (log.cases, log.activities, log.resources, log.groups)
    found = []
    for at in range(len(log)):
        places = (log.case[at], log.activity[at], log.resource[at], log.group[at])
        named = [of[place] if place >= 0 else None for of, place in zip(names, places, strict=True)]
        times = [None if math.isnan(each[at]) else each[at] for each in (log.ready, log.start)]
        found.append((*named, *times, log.end[at]))
    return found


@pytest.mark.parametrize("level", ["step", "item"])
@pytest.mark.parametrize("form", [xes, csvlog], ids=["xes", "csv"])
def test_what_is_sent_out_comes_in_again(city: City, form: Any, level: str) -> None:
    clerk = city.user("li", ("clerk", "PLAN"))
    first = started(city)
    task = city.task(first, "G-1").id
    city.do(tasks.claim, task, by=clerk)
    city.now += timedelta(minutes=7)
    city.do(tasks.complete, task, "accept", by=clerk)
    run_on_time(city, first)
    second = city.start("trusting")
    city.answer(second, "S-1", "supplement")
    log = own(city, level=level)
    key = city.do(logs.add, "own", form.write(log), by=ANALYST)
    back = city.see(logs.log, key, by=ANALYST)
    assert len(log) > 3
    assert rows_of(back) == rows_of(log)
    assert back.traits == log.traits
    kept = city.do(logs.add_own, "kept", level=level, by=ANALYST)
    again = city.see(logs.log, kept, by=ANALYST)
    assert all((getattr(again, each) == getattr(log, each)).all() for each in COLUMNS[:4])
    assert again.notes == log.notes


def test_a_table_is_read_as_its_columns_seem_and_read_again_otherwise(city: City) -> None:
    key = city.do(logs.add, "", CSV.encode("gb18030"), source_name="许可.csv", by=ANALYST)
    view = city.see(logs.get, key, by=ANALYST)
    assert (view.name, view.source_name, view.calibrated) == ("许可.csv", "许可.csv", False)
    assert (view.events, view.cases, view.activities, view.resources) == (3, 2, 2, 0)
    assert (view.mapping["case"], view.mapping["group"]) == ("项目编号", "科室")
    assert view.mapping["dialect"] == {"encoding": "gb18030", "delimiter": ";", "header": True}
    assert view.one_timestamp
    assert view.first_at == datetime(2014, 3, 3, 1, tzinfo=UTC)
    assert view.last_at == datetime(2014, 3, 5, 8, tzinfo=UTC)

    other = {"case": "项目编号", "activity": "科室", "end": "办结时间"}
    city.do(logs.remap, key, other, by=ANALYST)
    assert city.see(logs.log, key, by=ANALYST).activities == ("窗口", "规划处")
    with pytest.raises(Invalid, match="no column"):
        city.do(logs.remap, key, {**other, "case": "编号"}, by=ANALYST)
    with pytest.raises(Invalid, match="编号"):
        city.do(logs.add, "x", CSV.encode(), {**other, "case": "编号"}, by=ANALYST)


def test_only_tables_have_columns(city: City) -> None:
    started(city)
    city.answer(1, "S-1", "accept")
    content = xes.write(own(city), packed=True)
    key = city.do(logs.add, "own", content, by=ANALYST)
    with pytest.raises(Conflict, match="CSV"):
        city.do(logs.remap, key, {"case": "a", "activity": "b", "end": "c"}, by=ANALYST)
    with pytest.raises(Invalid, match="no columns"):
        city.do(logs.add, "own", content, {"case": "a"}, by=ANALYST)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"\x1f\x8bnothing", "unpacked"),
        (b"<log><trace></log>", "line 1"),
        (b"<log/>", "no event"),
        (b"a,b\n1,2\n", "column"),
    ],
)
def test_what_is_no_log_is_refused_with_its_cause(single: City, content: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        single.do(logs.add, "x", content, by=ANALYST)


def test_more_than_is_accepted_is_refused(single: City) -> None:
    single.settings = replace(single.settings, event_log_max_events=2)
    with pytest.raises(TooLarge, match="2 events"):
        single.do(logs.add, "x", CSV.encode(), by=ANALYST)
    single.settings = replace(single.settings, event_log_max_events=9, event_log_max_bytes=1_000)
    with pytest.raises(TooLarge, match="1000 bytes"):
        single.do(logs.add, "x", gzip.compress(b"<log>" + b" " * 100_000), by=ANALYST)


def test_logs_are_listed_named_and_removed(city: City) -> None:
    keys = [city.do(logs.add, f"log {n}", CSV.encode(), by=ANALYST) for n in range(3)]
    first = city.see(logs.find, limit=2, by=SUPERVISOR)
    rest = city.see(logs.find, limit=2, cursor=first.next, by=SUPERVISOR)
    assert [each.id for each in (*first.items, *rest.items)] == keys[::-1]
    city.do(logs.rename, keys[0], " 受理 2014 ", by=ANALYST)
    assert [each.id for each in city.see(logs.find, text="受理").items] == [keys[0]]
    city.do(logs.remove, keys[0], by=ANALYST)
    with pytest.raises(NotFound):
        city.see(logs.get, keys[0])
    told = [each["event"] for each in city.rows(t.history)]
    assert told == ["log.added"] * 3 + ["log.renamed", "log.removed"]


@pytest.mark.parametrize(
    "verb",
    [
        lambda work: logs.add(work, "x", CSV.encode()),
        lambda work: logs.add_own(work, "x"),
        lambda work: logs.remove(work, 1),
        lambda work: logs.rename(work, 1, "y"),
        lambda work: logs.remap(work, 1, {}),
    ],
)
def test_only_analysts_write(single: City, verb: Any) -> None:
    with pytest.raises(Forbidden):
        single.do(verb, by=SUPERVISOR)


def test_who_may_not_ask_is_told_so(city: City) -> None:
    clerk = Actor(7, "li", frozenset({("clerk", "PLAN")}))
    with pytest.raises(Forbidden):
        city.see(history.own, by=clerk)
    with pytest.raises(Invalid, match="level"):
        own(city, level="stage")


def served(city: City, projects_: int = 3) -> int:
    """The log of the procedure's projects, all served on time; the days between are a week."""
    for _ in range(projects_):
        run_on_time(city, started(city))
        city.wait(7)
    return city.do(logs.add_own, "own", procedure="trusting", by=ANALYST)


def test_own_history_is_laid_over_its_procedure_without_help(single: City) -> None:
    key = served(single)
    with pytest.raises(NotCalibrated):
        single.see(calibrating.calibration, key, by=SUPERVISOR)
    found = single.do(calibrating.calibrate, key, "trusting", by=ANALYST)
    assert (found["procedure"], found["version"], found["timezone"]) == (
        "trusting",
        1,
        "Asia/Shanghai",
    )
    report = found["report"]
    assert report["mapping"]["missing"] == {}
    assert report["fitness"]["mapped"] == 1
    view = single.see(logs.get, key, by=SUPERVISOR)
    assert (view.procedure, view.calibrated) == ("trusting", True)
    assert [each.id for each in single.see(logs.find, procedure="trusting").items] == [key]

    steps = single.see(calibrating.assumptions, key, by=SUPERVISOR)["steps"]
    assert {"G-1/receive", "G-1/review", "G-1/decide"} <= steps.keys()
    heat = single.see(calibrating.heat, key, by=SUPERVISOR)
    assert heat["nodes"]["G-1/decide"]["count"] == 3
    assert sum(count for _, _, count in heat["flows"]) == len(single.see(logs.log, key)) - 3
    sides = found["fitted"]["sides"]
    assert (sides["observed"]["n"], sides["simulated"]["n"] >= 200) == (3, True)
    assert single.rows(t.history, event="log.calibrated")[0]["data"]["procedure"] == "trusting"


def test_cases_take_as_long_in_the_fitted_model_as_in_the_log(single: City) -> None:
    """Every decision falls on its last promised day: nearly so in the fitted model."""
    key = served(single)
    found = single.do(calibrating.calibrate, key, "trusting", by=ANALYST)
    sides = found["fitted"]["sides"]
    assert sides["simulated"]["mean"] == pytest.approx(sides["observed"]["mean"], rel=0.35)


def test_a_diagram_is_found_where_none_is_given(single: City) -> None:
    key = single.do(logs.add, "table", CSV.encode(), by=ANALYST)
    found = single.do(calibrating.calibrate, key, timezone="Europe/Amsterdam", by=ANALYST)
    assert (found["procedure"], found["timezone"]) == (None, "Europe/Amsterdam")
    assert {*found["report"]["found"]["nodes"]} == {"受理", "审查"}
    version = single.do(procedures.deploy, single.see(found_diagram.deployable, key))
    assert version.new
    diagram = single.see(found_diagram.diagram, key).decode()
    assert all(f'id="{flow}"' in diagram for flow in found_diagram.counted(found["report"]))
    single.do(
        logs.remap, key, {"case": "项目编号", "activity": "科室", "end": "办结时间"}, by=ANALYST
    )
    assert not single.see(logs.get, key).calibrated


def test_activities_are_matched_by_hand(single: City) -> None:
    single.deploy(trusting())
    key = single.do(logs.add, "table", CSV.encode(), by=ANALYST)
    with pytest.raises(Invalid, match="no activity of the log"):
        single.do(calibrating.calibrate, key, "trusting", by=ANALYST)
    matches = {"受理": "G-1/receive", "审查": "G-1/review"}
    found = single.do(calibrating.calibrate, key, "trusting", matches, by=ANALYST)
    assert found["report"]["mapping"]["nodes"] == matches
    assert found["matches"] == matches
    with pytest.raises(Invalid, match="time zone"):
        single.do(calibrating.calibrate, key, timezone="Nowhere", by=ANALYST)
    with pytest.raises(Invalid, match="no procedure"):
        single.do(calibrating.calibrate, key, "other", by=ANALYST)
    with pytest.raises(Forbidden):
        single.do(calibrating.calibrate, key, by=SUPERVISOR)


def test_heat_on_another_procedure_is_computed(single: City) -> None:
    key = served(single, 1)
    assert single.see(calibrating.heat, key, "trusting")["nodes"]["S-1/decide"]["count"] == 1


def test_a_run_is_set_against_the_log(single: City) -> None:
    key = served(single)
    single.do(calibrating.calibrate, key, "trusting", by=ANALYST)
    assumptions = single.see(calibrating.assumptions, key)
    plan = {"cases": 20, "replications": 2, "seed": 3}
    source = {"procedure": "trusting"}
    made = {"name": "as in the log", "source": source, "assumptions": assumptions, "plan": plan}
    run = single.do(runs.create, **made, by=ANALYST)
    told = single.see(calibrating.against, key, run, by=SUPERVISOR)
    assert (told["simulation"]["id"], told["simulation"]["replications"]) == (run, 2)
    assert told["sides"]["observed"]["n"] == 3
    assert told["sides"]["simulated"]["n"] >= 20
    assert told["emd"] >= 0


@pytest.mark.parametrize("procedure", ["industrial-2014", "real-estate-2014"])
def test_every_step_of_the_citys_procedures_has_its_node(single: City, procedure: str) -> None:
    """Activities of the city's own history need no help to be laid over their procedure."""
    project = single.start(single.deploy(procedure))
    run_on_time(single, project, until_open=True)
    log = own(single)
    flow = single.see(calibrating.laid, procedure).flow
    assert len(log.activities) > 30
    assert {*log.activities} <= flow.nodes.keys()
    assert {*own(single, level="item").activities} <= flow.items.keys()


def test_people_are_modelled_where_it_is_known_who_began_when(single: City) -> None:
    clerk = single.user("li", ("clerk", "PLAN"), ("reviewer", "PLAN"))
    first, second = started(single), single.start("trusting")
    for project, claims in ((first, True), (second, False)):
        for _ in range(3):
            single.wait_working(1)
            task = single.task(project, "S-1").id
            if claims:
                single.do(tasks.claim, task, by=clerk)
            single.now += timedelta(hours=2)
            single.do(tasks.complete, task, None, by=clerk)
    both = own(single)
    log = single.do(logs.add_own, "own", by=ANALYST)
    assert calibrating.is_staffed(both)
    found = single.do(calibrating.calibrate, log, "trusting", by=ANALYST)
    assert found["assumptions"]["pools"]["PLAN"]["people"] == 1
    assert found["report"]["log"]["staffed"]
    few = replace(both, start=np.where(both.case == 0, np.nan, both.start))
    assert not calibrating.is_staffed(few)


def test_own_history_is_told_from_a_file_without_a_name(single: City) -> None:
    keys = served(single, 1), single.do(logs.add, "table", CSV.encode(), by=ANALYST)
    assert [single.see(logs.get, each).own for each in keys] == [True, False]


def test_cases_of_other_procedures_are_left_out(single: City) -> None:
    """Two of four cases are of the procedure; a log that names it nowhere is used whole."""
    served(single, 4)
    log = single.see(history.own, by=ANALYST)
    mixed = replace(log, traits={"procedure": ("trusting", "other", "trusting", "other")})
    laid = single.see(calibrating.laid, "trusting")
    asked = Question(mixed, "mixed", single.settings.zone, china.calendar(), laid)
    told = calibrating.computed(asked)
    assert told["report"]["log"]["cases"] == 2
    assert Limit.PROCEDURE in told["report"]["limits"]
    whole = calibrating.computed(replace(asked, log=replace(log, traits={})))
    assert whole["report"]["log"]["cases"] == 4
    assert Limit.PROCEDURE not in whole["report"]["limits"]


def test_a_found_diagram_promises_nothing(single: City) -> None:
    key = single.do(logs.add, "table", CSV.encode(), by=ANALYST)
    single.do(calibrating.calibrate, key, by=ANALYST)
    files = single.see(found_diagram.deployable, key)
    built, _ = build(files)
    assert built is not None
    assert {each.promised_days for each in built.procedure.items.values()} == {None}
    played = model(built, {}, today=date(2014, 3, 3), calendar=china.calendar())
    assert played.promised_days is None
