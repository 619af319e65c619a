"""What people write when they answer, in the fields that each outcome asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random
from typing import Any

from api.demonstration.plan import Turn, data
from engine.rules.catalogue import Item
from engine.service.views import TaskView

#: of a hundred approvals that may have conditions, how many have
CONDITIONAL = 50
OF_TURN = ("reason", "legal_basis", "opinion")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about to be given; `at` is in the city's time."""

    task: TaskView
    item: Item
    outcome: str
    turn: Turn
    at: datetime
    chance: Random
    #: who fetches papers for the applicant
    recipient: str
    #: for when each missing material is promised
    promised: Mapping[str, str]

    @property
    def number(self) -> str:
        """The number of the item: what stands behind the dash of its id."""
        return self.task.item.partition("-")[2]


def written(answer: Answer) -> dict[str, Any]:
    """Return what is written into an answer's fields, those that stay empty left out."""
    said = {name: getattr(answer.turn, name) for name in OF_TURN}
    said["materials"] = list(answer.turn.materials)
    if not any(said.values()):
        said["opinion"] = usual(answer)
    more = MORE.get(answer.outcome, nothing)(answer)
    return {name: value for name, value in {**more, **said}.items() if value}


def usual(answer: Answer) -> str:
    """Return the usual opinion; '' where none is given."""
    if answer.task.element == answer.task.item:
        return str(known("work").get(answer.number, ""))
    words: Mapping[str, Any] = known(answer.task.element).get(answer.outcome, {})
    some: Sequence[str] = words.get("any", [""])
    return str(words.get(answer.number) or answer.chance.choice(some))


def nothing(_answer: Answer) -> dict[str, Any]:
    """Return no more fields."""
    return {}


def received(answer: Answer) -> dict[str, Any]:
    """Return the materials that were received, and what was corrected on the spot."""
    there = [each for each in answer.item.materials if each not in answer.turn.missing]
    return {"received": there, "corrected": list(answer.turn.corrected)}


def promised(answer: Answer) -> dict[str, Any]:
    """Return what is missing besides, and for when it is promised."""
    gaps = [{"material": name, "promised_on": on} for name, on in answer.promised.items()]
    return {**received(answer), "form": "原件一份", "gaps": gaps}


def committed(answer: Answer) -> dict[str, Any]:
    """Return what was told and committed to, and who signed."""
    told = known("commitments").get(answer.number, "")
    return {**received(answer), "conditions": told, "committed_by": answer.recipient}


def permitted(answer: Answer) -> dict[str, Any]:
    """Return the number of the paper that permits, and conditions where there are any."""
    word = known("papers").get(answer.number, "")
    conditions = known("conditions").get(answer.number, "")
    wanted = answer.chance.randrange(100) < CONDITIONAL and answer.outcome == "approve"
    return {
        "document_number": numbered(word, answer) if word else "",
        "conditions": conditions if wanted else "",
    }


def numbered(word: str, answer: Answer) -> str:
    """Return a paper's number: its word, the year, and a number that grows over the year."""
    count = 2 * answer.at.timetuple().tm_yday + answer.chance.randrange(2)
    return f"{word}〔{answer.at.year}〕{count}号"


def paid(answer: Answer) -> dict[str, Any]:
    """Return the number of the receipt."""
    return {"document_number": f"34080{answer.chance.randrange(10**7):07}"}


def delivered(answer: Answer) -> dict[str, Any]:
    """Return who fetched it."""
    return {"recipient": answer.recipient}


MORE: Mapping[str, Callable[[Answer], dict[str, Any]]] = {
    "accept": received,
    "accept_with_gaps": promised,
    "accept_on_commitment": committed,
    "issued": permitted,
    "approve": permitted,
    "paid": paid,
    "delivered": delivered,
}


def recipient(chance: Random) -> str:
    """Return the name of somebody who fetches papers."""
    return str(chance.choice(known("recipients")["any"]))


@cache
def known(part: str) -> Mapping[str, Any]:
    """Return a part of the file of words, read once; empty where it has none."""
    found: Mapping[str, Any] = data("words.yaml").get(part, {})
    return found
