"""A city with a round of a joint review, as the pages of joint reviews are tested in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.rules.joint_review import Answer, OpinionKind
from engine.service import procedures, projects
from engine.service.review import opinions, rooms, rounds
from engine.service.review.rounds import NewRound
from tests.api.conftest import Service

#: who is asked about the scheme of an industrial project besides the lead, PLAN
ASKED = ("CAD", "EPB", "FIRE", "HOUS", "MET")
AGREE = Answer(OpinionKind.AGREE)
AGAINST = Answer(
    OpinionKind.DISAGREE, legal_basis="《消防法》第十条", required="消防车道不小于四米"
)
NEEDS = Answer(OpinionKind.NEED_SUPPLEMENT, materials=("日照分析",))
ITEM = "IND-08"


@dataclass
class Review:
    """A service with a project, its round, and a user for every department asked."""

    service: Service
    project: int
    round: int

    @property
    def path(self) -> str:
        """Where the round is."""
        return f"/joint-reviews/{self.round}"

    def say(self, department: str, answer: Answer = AGREE, source: str = "paper") -> None:
        """Enter an opinion as the lead does."""
        given = {"source": source, "given_by": "李明"}
        self.service.act(opinions.enter_for, self.round, department, answer, **given)

    def say_all(self, **special: Answer) -> None:
        """Enter an opinion of everybody; who is not named agrees."""
        for each in ASKED:
            self.say(each, special.get(each, AGREE))


def people(service: Service) -> None:
    """Add who takes part: a reviewer of each department, of the lead, and the applicant."""
    for each in ASKED:
        service.add_user(each.lower(), ("reviewer", each))
    service.add_user("lead", ("reviewer", "PLAN"))
    service.add_user("maker", ("applicant", ""))


def started(service: Service, name: str = "水泵厂迁建") -> int:
    """A project whose scheme can be reviewed."""
    project = service.act(projects.create, name, "industrial-2014", "maker").id
    service.act(projects.start, project)
    return int(project)


def deployed(service: Service) -> None:
    """Deploy the procedure of industrial projects."""
    service.act(procedures.deploy, procedures.named("industrial-2014", service.settings))


def review(service: Service, **more: Any) -> Review:
    """A round on paper about the scheme."""
    people(service)
    deployed(service)
    project = started(service)
    given = NewRound("planning", items=(ITEM,), papers="方案第二稿", **more)
    return Review(service, project, service.act(rounds.launch, project, given))


def room(service: Service, name: str = "302 室", seats: int = 20) -> int:
    """Add a room."""
    return int(service.act(rooms.add, name, seats=seats).id)
