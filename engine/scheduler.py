"""The worker: it flags late tasks, fires timers that fell due, and notes where projects stand.

Beside that it hands letters to the mail server and has queued simulations played.

APScheduler only ticks; what is due is read from the database, so a missed tick costs
nothing. Several workers may run at once: each case is taken under its project's lock in a
transaction of its own, and looked at again there.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, Engine, select

from engine.clock import Clock, SystemClock
from engine.delivery import deliver
from engine.service import deemed, drafts, idempotency, login, overdue, standings, timers, tokens
from engine.service.access import Row
from engine.service.clock import overruns
from engine.service.receiving import gaps
from engine.service.review import late
from engine.service.supervision import issuing, opened
from engine.service.work import SYSTEM, Work
from engine.settings import Settings
from engine.simulating import Simulating
from engine.store import tables as t
from engine.store.database import transaction

BATCH = 500
#: how many projects are taken stock of in one transaction
STOCK = 50
#: how long answers, failed logins and ended sessions are kept
KEPT = timedelta(days=7)
#: seconds between two looks at queued and running simulations
LOOK_SECONDS = 0.5
#: how often one timer may fire in one sweep: a cycle that was missed catches up, and no more
ROUNDS = 1_000

log = structlog.get_logger()

#: a project and the id of a timer or a task of it
Found = tuple[int, str]
Begin = Callable[[Connection], Work]


@dataclass(frozen=True, slots=True)
class Chore:
    """One kind of what is due: how it is found, and what is done about it."""

    find: Callable[[Work], Iterable[Found]]
    act: Callable[[Work, Found], bool]
    #: only the first of each project is acted on before looking again: what it brings about
    #: may come before the second
    in_turn: bool = False


def sweep(engine: Engine, now: datetime, settings: Settings) -> dict[str, int]:
    """Act on everything that is due at `now`; return how many of each were acted on.

    What fails is logged, left as it was and met again by the next sweep; the rest goes on.
    """
    work = partial(Work, now=now, actor=SYSTEM, settings=settings)
    return {name: drain(engine, work, chore) for name, chore in CHORES.items()}


def drain(engine: Engine, work: Begin, chore: Chore) -> int:
    """Act on what is found until nothing new is; each in its own transaction.

    Where somebody else was faster, it looks again and goes on in the middle of what is left: so
    several workers share what is due, instead of coming to each after the other.
    """
    acted, missed, seen, rounds = 0, False, set[Found](), Counter[str]()
    while True:
        with transaction(engine, read_only=True) as db:
            found = [each for each in chore.find(work(db)) if each not in seen]
        found = [each for each in found if rounds[waits_at(each)] < ROUNDS]
        if not found:
            return acted
        found = list(first_of_each_project(found)) if chore.in_turn else found
        for each in from_the_middle(found) if missed else found:
            seen.add(each)
            rounds[waits_at(each)] += 1
            missed = not attempt(engine, work, each, chore.act)
            if missed:
                break
            acted += 1


def from_the_middle(found: Sequence[Found]) -> Sequence[Found]:
    """Return the second half, then the first."""
    middle = len(found) // 2
    return [*found[middle:], *found[:middle]]


def first_of_each_project(found: Iterable[Found]) -> Iterable[Found]:
    """Return the first of each project, in order."""
    first: dict[int, Found] = {}
    for each in found:
        first.setdefault(each[0], each)
    return first.values()


def attempt(engine: Engine, work: Begin, found: Found, act: Callable[[Work, Found], bool]) -> bool:
    """Act on one; what cannot be done now must not keep the others waiting."""
    try:
        with transaction(engine) as db:
            return act(work(db), found)
    except Exception:
        log.exception("not_acted_on", project=found[0], id=found[1])
        return False


def waits_at(found: Found) -> str:
    """Return what is the same in all rounds of a cycle: its id without the round."""
    return found[1].rpartition(".")[0] or found[1]


def due_timers(work: Work) -> list[Found]:
    """Return the timers that have fallen due."""
    table = t.timer.c
    query = (
        select(table.project_id, table.id)
        .join(t.project, t.project.c.id == table.project_id)
        .where(table.state == "open", table.due_at <= work.now, t.project.c.state == "running")
        .order_by(table.due_at, table.id)
        .limit(BATCH)
    )
    return [(row.project_id, row.id) for row in work.db.execute(query)]


def late_tasks(work: Work) -> list[Found]:
    """Return the tasks that have become overdue."""
    return [(row["project_id"], row["id"]) for row in overdue.late(work, BATCH)]


def silent_tasks(work: Work) -> list[Found]:
    """Return the tasks that nobody answered in time, and whose silence has a meaning."""
    return [(row["project_id"], row["id"]) for row in deemed.lapsed(work, BATCH)]


def missing_materials(work: Work) -> list[Found]:
    """Return the promised materials whose day, or days of grace, have passed."""
    return [(project, str(identifier)) for project, identifier in gaps.due(work, BATCH)]


def tasks_to_look_at(work: Work) -> list[Found]:
    """Return the late tasks that may get a card."""
    return [(row["project_id"], row["id"]) for row in issuing.due(work, BATCH)]


def overrun_stops(work: Work) -> list[Found]:
    """Return the stops that last longer than the applicant was told."""
    return [(project, str(key)) for project, key in overruns.due(work, BATCH)]


def late_conditions(work: Work) -> list[Found]:
    """Return the conditions of joint reviews that are late."""
    return [(project, str(key)) for project, key in late.due(work, BATCH)]


def late_questions(work: Work) -> list[Found]:
    """Return what was raised in joint reviews and is not settled in time."""
    return [(project, str(key)) for project, key in late.questions(work, BATCH)]


def fire(work: Work, found: Found) -> bool:
    """Fire one timer."""
    return timers.fire(work, *found)


def flag(work: Work, found: Found) -> bool:
    """Flag one task."""
    return overdue.flag(work, found[1])


def deem(work: Work, found: Found) -> bool:
    """Take one department's silence as the answer it counts as."""
    return deemed.settle(work, found[1])


