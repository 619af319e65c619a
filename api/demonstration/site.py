"""One project of the demonstration: who answers its tasks, when, and with what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from api.demonstration import folder, pace, words
from api.demonstration.happenings import DOING
from api.demonstration.plan import Happening, Move, Plan, Turn
from engine.rules.catalogue import Item
from engine.rules.gaps import GapsOpen
from engine.rules.procedure import Kind
from engine.service import items, projects, tasks
from engine.service.tasks import ItemStands
from engine.service.views import ProjectView, TaskView
from engine.service.work import Actor, Work

if TYPE_CHECKING:
    from api.demonstration.city import City

MOVES: Mapping[str, Callable[..., ProjectView]] = {
    "suspend": projects.suspend,
    "resume": projects.resume,
    "cancel": projects.cancel,
}
REASONS = {"industrial": "已完成交地，启动并联审批。", "real-estate": "已竞得土地，启动并联审批。"}
MANY = 200


class Site:
    """A project under way."""

    def __init__(self, city: City, plan: Plan) -> None:
        self.city = city
        self.plan = plan
        self.id = 0
        self.answered = 0
        #: what the catalogue says of its items
        self.items: Mapping[str, Item] = {}
        self.open: dict[str, TaskView] = {}
        #: every task there was
        self.met: dict[str, TaskView] = {}
        self.turns: dict[str, Turn] = {}
        self.visits: Counter[tuple[str, str]] = Counter()
        #: when each open task will be answered
        self.answers: dict[str, datetime] = {}
        #: when the clock of each item began
        self.accepted: dict[str, date] = {}
        #: the extensions that were asked for, by item
        self.asked: dict[str, int] = {}
        self.suspended_at: datetime | None = None

    # -- the project -------------------------------------------------------------------------

    def enter(self, at: datetime) -> None:
        """Have the project entered, by its applicant where they have an account."""
        plan = self.plan
        work = self.work(at, self.applicant)
        self.id = self.registered(work).id
        self.items = self.city.catalogues[plan.procedure]
        folder.introduce(work, plan, self.id)
        if plan.started is not None:
            start = self.city.instant(plan.started, f"{plan.name}/start")
            self.city.agenda.add(start, partial(self.start, start))

    def registered(self, work: Work) -> ProjectView:
        """Have it registered, out of its coaching where it had one."""
        plan, counsel = self.plan, self.city.coached.get(self.plan.name)
        if counsel is not None:
            return counsel.become_project(work)
        return projects.create(work, plan.name, plan.procedure, plan.applicant)

    def start(self, at: datetime) -> None:
        """Have it started, and what is to happen to it as a whole put on the agenda."""
        kind = self.plan.procedure.rpartition("-")[0]
        projects.start(self.work(at, self.coordinator), self.id, reason=REASONS.get(kind, ""))
        for move in self.plan.moves:
            then = self.city.hours.later(at, move.day, self.chance(move.verb), counter=True)
            self.city.agenda.add(then, partial(self.move, then, move))
        self.look(at)

    def move(self, at: datetime, move: Move) -> None:
        """Have it suspended, resumed or ended."""
        MOVES[move.verb](self.work(at, self.coordinator), self.id, reason=move.reason)
        since, self.suspended_at = self.suspended_at, at if move.verb == "suspend" else None
        self.look(at)
        if since is not None:
            self.put_off(self.city.hours.day_of(since), at, self.items)

    def put_off(self, since: date, at: datetime, which: Collection[str]) -> None:
        """Put off what was to be answered of some items by the working days they stood still."""
        hours = self.city.hours
        lost = hours.calendar.between(since, hours.day_of(at))
        self.accepted |= {
            item: hours.calendar.add(on, lost)
            for item, on in self.accepted.items()
            if item in which
        }
        self.look(at)
        for identifier, task in self.open.items():
            if task.item in which and identifier in self.turns:
                self.expect(at, task, self.turns[identifier])

    # -- its tasks ---------------------------------------------------------------------------

    def look(self, at: datetime) -> None:
        """See which tasks are open now, and expect an answer to those that are new."""
        found = tasks.find(self.work(at, self.coordinator), project=self.id, limit=MANY).items
        new = [task for task in found if task.id not in self.open]
        self.open = {task.id: task for task in found}
        self.met |= self.open
        for task in sorted(new, key=lambda task: (task.created_at, *self.place(task.id))):
            if task.round_id is None:
                self.meet(at, task)
            else:
                self.city.reviews.panels[task.round_id].meet(at, task)

    def meet(self, at: datetime, task: TaskView) -> None:
        """Meet a new task, and settle how it will be answered."""
        step = pace.step_of(task)
        self.visits[task.item, step] += 1
        attempt = self.visits[task.item, step]
        turn = self.plan.turn(task.item, step, attempt) or self.plain(task.item, step, attempt)
        if turn.late:
            self.city.prompt = 0
        self.turns[task.id] = turn
        if step == "review":
            self.accepted[task.item] = self.city.hours.day_of(at)
        if step == "receive" and turn.attempt == 1:
            folder.hand_in(self, at, task.item, turn)
        self.expect(at, task, turn)
        for told in self.plan.after(task.item, step, attempt):
            self.put_on_agenda(at, told)
        self.city.reviews.follow(self, at, task, step, attempt)

    def put_on_agenda(self, at: datetime, told: Happening) -> None:
        """Put on the agenda what is done about an item, a little after what it follows."""
        chance = self.chance(told.item, told.do, told.day)
        then = self.city.hours.later(at, told.day, chance, counter=True)
        self.city.agenda.add(then, partial(self.happen, then, told))

    def happen(self, at: datetime, told: Happening) -> None:
        """Have something done about an item."""
        DOING[told.do](self, at, told)
        self.look(at)

    def plain(self, item: str, step: str, attempt: int) -> Turn:
        """Return an answer that nothing is said of: of so many decisions one is late."""
        # what silence would pass is late only where that is said
        by_chance = not self.plan.prompt and not self.items[item].deemed_on_lapse
        may_be_late = step == "decide" and by_chance
        late = pace.lateness(self, item) if may_be_late and self.city.one_is_late() else 0
        return Turn(item, step, attempt, late=late)

    def expect(self, at: datetime, task: TaskView, turn: Turn) -> None:
        """Put the answer to a task on the agenda."""
        answer = None if turn.never else pace.answer_at(self, at, task, turn)
        self.answers.pop(task.id, None)
        if answer is not None:
            self.answers[task.id] = answer
            self.city.agenda.add(answer, partial(self.answer, answer, task.id))
        self.expect_claim(at, task, answer)

    # -- answers -----------------------------------------------------------------------------

    def answer(self, at: datetime, identifier: str) -> None:
        """Answer a task, unless it has gone meanwhile or is put off."""
        task = self.open.get(identifier)
        if task is None or self.suspended_at or self.answers.get(identifier) != at:
            return
        turn = self.turns[identifier]
        try:
            self.act(at, task, turn)
        except (ItemStands, GapsOpen):
            # its time comes when the clock goes on, or what was promised is there
            return
        if turn.again is not None:
            chance = self.chance(task.item, "again", turn.attempt)
            again = self.city.hours.later(at, turn.again, chance, counter=True)
            self.city.agenda.add(again, partial(self.apply_again, again, task.item))
        self.look(at)

    def act(self, at: datetime, task: TaskView, turn: Turn) -> None:
        """Answer a task, or have the applicant withdraw the item instead."""
        if turn.withdraw:
            items.withdraw(self.work(at, self.applicant), self.id, task.item, turn.reason)
        else:
            self.complete(at, task, turn)

    def complete(self, at: datetime, task: TaskView, turn: Turn) -> None:
        """Complete a task with what people write."""
        step = pace.step_of(task)
        if step == "supplement":
            folder.supply(self, at, task.item)
        answer = words.Answer(
            task,
            self.items[task.item],
            turn.outcome or task.outcomes[0],
            turn,
            at.astimezone(self.city.settings.zone),
            self.chance(task.item, step, "words", turn.attempt),
            words.recipient(self.chance("recipient")),
            self.promised(at, turn),
        )
        work = self.work(at, self.whose(task))
        tasks.complete(work, task.id, answer.outcome, words.written(answer))
        self.answered += 1

    def promised(self, at: datetime, turn: Turn) -> dict[str, str]:
        """Return for when each missing material is promised."""
        hours = self.city.hours
        return {
            name: str(hours.calendar.add(hours.day_of(at), days))
            for name, days in turn.gaps.items()
        }

    def apply_again(self, at: datetime, item: str) -> None:
        """Have the applicant apply again for an item."""
        items.apply_again(self.work(at, self.applicant), self.id, item)
        self.look(at)

    def expect_claim(self, at: datetime, task: TaskView, answer: datetime | None) -> None:
        """Put on the agenda that somebody claims a task, if so."""
        claim = pace.claim_at(self, at, task, self.turns[task.id])
        if claim and (answer is None or claim < answer):
            self.city.agenda.add(claim, partial(self.claim, claim, task.id))

    def claim(self, at: datetime, identifier: str) -> None:
        """Have a task claimed by who will answer it."""
        task = self.open.get(identifier)
        if task is not None and not task.assignee and not self.suspended_at:
            self.open[identifier] = tasks.claim(self.work(at, self.whose(task)), identifier)

    # -- people ------------------------------------------------------------------------------

    def whose(self, task: TaskView) -> Actor:
        """Return who answers a task: of several of a department, one for the whole item."""
        if "applicant" in task.roles:
            return self.applicant
        role = "reviewer" if task.kind == Kind.INTERMEDIARY else task.roles[0]
        nobody = [self.city.actors["admin"]]
        colleagues = self.city.staff.get((role, task.department), nobody)
        return self.chance(task.item, "person").choice(colleagues)

    def officer(self, item: str, role: str) -> Actor:
        """Return who of an item's department acts for it: the same who answers its tasks."""
        colleagues = self.city.staff[role, self.items[item].department]
        return self.chance(item, "person").choice(colleagues)

    @property
    def applicant(self) -> Actor:
        """The applicant; the coordinator acts for one without an account."""
        return self.city.staff.get(("applicant", self.plan.applicant), [self.coordinator])[0]

    @property
    def coordinator(self) -> Actor:
        """The coordinator."""
        return self.city.actors["coordinator"]

    def work(self, at: datetime, actor: Actor) -> Work:
        """Return a unit of work of somebody."""
        return self.city.work(at, actor)

    def chance(self, *what: Any) -> Random:
        """Return the chance of something: the same for the same thing of the same project."""
        return Random("/".join(map(str, (self.plan.name, *what))))  # noqa: S311 - a demonstration

    def place(self, identifier: str) -> tuple[str, ...]:
        """Return where a task stands among others, whatever its id."""
        task = self.met.get(identifier)
        named = (task.item, task.element, task.department) if task else ("", "", identifier)
        return (self.plan.name, *named)
