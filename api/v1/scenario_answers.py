"""What scenarios answer and are asked beyond the services' views: effects, optima, bodies."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import TypedDict

from api.schemas import PLAIN, Body, Code, CriticalPath, Key, Line, Part, Query, Word, example
from engine.analysis.reengineering.operation import MAX_COST, MAX_DAYS, MAX_ID, MAX_OPERATIONS
from engine.service.scenarios.rows import MAX_TEXT
from engine.service.scenarios.views import NameData

Note = Annotated[str, StringConstraints(pattern=PLAIN, max_length=MAX_TEXT)]
Identifier = Annotated[str, StringConstraints(pattern=PLAIN, min_length=1, max_length=MAX_ID)]
Days = Annotated[int, Field(ge=0, le=MAX_DAYS)]
Points = Annotated[int, Field(ge=0, le=MAX_COST)]
Ids = Annotated[list[Identifier], Field(max_length=100)]
KindName = Literal[
    "shorten", "merge", "drop", "parallelise", "move_to_post", "joint_review", "commitment"
]
StateName = Literal["draft", "proposed", "approved", "rejected"]


# -- queries --------------------------------------------------------------------------------------


class ScenarioQuery(Part):
    """Which scenarios."""

    state: StateName | SkipJsonSchema[None] = None
    procedure: Word | SkipJsonSchema[None] = None
    text: Code | SkipJsonSchema[None] = Field(None, description="part of a name")


class TargetQuery(Query):
    """What is to be reached."""

    target: int = Field(ge=1, le=MAX_DAYS, description="counted working days")


class ReportQuery(Query):
    """Which report."""

    language: Literal["zh", "en"] = "zh"
    target: int | SkipJsonSchema[None] = Field(
        None, ge=1, le=MAX_DAYS, description="with the cheapest operations that reach it"
    )


# -- bodies ---------------------------------------------------------------------------------------


class CostGiven(Body):
    """Points: people, systems and training; what must be decided or amended before."""

    effort: Points = 1
    legal: Points = 0


class NameGiven(Body):
    """A name in the interface's two languages."""

    zh: Line
    en: Annotated[str, StringConstraints(pattern=PLAIN, max_length=300)] = ""


class OperationGiven(Body):
    """An operation, with what its kind needs beside `item`.

    That is of shorten `days`; merge `absorb`; drop nothing; parallelise `predecessors`;
    move_to_post `remove_from` and, if it is to hold up something else, `add_to`; joint_review
    `days` and `participants`; commitment `days` and `check_days`.
    """

    model_config = example(id="filing-1", kind="shorten", item="IND-01", days=1)
    kind: KindName
    item: Identifier
    id: Identifier | None = Field(None, description="of its own; made of kind and item without one")
    name: NameGiven | None = None
    days: Days | None = Field(None, description="in the unit in which the item is promised")
    absorb: Ids | None = None
    predecessors: Ids | None = Field(None, description="all it waits for from now on")
    remove_from: Ids | None = Field(None, description="what waits for it no more")
    add_to: Ids | None = Field(None, description="what waits for it instead")
    participants: Ids | None = Field(None, description="departments, by code")
    check_days: Days | None = None
    cost: CostGiven | None = None
    excludes: Ids | None = Field(None, description="ids of operations it cannot be done with")
    enabled: bool = True


Operations = Annotated[list[OperationGiven], Field(max_length=MAX_OPERATIONS)]


class NewScenario(Body):
    """A scenario to make on the newest version of a procedure, or on another of its versions."""

    model_config = example(name="从 63 天到 28 天", procedure="industrial-2013")
    name: Line
    procedure: Word
    operations: Operations | None = Field(
        None, description="without them the city's published list, if there is one"
    )
    note: Note = ""
    version: Key | None = Field(None, description="id of the version it stands on")
    target_procedure: Word | None = Field(
        None, description="the procedure it would be deployed as; the same without it"
    )


class ScenarioChanges(Body):
    """What is to change; what is left out stays."""

    model_config = example(note="与规划局商定")
    name: Line | None = None
    note: Note | None = None
    operations: Operations | None = Field(None, description="all of them, in their order")
    target_procedure: Word | None = None


class Switch(Body):
    """Whether an operation is on."""

    model_config = example(enabled=False)
    enabled: bool


class CopyName(Body):
    """What a copy is called; as the original without it."""

    model_config = example(name="从 63 天到 26 天")
    name: Line | None = None


class Decision(Body):
    """What is said to a decision on a proposal."""

    model_config = example(note="与三个部门核对过。")
    note: Note = ""


# -- answers --------------------------------------------------------------------------------------


class BreachAnswer(TypedDict):
    """A rule that is broken: which kind, by what, and the article."""

    kind: str
    items: list[str]
    law: str
    message: str


class ConflictAnswer(TypedDict):
    """Why an operation cannot be applied."""

    message: str
    cause: str
    items: list[str]


class StepAnswer(TypedDict):
    """One operation and the counted total before and after it; `state` is applied, off, conflict.

    `saved` is negative where it lengthens the total as it then is.
    """

    operation: str
    kind: str
    name: NameData
    state: str
    before: int
    after: int
    saved: int
    elapsed_after: int
    cost: int
    breaches: list[BreachAnswer]
    conflict: ConflictAnswer | None


class ChangeAnswer(TypedDict):
    """What a department must do differently; `detail` depends on the kind."""

    kind: str
    item: str
    department: str
    detail: dict[str, Any]


class SummaryAnswer(CriticalPath):
    """A critical path, how many items construction start waits for, and their days' sum."""

    items: int
    sum_days: int


class OfScenario(TypedDict):
    """Which scenario, and the version of it that this was computed of."""

    id: int
    name: str
    state: str
    version: int
    target_procedure: str


class MakesAnswer(TypedDict):
    """The procedure that the published list makes, and whether this scenario makes the same."""

    procedure: str
    equal: bool


class EffectAnswer(TypedDict):
    """What a scenario does to its base; days are working days, costs points.

    `inherited` are rules that the base itself breaks: no operation is at fault for them.
    """

    scenario: OfScenario
    procedure: str
    before: SummaryAnswer
    after: SummaryAnswer
    saved: int
    cost: int
    steps: list[StepAnswer]
    lawful: bool
    breaches: list[BreachAnswer]
    inherited: list[BreachAnswer]
    conflicts: list[str]
    changes: list[ChangeAnswer]
    makes: MakesAnswer | None
    base_version: int
    newest_version: int
    outdated: bool


class ChoiceAnswer(TypedDict):
    """A set of operations by their ids, what it costs, and the counted days it leads to."""

    days: int
    cost: int
    operations: list[str]


class BarredAnswer(TypedDict):
    """An operation that no lawful set may hold, and what it breaks."""

    operation: str
    breaches: list[BreachAnswer]


class OptimumAnswer(TypedDict):
    """The cheapest set that reaches the target; where `reached` is false, that of fewest days.

    `front` are the sets that no other beats in both days and cost, `near` others that reach the
    target for little more, `idle` the operations that cannot move construction start.
    """

    target: int
    reached: bool
    days: int
    cost: int
    operations: list[str]
    best_days: int
    near: list[ChoiceAnswer]
    front: list[ChoiceAnswer]
    barred: list[BarredAnswer]
    idle: list[str]
    subsets: int
