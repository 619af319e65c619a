"""What somebody who answers a task has to say, by the outcome they choose.

A notice to supplement lists everything missing, once; who does not accept or does not permit
says why and by which law (行政许可法 art. 32 and 38), and where an application belongs that is
not the authority's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid, TooLarge

#: characters of one text
MAX_TEXT = 2_000
#: materials in one answer, and characters of one's name
MAX_LISTED, MAX_NAME = 60, 200

Answer = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What an outcome asks for: texts and lists of materials, in order; some must be given."""

    texts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.lists, *self.texts)


PLAIN = Question(texts=("opinion",))
QUESTIONS: Mapping[str, Question] = {
    "accept": Question(lists=("received", "corrected"), texts=("opinion",)),
    # with which of the secondary materials are promised for when
    "accept_with_gaps": Question(lists=("received", "corrected"), texts=("form", "opinion")),
    "accept_on_commitment": Question(
        lists=("received", "corrected"),
        texts=("conditions", "committed_by", "opinion"),
        needed=("conditions", "committed_by"),
    ),
    "supplement": Question(lists=("materials",), texts=("reason",), needed=("materials",)),
    "not_accept": Question(texts=("reason", "legal_basis"), needed=("reason", "legal_basis")),
    "out_of_scope": Question(texts=("reason", "authority"), needed=("reason", "authority")),
    "return": Question(texts=("reason", "legal_basis"), needed=("reason",)),
    "approve": Question(texts=("document_number", "conditions", "opinion")),
    "refuse": Question(texts=("reason", "legal_basis"), needed=("reason", "legal_basis")),
    "paid": Question(texts=("document_number", "opinion")),
    "issued": Question(texts=("document_number", "opinion")),
    "delivered": Question(texts=("recipient", "opinion")),
}


def question(outcome: str) -> Question:
    """Return what an outcome asks for; an opinion where nothing else is said."""
    return QUESTIONS.get(outcome, PLAIN)


def answer(outcome: str, given: Answer) -> dict[str, str | list[str]]:
    """Return what was given of what an outcome asks for, without what is empty.

    What the outcome does not ask for is left out. Raises Invalid naming the first field that is
    missing, TooLarge for one that is too long.
    """
    asked = question(outcome)
    found: dict[str, str | list[str]] = {
        name: value for name in asked.fields if (value := plain(name, given.get(name, "")))
    }
    for name in asked.needed:
        if name not in found:
            raise Invalid(f"{outcome} needs {name}", field=name)
    return found


def check(outcome: str, data: Mapping[str, Any]) -> None:
    """Check what a program says with an outcome; it may say more than is asked for.

    Raises Invalid naming the first field that is missing or empty, or no text, or no list of texts
    where it lists something; TooLarge for one that is too long.
    """
    asked = question(outcome)
    for name in asked.needed:
        value = data.get(name)
        listed = value if name in asked.lists else [value]
        texts = isinstance(listed, list) and all(isinstance(each, str) for each in listed)
        if not texts or not plain(name, value or ""):
            kind = "a list of texts" if name in asked.lists else "a text"
            raise Invalid(f"{outcome} needs {name}: {kind}", field=name)


def plain(name: str, value: str | Sequence[str]) -> str | list[str]:
    """Return a value without the space around it, a list without doubles."""
    if isinstance(value, str):
        return fitting(name, value.strip(), MAX_TEXT)
    listed = list(dict.fromkeys(fitting(name, each.strip(), MAX_NAME) for each in value))
    if len(listed) > MAX_LISTED:
        raise TooLarge(f"{name} lists at most {MAX_LISTED}", field=name)
    return [each for each in listed if each]


def fitting(name: str, text: str, limit: int) -> str:
    """Return a text. Raises TooLarge."""
    if len(text) > limit:
        raise TooLarge(f"{name} has at most {limit} characters", field=name)
    return text.replace("\r\n", "\n").replace("\0", "")
