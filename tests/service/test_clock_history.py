"""Whatever is done with a case, its dates follow from what is recorded of it.

After every step, recomputing everything moves nothing, and each task's due date is the one that is
counted by hand, day by day, from the history and the stops, the extension and the calendar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import cache
from random import Random

from engine.errors import Conflict, Invalid
from engine.rules.calendar import Name
from engine.rules.explanation import Mark
from engine.rules.legal_clock import Mark as PanelMark
from engine.rules.lifecycle import CLOCK_RUNS, CLOSED_WITHOUT_RESULT
from engine.rules.revision import DecidedDay, Decision
from engine.rules.suspension import LISTED
from engine.scheduler import sweep
from engine.service import desk, items, projects, publication, tasks
from engine.service.clock import explain, extensions, recompute, suspensions
from engine.service.clock.explained import DeadlineView
from engine.service.clock.extensions import Asking
from engine.service.clock.origin import StartReason
from engine.service.clock.suspensions import Stopping
from engine.service.publication import Draft
from engine.store import tables as t
from tests.service.city import City, said
from tests.service.drawn import approval, call, chain, node, one_stage, work

STEPS, SEEDS = 60, (6, 12, 22, 49)
KINDS = {
    "W-1": approval(4, department="PLAN", statutory_days=20),
    # promised in working days, given in calendar days by law
    "C-1": approval(7, department="EPB", statutory_days=9, unit="calendar"),
    # and the other way round, with a fee
    "K-1": approval(10, department="LAND", statutory_days=20, promised_unit="calendar", fee=True),
    "D-1": approval(3, department="HOUS", statutory_days=20, deemed_on_lapse=True),
    # a material may come later; the clock stops by itself where it does not
    "G-1": approval(
        8, department="PLAN", statutory_days=20, materials=["图纸", "说明"], secondary=["说明"]
    ),
    "J-1": approval(12, department="HOUS", statutory_days=20, handling="joint"),
    "P-1": approval(5, department="PLAN", statutory_days=20),
}


@cache
def every_kind() -> Mapping[str, bytes]:
    """Items of every kind of clock, side by side; P-1 is drawn without a case."""
    cases = [name for name in KINDS if name != "P-1"]
    parts = (
        *(node("parallelGateway", each) for each in ("fork", "join")),
        *(call(name) for name in cases),
        work("P-1", outcomes="done", roles="reviewer"),
        node("endEvent", "end"),
        chain("START", "fork"),
        chain("join", "end"),
        *(chain("fork", name, "join") for name in KINDS),
    )
    return one_stage("every-kind", *parts, **KINDS)


class Walk:
    """A project, and somebody who does anything at all with it, at any time of the day."""

    def __init__(self, city: City, seed: int) -> None:
        self.city = city
        self.random = Random(seed)
        self.project = city.start("every-kind")
        self.done = Counter[str]()

    def step(self) -> None:
        """Do something that may or may not be possible, and check what came of it."""
        moves = [self.complete] * 9 + [self.wait] * 6 + [self.suspend, self.resume] * 2
        moves += [self.extend, self.withdraw, self.apply_again, self.apply_again]
        moves += [self.stand_still, self.go_on, self.go_on, self.publish]
        move = self.random.choice(moves)
        with suppress(Conflict, Invalid):
            move()
            self.done[move.__name__] += 1
        self.check()
        self.city.now += timedelta(minutes=1)

    def complete(self) -> None:
        """Complete a task, mostly with its plain outcome."""
        # their ids are chance
        found = sorted(self.city.open_tasks(self.project), key=lambda each: (each.item, each.name))
        if not found:
            self.apply_again()
            return
        task = self.random.choice(found)
        plain = self.random.random() < 0.7
        outcome = task.outcomes[0] if plain else self.random.choice(task.outcomes)
        data = {}
        if "accept_with_gaps" in task.outcomes and self.random.random() < 0.5:
            outcome = "accept_with_gaps"
            promised_on = self.city.calendar.add(self.city.today, 3)
            data["gaps"] = [{"material": "说明", "promised_on": str(promised_on)}]
        self.city.do(tasks.complete, task.id, outcome, said(outcome, data))

    def wait(self) -> None:
        """Let hours or days pass, and sweep."""
        hours = self.random.choice([3, 9, 24, 24, 48, 72, 150])
        self.city.now += timedelta(hours=hours)
        sweep(self.city.engine, self.city.now, self.city.settings)

    def item(self, *states: str) -> str:
        """An item in one of these states, if there is one."""
        rows = self.city.rows(t.project_item, project_id=self.project)
        found = sorted(str(row["item"]) for row in rows if row["state"] in states)
        return self.random.choice(found or list(KINDS))

    def suspend(self) -> None:
        """Stop an item's clock, sometimes from a day before."""
        began_on = self.city.today - timedelta(days=self.random.choice([0, 0, 1, 4]))
        given = Stopping(self.random.choice(LISTED), "〔2014〕7号", 5, from_on=began_on)
        self.city.do(suspensions.suspend, self.project, self.item(*CLOCK_RUNS), given)

    def resume(self) -> None:
        """Let a clock go on, sometimes from a day before."""
        until_on = self.city.today - timedelta(days=self.random.choice([0, 0, 1, 3]))
        rows = self.city.rows(t.project_item, project_id=self.project)
        stopped = sorted(row["item"] for row in rows if row["stopped_on"])
        item = self.random.choice(stopped or list(KINDS))
        self.city.do(suspensions.resume, self.project, item, until_on)

    def extend(self) -> None:
        asked = Asking(self.random.choice([1, 5, 10]), "现场复杂", "〔2014〕9号")
        self.city.do(extensions.request, self.project, self.item(*CLOCK_RUNS), asked)

    def withdraw(self) -> None:
        self.city.do(items.withdraw, self.project, self.item())

    def apply_again(self) -> None:
        item = self.item(*CLOSED_WITHOUT_RESULT)
        self.city.do(items.apply_again, self.project, item)

    def stand_still(self) -> None:
        self.city.do(projects.suspend, self.project, reason="hearing")

    def go_on(self) -> None:
        self.city.do(projects.resume, self.project)

    def publish(self) -> None:
        """Close the city on a day soon."""
        on = self.city.today + timedelta(days=self.random.choice([0, 1, 2, 5]))
        closed = DecidedDay(on, Decision.CLOSURE, Name("防汛", "flood"))
        self.city.do(publication.publish, Draft((closed,), "市政府"))

    # -- what must hold --------------------------------------------------------------------------

    def check(self) -> None:
        """Compare what is stored with what follows from the records."""
        with self.city.work(read_only=True) as unit:
            assert recompute.moves(unit, unit.calendar) == []
            for task in tasks.find(unit, project=self.project, limit=100).items:
                if task.promised_due_on or task.statutory_due_on:
                    same(explain.explain(unit, task.id), desk.lay(unit, task.id))

    def check_all(self) -> Counter[str]:
        """Count by hand every date that there ever was; returns why clocks began, how often."""
        reasons = Counter[str]()
        with self.city.work(read_only=True) as unit:
            for task in tasks.find(unit, project=self.project, state="all", limit=1_000).items:
                if task.promised_due_on or task.statutory_due_on:
                    found = explain.explain(unit, task.id)
                    assert all(each.agrees for each in found.terms), (task, found)
                    reasons[found.start.reason] += 1
        return reasons


