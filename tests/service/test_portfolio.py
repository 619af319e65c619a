"""The portfolio: projects by slack, filtered and counted, each seen by whom it concerns."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Invalid
from engine.scheduler import take_stock
from engine.service import portfolio, projects, standings
from engine.service.portfolio import FILTERS, Facets, PortfolioRow, Wanted
from engine.service.work import ADMIN as ADMIN_ROLE
from engine.service.work import Actor, Work
from tests.service.city import ADMIN, City, counted
from tests.service.drawn import little
from tests.service.driving import run_on_time


@pytest.fixture
def town(city: City) -> City:
    """Projects of both kinds, in every state, at different ages."""
    for name in ("industrial-2014", "real-estate-2014"):
        city.deploy(name)
    city.deploy(little())
    run_on_time(city, city.start("little"))
    for number, procedure in enumerate(("industrial-2014", "real-estate-2014") * 3):
        name = f"{'大观化纤' if number % 3 else '菱湖春晓'} {number}"
        project = city.do(projects.create, name, procedure, f"Applicant {number % 2}").id
        if number != 5:
            city.do(projects.start, project)
        city.wait_working(2)
    city.do(projects.suspend, 3)
    city.do(projects.cancel, 4)
    take_stock(city.engine, city.now, city.settings)
    return city


def find(city: City, by: Actor = ADMIN, sort: str = "slack", **wanted: Any) -> list[PortfolioRow]:
    """The projects of a list."""
    return city.see(portfolio.find, Wanted(**wanted), sort=sort, by=by).items


def facets(city: City, by: Actor = ADMIN, **wanted: Any) -> Facets:
    """What the filters count."""
    return city.see(portfolio.facets, Wanted(**wanted), by=by)


def test_a_row_says_what_the_projects_page_says(town: City) -> None:
    names = (
        *("id", "code", "name", "applicant", "state", "procedure", "procedure_version", "kind"),
        *("version", "created_at", "started_on", "opened_on", "light", "day", "counted_days"),
        *("elapsed_day", "forecast_finish_on", "forecast_counted_days", "slack_days"),
        *("window_ends_on", "window_slack_days", "provisional"),
    )
    rows = find(town)
    assert len(rows) == 7
    for row in rows:
        view = town.project(row.id)
        assert {name: getattr(row, name) for name in names} == {
            name: getattr(view, name) for name in names
        }
        held = view.held_by[0] if view.held_by else None
        assert row.held_item == (held.item if held else "")
    row = next(each for each in rows if each.procedure == "industrial-2014" and each.stage)
    assert (row.stage_name.zh, row.stage_name.en) == ("项目审批", "Project approval")
    assert row.held_item_name.zh != row.held_item
    assert row.kind == "industrial"


def test_the_smallest_slack_comes_first_and_what_has_none_last(town: City) -> None:
    rows = find(town)
    running = [each for each in rows if each.state in {"running", "suspended"}]
    assert rows[: len(running)] == running
    slack = [each.slack_days for each in running]
    assert None not in slack
    assert slack == sorted(slack, key=lambda each: each or 0)
    assert slack[0] != slack[-1]
    assert {each.state for each in rows[len(running) :]} == {"completed", "cancelled", "draft"}


def test_other_orders(town: City) -> None:
    newest = [each.id for each in find(town, sort="newest")]
    assert newest == sorted(newest, reverse=True)
    dates = [each.forecast_finish_on for each in find(town, sort="forecast") if each.stage]
    assert dates == sorted(each for each in dates if each)
    named = [each.name for each in find(town, sort="name")]
    assert len(named) == 7
    with pytest.raises(Invalid):
        find(town, sort="colour")


@pytest.mark.parametrize("sort", ["slack", "forecast", "newest", "name"])
def test_parts_join_up_in_every_order(town: City, sort: str) -> None:
    found, cursor = [], None
    while True:
        part = town.see(portfolio.find, Wanted(), sort=sort, cursor=cursor, limit=2)
        found += part.items
        cursor = part.next
        if cursor is None:
            break
    assert found == find(town, sort=sort)
    with pytest.raises(Invalid):
        town.see(portfolio.find, Wanted(), sort=sort, cursor="bm90IG91cnM")


def test_facets_count_what_the_list_would_show(town: City) -> None:
    """Whatever is chosen: each value's number is that of the list with that value chosen."""
    chosen: list[dict[str, Any]] = [
        {},
        {"state": "running"},
        {"kind": "real_estate"},
        {"stage": "approval", "kind": "industrial"},
        {"light": "paused"},
        {"text": "大观"},
        {"state": "draft", "light": "red"},
    ]
    for wanted in chosen:
        found = facets(town, **wanted)
        assert found.total == len(find(town, **wanted))
        for name in FILTERS:
            counts = getattr(found, name)
            assert counts, name
            for value, number in counts.items():
                assert number == len(find(town, **{**wanted, name: value})), (wanted, name, value)


def test_filters(town: City) -> None:
    assert {each.kind for each in find(town, kind="real_estate")} == {"real_estate"}
    assert [each.id for each in find(town, light="paused")] == [3]
    assert [each.id for each in find(town, light="gone")] == [4]
    assert [each.id for each in find(town, light="done")] == [1]
    assert [each.id for each in find(town, state="draft")] == [7]
    assert {each.stage for each in find(town, stage="approval")} == {"approval"}
    held = {each.held_department for each in find(town, department="APPL")}
    assert held == {"APPL"}
    assert [each.id for each in find(town, text="ls2014-0003")] == [3]
    assert [each.id for each in find(town, text="2014-3")] == [3]
    assert find(town, text="LS2013-0003") == []
    assert {each.name[:4] for each in find(town, text="菱湖")} == {"菱湖春晓"}


def test_applicants_see_and_count_their_own(town: City) -> None:
    applicant = town.user("applicant", ("applicant", ""))
    assert find(town, applicant) == []
    assert facets(town, applicant) == Facets(0, {}, {}, {}, {}, {}, {})
    own = town.do(projects.create, "Mine", "little", "whoever", by=applicant).id
    assert [each.id for each in find(town, applicant)] == [own]
    assert facets(town, applicant).state == {"draft": 1}
    assert facets(town, Actor(None, "root", frozenset({(ADMIN_ROLE, "")}))).total == 8


def test_a_change_shows_as_soon_as_its_page_refreshes_it(town: City) -> None:
    def resume(work: Work) -> None:
        projects.resume(work, 3)
        standings.refresh(work, 3)

    town.do(resume)
    assert find(town, light="paused") == []


def test_a_page_of_the_portfolio_takes_few_statements(town: City) -> None:
    find(town)

    def look(work: Work) -> None:
        portfolio.find(work, Wanted())
        portfolio.facets(work, Wanted())

    with counted(town.engine) as found:
        town.see(look)
    assert len(found) <= 4
