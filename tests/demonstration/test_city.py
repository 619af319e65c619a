"""The city is at work: projects at every age, some of which a visitor would ask about."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from engine.rules import china
from engine.service import attachments, deployments, procedures, projects, tasks
from engine.service.demonstration import LOADED
from engine.service.receiving import gaps
from engine.service.views import ItemView, ProjectView, TaskView
from engine.store import tables as t
from tests.demonstration import loaded
from tests.demonstration.loaded import City


@pytest.fixture(scope="module")
def portfolio(city: City) -> list[ProjectView]:
    return stands(city)


def stands(city: City) -> list[ProjectView]:
    """Every project as it stands."""
    with city.work() as work:
        return [projects.get(work, each.id) for each in projects.find(work, limit=100).items]


def open_tasks(city: City) -> list[TaskView]:
    with city.work() as work:
        return tasks.find(work, limit=200).items


def items(portfolio: list[ProjectView]) -> Iterator[tuple[ProjectView, ItemView]]:
    return ((project, item) for project in portfolio for item in project.items)


def answers(city: City) -> list[tuple[str, dict[str, Any]]]:
    """Who answered what, from the history."""
    query = (
        "SELECT actor, data FROM history WHERE event = 'task.completed' AND actor <> 'system'"
        " ORDER BY id"
    )
    return [(actor, json.loads(data)) for actor, data in city.rows(query)]


def test_there_are_projects_of_both_kinds_at_different_ages(portfolio: list[ProjectView]) -> None:
    kinds = Counter(each.procedure for each in portfolio)
    assert set(kinds) == {
        *("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")
    }
    assert kinds["industrial-2014"] + kinds["real-estate-2014"] > len(portfolio) / 2
    assert len(portfolio) >= 12
    ages = {each.started_on for each in portfolio}
    assert len(ages) > 12
    states = Counter(each.state for each in portfolio)
    assert states["draft"] == states["suspended"] == states["cancelled"] == 1
    assert states["completed"] >= 1
    assert states["running"] >= 10


def test_one_is_finished_to_its_last_paper(portfolio: list[ProjectView]) -> None:
    finished = next(each for each in portfolio if each.state == "completed")
    assert {each.state for each in finished.stages} == {"completed"}
    assert {each.state for each in finished.items if each.kind == "approval"} == {"delivered"}


@pytest.mark.parametrize("state", ["refused", "supplement_requested", "not_accepted", "withdrawn"])
def test_an_item_waits_for_its_applicant(state: str, portfolio: list[ProjectView]) -> None:
    waiting = {project.state for project, item in items(portfolio) if item.state == state}
    assert "running" in waiting


def test_one_was_refused_applied_for_again_and_granted(portfolio: list[ProjectView]) -> None:
    again = [item for _, item in items(portfolio) if item.attempt == 2]
    assert [item.state for item in again] == ["delivered"]


def test_some_are_late_and_the_worst_on_its_critical_path(
    city: City, portfolio: list[ProjectView]
) -> None:
    late = [task for task in open_tasks(city) if task.overdue]
    assert 3 <= len(late) <= 6
    holding = {
        (project.id, hold.item): hold.days_late
        for project in portfolio
        for hold in project.held_by
        if hold.days_late
    }
    worst = [task for task in late if (task.project, task.item) in holding]
    assert {holding[task.project, task.item] for task in worst} & {2, 3, 4, 5}
    flagged = city.rows("SELECT task_id FROM history WHERE event = 'task.overdue'")
    assert {task.id for task in late} <= {row[0] for row in flagged}


def test_some_are_on_time_some_not(portfolio: list[ProjectView]) -> None:
    slack = [each.slack_days for each in portfolio if each.state == "running"]
    ahead = [days for days in slack if days is not None and days >= 0]
    behind = [days for days in slack if days is not None and days < 0]
    assert len(ahead) > len(behind) >= 3


def test_most_was_decided_in_time_in_every_month(city: City) -> None:
    query = (
        "SELECT substr(decided_on, 1, 7), count(*), sum(decided_on <= promised_due_on)"
        " FROM project_item WHERE promised_due_on IS NOT NULL AND decided_on IS NOT NULL"
        " GROUP BY 1 ORDER BY 1"
    )
    months = city.rows(query)[-12:]
    assert len(months) == 12
    assert all(number >= 8 and in_time / number >= 0.8 for _, number, in_time in months)
    total = sum(number for _, number, _ in months)
    assert 0.85 <= sum(in_time for *_, in_time in months) / total <= 0.97


def test_people_answer_in_office_hours_of_working_days(city: City) -> None:
    query = (
        "SELECT DISTINCT at FROM history WHERE event IN ('task.completed', 'task.claimed')"
        " AND actor <> 'system'"
    )
    for (at,) in city.rows(query):
        local = datetime.fromisoformat(f"{at}+00:00").astimezone(city.settings.zone)
        assert china.calendar().is_working_day(local.date())
        assert time(8, 30) <= local.time() <= time(17, 30)


def test_everybody_does_their_own_work(city: City) -> None:
    query = "SELECT count(*) FROM history WHERE on_behalf_of IS NOT NULL AND actor <> 'system'"
    assert city.rows(query)[0][0] == 0
    done = Counter((who.split("-")[0], data["element"]) for who, data in answers(city))
    assert {who for who, element in done if element == "receive"} == {"clerk"}
    assert {who for who, element in done if element == "decide"} == {"reviewer"}
    assert {who for who, element in done if element == "supplement"} == {"applicant"}


def test_some_tasks_are_claimed_by_somebody_of_the_department(city: City) -> None:
    claimed = [task for task in open_tasks(city) if task.assignee]
    assert len(claimed) >= 5
    assert all(task.department.lower() in str(task.assignee) for task in claimed)
    assert len([task for task in open_tasks(city) if not task.assignee]) > len(claimed)


def test_what_is_under_way_has_its_materials(city: City) -> None:
    with city.work() as work:
        for task in tasks.find(work, limit=200).items:
            if task.element not in {"receive", "review"} or task.stage == "acceptance":
                continue
            version = procedures.latest(work, projects.get(work, task.project).procedure)
            item = deployments.deployment(work.db, version).procedure.items[task.item]
            found = {each.material for each in attachments.find(work, task.project, task.item)}
            promised = {each.material for each in gaps.find(work, task.project, item=item.id)}
            assert set(item.materials) - promised <= found


def test_what_is_to_be_supplied_is_listed_and_not_there(city: City) -> None:
    waiting = next(task for task in open_tasks(city) if task.element == "supplement")
    notices = ("receive", "supplement")
    asked = [
        data["data"] for _, data in answers(city) if (data["element"], data["outcome"]) == notices
    ]
    with city.work() as work:
        found = {each.material for each in attachments.find(work, waiting.project, waiting.item)}
    assert asked[-1]["reason"]
    assert len(asked[-1]["materials"]) >= 2
    assert found
    assert not found & set(asked[-1]["materials"])


def test_papers_are_what_they_say(city: City) -> None:
    with city.work() as work:
        found = [
            each
            for project in projects.find(work, limit=100).items
            for each in attachments.find(work, project.id)
        ]
        assert {each.content_type for each in found} == {"application/pdf", "text/plain"}
        for each in found[::10]:
            content = attachments.content(work, each.id)
            wanted = b"%PDF-" if each.content_type == "application/pdf" else "申请单位".encode()
            assert wanted in content


def test_nothing_of_a_secret_is_in_the_history(city: City) -> None:
    rows = city.rows("SELECT data FROM history")
    assert not [row for row in rows if loaded.PASSWORD in row[0] or "argon2" in row[0]]


def where(task: TaskView) -> tuple[Any, ...]:
    """Where a task stands among all, whatever its id."""
    return task.project, task.item, task.created_at, task.element, task.department


def shown(row: Any) -> tuple[Any, ...]:
    """An event, without the hash of a document that tells when it was made."""
    own = row.data
    if row.event == "review.minutes_sealed":
        own = {name: value for name, value in own.items() if name != "hash"}
    return (*tuple(row)[:-1], own)


def told(city: City) -> dict[str, list[Any]]:
    """All that can be told of a city, but for the ids and marks that chance made."""
    names = ("project_id", "at", "actor", "event", "item", "data")
    history = select(*(t.history.c[name] for name in names)).order_by(t.history.c.id)
    with city.work() as work:
        events = [shown(row) for row in work.db.execute(history) if row.event != LOADED]
        activities = sorted(work.db.execute(t.project_item.select()), key=lambda row: row[:2])
        everything = tasks.find(work, state="all", limit=5_000).items
    by_place = sorted(everything, key=where)
    return {
        "history": events,
        "activities": [tuple(row) for row in activities],
        "tasks": [replace(task, id="") for task in by_place],
    }


def test_the_same_instant_gives_the_same_city(
    city: City, database_url: str, tmp_path: Path
) -> None:
    with loaded.city(database_url, tmp_path) as other:
        assert told(other) == told(city)


def test_the_city_stands_alike_on_any_day(
    portfolio: list[ProjectView], sqlite_url: str, tmp_path: Path
) -> None:
    """Six years earlier, in the middle of a long holiday."""
    holiday = datetime.fromisoformat("2020-02-01T12:00+08:00")
    with loaded.city(sqlite_url, tmp_path, holiday) as other:
        there = stands(other)
        late = [task for task in open_tasks(other) if task.overdue]
    states = [[(item.id, item.state) for item in project.items] for project in portfolio]
    assert [[(item.id, item.state) for item in project.items] for project in there] == states
    assert 3 <= len(late) <= 6
