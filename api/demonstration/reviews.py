"""The joint reviews of the demonstration: when rounds are launched and meetings held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from api.demonstration.panel import Panel
from api.demonstration.plan import data
from engine.service.review import meetings, rooms, rounds, schedule
from engine.service.review.meetings import Line, NewMeeting
from engine.service.review.rounds import NewRound
from engine.service.views import TaskView

if TYPE_CHECKING:
    from api.demonstration.city import City
    from api.demonstration.site import Site

#: the convenor opens a meeting so long after its beginning
OPENS_AFTER = timedelta(minutes=2)


@dataclass
class Reviews:
    """The rounds and meetings of a city."""

    city: City
    #: the rounds under way, by their ids
    panels: dict[int, Panel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = data("reviews.yaml")
        self.meetings: list[Mapping[str, Any]] = known["meetings"]
        self.rooms: list[Mapping[str, Any]] = known["rooms"]
        self.rounds = {
            (row["project"], row["after"], row.get("attempt", 1)): row for row in known["rounds"]
        }

    def enter(self) -> None:
        """Put the meetings on the agenda, and list the rooms there are."""
        at = self.city.begins_at
        work = self.city.work(at, self.city.actors["coordinator"])
        known = {each.name: each.id for each in rooms.find(work)}
        for row in self.rooms:
            if row["name"] not in known:
                known[row["name"]] = rooms.add(work, **row).id
        for told in self.meetings:
            at = self.city.instant(told["planned"], told["title"])
            self.city.agenda.add(at, partial(self.plan, at, told, known[told["room"]]))

    # -- rounds on paper ---------------------------------------------------------------------

    def follow(self, site: Site, at: datetime, task: TaskView, step: str, attempt: int) -> None:
        """Put a round on the agenda that is launched once a step of an item has begun."""
        told = self.rounds.get((site.plan.name, f"{task.item}/{step}", attempt))
        if told is not None:
            chance = site.chance("round", task.item, attempt)
            then = self.city.hours.later(at, told.get("day", 0), chance, counter=False)
            self.city.agenda.add(then, partial(self.launch, then, site, task, told))

    def launch(self, at: datetime, site: Site, task: TaskView, told: Mapping[str, Any]) -> None:
        """Launch a round of the item's stage."""
        given = NewRound(
            task.stage,
            items=tuple(told.get("items", (task.item,))),
            departments=tuple(told.get("departments", ())),
            papers=told["papers"],
            complex_case=told.get("complex", False),
        )
        work = site.work(at, self.city.staff["reviewer", told["lead"]][0])
        identifier = rounds.launch(work, site.id, given)
        self.panels[identifier] = Panel(site, identifier, told)
        site.look(at)

    # -- meetings ----------------------------------------------------------------------------

    def plan(self, at: datetime, told: Mapping[str, Any], room: int) -> None:
        """Plan a meeting, and have it held when its time has come."""
        hours = self.city.hours
        on = hours.calendar.add(hours.day_of(at), told["day"])
        starts_at = datetime.combine(on, time.fromisoformat(told["at"]), hours.zone)
        sites = {site.plan.name: site for site in self.city.sites.values()}
        lines = told["agenda"]
        given = NewMeeting(
            title=told["title"],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=told["minutes"]),
            agenda=tuple(line_of(sites[each["project"]], each) for each in lines),
            room=room,
            representatives={
                place: self.city.staff["reviewer", place][0].name for place in told["comes"]
            },
        )
        convenor = self.city.staff["reviewer", told["lead"]][0]
        key = meetings.plan(self.city.work(at, convenor), given)
        view = schedule.get(self.city.work(at, convenor), key)
        for line, row in zip(view.agenda, lines, strict=True):
            site = self.city.sites[line.project]
            self.panels[line.round] = Panel(site, line.round, row, starts_at)
            site.look(at)
        opens_at = starts_at + OPENS_AFTER
        rows = [self.panels[line.round] for line in view.agenda]
        self.city.agenda.add(opens_at, partial(self.hold, opens_at, key, rows))

    def hold(self, at: datetime, key: int, panels: list[Panel]) -> None:
        """Have a meeting held: one project after the other, everybody in turn."""
        lead = panels[0].lead
        meetings.hold(self.city.work(at, lead), key)
        minute = 0
        for panel in panels:
            for department in panel.awaited(at):
                minute += 1
                then = at + timedelta(minutes=minute)
                self.city.agenda.add(then, partial(panel.speak, then, department))


def line_of(site: Site, row: Mapping[str, Any]) -> Line:
    """Return a project's place on an agenda."""
    return Line(
        site.id,
        row["stage"],
        items=tuple(row.get("items", ())),
        departments=tuple(row.get("departments", ())),
        papers=row["papers"],
        complex_case=row.get("complex", False),
    )
