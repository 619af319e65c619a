"""What event logs are asked beyond the services' views, and answer: queries, bodies, tables."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import TypedDict

from api.schemas import PLAIN, Body, Code, Key, Line, Part, Query, Word, example

#: the name of a column, or nothing
Column = Annotated[str, StringConstraints(pattern=PLAIN, max_length=500)]
MappingText = Annotated[str, StringConstraints(max_length=20_000)]
LevelName = Literal["step", "item"]
FileName = Annotated[str, StringConstraints(pattern=PLAIN, max_length=255)]


# -- queries --------------------------------------------------------------------------------------


class EventLogQuery(Part):
    """Which logs."""

    procedure: Word | SkipJsonSchema[None] = Field(None, description="it was calibrated on")
    text: Code | SkipJsonSchema[None] = Field(None, description="part of a name")


class NewEventLogQuery(Query):
    """What a log is called, and which column is what where the body is the file itself."""

    name: FileName = Field("", description="what the log is called; the file's name without it")
    file_name: FileName = Field("", description="the file's name, where the body is the file")
    mapping: MappingText = Field(
        "",
        description=(
            "which column of a CSV file is what, as JSON, as the preview's `guess`; guessed "
            "without it"
        ),
    )


class PreviewQuery(Query):
    """How the file is written, where it is taken wrongly.

    `name` and `file_name` are taken as in the bringing in, and tell nothing here.
    """

    name: FileName = Field("", description="as in the bringing in; not used here")
    file_name: FileName = Field("", description="as in the bringing in; not used here")

    dialect: MappingText = Field(
        "", description="encoding, delimiter and header as JSON; as the file seems without it"
    )


class OwnQuery(Query):
    """Which of the city's history: of projects started from a day until another, both included."""

    procedure: Word | SkipJsonSchema[None] = None
    since: date | SkipJsonSchema[None] = None
    until: date | SkipJsonSchema[None] = None
    level: LevelName = Field("step", description="a row for each step, or for each item")
    anonymous: bool = Field(
        True, description="people are numbers and projects have codes alone; else by their names"
    )


class RunQuery(Query):
    """Set against which run."""

    simulation: Key = Field(description="id of a run of the simulation")


class ProcedureQuery(Query):
    """On which procedure."""

    procedure: Word | SkipJsonSchema[None] = Field(
        None, description="the one the log was calibrated on without it"
    )


# -- bodies ---------------------------------------------------------------------------------------


class EventLogChanges(Body):
    """What is to change."""

    model_config = example(name="许可受理 2011")
    name: Line


class DialectGiven(Body):
    """How a CSV file is written, where the preview takes it wrongly."""

    encoding: Literal["utf-8", "utf-8-sig", "utf-16", "gb18030", "latin-1"]
    delimiter: Literal[",", ";", "\t", "|"]
    header: bool = Field(description="without one the columns are numbered")


class MappingGiven(Body):
    """Which column of a CSV file is what, by its name; empty for none."""

    model_config = example(case="项目编号", activity="环节", end="办结时间")
    case: Column
    activity: Column
    end: Column = Field("", description="the timestamp of a log that has one")
    start: Column = ""
    ready: Column = Field("", description="when it could have begun")
    lifecycle: Column = Field("", description="what happened at the timestamp: start, complete …")
    resource: Column = Field("", description="who did it")
    group: Column = Field("", description="department or role")
    date_format: Column = Field("auto", description="of strptime, or a name the preview gives")
    traits: list[Column] = Field(
        default_factory=list, max_length=50, description="columns of what belongs to the case"
    )
    dialect: DialectGiven | None = Field(None, description="as the file seems without it")


class OwnGiven(Body):
    """The city's history to be kept as a log."""

    model_config = example(name="2014 年办件", procedure="industrial-2014", since="2014-01-01")
    name: Line
    procedure: Word | None = None
    since: date | None = None
    until: date | None = None
    level: LevelName = "step"
    anonymous: bool = True


