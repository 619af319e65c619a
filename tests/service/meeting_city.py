"""A city with projects to be met over: two whose schemes are in review, led by PLAN."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from engine.service.review import meetings, rooms, schedule
from engine.service.review.meetings import Line, NewMeeting
from engine.service.review.schedule import MeetingView
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import ADMIN, City

#: working days after Monday 1 September 2014, on which all begins
WEDNESDAY, THURSDAY = date(2014, 9, 3), date(2014, 9, 4)
ASKED = ("CAD", "EPB", "FIRE", "HOUS", "MET")


def at(city: City, on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), city.settings.zone)


def line(project: int, **more: Any) -> Line:
    return Line(project, "planning", **{"items": ("IND-08",), "papers": "scheme", **more})


def new(city: City, *projects: int, on: date = THURSDAY, hour: int = 9, **more: Any) -> NewMeeting:
    begins = {"starts_at": at(city, on, hour), "ends_at": at(city, on, hour + 1)}
    agenda = tuple(line(each) for each in projects)
    return NewMeeting(**{"title": "设计方案联审会", "agenda": agenda, **begins, **more})


def planned(city: City, *projects: int, by: Actor = ADMIN, **more: Any) -> MeetingView:
    key = city.do(meetings.plan, new(city, *projects, **more), by=by)
    return seen(city, key)


def seen(city: City, identifier: int) -> MeetingView:
    return city.see(schedule.get, identifier)


def projects(city: City, number: int = 2) -> list[int]:
    procedure = city.deploy("industrial-2014")
    return [city.start(procedure) for _ in range(number)]


def room(city: City, name: str = "三楼会议室", seats: int = 0) -> int:
    return city.do(rooms.add, name, seats=seats).id


def person(city: City, name: str, department: str, email: str = "") -> Actor:
    """Add a reviewer of a department with an address of their own."""
    actor = city.user(name, ("reviewer", department), shown=f"{name}先生")
    with city.work() as work:
        where = t.user.c.name == name
        address = email or f"{name}@{department.lower()}.example.cn"
        work.db.execute(t.user.update().where(where).values(email=address))
    return actor
