"""One round of a joint review in the demonstration: who says what, and how it is ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from api.demonstration import folder
from api.demonstration.words import known
from engine.rules.joint_review import Source
from engine.service import tasks
from engine.service.review import conditions, escalations, minutes, opinions, promised, sheet
from engine.service.review.minutes_rows import read as read_minutes
from engine.service.review.sheet import ReviewSheet
from engine.service.views import TaskView
from engine.service.work import Actor, Work

if TYPE_CHECKING:
    from api.demonstration.site import Site

#: working days until a department answers on paper, where nothing is said
ANSWERS = (1, 2)
#: working days a step of the lead's takes, at most
LEAD_DAYS = 1
AGREE = "agree"
#: who says a task is done, by its step
OUTCOMES = {"minutes": "drafted", "reply": "replied", "supplement": "submit"}


class Panel:
    """A round under way, as reviews.yaml tells of it."""

    def __init__(
        self,
        site: Site,
        identifier: int,
        told: Mapping[str, Any],
        meets_at: datetime | None = None,
    ) -> None:
        self.site = site
        self.id = identifier
        self.told = told
        self.meets_at = meets_at

    # -- what is to be done ------------------------------------------------------------------

    def meet(self, at: datetime, task: TaskView) -> None:
        """Meet a new task of the round, and put its answer on the agenda."""
        act = ACTS[task.element]
        days = self.days(task)
        if days is not None:
            then = self.later(at, days, task.element, task.department)
            self.site.city.agenda.add(then, partial(act, self, then, task))

    def days(self, task: TaskView) -> int | None:
        """Return the working days until a task is answered; None where it waits."""
        if task.element == "issue-opinion":
            return LEAD_DAYS
        if task.element == "settle" and "settle" not in self.told:
            return None
        if task.element == "give-opinion":
            said = self.opinion(task.department)
            waits = said.get("never") or (self.meets_at is not None and "day" not in said)
            chance = self.site.chance("opinion", self.id_of(task.department))
            return None if waits else int(said.get("day", chance.choice(ANSWERS)))
        step = self.told.get(task.element, {})
        days: int | None = None if step.get("never") else step.get("day", LEAD_DAYS)
        return days

    def later(self, at: datetime, days: int, *what: str) -> datetime:
        """Return an instant in office hours, so many working days later."""
        chance = self.site.chance("round", *map(self.id_of, what))
        return self.site.city.hours.later(at, days, chance, counter=False)

    def id_of(self, what: str) -> str:
        """Return what tells a step of this round from those of others of the project."""
        return f"{self.told.get('after', self.told.get('stage'))}/{what}"

    # -- opinions ----------------------------------------------------------------------------

    def opinion(self, department: str) -> Mapping[str, Any]:
        """Return what a department says; nothing where it plainly agrees."""
        said: Mapping[str, Any] = self.told.get("opinions", {}).get(department, {})
        return said

    def content(self, at: datetime, department: str) -> dict[str, Any]:
        """Return the fields of an opinion."""
        said, hours = self.opinion(department), self.site.city.hours
        names = ("text", "legal_basis", "required", "materials")
        found = {name: said[name] for name in names if name in said}
        found.setdefault("text", known("opinions").get(department, known("opinions")["any"]))
        found["conditions"] = [
            {
                "text": each["text"],
                "owner": each["owner"],
                "due_on": str(hours.calendar.add(hours.day_of(at), each["days"])),
            }
            for each in said.get("conditions", ())
        ]
        return {name: value for name, value in found.items() if value}

    def give(self, at: datetime, task: TaskView) -> None:
        """Have a department give its opinion: itself, or on paper that is entered for it."""
        if task.id not in self.site.open:
            return
        department, said = task.department, self.opinion(task.department)
        kind, content = said.get("kind", AGREE), self.content(at, department)
        if "source" in said:
            self.enter(at, department, Source(said["source"]))
        else:
            tasks.complete(self.work(at, self.member(department)), task.id, kind, content)
        self.spoken(at, department)

    def speak(self, at: datetime, department: str) -> None:
        """Have a department speak at the meeting, or be absent."""
        work, state = self.work(at, self.lead), self.opinion(department).get("state", "present")
        note = self.opinion(department).get("note", "")
        opinions.mark(work, self.id, department, state, note)
        if state == "present" and department not in self.sheet(at).opinions:
            self.enter(at, department, Source.MEETING)
        self.spoken(at, department)

    def enter(self, at: datetime, department: str, source: Source) -> None:
        """Have the lead enter an opinion for a department."""
        answer = opinions.answer_of(
            self.opinion(department).get("kind", AGREE), self.content(at, department)
        )
        work = self.work(at, self.lead)
        by = self.site.city.names[self.member(department).name]
        opinions.enter_for(work, self.id, department, answer, source=source, given_by=by)

    def spoken(self, at: datetime, department: str) -> None:
        """See what follows from an opinion; its conditions are met some day."""
        self.site.look(at)
        if "raise" in self.opinion(department):
            then = self.later(at, 0, department, "raise")
            self.site.city.agenda.add(then, partial(self.ask_above, then, department))
        for number, each in enumerate(self.opinion(department).get("conditions", ())):
            if "met" in each:
                then = self.later(at, each["met"], department, str(number))
                act = partial(self.meet_condition, then, department, each["text"])
                self.site.city.agenda.add(then, act)

    def meet_condition(self, at: datetime, department: str, text: str) -> None:
        """Have a department say that a condition is met."""
        work = self.work(at, self.member(department))
        for row in conditions.of_round(work, self.id):
            if (row["department"], row["text"], row["state"]) == (department, text, "open"):
                conditions.end(work, row["id"], "met")

    def ask_above(self, at: datetime, department: str) -> None:
        """Have the lead raise what a department disagrees on."""
        question = self.opinion(department)["raise"]
        escalations.raise_question(self.work(at, self.lead), self.id, question)

    def settle(self, at: datetime, task: TaskView) -> None:
        """Have the lead settle what was raised to itself."""
        said = {"settlement": self.told["settle"]["text"]}
        tasks.complete(self.work(at, self.lead), task.id, "settled", said)
        self.site.look(at)

    def awaited(self, at: datetime) -> list[str]:
        """Return the departments that are to come, in order."""
        asked = [each["department"] for each in self.sheet(at).asked]
        return [each for each in asked if not self.opinion(each).get("never")]

    # -- the lead ----------------------------------------------------------------------------

    def conclude(self, at: datetime, task: TaskView) -> None:
        """Have the lead conclude the round."""
        step = self.told.get("conclude", {})
        reasons = {"reasons": step["reasons"]} if "reasons" in step else {}
        outcome = step.get("outcome", "approved")
        for gap in promised.of_round(self.work(at, self.lead), self.id):
            # what was promised comes in time for the approval
            folder.add(self.site, at, gap["item"], [gap["material"]])
        tasks.complete(self.work(at, self.lead), task.id, outcome, reasons)
        self.site.look(at)

    def record(self, at: datetime, task: TaskView) -> None:
        """Have the minutes drafted, sent out and signed."""
        minutes.draft(
            self.work(at, self.lead), self.id, self.told.get("minutes", {}).get("texts", {})
        )
        self.finish(at, task)
        row = read_minutes(self.work(at, self.lead), self.id) or {"content": {"signers": ()}}
        for each in row["content"]["signers"]:
            department = each["department"]
            if department not in self.told.get("unsigned", ()):
                then = self.later(at, 0, "sign", department)
                self.site.city.agenda.add(then, partial(self.sign, then, department))

    def sign(self, at: datetime, department: str) -> None:
        """Have a department sign the minutes."""
        minutes.sign(self.work(at, self.member(department)), self.id, department)
        self.site.look(at)

    def finish(self, at: datetime, task: TaskView) -> None:
        """Have a step answered in the words of the file."""
        text = self.told.get(task.element, {}).get("text", "")
        actor = self.site.applicant if "applicant" in task.roles else self.lead
        data = {"text": text} if text else {}
        tasks.complete(self.work(at, actor), task.id, OUTCOMES[task.element], data)
        self.site.look(at)

    # -- people ------------------------------------------------------------------------------

    @property
    def lead(self) -> Actor:
        """Who handles the round for its lead."""
        return self.member(self.told["lead"])

    def member(self, department: str) -> Actor:
        """Return who speaks for a department."""
        return self.site.city.staff["reviewer", department][0]

    def sheet(self, at: datetime) -> ReviewSheet:
        """Return the round as it is."""
        return sheet.read(self.work(at, self.lead), self.id)

    def work(self, at: datetime, actor: Actor) -> Work:
        """Return a unit of work of somebody."""
        return self.site.work(at, actor)


ACTS: Mapping[str, Callable[[Panel, datetime, TaskView], None]] = {
    "give-opinion": Panel.give,
    "issue-opinion": Panel.give,
    "settle": Panel.settle,
    "conclude": Panel.conclude,
    "minutes": Panel.record,
    "reply": Panel.finish,
    "supplement": Panel.finish,
}