#: what the panel of the page calls the same day
SAME: Mapping[Mark, PanelMark] = {
    Mark.START: PanelMark.START,
    Mark.COUNTED: PanelMark.COUNTED,
    Mark.EXTENDED: PanelMark.COUNTED,
    Mark.REST: PanelMark.REST,
    Mark.STOPPED: PanelMark.STOPPED,
    Mark.RESUMED: PanelMark.RESUMED,
}


def same(told: DeadlineView, shown: desk.Desk) -> None:
    """The explanation comes to the dates that are stored, and says what the page says."""
    task, clock = shown.task, shown.clock
    assert all(each.agrees for each in told.terms), told
    stored = [on for on in (task.promised_due_on, task.statutory_due_on) if on]
    assert [each.due_on for each in told.terms] == stored
    assert told.due_on == (None if told.stopped_on else min(stored))
    assert clock is not None
    assert clock.start_on == told.start.on
    for term in told.terms:
        panel = clock.promised if term.kind == "promised" else clock.statutory
        assert panel is not None
        assert (panel.due_on, panel.unit) == (term.due_on, term.unit)
        assert panel.days == term.days + term.extension_days
        if term.unit == "working":
            days = clock.days(told.start.on, term.lines[-1].date)
            assert [(day.mark, day.number) for day in days] == [
                (SAME[Mark(line.mark)], line.number) for line in term.lines
            ]


def test_dates_follow_from_what_is_recorded(city: City) -> None:
    city.deploy(every_kind())
    done, reasons = Counter[str](), Counter[str]()
    for seed in SEEDS:
        walk = Walk(city, seed)
        for _ in range(STEPS):
            walk.step()
        reasons += walk.check_all()
        done += walk.done
    assert set(reasons) == set(StartReason) - {StartReason.GIVEN}, reasons
    assert set(done) >= {"suspend", "resume", "extend", "publish", "go_on", "apply_again"}, done
    assert {row["reason"] for row in city.rows(t.suspension)} >= {"project", "gap"}
