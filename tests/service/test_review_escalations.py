"""Questions of a round that are raised: by whose disagreement, and who settles them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Forbidden, Invalid
from engine.rules.joint_review import Answer, OpinionKind
from engine.service.review import escalations, finishing, opinions, rounds, sheet
from engine.service.review.rounds import NewRound
from tests.service.city import City
from tests.service.meeting_city import ASKED

AGREE = Answer(OpinionKind.AGREE)
DISAGREE = Answer(OpinionKind.DISAGREE, legal_basis="《消防法》第十条", required="消防车道")
PAPER: dict[str, Any] = {"source": "paper", "given_by": "李明"}


@pytest.fixture
def disputed(city: City) -> int:
    """A round that CAD disagrees with."""
    project = city.start(city.deploy("industrial-2014"))
    found = city.do(rounds.launch, project, NewRound("planning", items=("IND-08",)))
    for each in ASKED:
        answer = DISAGREE if each == "CAD" else AGREE
        city.do(opinions.enter_for, found, each, answer, **PAPER)
    return found


def test_the_disagreement_of_who_was_replaced_is_no_question(city: City, disputed: int) -> None:
    city.do(rounds.replace_participant, disputed, "CAD", "SEIS", "asked by mistake")
    with pytest.raises(Invalid, match="nobody disagrees"):
        city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    city.do(opinions.enter_for, disputed, "SEIS", AGREE, **PAPER)
    city.do(finishing.conclude, disputed, "approved")
    assert city.see(sheet.read, disputed).row["conclusion"] == "approved"


def test_the_leads_own_people_settle_first(city: City, disputed: int) -> None:
    city.do(escalations.raise_question, disputed, "绿地率如何计算？")
    for each in (("head", ""), ("head", "EPB"), ("coordinator", "")):
        other = city.user("-".join(each), each)
        with pytest.raises(Forbidden, match="level lead"):
            city.do(escalations.settle, disputed, "按8%", by=other)
    lead = city.user("plan", ("head", "PLAN"))
    assert city.do(escalations.settle, disputed, "按8%", by=lead)["settled_by"] == "plan"