def look_at_gap(work: Work, found: Found) -> bool:
    """Stop the clock for one material that has not come, or end its case."""
    return gaps.look(work, int(found[1]))


def give_card(work: Work, found: Found) -> bool:
    """Give one card."""
    return issuing.give(work, found[1])


def note_overrun(work: Work, found: Found) -> bool:
    """Note one stop that lasts longer than was told."""
    return overruns.note(work, found[0], int(found[1]))


def note_condition(work: Work, found: Found) -> bool:
    """Note one condition that is late."""
    return late.note(work, found[0], int(found[1]))


def note_question(work: Work, found: Found) -> bool:
    """Note one question that is late."""
    return late.note_question(work, found[0], int(found[1]))


def opened_projects(work: Work) -> list[Found]:
    """Return the projects that came to construction start, and whose days are to be kept."""
    return [(each, f"opened {each}") for each in opened.waiting(work, BATCH)]


def keep_days(work: Work, found: Found) -> bool:
    """Write down with whom one project's days were."""
    return opened.write(work, found[0])


CHORES = {
    "timers": Chore(due_timers, fire, in_turn=True),
    # before what is late or counts as answered: a clock that stands still is neither
    "gaps": Chore(missing_materials, look_at_gap),
    # first: what silence brings about may be late itself
    "deemed": Chore(silent_tasks, deem),
    "overdue": Chore(late_tasks, flag),
    "cards": Chore(tasks_to_look_at, give_card),
    "overran": Chore(overrun_stops, note_overrun),
    "conditions": Chore(late_conditions, note_condition),
    "questions": Chore(late_questions, note_question),
    "opened": Chore(opened_projects, keep_days),
}


def take_stock(engine: Engine, now: datetime, settings: Settings) -> int:
    """Write down where projects stand of which that is not known; returns how many.

    They are computed in transactions that only read, and written in short ones. What several
    workers do at once is done twice and comes to the same.
    """
    work = partial(Work, now=now, actor=SYSTEM, settings=settings)
    done, last = 0, 0
    while True:
        with transaction(engine, read_only=True) as db:
            found = standings.stale(work(db), STOCK, last)
            rows = computed(work(db), found) if found else []
        if not found:
            return done
        with transaction(engine) as db:
            standings.keep(work(db), rows)
        done, last = done + len(rows), found[-1]


