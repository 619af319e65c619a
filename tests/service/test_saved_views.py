"""Saved views: each user's own, by name, without the place within the list."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Invalid, NotFound
from engine.service import saved_views
from tests.service.city import City


def test_a_view_keeps_filters_and_order_but_no_place(city: City) -> None:
    li = city.user("li", ("coordinator", ""))
    query = "light=orange&stage=planning&cursor=abc&format=csv"
    kept = city.do(saved_views.add, "projects", " 规划逾期 ", query, by=li)
    assert (kept.name, kept.query) == ("规划逾期", "light=orange&stage=planning")
    assert city.see(saved_views.find, "projects", by=li) == [kept]
    assert city.see(saved_views.find, "tasks", by=li) == []


def test_a_name_is_taken_once_by_a_user_and_list(city: City) -> None:
    li, wang = city.user("li", ("coordinator", "")), city.user("wang", ("coordinator", ""))
    city.do(saved_views.add, "projects", "mine", "", by=li)
    with pytest.raises(Conflict):
        city.do(saved_views.add, "projects", "mine", "state=draft", by=li)
    city.do(saved_views.add, "tasks", "mine", "", by=li)
    city.do(saved_views.add, "projects", "mine", "", by=wang)


def test_a_view_is_renamed_and_removed_by_its_owner_alone(city: City) -> None:
    li, wang = city.user("li", ("coordinator", "")), city.user("wang", ("coordinator", ""))
    kept = city.do(saved_views.add, "projects", "old", "", by=li)
    with pytest.raises(NotFound):
        city.do(saved_views.remove, kept.id, by=wang)
    city.do(saved_views.rename, kept.id, "new", by=li)
    assert [each.name for each in city.see(saved_views.find, "projects", by=li)] == ["new"]
    city.do(saved_views.remove, kept.id, by=li)
    assert city.see(saved_views.find, "projects", by=li) == []


@pytest.mark.parametrize(
    ("of", "name", "query"),
    [
        ("people", "x", ""),
        ("projects", " ", ""),
        ("projects", "x" * 101, ""),
        ("tasks", "x", "q" * 2001),
    ],
)
def test_what_cannot_be_kept_is_refused(city: City, of: str, name: str, query: str) -> None:
    with pytest.raises(Invalid):
        city.do(saved_views.add, of, name, query, by=city.user("li", ("coordinator", "")))


def test_there_is_a_limit(city: City) -> None:
    li = city.user("li", ("coordinator", ""))
    for number in range(saved_views.MAX_VIEWS):
        city.do(saved_views.add, "projects", str(number), "", by=li)
    with pytest.raises(Conflict):
        city.do(saved_views.add, "projects", "one more", "", by=li)
