"""Whoever is to sign minutes finds them on the dashboard and in the list, and gets a letter."""

from __future__ import annotations

from engine.service import reminders
from engine.service.review import minutes, register
from engine.service.review.register import MINE, Wanted
from engine.service.work import Actor
from engine.store import tables as t
from tests.service.city import City
from tests.service.review_minutes import LEAD, SEVEN, concluded, met, people, seen, sent, signed

#: who neither came nor spoke
SILENT = "MET"


def addressed(city: City, staff: dict[str, Actor]) -> None:
    """Give everybody an address."""
    with city.work() as work:
        for each in staff.values():
            mine = t.user.c.name == each.name
            work.db.execute(t.user.update().where(mine).values(email=f"{each.name}@example.cn"))


def told(city: City, kind: str) -> list[str]:
    """Whom letters of a kind went to."""
    rows = city.rows(t.mail, kind=kind)
    return sorted(row["to"].removesuffix("@example.cn").upper() for row in rows)


def waiting(city: City, staff: dict[str, Actor]) -> dict[str, int]:
    """How many minutes wait for each department, as its dashboard counts them."""
    return {name: city.see(reminders.own, by=each).minutes for name, each in staff.items()}


def test_minutes_wait_for_whoever_signs_until_they_have(city: City) -> None:
    staff = people(city)
    addressed(city, staff)
    disputed, _agreed = met(city, staff)
    concluded(city, disputed, staff[LEAD], "suspended", "绿地率待定")
    assert set(waiting(city, staff).values()) == {0}
    until = sent(city, disputed, staff[LEAD]).sign_by_on
    signers = sorted({LEAD, *SEVEN} - {SILENT})
    assert waiting(city, staff) == {**dict.fromkeys(signers, 1), SILENT: 0}
    assert sorted(seen(city, disputed).missing) == signers
    assert told(city, "minutes") == signers
    letter = city.rows(t.mail, kind="minutes")[0]
    assert f"于{until}前会签" in letter["body"]
    [mine] = city.see(register.find, Wanted(MINE), by=staff["SEIS"]).items
    assert mine.id == disputed
    city.do(minutes.sign, disputed, "SEIS", by=staff["SEIS"])
    assert waiting(city, staff)["SEIS"] == 0
    assert city.see(register.find, Wanted(MINE), by=staff["SEIS"]).items == []
    assert told(city, "minutes_sealed") == []
    signed(city, disputed, staff)
    assert set(waiting(city, staff).values()) == {0}
    # everybody who was asked gets the minutes, present or not
    assert told(city, "minutes_sealed") == sorted(SEVEN)