class CalibrationGiven(Body):
    """What a log is laid over; without a procedure a diagram is found in the log itself.

    `matches` say which node of the procedure an activity of the log is, where names do not tell;
    an empty one leaves the activity out.
    """

    model_config = example(procedure="industrial-2014", matches={"受理": "IND-02/receive"})
    procedure: Word | None = None
    timezone: Word | None = Field(
        None, description="whose clock hours of work are read by; the service's without it"
    )
    matches: dict[str, Line | Literal[""]] = Field(default_factory=dict, max_length=2_000)


# -- answers --------------------------------------------------------------------------------------


class NodeHeat(TypedDict):
    """What passed at a node: rows and cases; hours from readiness to the end.

    Of waiting and work the means, null where no start is known.
    """

    count: int
    cases: int
    median_hours: float | None
    p90_hours: float | None
    waiting_hours: float | None
    work_hours: float | None


class HeatAnswer(TypedDict):
    """What passed, to be drawn on a diagram. `flows` are [from, to, how often] of nodes."""

    procedure: str | None
    version: int | None
    nodes: dict[str, NodeHeat]
    flows: list[list[str | int]]


class MappingAnswer(TypedDict):
    """Nodes by the log's activities, how each was recognised, and why others were not."""

    nodes: dict[str, str]
    by: dict[str, str]
    missing: dict[str, str]


class ReportAnswer(TypedDict):
    """What was found, with how well it fits.

    `activities` have the distributions of `waiting`, `elapsed` and `work` in hours; `taken` tells
    which stands in the assumptions. `shares` are ways out of gateways with their intervals,
    `unseen` works of the procedure that do not occur, `found` how the diagram was found where the
    log gave it, `cases` how many days they took, `limits` what the log cannot tell.
    """

    log: dict[str, Any]
    mapping: MappingAnswer
    unseen: list[str]
    fitness: dict[str, Any]
    found: dict[str, Any] | None
    activities: list[dict[str, Any]]
    taken: str
    shares: list[dict[str, Any]]
    arrivals: dict[str, Any]
    calendars: dict[str, dict[str, Any]]
    clock: str
    office_given: bool
    pools: Any
    day_hours: float
    heat: dict[str, NodeHeat]
    flows: list[list[str | int]]
    cases: dict[str, Any]
    limits: list[str]


class SideAnswer(TypedDict):
    """Durations of one side, in days; `quantiles` by share. Null where there is none."""

    n: int
    mean: float | None
    sd: float | None
    quantiles: dict[str, float]


class SidesAnswer(TypedDict):
    """Both sides of a comparison."""

    observed: SideAnswer
    simulated: SideAnswer


class PlayedAnswer(TypedDict):
    """The run that was compared, and how many of its replications were played again."""

    id: int
    name: str
    replications: int


class LogComparisonAnswer(TypedDict):
    """How long a run's cases took beside those of a log, in days.

    `ks` is the greatest distance between the shares below a value (Kolmogorov and Smirnov) with its
    `p`, `emd` the mean distance by which durations would have to move (Wasserstein). `histogram`
    and `ecdf` are drawn.
    """

    simulation: PlayedAnswer
    sides: SidesAnswer
    ks: float | None
    p: float | None
    emd: float | None
    histogram: dict[str, Any]
    ecdf: dict[str, Any]


class CalibrationAnswer(TypedDict):
    """What was found in a log, and when.

    `procedure` and `version` are null where the diagram was found in the log. `assumptions` are
    those of a simulation. `fitted` compares how long the cases of the fitted model take with the
    log's, or has a `problem` where it cannot be played.
    """

    procedure: str | None
    version: int | None
    matches: dict[str, str]
    timezone: str
    report: ReportAnswer
    assumptions: dict[str, Any]
    fitted: dict[str, Any]
    calibrated_at: str
    calibrated_by: str


class DialectAnswer(TypedDict):
    """How a CSV file is written. Without `header` the columns are numbered."""

    encoding: str
    delimiter: str
    header: bool


class PreviewAnswer(TypedDict):
    """What a CSV file looks like: its first rows, and which column seems to be what.

    `guess` is a mapping; it has '' where nothing fits.
    """

    columns: list[str]
    rows: list[list[str]]
    dialect: DialectAnswer
    guess: dict[str, Any]
