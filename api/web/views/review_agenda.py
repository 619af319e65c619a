"""The agenda of a form: projects with the stage, items and departments that are chosen of each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.web.visit import Visit
from engine.errors import Invalid
from engine.service.review import candidates
from engine.service.review.candidates import ProjectOffer, StageOffer
from engine.service.review.meetings import MOST_PROJECTS, Line

#: what stands between a project and what is said of it in the value of a control
MARK = ":"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A project on the agenda as it stands in the form."""

    offer: ProjectOffer
    stage: StageOffer
    items: frozenset[str]
    more: frozenset[str] = frozenset()
    papers: str = ""
    complex_case: bool = False

    @property
    def key(self) -> str:
        """What the form calls it."""
        return f"{self.offer.id}{MARK}{self.stage.stage}"

    @property
    def asked(self) -> list[str]:
        """The departments that the chosen items bring along."""
        brought = [each.asked for each in self.stage.items if each.id in self.items]
        return list(dict.fromkeys(name for several in brought for name in several))

    def line(self) -> Line:
        """Return it as the service knows it. Raises Invalid where no item is chosen."""
        if not self.items:
            raise Invalid("no item is chosen", field="items")
        return Line(
            self.offer.id,
            self.stage.stage,
            items=tuple(each.id for each in self.stage.items if each.id in self.items),
            departments=tuple(sorted(self.more)),
            papers=self.papers,
            complex_case=self.complex_case,
        )


def chosen(visit: Visit) -> list[Chosen]:
    """Return the agenda: as the form has it, else as the address names it. Raises NotFound."""
    keys = visit.form.getlist("line") or of_address(visit)
    added, dropped = act(visit, "add"), act(visit, "drop")
    wanted = [each for each in dict.fromkeys([*keys, *added]) if each not in dropped]
    found = (one(visit, key) for key in wanted[:MOST_PROJECTS])
    return [each for each in found if each is not None]


def of_address(visit: Visit) -> list[str]:
    """Return what the address names."""
    project = visit.argument("project")
    return [f"{project}{MARK}{visit.argument('stage')}"] if is_key(project) else []


def act(visit: Visit, verb: str) -> list[str]:
    """Return the key that the button which was pressed names, where it is of a verb."""
    name, _mark, key = visit.text("then").partition(MARK)
    return [key] if name == verb and key else []


def is_key(text: str) -> bool:
    """Tell whether a text is a project's id."""
    return text.isascii() and text.isdecimal() and len(text) <= len(str(2**53))


def one(visit: Visit, key: str) -> Chosen | None:
    """Return one project of the agenda; None where nothing of it can be reviewed."""
    project, _mark, stage = key.partition(MARK)
    if not is_key(project):
        return None
    offer = candidates.of_project(visit.work, int(project))
    found = offer.stage(stage)
    if found is None:
        return None
    every = Chosen(offer, found, frozenset(each.id for each in found.items))
    return typed(visit, every) if every.key in visit.form.getlist("shown") else every


def typed(visit: Visit, line: Chosen) -> Chosen:
    """Return a project of the agenda with what was chosen in the form."""
    return replace(
        line,
        items=line.items & picked(visit, "items", line.key),
        more=picked(visit, "departments", line.key),
        papers=visit.text(f"papers{MARK}{line.key}"),
        complex_case=line.key in visit.form.getlist("complex"),
    )


def picked(visit: Visit, name: str, key: str) -> frozenset[str]:
    """Return the values of checkboxes that belong to a project of the agenda."""
    start = f"{key}{MARK}"
    given = visit.form.getlist(name)
    return frozenset(each.removeprefix(start) for each in given if each.startswith(start))
