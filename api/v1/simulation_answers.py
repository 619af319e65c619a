"""What simulations answer and are asked beyond the services' views: results, bodies, queries."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import TypedDict

from api.schemas import Body, Code, Data, Key, Line, Part, Query, Word, example
from engine.analysis.simulation.plan import MOST_CASES, MOST_REPLICATIONS

StateName = Literal["queued", "running", "done", "failed", "cancelled"]
Days = Annotated[float, Field(ge=0, le=36_500)]


# -- queries --------------------------------------------------------------------------------------


class SimulationQuery(Part):
    """Which runs."""

    state: StateName | SkipJsonSchema[None] = None
    procedure: Word | SkipJsonSchema[None] = None
    scenario: Key | SkipJsonSchema[None] = None
    text: Code | SkipJsonSchema[None] = Field(None, description="part of a name")


class PairQuery(Query):
    """Which two runs."""

    first: Key
    second: Key


class ReplicationQuery(Query):
    """Of which replication."""

    replication: int = Field(0, ge=0, lt=MOST_REPLICATIONS, description="counted from 0")


class AssumptionsQuery(Query):
    """Of which procedure."""

    procedure: Word


# -- bodies ---------------------------------------------------------------------------------------


class SourceGiven(Body):
    """What is simulated: one of the three."""

    procedure: Word | None = None
    version: Annotated[int, Field(ge=1)] | None = Field(
        None, description="with `procedure`: the number of its version; the newest without one"
    )
    scenario: Key | None = None
    portfolio: Word | None = Field(
        None, description="a procedure: its newest version with all its projects that run"
    )


class PlanGiven(Body):
    """How much is played; `cases` are those that are measured, over all replications."""

    cases: int = Field(default=3_000, ge=1, le=MOST_CASES)
    seed: int = Field(
        default=1, ge=0, le=2**63 - 1, description="the same seed gives the same answer"
    )
    replications: int = Field(default=30, ge=1, le=MOST_REPLICATIONS)
    warm_up_days: Days = Field(default=365.0, description="calendar days at the beginning left out")
    cool_down_days: Days = Field(
        default=120.0, description="calendar days that are played on at the end"
    )


class NewSimulation(Body):
    """A run to queue; `assumptions` say what the diagram does not: durations, people, shares."""

    model_config = example(
        name="28 天能否兑现",
        source={"procedure": "industrial-2014"},
        assumptions={"items": {"IND-02": {"days": "pert(3, 5, 9)"}}},
        plan={"cases": 3000, "seed": 1},
    )
    name: Line
    source: SourceGiven
    assumptions: Data = Field(default_factory=dict)
    plan: PlanGiven = PlanGiven()
    sensitivity: bool = Field(False, description="with how much each input moves the result")


# -- answers --------------------------------------------------------------------------------------


class Estimate(TypedDict):
    """A figure with its 95 % interval over replications; without bounds for one replication.

    null where no case says anything of it.
    """

    value: float | None
    low: float | None
    high: float | None


#: how many cases lie in each bin; the first begins at `from`
HistogramAnswer = TypedDict("HistogramAnswer", {"from": float, "width": float, "counts": list[int]})


class MeasureAnswer(TypedDict):
    """A distribution over the measured cases, in working days."""

    mean: Estimate
    p50: Estimate
    p90: Estimate
    p95: Estimate
    sd: float
    least: float
    most: float
    histogram: HistogramAnswer


class MeasuresAnswer(TypedDict):
    """Three totals of a case.

    `counted`: the departments' longest path to construction start; `elapsed`: everybody's;
    `whole`: to the end of the last token, acceptance included. null where no case came so far.
    """

    counted: MeasureAnswer | None
    elapsed: MeasureAnswer | None
    whole: MeasureAnswer | None


class PromiseAnswer(TypedDict):
    """The chance, 0 to 1, that the counted days are at most those promised."""

    days: int
    chance: Estimate


class WindowAnswer(TypedDict):
    """The chance that construction starts within so many months of hand-over."""

    months: int
    chance: Estimate


class SpreadAnswer(TypedDict):
    """How long an item takes, in working days from ready to decided; null where no case had it."""

    mean: float | None
    p50: float | None
    p90: float | None


class SimulatedItemAnswer(TypedDict):
    """An item: its days, and where the hours of a case go on the wall clock.

    `waiting` in a queue while the window is open, `working`, `off_hours` closed, `held` by a
    gate: mean hours a case. `within_promise` and `criticality` are shares of cases, `rounds` how
    often its main step is done in a case; null where nothing is known of it.
    """

    id: str
    name: str
    stage: str
    department: str
    kind: str
    promised_days: int
    cases: int
    days: SpreadAnswer
    waiting: float | None
    working: float | None
    off_hours: float | None
    held: float | None
    within_promise: float | None
    criticality: float | None
    rounds: float | None


class SimulatedNodeAnswer(TypedDict):
    """A step of the diagram: mean visits a case, and mean hours a visit."""

    id: str
    visits: float
    waiting: float
    working: float
    off_hours: float
    held: float


class SimulatedPoolAnswer(TypedDict):
    """A queue and those who serve it.

    `utilisation` is the share of their open hours they work, `waiting` mean working hours a
    task, `queue` its mean length.
    """

    id: str
    name: str
    department: str
    people: int
    tasks: float
    utilisation: Estimate
    waiting: Estimate
    queue: float
    queue_most: int


class SimulatedPersonAnswer(TypedDict):
    """A person, the queues they serve, and the share of their open hours they work."""

    id: str
    pools: list[str]
    utilisation: float | None


class WarmUpAnswer(TypedDict):
    """What was cut off: mean counted days of cases by the day they arrive, over replications."""

    days: float
    series: list[list[float | None]]


class SensitivityAnswer(TypedDict):
    """How far one input moves the result: its figures at `low` and at `high`.

    `kind` is item, applicant, pool or share; of a pool `low` and `high` are people, else factors.
    `base` is the mean and the 90th percentile with every input as it is.
    """

    input: str
    kind: str
    name: str
    low: float
    high: float
    mean: list[float | None]
    p90: list[float | None]
    elapsed_p90: list[float | None]
    base: list[float | None]


class LikelyDays(TypedDict):
    """Working days that a project takes no more than with a chance of 10, 50, 90 %."""

    p10: float | None
    p50: float | None
    p90: float | None


class LikelyDates(TypedDict):
    """Dates that construction starts no later than with a chance of 10, 50, 90 %."""

    p10: str | None
    p50: str | None
    p90: str | None


class SimulatedProjectAnswer(TypedDict):
    """What may become of a project under way; chances are null where there is no limit."""

    id: str
    counted_days: LikelyDays
    opens_on: LikelyDates
    within_promise: float | None
    within_window: float | None


class FiguresAnswer(TypedDict):
    """One number a replication: counted days, and the shares that kept promise and window."""

    mean: list[float | None]
    p50: list[float | None]
    p90: list[float | None]
    p95: list[float | None]
    promise: list[float | None]
    window: list[float | None]


class ResultAnswer(TypedDict):
    """The result of a run. `mode` is `sampled` where nothing queues, else `queued`.

    `start` is the Monday it begins on; `unopened` cases never came to construction
    start. `projects`: of a portfolio, each project.
    """

    mode: Literal["sampled", "queued"]
    cases: int
    replications: int
    seed: int
    engine: str
    start: str
    unopened: int
    measures: MeasuresAnswer
    promise: PromiseAnswer | None
    window: WindowAnswer | None
    items: list[SimulatedItemAnswer]
    nodes: list[SimulatedNodeAnswer]
    pools: list[SimulatedPoolAnswer]
    people: list[SimulatedPersonAnswer]
    warm_up: WarmUpAnswer
    projects: list[SimulatedProjectAnswer] | None
    sensitivity: list[SensitivityAnswer] | None
    figures: FiguresAnswer


class AssumptionsAnswer(TypedDict):
    """What is assumed beyond the diagram, as `POST /simulations` takes it."""

    procedure: str
    assumptions: dict[str, Any]


class ComparedRun(TypedDict):
    """Which run."""

    id: int
    name: str


class DifferenceAnswer(TypedDict):
    """A figure of both runs, the second less the first, and whether 0 is outside its interval."""

    first: float | None
    second: float | None
    difference: Estimate
    beyond_chance: bool | None


class DifferencesAnswer(TypedDict):
    """Counted days, and the chances to keep promise and window; null where one has none."""

    mean: DifferenceAnswer | None
    p50: DifferenceAnswer | None
    p90: DifferenceAnswer | None
    p95: DifferenceAnswer | None
    promise: DifferenceAnswer | None
    window: DifferenceAnswer | None


class ItemFigures(TypedDict):
    """What is compared of an item: hours are means a case."""

    days: SpreadAnswer
    criticality: float | None
    waiting: float | None
    working: float | None
    off_hours: float | None
    held: float | None


class PoolFigures(TypedDict):
    """What is compared of a queue."""

    utilisation: Estimate
    waiting: Estimate
    queue: float


class ComparedItem(TypedDict):
    """An item in both runs; null in the one that does not have it."""

    id: str
    name: str
    first: ItemFigures | None
    second: ItemFigures | None


class ComparedPool(TypedDict):
    """A queue in both runs; null in the one that does not have it."""

    id: str
    name: str
    first: PoolFigures | None
    second: PoolFigures | None


class ComparisonAnswer(TypedDict):
    """Two runs, paired by replication; `runs` and `measures` are those of both, in order."""

    runs: list[ComparedRun]
    figures: DifferencesAnswer
    items: list[ComparedItem]
    pools: list[ComparedPool]
    measures: list[MeasuresAnswer]
