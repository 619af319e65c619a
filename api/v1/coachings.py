"""Coaching (前期辅导) before an application: no clock, no due date, no effect on any decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic.json_schema import SkipJsonSchema

from api.call import Call, Reply
from api.route import Route
from api.schemas import PLAIN, Body, Code, Key, Line, Part, Query, Text, Word, example
from engine.rules.coaching import TOPICS, Kind
from engine.service.coaching import cases, checklist, conversation, reading, register
from engine.service.coaching.register import Facets, Wanted
from engine.service.coaching.views import AdviceSheet, CoachingRow, CoachingView
from engine.service.views import Page, ProjectView

Long = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=cases.MAX_TEXT)]
#: fields of an entry that only some kinds have
OWN = {"topic": ("question", "advice"), "answers": ("advice",), "item": ("material",)}
CENTRE = "empty for the service centre"


class CoachingFilters(Query):
    """Which coachings."""

    state: Literal["open", "closed"] | SkipJsonSchema[None] = None
    department: Code | SkipJsonSchema[None] = Field(
        None, description=f"takes part; {CENTRE}, which does in all"
    )
    waiting: bool = Field(
        False, description="with a question that the department, or any, has not answered"
    )
    text: Text | SkipJsonSchema[None] = Field(None, description="part of a name or applicant")


class CoachingQuery(CoachingFilters, Part):
    """Which part of the list."""


class AdviceQuery(Query):
    """Whose advice."""

    department: Code | SkipJsonSchema[None] = Field(None, description=f"only this one's; {CENTRE}")


class NewCoaching(Body):
    """A coaching to open; applicants open it under their own name."""

    model_config = example(
        name="二期厂房", applicant="安庆振风精密机械有限公司", departments=["WATER"]
    )
    name: Line
    applicant: Annotated[str, StringConstraints(pattern=PLAIN, max_length=300)] = ""
    procedure: Code = Field("", description="what it is heading for; empty where not known yet")
    departments: list[Word] = Field(
        default_factory=list, max_length=50, description="beside the city's standing ones"
    )


class NewEntry(Body):
    """A question, advice, or a line of the checklist."""

    model_config = example(kind="question", topic="eia", text="需要编制报告书还是报告表？")
    kind: Literal["question", "advice", "material"]
    text: Long
    department: Code | None = Field(
        None,
        description=f"asked, or speaking; {CENTRE}. Without it a question goes to the topic's "
        "department, and advice is of your own",
    )
    topic: Code = Field("", json_schema_extra={"enum": ["", *TOPICS]})
    answers: Key | None = Field(None, description="the question that advice answers")
    item: Code = Field("", description="of a material")

    @model_validator(mode="after")
    def has_what_its_kind_has(self) -> NewEntry:
        """Refuse what another kind has, rather than leave it out."""
        for name, kinds in OWN.items():
            if getattr(self, name) and self.kind not in kinds:
                raise ValueError(f"a {self.kind} has no {name}")
        return self


class Ticks(Body):
    """Lines of the checklist, and whether their materials are ready."""

    model_config = example(entries=[12, 13], done=True)
    entries: list[Key] = Field(min_length=1, max_length=200)
    done: bool = True


class DepartmentGiven(Body):
    """A department that is to take part."""

    model_config = example(department="WATER")
    department: Word


class ProcedureGiven(Body):
    """A procedure; without it the coaching's own."""

    model_config = example(procedure="industrial-2014")
    procedure: Code = ""


class Summary(Body):
    """What came of a coaching."""

    model_config = example(summary="选址、环评等级和材料已明确，可以申请备案。")
    summary: Long


def create(call: Call) -> Reply:
    body = call.body
    key = cases.begin(
        call.work, body.name, body.applicant, procedure=body.procedure, also=body.departments
    )
    view = reading.get(call.work, key)
    return Reply(view, headers={"Location": f"/api/v1/coachings/{key}"})


def find(call: Call) -> Page[CoachingRow]:
    query = dict(call.query)
    place = {name: query.pop(name) for name in ("cursor", "limit")}
    return register.find(call.work, Wanted(**query), **place)


def facets(call: Call) -> Facets:
    return register.facets(call.work, Wanted(**dict(call.query)))


def get(call: Call) -> CoachingView:
    return reading.get(call.work, call.path["coaching"])


def sheet(call: Call) -> AdviceSheet:
    return reading.sheet(call.work, call.path["coaching"], call.query.department)


def ask(call: Call) -> int:
    body = call.body
    return conversation.ask(
        call.work,
        call.path["coaching"],
        body.text,
        topic=body.topic,
        department=body.department,
        expected_version=call.expected_version,
    )


