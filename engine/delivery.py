"""Delivery of letters: the worker's second errand, beside the sweep.

No transaction is open while the mail server is spoken to: a letter is taken in one, handed over,
and what became of it noted in another (`engine/service/post.py` says what follows from that).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTP
from ssl import SSLContext

import structlog
from sqlalchemy import Connection, Engine

from engine.service import post, smtp
from engine.service.access import Row
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.store.database import transaction

#: how many letters are looked for at once
BATCH = 200

log = structlog.get_logger()


def deliver(
    engine: Engine,
    now: datetime,
    settings: Settings,
    *,
    go_on: Callable[[], bool] = lambda: True,
    trust: SSLContext | None = None,
) -> int:
    """Hand the letters that wait to the mail server, as long as `go_on` says; returns how many.

    `trust`: other certificates than the system's. Without a mail server nothing is done.
    """
    if not settings.smtp_url:
        return 0
    round_ = Round(engine, now, settings, go_on)
    found = round_.waiting()
    if not found:
        return 0
    try:
        with smtp.connected(smtp.Server.of(settings.smtp_url), trust) as connection:
            return round_.hand_over(found, connection)
    except smtp.ServerGone as error:
        log.warning("mail_server_gone", error=str(error))
        round_.put_off(found, str(error))
    return round_.sent


@dataclass(slots=True)
class Round:
    """One round of a worker with the letters that wait."""

    engine: Engine
    now: datetime
    settings: Settings
    go_on: Callable[[], bool]
    sent: int = 0

    def work(self, db: Connection) -> Work:
        """Return a unit of work in a transaction."""
        return Work(db, self.now, SYSTEM, self.settings)

    def waiting(self) -> list[int]:
        """Return the letters that are to be tried now."""
        with transaction(self.engine, read_only=True) as db:
            return post.waiting(self.work(db), BATCH)

    def hand_over(self, found: Iterable[int], connection: SMTP) -> int:
        """Hand over letters; returns how many were taken. Raises ServerGone."""
        for each in found:
            if not self.go_on():
                break
            with transaction(self.engine) as db:
                letter = post.take(self.work(db), each)
            if letter is not None:
                self.try_one(letter, connection)
        return self.sent

    def try_one(self, letter: Row, connection: SMTP) -> None:
        """Hand over a letter that was taken, and note what became of it. Raises ServerGone."""
        try:
            smtp.hand_over(connection, smtp.message(letter, self.settings, self.now))
        except smtp.LetterRefused as error:
            self.refused(letter, str(error), for_good=error.for_good)
            return
        except smtp.ServerGone as error:
            self.refused(letter, str(error), for_good=False)
            raise
        with transaction(self.engine) as db:
            post.note_sent(self.work(db), letter)
        self.sent += 1

    def refused(self, letter: Row, error: str, *, for_good: bool) -> None:
        """Note why a letter was not taken."""
        with transaction(self.engine) as db:
            gone = post.note_refused(self.work(db), letter, error, for_good=for_good)
        log.warning("letter_refused", mail=letter["id"], error=error, given_up=gone)

    def put_off(self, found: Iterable[int], error: str) -> None:
        """Note of the letters that were not taken that the mail server cannot be reached."""
        with transaction(self.engine) as db:
            work = self.work(db)
            letters = [post.take(work, each) for each in found]
            for letter in filter(None, letters):
                post.note_refused(work, letter, error, for_good=False)
