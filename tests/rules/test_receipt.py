"""Receipt: one notice of what is missing, and what silence means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.rules.catalogue import Item, Name
from engine.rules.receipt import SecondNotice, check_notice, offered, silence


def test_what_is_missing_is_told_once() -> None:
    check_notice("IND-01", None)
    with pytest.raises(SecondNotice, match="2014-09-03"):
        check_notice("IND-01", date(2014, 9, 3))


def item(**more: Any) -> Item:
    return Item("A", Name("A"), materials=("plan", "map"), promised_days=5, **more)


def test_an_item_knows_only_the_outcomes_its_catalogue_allows() -> None:
    every = ("accept", "accept_with_gaps", "accept_on_commitment", "supplement")
    assert offered(item(), every) == ["accept", "supplement"]
    assert offered(item(secondary=("map",)), every) == ["accept", "accept_with_gaps", "supplement"]
    committed = offered(item(commitment_check_days=20), every)
    assert committed == ["accept", "accept_on_commitment", "supplement"]


def test_silence_accepts_by_law_and_passes_only_what_the_catalogue_lets_pass() -> None:
    assert silence("receive", {}, item()) == "accept"
    assert silence("review", {}, item(deemed_on_lapse=True)) == ""
    assert silence("decide", {"on_lapse": "deem"}, item()) == ""
    assert silence("decide", {"on_lapse": "deem"}, item(deemed_on_lapse=True)) == "deem"
    assert silence("receive", {"on_lapse": ""}, item()) == ""
