"""What becomes of the cards: explained, appealed, upheld, withdrawn, put right. See cards.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import TYPE_CHECKING

from api.demonstration.plan import data
from engine.rules.supervision import State
from engine.service.supervision import answers, cards
from engine.service.supervision.card_rows import CardView
from engine.service.supervision.cards import Filters
from engine.service.work import Actor

if TYPE_CHECKING:
    from api.demonstration.city import City

#: cards given within so many working days are still being talked about
RECENT = 12
#: a page of cards is enough for those of one night
NIGHT = 50


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a card: nothing is said in `recent` ones without a cause or an appeal."""

    cause: str = ""
    reply: str = ""
    appeal: str = ""
    result: str = ""
    text: str = ""


def fates(kind: str) -> Sequence[Fate]:
    """Return the fates of recent or of earlier cards, which take turns."""
    return tuple(Fate(**row) for row in data("cards.yaml")[kind])


@dataclass
class Cards:
    """The cards of a city as they are given, and who says what of them when."""

    city: City
    #: how many of each kind there were
    met: dict[str, int] = field(default_factory=dict)
    last: int = 0
    known: Mapping[str, Sequence[Fate]] = field(
        default_factory=lambda: {kind: fates(kind) for kind in ("recent", "earlier")}
    )

    def look(self, at: datetime) -> None:
        """Settle the fate of the cards that were given just now."""
        work = self.city.work(at, self.supervisor)
        found = cards.find(work, Filters(state=State.ISSUED), limit=NIGHT).items
        new = [each for each in found if each.id > self.last and each.project in self.city.sites]
        self.last = max([self.last, *(each.id for each in found)])
        for card in reversed(new):
            self.meet(at, card)

    def meet(self, at: datetime, card: CardView) -> None:
        """Settle what becomes of a card, and put it on the agenda."""
        fate, hours = self.fate(at), self.city.hours
        chance = Random(f"{card.project_name}/{card.item}/{card.element}/{card.colour}")  # noqa: S311 - a demonstration
        if fate.cause or fate.appeal:
            said = hours.later(at, 1, chance, counter=False)
            self.city.agenda.add(said, partial(self.answer, said, card, fate))
            if fate.result:
                ends = hours.later(said, chance.randint(2, 4), chance, counter=False)
                self.city.agenda.add(ends, partial(self.end, ends, card, fate))

    def fate(self, at: datetime) -> Fate:
        """Return the next fate of its kind."""
        hours = self.city.hours
        today, now = hours.day_of(at), hours.day_of(self.city.now)
        kind = "recent" if hours.calendar.between(today, now) < RECENT else "earlier"
        number = self.met[kind] = self.met.get(kind, -1) + 1
        return self.known[kind][number % len(self.known[kind])]

    def answer(self, at: datetime, card: CardView, fate: Fate) -> None:
        """Have the department's people say why, and ask for it to be withdrawn."""
        work = self.city.work(at, self.spokesman(card, "reviewer"))
        if fate.cause:
            answers.reply(work, card.id, fate.cause, fate.reply)
        if fate.appeal:
            head = self.city.work(at, self.spokesman(card, "head"))
            answers.appeal(head, card.id, fate.appeal)

    def end(self, at: datetime, card: CardView, fate: Fate) -> None:
        """Have the supervisor decide, or see that it has been put right."""
        work = self.city.work(at, self.supervisor)
        if fate.result == State.CORRECTED:
            answers.correct(work, card.id)
        else:
            answers.decide(work, card.id, fate.result, fate.text)

    def spokesman(self, card: CardView, role: str) -> Actor:
        """Return who speaks for the department."""
        return self.city.staff[role, card.department][0]

    @property
    def supervisor(self) -> Actor:
        """The supervisor."""
        return self.city.actors["supervisor"]
