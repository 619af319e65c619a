"""Credit records: by hand, lifted, expired."""

from __future__ import annotations

from datetime import date

import pytest

from engine.errors import Conflict, Forbidden, Invalid
from engine.rules.credit import OnRecord
from engine.service.receiving import credit
from tests.service.city import City
from tests.service.trust import gaps, started


def test_by_hand_and_lifted(city: City) -> None:
    supervisor = city.user("supervisor", ("supervisor", ""))
    clerk = city.user("clerk", ("clerk", "PLAN"))
    with pytest.raises(Forbidden):
        city.do(credit.add, "ACME", "提供虚假材料", by=clerk)
    for applicant, note, until, field in (
        (" ", "x", None, "applicant"),
        ("ACME", " ", None, "note"),
        ("ACME", "x", date(2014, 8, 31), "until_on"),
    ):
        with pytest.raises(Invalid) as caught:
            city.do(credit.add, applicant, note, until, by=supervisor)
        assert caught.value.detail["field"] == field
    record = city.do(credit.add, " ACME ", "提供虚假材料", by=supervisor)
    assert (record.applicant, record.until_on) == ("ACME", date(2015, 9, 1))
    project = started(city)
    promised = gaps(survey=city.calendar.add(city.today, 2))
    with pytest.raises(OnRecord) as caught_record:
        city.answer(project, "G-1", "accept_with_gaps", data=promised)
    assert caught_record.value.detail["cause"] == "other"
    with pytest.raises(Forbidden):
        city.do(credit.lift, record.id, by=clerk)
    assert city.do(credit.lift, record.id, "查明属误记", by=supervisor).state == "lifted"
    with pytest.raises(Conflict):
        city.do(credit.lift, record.id, by=supervisor)
    city.answer(project, "G-1", "accept_with_gaps", data=promised)


def test_it_expires(city: City) -> None:
    record = city.do(credit.add, "ACME", "note", date(2014, 9, 3))
    project = started(city)
    city.wait(2)
    promised = gaps(survey=city.calendar.add(city.today, 2))
    with pytest.raises(OnRecord):
        city.answer(project, "G-1", "accept_with_gaps", data=promised)
    city.wait(1)
    city.answer(project, "G-1", "accept_with_gaps", data=gaps(survey=date(2014, 9, 5)))
    assert city.see(credit.get, record.id).state == "expired"
    assert city.see(credit.find).items == []
    assert [each.id for each in city.see(credit.find, state="expired").items] == [record.id]
    assert [each.id for each in city.see(credit.find, state="all", text="acm").items] == [record.id]
    with pytest.raises(Conflict):
        city.do(credit.lift, record.id)
