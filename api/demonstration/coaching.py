"""The coachings of the demonstration: firms that ask before they apply. See coachings.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from api.demonstration.plan import data
from engine.rules.coaching import CENTRE, Kind
from engine.service.coaching import cases, checklist, conversation, reading
from engine.service.views import ProjectView
from engine.service.work import Actor, Work

if TYPE_CHECKING:
    from api.demonstration.city import City

OF_CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is said or done, `day` working days after the opening."""

    day: int
    by: str = ""
    topic: str = ""
    department: str | None = None
    to: int | None = None
    ask: str = ""
    advise: str = ""
    list: str = ""
    add: str = ""
    ready: tuple[str, ...] = ()
    close: str = ""


@dataclass(frozen=True, slots=True)
class CoachingPlan:
    """A coaching, opened so many working days ago."""

    name: str
    applicant: str
    opened: int
    steps: tuple[Step, ...]
    procedure: str = ""
    also: tuple[str, ...] = ()
    project: str = ""


def plans() -> tuple[CoachingPlan, ...]:
    """Return the coachings as the file tells of them."""
    return tuple(plan_of(row) for row in data("coachings.yaml")["coachings"])


def plan_of(row: Mapping[str, Any]) -> CoachingPlan:
    """Return a coaching as the file tells of it."""
    steps = tuple(Step(**{**each, "ready": tuple(each.get("ready", ()))}) for each in row["steps"])
    return CoachingPlan(**{**row, "also": tuple(row.get("also", ())), "steps": steps})


class Counsel:
    """A coaching under way."""

    def __init__(self, city: City, plan: CoachingPlan) -> None:
        self.city = city
        self.plan = plan
        self.id = 0
        #: the questions, in the order they were asked
        self.asked: list[int] = []

    def open(self, at: datetime) -> None:
        """Have it opened, and what is said in it put on the agenda, one after the other."""
        plan = self.plan
        work = self.work(at, self.applicant)
        self.id = cases.begin(
            work, plan.name, plan.applicant, procedure=plan.procedure, also=plan.also
        )
        day = 0
        for number, step in enumerate(plan.steps):
            chance = Random(f"{plan.name}/{number}")  # noqa: S311 - a demonstration
            at = self.city.hours.later(at, step.day - day, chance, counter=False)
            day = step.day
            self.city.agenda.add(at, partial(self.take, at, step))

    def take(self, at: datetime, step: Step) -> None:
        """Do what a step says."""
        firm, office = self.work(at, self.applicant), self.work(at, self.speaker(step))
        if step.ask:
            place = code(step.department) if step.department else None
            key = conversation.ask(firm, self.id, step.ask, topic=step.topic, department=place)
            self.asked.append(key)
        if step.advise:
            conversation.advise(
                office,
                self.id,
                step.advise,
                department=code(step.by),
                topic=step.topic,
                answers=self.asked[step.to - 1] if step.to else None,
            )
        if step.list:
            checklist.generate(firm, self.id, step.list)
        if step.add:
            checklist.add(office, self.id, step.add, department=code(step.by))
        if step.ready:
            self.tick(firm, step)
        if step.close:
            cases.close(self.work(at, self.coordinator), self.id, step.close)

    def tick(self, work: Work, step: Step) -> None:
        """Have materials noted as ready."""
        lines = reading.get(work, self.id).of_kind(Kind.MATERIAL)
        ready = {each.id: True for each in lines if each.text in step.ready}
        checklist.tick(work, self.id, ready)

    def become_project(self, work: Work) -> ProjectView:
        """Have it turned into the project it was for."""
        return cases.become_project(work, self.id)

    def speaker(self, step: Step) -> Actor:
        """Return who speaks: a department's reviewer, or the coordinator for the centre."""
        place = code(step.by)
        return self.city.staff["reviewer", place][0] if place else self.coordinator

    @property
    def applicant(self) -> Actor:
        """The applicant's user."""
        return self.city.staff["applicant", self.plan.applicant][0]

    @property
    def coordinator(self) -> Actor:
        """The coordinator."""
        return self.city.actors["coordinator"]

    def work(self, at: datetime, actor: Actor) -> Work:
        """Return a unit of work of somebody."""
        return self.city.work(at, actor)


def code(place: str | None) -> str:
    """Return a department's code; '' for the service centre."""
    return CENTRE if place in {None, "", OF_CENTRE} else str(place)
