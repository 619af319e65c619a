"""Publishing a calendar: what moves is what a day-by-day count says, and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import CalendarRange, Forbidden, Invalid, NotFound, Stale
from engine.rules import china
from engine.rules.calendar import Name, Reason
from engine.rules.revision import DecidedDay, Decision
from engine.rules.revision_check import InvalidRevision
from engine.rules.revision_text import parse
from engine.service import (
    calendars,
    events,
    present_calendar,
    projects,
    publication,
    standings,
    tasks,
)
from engine.service.publication import Draft
from engine.service.work import Actor, Work
from engine.store import statements as sql
from engine.store import tables as t
from tests.service.city import ADMIN, City, counted

#: a Friday, within the time of what was accepted in the days before
FLOOD = date(2014, 9, 5)
CLOSED = Draft((DecidedDay(FLOOD, Decision.CLOSURE, Name("防汛", "Flood")),), "市政府7号", "水位")


@pytest.fixture
def at_work(city: City) -> City:
    """A city with a project whose first items were accepted on different days."""
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.decide(project, "IND-01")
    # the environmental assessment, whose statutory time is counted in calendar days
    city.answer(project, "IND-A2", "done")
    received = [task for task in city.open_tasks(project) if task.element == "receive"]
    for task in received[:-1]:
        city.answer(project, task.item, "accept")
        city.wait_working()
    assert len(received) > 3
    return city


def plain(draft: str, source: str = "notice") -> Draft:
    return Draft(parse(draft), source)


def dates(city: City) -> dict[str, tuple[Any, ...]]:
    """Every due date there is: of items and of open tasks."""
    items = city.rows(t.project_item)
    open_tasks = city.rows(t.task, state="open")
    names = ("promised_due_on", "statutory_due_on")
    return {
        **{f"{row['project_id']}/{row['item']}": tuple(row[n] for n in names) for row in items},
        **{row["id"]: tuple(row[n] for n in names) for row in open_tasks},
    }


def counts(on: date) -> bool:
    """Whether a day is worked, with the flood."""
    return china.calendar().is_working_day(on) and on != FLOOD


def counted_out(on: date, days: int, worked: Callable[[date], bool] = counts) -> date:
    """The day so many working days after one, day by day."""
    while days:
        on += timedelta(days=1)
        days -= worked(on)
    return on


def without(*off: date) -> Callable[[date], bool]:
    """Whether a day is worked, where some are not."""
    return lambda on: china.calendar().is_working_day(on) and on not in off


def test_what_moves_is_what_a_count_day_by_day_says(at_work: City) -> None:
    city, before = at_work, dates(at_work)
    shown = city.see(publication.preview, CLOSED)
    assert dates(city) == before
    published = city.do(publication.publish, CLOSED, shown.newest)
    after = dates(city)
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {key for key in before if after_flood(city, key) != before[key]}
    assert all(after[key] == after_flood(city, key) for key in before)
    told = {each.task or f"{each.project}/{each.item}" for each in shown.moves}
    assert told <= moved
    assert {key for key in moved if "/" in key} <= told
    assert published.moved == len(shown.moves) == sum(shown.by_department.values()) > 2
    assert len(moved) < len([key for key in before if any(before[key])])


def after_flood(city: City, key: str) -> tuple[Any, ...]:
    """Both due dates of an item or a task, counted day by day without the day of the flood."""
    task = next(iter(city.rows(t.task, id=key)), None)
    project, _, item = key.partition("/")
    place = (task["project_id"], task["item"]) if task else (int(project), item)
    [row] = city.rows(t.project_item, project_id=place[0], item=place[1])
    if task and task["element"] == "receive":
        return None, counted_out(task["created_at"].astimezone(city.settings.zone).date(), 5)
    if row["accepted_on"] is None or row["decided_on"] or (task and not task["promised_due_on"]):
        of = task or row
        return of["promised_due_on"], of["statutory_due_on"]
    known = next(each for each in city.project(row["project_id"]).items if each.id == row["item"])
    promised = counted_out(row["accepted_on"], known.promised_days or 0)
    if known.unit == "calendar":
        end = row["accepted_on"] + timedelta(days=known.statutory_days or 0)
        return promised, end if counts(end) else counted_out(end, 1)
    lawful = known.statutory_days
    return promised, counted_out(row["accepted_on"], lawful) if lawful is not None else None


def iso(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def test_each_move_is_told_in_its_projects_history_and_all_of_them_once(at_work: City) -> None:
    city = at_work
    shown = city.see(publication.preview, CLOSED)
    published = city.do(publication.publish, CLOSED)
    project = shown.moves[0].project
    history = city.see(projects.history, project, limit=10_000).items
    told = [each for each in history if each.event == "deadline.moved"]
    assert len(told) == len(shown.moves)
    by_place = {(each.item, each.task): each.data for each in told}
    for move in shown.moves:
        data = by_place[move.item, move.task]
        assert data["was"]["statutory_due_on"] == iso(move.was_statutory_due_on)
        assert data["was"]["promised_due_on"] == iso(move.was_promised_due_on)
        assert data["now"]["statutory_due_on"] == iso(move.statutory_due_on)
        assert data["now"]["promised_due_on"] == iso(move.promised_due_on)
        assert (data["cause"], data["revision"]) == ("calendar", published.id)
    [whole] = [each for each in city.rows(t.history) if each["event"] == "calendar.published"]
    assert whole["project_id"] is None
    assert whole["data"]["moved"] == published.moved
    assert whole["data"]["by_department"] == dict(shown.by_department)


def test_what_is_done_does_not_move(at_work: City) -> None:
    city = at_work
    city.do(publication.publish, CLOSED)
    again = city.see(publication.preview, CLOSED)
    assert (again.moves, again.changes) == ([], [])


def test_undone_everything_is_as_it_was(at_work: City) -> None:
    city, before = at_work, dates(at_work)
    city.do(publication.publish, CLOSED)
    assert dates(city) != before
    city.do(publication.publish, plain(f"{FLOOD} ordinary"))
    assert dates(city) == before
    calendar = city.see(calendars.year, 2014)
    assert calendar.totals.working_days == 250
    assert [each.id for each in city.see(calendars.revisions).items] == [2, 1]


def test_a_due_date_of_a_new_acceptance_follows_it(city: City) -> None:
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.do(publication.publish, plain("2014-09-02..2014-09-03 closure 防汛"))
    city.answer(project, "IND-06", "accept")
    item = city.item(project, "IND-06")
    off = {date(2014, 9, 2), date(2014, 9, 3)}
    assert item.promised_due_on == counted_out(
        date(2014, 9, 1), item.promised_days or 0, without(*off)
    )


def test_every_process_sees_a_publication_at_once(city: City, tmp_path: Path) -> None:
    other = City(city.url, tmp_path / "other")
    assert other.see(lambda work: work.calendar) is china.calendar()
    city.do(publication.publish, CLOSED)
    for each in (city, other):
        assert not each.see(lambda work: work.calendar).is_working_day(FLOOD)
    city.do(publication.publish, plain(f"{FLOOD} ordinary"))
    assert other.see(lambda work: work.calendar).is_working_day(FLOOD)
    other.engine.dispose()


def test_what_is_rolled_back_was_never_there(city: City) -> None:
    class Enough(Exception):
        pass

    def publish_and_fail(work: Work) -> None:
        publication.publish(work, CLOSED)
        assert not work.calendar.is_working_day(FLOOD)
        raise Enough

    with pytest.raises(Enough):
        city.do(publish_and_fail)
    assert city.see(lambda work: work.calendar) is china.calendar()
    other = plain("2014-10-15 closure 防汛")
    city.do(publication.publish, other)
    calendar = city.see(lambda work: work.calendar)
    assert calendar.is_working_day(FLOOD)
    assert not calendar.is_working_day(date(2014, 10, 15))


def test_of_two_who_publish_upon_the_same_the_second_is_refused(city: City) -> None:
    shown = city.see(publication.preview, CLOSED)
    assert shown.newest == 0
    city.do(publication.publish, CLOSED, shown.newest)
    with pytest.raises(Stale):
        city.do(publication.publish, plain("2014-10-15 closure 防汛"), shown.newest)
    assert len(city.rows(t.calendar_revision)) == 1
    city.do(publication.publish, plain("2014-10-15 closure 防汛"), 1)


def test_two_at_the_same_moment_queue(busy_city: City) -> None:
    city, refused = busy_city, []

    def publish(day: int) -> None:
        try:
            city.do(publication.publish, plain(f"2014-10-{day} closure 防汛"), 0)
        except Stale as error:
            refused.append(error)

    several = [threading.Thread(target=publish, args=(day,)) for day in (14, 15, 16)]
    for each in several:
        each.start()
    for each in several:
        each.join()
    assert len(refused) == 2
    assert len(city.rows(t.calendar_revision)) == 1


def await_waiting(city: City) -> None:
    """Return once somebody waits for a lock of a table."""
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation'")
    last_call = time.monotonic() + 20
    while time.monotonic() < last_call:
        with city.engine.connect() as db:
            if db.execute(query).scalar_one():
                return
    pytest.fail("nobody waits")


@pytest.mark.parametrize("before", [0, 12])
def test_a_step_that_waited_for_a_publication_counts_by_it(busy_city: City, before: int) -> None:
    """The statement that takes a project's lock looks at the database as it is once it has it.

    The same holds for one that the server has prepared, as it has after a few times.
    """
    city = busy_city
    city.deploy("industrial-2014")
    bound, seen = {"b_id": city.start("industrial-2014")}, []
    ready, go = threading.Event(), threading.Event()

    def step() -> None:
        with city.engine.connect() as db:
            for _ in range(before):
                db.execute(sql.LOCK_PROJECT, bound).one()
                db.commit()
            ready.set()
            go.wait()
            seen.append(db.execute(sql.LOCK_PROJECT, bound).one().calendar_id)
            db.commit()

    other = threading.Thread(target=step)
    other.start()
    ready.wait()
    with city.work() as work:
        publication.publish(work, CLOSED)
        go.set()
        await_waiting(city)
        assert seen == []
    other.join()
    assert seen == [1]


def test_a_step_under_way_is_waited_for(busy_city: City) -> None:
    city = busy_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    moved: list[int] = []

    def publish() -> None:
        moved.append(city.do(publication.publish, plain("2014-09-02 closure 防汛")).moved)

    task, other = city.task(project, "IND-06"), threading.Thread(target=publish)
    with city.work() as work:
        tasks.complete(work, task.id, "accept")
        other.start()
        await_waiting(city)
    other.join()
    item = city.item(project, "IND-06")
    worked = without(date(2014, 9, 2))
    assert item.promised_due_on == counted_out(date(2014, 9, 1), item.promised_days or 0, worked)
    assert moved[0] > 0


def test_the_hot_path_costs_no_further_statement(at_work: City) -> None:
    city = at_work
    city.do(publication.publish, CLOSED)
    [project] = [row["id"] for row in city.rows(t.project)]
    city.see(lambda work: work.calendar)
    task = next(each for each in city.open_tasks(project) if each.element == "review")
    with counted(city.engine) as found:
        city.do(tasks.complete, task.id, "done")
    assert not [each for each in found if each.lstrip().startswith("SELECT max(calendar")]


def test_only_who_speaks_for_the_city_may_publish(city: City) -> None:
    bound = Actor(1, "x", frozenset({("coordinator", "PLAN"), ("supervisor", "")}))
    for verb in (publication.preview, publication.publish):
        with pytest.raises(Forbidden):
            city.do(verb, CLOSED, by=bound)
    free = city.user("c", ("coordinator", ""), shown="许文静")
    published = city.do(publication.publish, CLOSED, by=free)
    assert (published.published_by, published.published_by_name) == ("c", "许文静")


def test_what_cannot_be_published_is_refused_and_nothing_written(city: City) -> None:
    with pytest.raises(Invalid) as raised:
        city.do(publication.publish, Draft(CLOSED.days, "  "))
    assert raised.value.detail["field"] == "source"
    with pytest.raises(InvalidRevision):
        city.do(publication.publish, plain("2014-10-14 extra 加班"))
    with pytest.raises(InvalidRevision):
        city.see(publication.preview, Draft(()))
    assert city.rows(t.calendar_revision) == []


@pytest.fixture
def late_city(city: City) -> City:
    """November 2026: the year after has no notice yet."""
    city.now = city.now.replace(year=2026, month=12, day=28)
    return city


def test_a_published_year_moves_what_was_provisional(late_city: City) -> None:
    city = late_city
    city.deploy("industrial-2014")
    project = city.start("industrial-2014")
    city.answer(project, "IND-06", "accept")
    item = city.item(project, "IND-06")
    assert item.promised_due_on
    assert item.promised_due_on.year == 2027
    before = city.see(calendars.overview)
    assert before.provisional_tasks > 0
    assert before.provisional_from == date(2027, 1, 1)
    notice = Draft(
        parse("2027-01-01..2027-01-03 holiday 元旦\n2027-01-04 holiday 元旦\n"),
        "国办发明电",
        provisional_from=date(2028, 1, 1),
    )
    shown = city.see(publication.preview, notice)
    assert [each.on for each in shown.changes if each.counted] == [date(2027, 1, 4)]
    city.do(publication.publish, notice)
    after = city.see(calendars.overview)
    assert (after.provisional_tasks, after.newest) == (0, 1)
    off = {date(2027, 1, 4)}
    promised = counted_out(item.accepted_on or city.today, item.promised_days or 0, without(*off))
    assert city.item(project, "IND-06").promised_due_on == promised
    assert not city.see(calendars.year, 2027).totals.provisional


def test_a_year_tells_where_each_day_comes_from(city: City) -> None:
    city.do(publication.publish, CLOSED)
    found = city.see(calendars.year, 2014)
    by_date = {each.on: each for each in found.days}
    assert by_date[FLOOD].source == "市政府7号"
    assert (by_date[FLOOD].revision, by_date[FLOOD].reason) == (1, Reason.CLOSURE)
    national = by_date[date(2014, 10, 1)]
    assert national.source.startswith("国务院办公厅关于2014年")
    assert (national.revision, bool(national.url)) == (None, True)
    assert (found.totals.working_days, sum(found.months)) == (249, 249)
    assert found.totals.closures == 1
    with pytest.raises(CalendarRange):
        city.see(calendars.year, 1999)
    [revision] = city.see(calendars.revisions).items
    assert [(each.on, each.name.zh) for each in revision.days] == [(FLOOD, "防汛")]
    assert city.see(calendars.get, 1) == revision
    with pytest.raises(NotFound):
        city.see(calendars.get, 2)


def test_revisions_come_in_parts(city: City) -> None:
    for day in (14, 15, 16):
        city.do(publication.publish, plain(f"2014-10-{day} closure 防汛"))
    first = city.see(calendars.revisions, limit=2)
    second = city.see(calendars.revisions, limit=2, cursor=first.next)
    assert [each.id for each in (*first.items, *second.items)] == [3, 2, 1]
    assert second.next is None


def test_where_projects_stand_is_looked_at_again(at_work: City) -> None:
    city = at_work
    [project] = [row["id"] for row in city.rows(t.project)]
    city.do(standings.refresh_stale)
    [before] = city.rows(t.project_standing)
    assert city.see(standings.stale, 10) == []
    city.do(publication.publish, CLOSED)
    assert city.see(standings.stale, 10) == [project]
    city.do(standings.refresh_stale)
    [after] = city.rows(t.project_standing)
    assert after["forecast_finish_on"] > before["forecast_finish_on"]


def test_it_is_in_the_feed(city: City) -> None:
    city.do(publication.publish, CLOSED)
    [told] = city.see(events.feed, by=ADMIN).items
    assert (told.event, told.project) == ("calendar.published", None)


def test_nothing_published_is_the_built_in_table(city: City) -> None:
    with city.work(read_only=True) as work:
        assert present_calendar.current(work.db) is china.calendar()
        with counted(city.engine) as found:
            assert work.calendar is china.calendar()
    assert found == []
