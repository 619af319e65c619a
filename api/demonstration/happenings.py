"""What is done about an item beside answering its tasks. See projects.yaml.

Its clock is stopped and let go on, its time extended or not, what was promised comes, a commitment
is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from api.demonstration import folder
from api.demonstration.plan import Happening
from engine.service.clock import extensions, suspensions
from engine.service.clock.extensions import Asking
from engine.service.clock.suspensions import Stopping
from engine.service.receiving import commitments
from engine.service.receiving.commitments import Checking

if TYPE_CHECKING:
    from api.demonstration.site import Site


def stop(site: Site, at: datetime, told: Happening) -> None:
    """Have the clock of an item stopped."""
    work = site.work(at, site.officer(told.item, "reviewer"))
    suspensions.suspend(work, site.id, told.item, Stopping(**told.given))


def go_on(site: Site, at: datetime, told: Happening) -> None:
    """Have it let go on; what was to be answered is put off by the days it stood still."""
    work = site.work(at, site.officer(told.item, "reviewer"))
    row = suspensions.resume(work, site.id, told.item, **told.given)
    site.put_off(row["from_on"], at, [told.item])


def extend(site: Site, at: datetime, told: Happening) -> None:
    """Ask for an extension."""
    work = site.work(at, site.officer(told.item, "reviewer"))
    site.asked[told.item] = extensions.request(work, site.id, told.item, Asking(**told.given))


def approve(site: Site, at: datetime, told: Happening) -> None:
    """Have the head of the department approve it."""
    work = site.work(at, site.officer(told.item, "head"))
    extensions.approve(work, site.asked[told.item], **told.given)


def decline(site: Site, at: datetime, told: Happening) -> None:
    """Have the head of the department decline it."""
    work = site.work(at, site.officer(told.item, "head"))
    extensions.decline(work, site.asked[told.item], **told.given)


def supply(site: Site, at: datetime, told: Happening) -> None:
    """Hand in what was promised."""
    folder.add(site, at, told.item, told.given["materials"])
    site.put_off(site.city.hours.day_of(at), at, [told.item])


def check(site: Site, at: datetime, told: Happening) -> None:
    """Check a commitment; a `rectify_within` is in working days."""
    given = dict(told.given)
    days = given.pop("rectify_within", None)
    if days is not None:
        hours = site.city.hours
        given["rectify_by_on"] = hours.calendar.add(hours.day_of(at), days)
    work = site.work(at, site.officer(told.item, "reviewer"))
    known = commitments.find(work, state="all", project=site.id).items
    newest = max(each.id for each in known if each.item == told.item)
    commitments.check_kept(work, newest, Checking(**given))


DOING: Mapping[str, Callable[[Site, datetime, Happening], None]] = {
    "stop": stop,
    "go_on": go_on,
    "extend": extend,
    "approve": approve,
    "decline": decline,
    "supply": supply,
    "check": check,
}
