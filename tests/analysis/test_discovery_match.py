"""Activities of other systems recognised as work of a procedure."""

from __future__ import annotations

import pytest

from engine.analysis.discovery.match import By, Matched, matched
from engine.errors import Invalid
from tests.analysis.discovery_logs import window

NAMES = {"IND-02": ("规划选址", "Site selection"), "IND-01/receive": ("Reception of the filing",)}


def found(activity: str, given: dict[str, str] | None = None) -> Matched:
    return matched((activity,), window(), given, NAMES)


@pytest.mark.parametrize(
    ("activity", "node", "by"),
    [
        ("IND-02/review", "IND-02/review", By.ID),
        ("ind_02 Review", "IND-02/review", By.STEP),
        ("ＩＮＤ－０２／review", "IND-02/review", By.STEP),
        ("IND-02", "IND-02/review", By.ITEM),
        ("规划选址", "IND-02/review", By.ITEM),
        ("SITE  SELECTION", "IND-02/review", By.ITEM),
        ("规划选址—收件受理", "IND-02/receive", By.STEP),
        ("Site selection: receive", "IND-02/receive", By.STEP),
        ("reception of the filing", "IND-01/receive", By.NAME),
    ],
)
def test_by_ids_and_names(activity: str, node: str, by: By) -> None:
    told = found(activity)
    assert (told.nodes, told.by, told.missing) == ({activity: node}, {activity: by}, {})


def test_what_several_nodes_are_called_finds_none() -> None:
    told = found("审查")
    assert not told.nodes
    assert told.missing == {"审查": "ambiguous: IND-01/review, IND-02/review"}


@pytest.mark.parametrize("activity", ["", "—", "coffee", "IND"])
def test_what_is_not_known_is_said(activity: str) -> None:
    assert found(activity).missing == {activity: "unknown"}


def test_what_somebody_says_holds() -> None:
    told = found("IND-02", {"IND-02": "IND-01/receive"})
    assert (told.nodes, told.by) == ({"IND-02": "IND-01/receive"}, {"IND-02": By.GIVEN})
    assert found("IND-02", {"IND-02": ""}).missing == {"IND-02": "left out"}


@pytest.mark.parametrize("node", ["nowhere", "IND-02"])
def test_somebody_must_name_work(node: str) -> None:
    with pytest.raises(Invalid, match="no work of the procedure"):
        found("x", {"x": node})
