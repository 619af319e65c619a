"""Operations are plain data: read, told and refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from engine.analysis.reengineering.operation import (
    MAX_OPERATIONS,
    NEEDED,
    Cost,
    Operation,
    OperationKind,
    operations_of,
)
from engine.errors import Invalid
from tests.analysis.plans import cases, operation, published

LISTS = ("industrial-2013", "industrial-2014", "real-estate-2013", "real-estate-2014")
TOLD: dict[str, Any] = {
    "days": 3,
    "check_days": 20,
    "absorb": ["B"],
    "predecessors": ["B"],
    "remove_from": ["B"],
    "participants": ["FIRE"],
}


@given(cases())
def test_what_is_told_is_read_again(case: tuple[Any, tuple[Operation, ...], Any]) -> None:
    operations = case[1]
    assert operations_of([each.as_dict() for each in operations]) == operations


@pytest.mark.parametrize("name", LISTS)
def test_the_citys_lists_are_told_and_read_again(name: str) -> None:
    found = published(name)
    assert found
    assert operations_of([each.as_dict() for each in found]) == found


def test_what_is_not_said_has_its_default() -> None:
    found = operation("merge", "A", absorb=["B", "C", "B"])
    assert (found.id, found.absorb) == ("merge-B-C", ("B", "C"))
    assert found.name.zh == "merge A"
    assert found.cost == Cost(1, 0)
    assert found.enabled


def test_ids_that_are_made_stand_in_addresses() -> None:
    assert operation("drop", "工改/1 a").id == "drop-工改_1_a"
    assert operation("drop", "A", id="IND_1.b-合并").id == "IND_1.b-合并"


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, needed in NEEDED.items() for name in needed]
)
def test_what_a_kind_needs_must_be_told(kind: OperationKind, name: str) -> None:
    told = {each: TOLD[each] for each in NEEDED[kind] if each != name}
    with pytest.raises(Invalid, match=name) as refusal:
        operation(kind.value, "A", **told)
    assert refusal.value.detail["field"] == f"operations[0].{name}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "abolish"),
        ("kind", None),
        ("item", ""),
        ("item", 7),
        ("item", "I" * 61),
        ("days", -1),
        ("days", True),
        ("days", "3"),
        ("days", 10_000),
        ("absorb", ["B"]),
        ("colour", "red"),
        ("cost", {"effort": -1}),
        ("cost", {"effort": 1001}),
        ("cost", {"price": 1}),
        ("cost", 3),
        ("excludes", "other"),
        ("excludes", [1]),
        ("enabled", "yes"),
        ("id", "  "),
        ("id", "a b"),
        ("id", "a/b"),
        ("id", ".."),
    ],
)
def test_what_cannot_be_read_names_its_field(field: str, value: object) -> None:
    row = {"kind": "shorten", "item": "A", "days": 3, field: value}
    with pytest.raises(Invalid) as refusal:
        operations_of([{"kind": "drop", "item": "B"}, row])
    assert refusal.value.detail["field"].startswith(f"operations[1].{field}")


@pytest.mark.parametrize("rows", [None, 3, "drop", {"kind": "drop"}, ["drop"], [None]])
def test_a_list_is_a_list_of_mappings(rows: object) -> None:
    with pytest.raises(Invalid):
        operations_of(rows)


def test_ids_are_unique_and_exclusions_name_others() -> None:
    drop = {"kind": "drop", "item": "A", "id": "a"}
    for rows in ([drop, drop], [{**drop, "excludes": ["b"]}], [{**drop, "excludes": ["a"]}]):
        with pytest.raises(Invalid):
            operations_of(rows)


def test_a_list_has_an_end() -> None:
    rows = [{"kind": "drop", "item": f"I{number}"} for number in range(MAX_OPERATIONS + 1)]
    assert len(operations_of(rows[1:])) == MAX_OPERATIONS
    with pytest.raises(Invalid, match="at most"):
        operations_of(rows)
