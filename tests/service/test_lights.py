"""Lights of another city: everywhere the colours that its city.yaml says, and the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.web import clock
from engine.service import (
    dashboard,
    desk,
    dossier,
    funnel,
    inbox,
    projects,
    standings,
    workload,
)
from engine.service.inbox_query import ALL, Wanted
from tests.service.city import City
from tests.service.drawn import approval, call, chain, little, node, one_stage

#: late is red at once; what has a week left is about to expire
STRICT = "lights: {orange_days: 0, yellow_days: 5, short_days: 0, project_green_slack: 9}\n"


def colours(city: City, project: int) -> dict[str, str]:
    """What each place that shows a light says of the one open task."""
    [task] = city.open_tasks(project)
    [row] = city.see(inbox.find, Wanted(ALL)).items
    laid = city.see(desk.lay, task.id)
    [opened] = city.see(dossier.read, project).tasks
    [stage] = city.see(funnel.in_hand, []).values()
    assert laid.clock is not None
    with city.work(read_only=True) as work:
        panel = clock.panel(laid.clock, city.today, work.rules.lights)
    return {
        "inbox": row.light,
        "task": laid.light,
        "project": opened.light,
        "funnel": next(iter(stage)),
        "clock": str(panel.sides[0].light),
    }


@pytest.mark.parametrize(
    ("passed", "usual", "strict"),
    [(1, "green", "green"), (3, "green", "yellow"), (6, "yellow", "yellow"), (8, "orange", "red")],
)
def test_another_citys_colours_are_the_same_everywhere(
    small_city: City, tmp_path: Path, passed: int, usual: str, strict: str
) -> None:
    city = small_city
    parts = (call("X-1"), node("endEvent", "done"), chain("START", "X-1", "done"))
    city.deploy(one_stage("alone", *parts, X_1=approval(7, default=False)))
    project = city.start("alone")
    city.answer(project, "X-1", "accept")
    city.wait_working(passed)
    assert set(colours(city, project).values()) == {usual}
    counts = city.see(inbox.counts, Wanted(ALL))
    assert counts["due_soon"] == (usual == "yellow")
    city.decides(tmp_path / "bpmn", STRICT)
    assert set(colours(city, project).values()) == {strict}
    counts = city.see(inbox.counts, Wanted(ALL))
    assert counts["due_soon"] == (strict == "yellow")
    soon = city.see(inbox.find, Wanted(ALL, group="due_soon")).items
    assert len(soon) == counts["due_soon"]
    late = sum(each.overdue for each in city.see(workload.find))
    assert late == counts["overdue"] == (passed > 7)


def test_another_citys_colours_of_projects(small_city: City, tmp_path: Path) -> None:
    """What has less slack than the city wants is yellow, and among the projects at risk."""
    city = small_city
    project = city.start(city.deploy(little()))
    before = city.project(project)
    assert before.slack_days is not None
    wanted = before.slack_days + 1
    city.decides(tmp_path / "bpmn", f"lights: {{project_green_slack: {wanted}}}\n")
    city.do(standings.refresh, project)
    assert city.project(project).light == "yellow"
    assert [each.id for each in city.see(dashboard.show, "city").risks] == [project]
    city.settings = type(city.settings)(
        database_url=city.settings.database_url, data_dir=city.settings.data_dir
    )
    assert city.see(projects.get, project).light == before.light
