"""Search: a text finds projects, items, procedures and, for administrators, users."""

from __future__ import annotations

from engine.service import projects, search
from engine.service.work import Actor
from tests.service.city import ADMIN, City

COORDINATOR = Actor(None, "centre", frozenset({("coordinator", "")}))


def opened(city: City, name: str, applicant: str) -> int:
    view = city.do(projects.create, name, "industrial-2014", applicant)
    return city.do(projects.start, view.id).id


def test_projects_are_found_by_name_applicant_and_code(city: City) -> None:
    city.deploy("industrial-2014")
    first, second = opened(city, "水泵厂迁建", "水泵公司"), opened(city, "纺织二期", "皖江公司")
    found = city.see(search.find, "水泵", by=COORDINATOR)
    assert [each.id for each in found.projects] == [first]
    assert [each.id for each in city.see(search.find, "皖江").projects] == [second]
    code = found.projects[0].code
    assert [each.id for each in city.see(search.find, code.lower()).projects] == [first]
    assert city.see(search.find, "100%").total == 0


def test_items_are_found_in_both_languages_with_their_open_tasks(city: City) -> None:
    city.deploy("industrial-2014")
    opened(city, "A", "B")
    [item] = city.see(search.find, "project filing").items
    assert (item.id, item.name.zh, item.open_tasks) == ("IND-01", "企业投资项目备案", 1)
    assert city.see(search.find, "备案").items[0].id == "IND-01"
    [procedure] = city.see(search.find, "2014").procedures
    assert procedure.id == "industrial-2014"


def test_applicants_find_their_own_and_no_users(city: City) -> None:
    city.deploy("industrial-2014")
    acme = city.user("acme", ("applicant", ""))
    opened(city, "Plant of another", "else")
    own = opened(city, "Plant", "acme")
    found = city.see(search.find, "plant", by=acme)
    assert [each.id for each in found.projects] == [own]
    assert city.see(search.find, "acme", by=acme).users == []
    assert [each.name for each in city.see(search.find, "acme", by=ADMIN).users] == ["acme"]


def test_nothing_is_found_for_nothing(city: City) -> None:
    assert city.see(search.find, "   ").total == 0