def computed(work: Work, projects: list[int]) -> list[Row]:
    """Return where projects stand; one that cannot be computed keeps no other waiting."""
    try:
        return standings.compute(work, projects)
    except Exception:
        if len(projects) > 1:
            return [row for each in projects for row in computed(work, [each])]
        log.exception("standing_not_computed", project=projects[0])
        return []


def tidy(engine: Engine, now: datetime, settings: Settings) -> None:
    """Forget kept answers, failed logins, ended sessions and checked files that are old."""
    with transaction(engine) as db:
        work = Work(db, now, SYSTEM, settings)
        for forget in (idempotency.forget, login.forget, tokens.forget):
            forget(work, now - KEPT)
        drafts.forget(work, now - drafts.KEPT)


class Scheduler:
    """Sweeps every so often in the background."""

    def __init__(self, engine: Engine, clock: Clock, settings: Settings) -> None:
        self.engine = engine
        self.clock = clock
        self.settings = settings
        self.ticker = BackgroundScheduler(timezone="UTC")
        self.stopping = threading.Event()
        self.simulating = Simulating(engine, clock, settings)

    def start(self) -> None:
        """Begin: the first sweep at once."""
        # the first run of one job, not a job of its own: that would be looked for once it is done,
        # and not found by a scheduler that is being stopped just then
        self.ticker.add_job(
            self.tick,
            "interval",
            next_run_time=SystemClock().now(),
            seconds=self.settings.sweep_seconds,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self.ticker.add_job(self.tidy, "interval", days=1)
        if self.settings.smtp_url:
            # beside the sweep: a mail server that is slow must not hold up what is due
            seconds = {"seconds": self.settings.sweep_seconds, "misfire_grace_time": None}
            self.ticker.add_job(self.deliver, "interval", max_instances=1, coalesce=True, **seconds)
        look = {"seconds": LOOK_SECONDS, "misfire_grace_time": None}
        self.ticker.add_job(self.simulate, "interval", max_instances=1, coalesce=True, **look)
        self.ticker.start()

    def simulate(self) -> None:
        """Look at the simulations; what fails is logged and met again by the next look."""
        try:
            self.simulating.step()
        except Exception:
            log.exception("simulating_failed")

    def deliver(self) -> None:
        """Hand over the letters that wait; what fails is logged and tried again."""
        try:
            now, settings = self.clock.now(), self.settings
            sent = deliver(self.engine, now, settings, go_on=self.goes_on)
        except Exception:
            log.exception("delivery_failed")
            return
        if sent:
            log.info("delivered", letters=sent)

    def goes_on(self) -> bool:
        """Tell whether nobody has asked it to stop."""
        return not self.stopping.is_set()

    def tidy(self) -> None:
        """Forget what is no longer needed; what fails is logged and done another day."""
        try:
            tidy(self.engine, self.clock.now(), self.settings)
        except Exception:
            log.exception("tidying_failed")

    def stop(self) -> None:
        """End, when the sweep under way is done; a scheduler that does not run stays so."""
        self.stopping.set()
        if self.ticker.running:
            self.ticker.shutdown(wait=True)
        self.simulating.stop()

    def tick(self) -> None:
        """Sweep once; what fails is logged and met again by the next tick."""
        try:
            now = self.clock.now()
            done = sweep(self.engine, now, self.settings)
            done["standings"] = take_stock(self.engine, now, self.settings)
        except Exception:
            log.exception("sweep_failed")
            return
        if any(done.values()):
            log.info("swept", **done)


def run(engine: Engine, clock: Clock, settings: Settings, stop: threading.Event) -> None:
    """Sweep until `stop` is set: the `scheduler` command."""
    scheduler = Scheduler(engine, clock, settings)
    scheduler.start()
    stop.wait()
    scheduler.stop()