def advise(call: Call) -> int:
    body = call.body
    return conversation.advise(
        call.work,
        call.path["coaching"],
        body.text,
        topic=body.topic,
        department=body.department,
        answers=body.answers,
        expected_version=call.expected_version,
    )


def add_line(call: Call) -> int:
    body = call.body
    return checklist.add(
        call.work,
        call.path["coaching"],
        body.text,
        department=body.department,
        item=body.item,
        expected_version=call.expected_version,
    )


ENTRIES: dict[str, Callable[[Call], int]] = {
    Kind.QUESTION: ask,
    Kind.ADVICE: advise,
    Kind.MATERIAL: add_line,
}


def write(call: Call) -> CoachingView:
    ENTRIES[call.body.kind](call)
    return get(call)


def move(verb: Callable[..., Any], given: Callable[[Any], tuple[Any, ...]]) -> Any:
    """Return the handler that does something with a coaching, given what its body holds."""

    def handler(call: Call) -> CoachingView:
        key, version = call.path["coaching"], call.expected_version
        verb(call.work, key, *given(call.body), expected_version=version)
        return reading.get(call.work, key)

    return handler


def become_project(call: Call) -> Reply:
    view = cases.become_project(
        call.work,
        call.path["coaching"],
        call.body.procedure,
        expected_version=call.expected_version,
    )
    return Reply(view, headers={"Location": f"/api/v1/projects/{view.id}"})


COACHING = "/coachings/<key:coaching>"
TAG: dict[str, Any] = {"tag": "Coaching"}
CHANGE: dict[str, Any] = {**TAG, "etag": True, "conditional": True, "conflicts": True}


def changing(
    name: str,
    path: str,
    verb: Callable[..., Any],
    body: type[Body] | None,
    given: Callable[[Any], tuple[Any, ...]],
    summary: str,
) -> Route:
    """Return the route of something that is done with a coaching."""
    return Route(
        name,
        "POST",
        f"{COACHING}/{path}",
        move(verb, given),
        summary,
        answer=CoachingView,
        body=body,
        **CHANGE,
    )


ROUTES = (
    Route(
        "create_coaching",
        "POST",
        "/coachings",
        create,
        "Open a coaching before an application",
        answer=CoachingView,
        status=201,
        body=NewCoaching,
        etag=True,
        description=(
            "The city's standing departments take part, and the service centre always. Nothing in "
            "a coaching starts a clock, falls due, or decides anything."
        ),
        **TAG,
    ),
    Route(
        "list_coachings",
        "GET",
        "/coachings",
        find,
        "List the coachings you may see, the newest first",
        answer=Page[CoachingRow],
        query=CoachingQuery,
        description="Applicants see their own, departments those they take part in.",
        **TAG,
    ),
    Route(
        "coaching_facets",
        "GET",
        "/coachings/facets",
        facets,
        "Count coachings by the values of each filter, under all the other filters",
        answer=Facets,
        query=CoachingFilters,
        **TAG,
    ),
    Route(
        "get_coaching",
        "GET",
        COACHING,
        get,
        "Get a coaching with its questions, advice and checklist",
        answer=CoachingView,
        etag=True,
        **TAG,
    ),
    Route(
        "coaching_advice",
        "GET",
        f"{COACHING}/advice",
        sheet,
        "Get the sheet of advice, as it is printed",
        answer=AdviceSheet,
        query=AdviceQuery,
        **TAG,
    ),
    Route(
        "add_coaching_entry",
        "POST",
        f"{COACHING}/entries",
        write,
        "Ask, advise or answer, or add a line to the checklist",
        answer=CoachingView,
        status=201,
        body=NewEntry,
        **CHANGE,
    ),
    changing(
        "add_coaching_department",
        "departments",
        cases.add_department,
        DepartmentGiven,
        lambda body: (body.department,),
        "Have a further department take part",
    ),
    changing(
        "generate_coaching_checklist",
        "checklist",
        checklist.generate,
        ProcedureGiven,
        lambda body: (body.procedure,),
        "Add the materials of all items of a procedure to the checklist",
    ),
    changing(
        "tick_coaching_materials",
        "tick",
        checklist.tick,
        Ticks,
        lambda body: (dict.fromkeys(body.entries, body.done),),
        "Note which materials of the checklist are ready",
    ),
    changing(
        "close_coaching",
        "close",
        cases.close,
        Summary,
        lambda body: (body.summary,),
        "Close a coaching with a summary",
    ),
    changing(
        "reopen_coaching",
        "reopen",
        cases.reopen,
        None,
        lambda _: (),
        "Open a closed coaching again",
    ),
    Route(
        "coaching_project",
        "POST",
        f"{COACHING}/project",
        become_project,
        "Turn a coaching into a project, a draft until it is started",
        answer=ProjectView,
        status=201,
        body=ProcedureGiven,
        **CHANGE,
    ),
)
