"""Rounds over items that were accepted with gaps: no approval before what was promised is there."""

from __future__ import annotations

from typing import Any

import pytest

from engine.rules.gaps import GapsOpen
from engine.rules.joint_review import Answer, OpinionKind
from engine.service import tasks
from engine.service.receiving import gaps
from engine.service.review import finishing, opinions, rounds, sheet, views
from engine.service.review.rounds import NewRound
from engine.store import tables as t
from tests.service.city import City

MATERIAL = "营业执照"
PAPER: dict[str, Any] = {"source": "paper", "given_by": "李明"}


@pytest.fixture
def agreed(city: City) -> int:
    """A round that everybody agrees to, over an item of which a paper was promised."""
    project = city.start(city.deploy("industrial-2014"))
    promised = {"material": MATERIAL, "promised_on": str(city.calendar.add(city.today, 1))}
    city.answer(project, "IND-01", "accept_with_gaps", data={"gaps": [promised], "form": "原件"})
    found = city.do(rounds.launch, project, NewRound("approval", items=("IND-01", "IND-06")))
    for each in city.see(sheet.read, found).asked:
        answer = Answer(OpinionKind.AGREE)
        city.do(opinions.enter_for, found, each["department"], answer, **PAPER)
    return found


def test_a_round_is_not_approved_before_promised_material_is_there(city: City, agreed: int) -> None:
    view = city.see(views.get, agreed)
    assert [(each.what, each.department) for each in view.missing] == [("gap", "NDRC")]
    assert view.possible == ["refused", "suspended"]
    [task] = [each for each in city.rows(t.task, state="open") if each["element"] == "conclude"]
    for attempt in (
        lambda: city.do(finishing.conclude, agreed, "approved"),
        lambda: city.do(tasks.complete, task["id"], "approved"),
    ):
        with pytest.raises(GapsOpen, match=MATERIAL):
            attempt()
    [gap] = city.rows(t.deficiency)
    city.do(gaps.supply, gap["id"], on_paper=True)
    assert city.see(views.get, agreed).possible == ["approved", "refused", "suspended"]
    city.do(finishing.conclude, agreed, "approved")


def test_it_may_be_refused_and_put_off_with_reasons(city: City, agreed: int) -> None:
    city.do(finishing.conclude, agreed, "suspended", "容缺材料未到")
    assert city.see(sheet.read, agreed).row["conclusion"] == "suspended"
