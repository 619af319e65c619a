"""The scheduler of the simulated time: every chore of the worker, in its order, once a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from engine.scheduler import CHORES, Chore, Found, first_of_each_project
from engine.service.work import SYSTEM

if TYPE_CHECKING:
    from api.demonstration.city import City

#: everything falls due at midnight; this soon after it the scheduler ticks
TICK = time(0, 0, 20)


def enter(city: City) -> None:
    """Put the tick of every day on the agenda, from the first project until now."""
    zone = city.settings.zone
    on, last = city.hours.day_of(city.begins_at), city.hours.day_of(city.now)
    while on < last:
        on += timedelta(days=1)
        at = datetime.combine(on, TICK, zone)
        city.agenda.add(at, partial(sweep, city, at))


def sweep(city: City, at: datetime) -> None:
    """Do what the scheduler does at its tick."""
    for name, chore in CHORES.items():
        drain(city, at, chore)
        if name == "cards":
            city.cards.look(at)


def drain(city: City, at: datetime, chore: Chore) -> None:
    """Act on what is due of the demonstration's projects, until nothing new is."""
    seen: set[Found] = set()
    while found := [each for each in due(city, at, chore) if each not in seen]:
        for each in first_of_each_project(found) if chore.in_turn else found:
            seen.add(each)
            chore.act(city.work(at, SYSTEM), each)
            city.sites[each[0]].look(at)


def due(city: City, at: datetime, chore: Chore) -> Iterable[Found]:
    """Return what is due, in an order that is the same whatever the ids are."""
    found = [each for each in chore.find(city.work(at, SYSTEM)) if each[0] in city.sites]
    return sorted(found, key=lambda each: city.sites[each[0]].place(each[1]))
