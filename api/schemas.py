"""What requests hold and what answers hold beyond the services' views.

A body refuses fields it does not know and values of another type; a query refuses names it
does not know. Answers are the views of `engine/service/views.py`, written as JSON as they are.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Annotated, Any, Literal, NotRequired

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema
from typing_extensions import TypedDict

MAX_LIMIT = 200

#: printable, or a line break or tab
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Text = Annotated[str, StringConstraints(pattern=PLAIN, max_length=2000)]
Line = Annotated[str, StringConstraints(pattern=PLAIN, max_length=300, min_length=1)]
Word = Annotated[str, StringConstraints(pattern=PLAIN, max_length=100, min_length=1)]
Address = Annotated[str, StringConstraints(pattern=PLAIN, max_length=254)]
Password = Annotated[str, StringConstraints(max_length=256, min_length=1)]
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]
RoleName = Literal[
    "applicant", "clerk", "reviewer", "head", "coordinator", "analyst", "supervisor", "admin"
]


def finite(data: dict[str, Any]) -> dict[str, Any]:
    """Refuse numbers that JSON does not know, however deep they lie."""
    waiting: list[Any] = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, float) and not math.isfinite(value):
            raise ValueError("NaN and Infinity are no JSON numbers")
    return data


Data = Annotated[dict[str, Any], AfterValidator(finite)]


class Body(BaseModel):
    """The JSON of a request."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Query(BaseModel):
    """The query of a request."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# -- queries ------------------------------------------------------------------------------------


class Part(Query):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="how many at most")
    cursor: Text | SkipJsonSchema[None] = Field(None, description="`next` of the part before")


Code = Annotated[str, StringConstraints(pattern=PLAIN, max_length=100)]
LightName = Literal["green", "yellow", "orange", "red", "paused", "none", "waiting", "done", "gone"]


class ProjectFilters(Query):
    """Which projects."""

    state: (
        Literal["draft", "running", "suspended", "completed", "closed", "cancelled"]
        | SkipJsonSchema[None]
    ) = None
    procedure: Word | SkipJsonSchema[None] = None
    kind: Code | SkipJsonSchema[None] = Field(
        None, description="what the procedure is for: industrial, real_estate"
    )
    stage: Code | SkipJsonSchema[None] = Field(
        None, description="the first stage that is not completed"
    )
    light: LightName | SkipJsonSchema[None] = None
    department: Code | SkipJsonSchema[None] = Field(
        None, description="who has what holds the project most"
    )
    text: Text | SkipJsonSchema[None] = Field(
        None, description="part of the name or applicant, or the code"
    )


class ProjectQuery(ProjectFilters, Part):
    """Which projects, in which order."""

    sort: Literal["newest", "slack", "forecast", "name"] = Field(
        "newest", description="`slack`: the smallest first; projects that do not run come last"
    )


class TaskQuery(Part):
    """Which tasks."""

    project: Key | SkipJsonSchema[None] = None
    department: Word | SkipJsonSchema[None] = None
    state: Literal["open", "completed", "cancelled", "all"] = "open"
    overdue: bool | SkipJsonSchema[None] = None
    assignee: Word | SkipJsonSchema[None] = Field(
        None, description="a user's name; `me` is whoever asks"
    )
    item: Word | SkipJsonSchema[None] = None
    stage: Word | SkipJsonSchema[None] = None


class HistoryQuery(Part):
    """Which part of a history, and in which order."""

    newest: bool = Field(False, description="the newest first")
    item: Word | SkipJsonSchema[None] = Field(None, description="only what concerns it")
    kind: (
        Literal["major", "project", "item", "task", "review", "attachment", "incident"]
        | SkipJsonSchema[None]
    ) = Field(None, description="`major`: what is news beyond one department")


class InboxFilters(Query):
    """Which open tasks."""

    scope: Literal["mine", "department", "all"] = Field(
        "mine",
        description="`mine`: claimed by you, or free and yours to do; `department`: of your "
        "departments; `all`: for coordinators, supervisors and analysts",
    )
    light: Literal["all", "overdue", "due_soon", "receive"] = Field(
        "all", description="`receive`: those that wait to be accepted"
    )
    department: Word | SkipJsonSchema[None] = None
    stage: Word | SkipJsonSchema[None] = None
    item: Word | SkipJsonSchema[None] = None
    kind: Word | SkipJsonSchema[None] = None
    text: Text | SkipJsonSchema[None] = Field(
        None, description="part of a project's name, applicant or code, or of an item's name or id"
    )


class InboxQuery(InboxFilters, Part):
    """Which part of an inbox."""


class DashboardQuery(Query):
    """Whose dashboard; the trend of which stage."""

    scope: Literal["mine", "department", "city"] = "mine"
    stage: Word | SkipJsonSchema[None] = Field(None, description="of the trend; without it all")


class IncidentQuery(Part):
    """Which incidents."""

    project: Key | SkipJsonSchema[None] = None
    state: Literal["open", "resolved", "all"] = "open"


class EventQuery(Part):
    """Which part of the feed."""

    limit: int = Field(100, ge=1, le=MAX_LIMIT, description="how many at most")


class DefinitionQuery(Query):
    """Which versions."""

    procedure: Word | SkipJsonSchema[None] = None


class DifferenceQuery(Query):
    """What to compare with."""

    before: Key = Field(description="the id of the version to compare with, of any procedure")


class DeployQuery(Query):
    """How to deploy."""

    dry_run: bool = Field(False, description="check only; nothing is deployed")


class AttachmentQuery(Query):
    """Which attachments: an empty item stands for the project itself."""

    item: (
        Annotated[str, StringConstraints(pattern=PLAIN, max_length=100)] | SkipJsonSchema[None]
    ) = None
    latest: bool = Field(False, description="only the newest version of each file")


class UploadQuery(Query):
    """Where a file belongs, and its name where the body is the file itself."""

    item: Annotated[str, StringConstraints(pattern=PLAIN, max_length=100)] = Field(
        "", description="the item it belongs to; empty for the project"
    )
    material: Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)] = Field(
        "", description="which of the item's materials it is; empty for none of them"
    )
    name: Annotated[str, StringConstraints(pattern=PLAIN, max_length=255)] = Field(
        "", description="the file's name, where the body is the file itself"
    )


class UserQuery(Part):
    """Which users."""

    text: Text | SkipJsonSchema[None] = Field(None, description="part of a name or display name")
    role: RoleName | SkipJsonSchema[None] = None
    department: Word | SkipJsonSchema[None] = Field(
        None, description="where they have the role, or any"
    )


class NoticeQuery(Query):
    """Notices of which item."""

    item: Word | SkipJsonSchema[None] = None


class TokenQuery(Part):
    """Whose tokens."""

    user: Key | SkipJsonSchema[None] = Field(
        None, description="of another user, for administrators"
    )


# -- bodies -------------------------------------------------------------------------------------


def example(**values: Any) -> ConfigDict:
    """Return a model's configuration with an example."""
    return ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [values]})


class NewProject(Body):
    """A project to open on the newest version of a procedure."""

    model_config = example(
        name="New plant of Anqing Pumps", procedure="industrial-2014", applicant="Anqing Pumps"
    )
    name: Line
    procedure: Word
    applicant: Line


class Reason(Body):
    """Why something is done; it stands in the history."""

    model_config = example(reason="the developer waits for the new land survey")
    reason: Text = ""


class Completion(Body):
    """The answer to a task. Without an outcome, the first that the task offers."""

    model_config = example(outcome="approve", data={"permit_number": "2014-0031"})
    outcome: Word | None = None
    data: Data = Field(default_factory=dict)


class Claims(Body):
    """Which tasks to take."""

    model_config = example(tasks=["0b9f", "0ba0"])
    tasks: list[Word] = Field(min_length=1, max_length=200)


class Assignment(Body):
    """Who is to do a task."""

    model_config = example(user="li.wei")
    user: Word


class Retry(Body):
    """Corrections laid over what was answered when the step failed."""

    model_config = example(data={"area": 1200})
    data: Data = Field(default_factory=dict)


class Login(Body):
    """A name and a password."""

    model_config = example(name="li.wei", password="correct horse battery")
    name: Word
    password: Password


class EmailChange(Body):
    """Where one's own mail goes; empty for nowhere."""

    model_config = example(email="li.wei@example.cn")
    email: Address


class PasswordChange(Body):
    """One's present password, and the new one."""

    model_config = example(present="correct horse battery", password="staple of the trade")
    present: Password
    password: Password


class Setup(Login):
    """The first administrator; the code is needed from another machine."""

    model_config = example(name="admin", password="correct horse battery", code=None)
    code: Text | None = None


class RoleGiven(Body):
    """A role, in one department or, without one, in all."""

    role: RoleName
    department: Annotated[str, StringConstraints(pattern=PLAIN, max_length=30)] = ""


class NewUser(Body):
    """A user to add; without a password they can only use tokens."""

    model_config = example(
        name="li.wei",
        display_name="李伟",
        password="correct horse battery",
        roles=[{"role": "reviewer", "department": "LAND"}],
    )
    name: Word
    display_name: Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)] = ""
    email: Address = ""
    password: Password | None = None
    roles: list[RoleGiven] = Field(default_factory=list, max_length=50)


class UserChanges(Body):
    """What to change of a user; what is left out stays."""

    model_config = example(active=False)
    display_name: Annotated[str, StringConstraints(pattern=PLAIN, max_length=200)] | None = None
    email: Address | None = Field(None, description="where mail goes; empty for nowhere")
    active: bool | None = None
    password: Password | None = None
    roles: list[RoleGiven] | None = Field(None, max_length=50)


class TokenWanted(Body):
    """A bearer token to make."""

    model_config = example(name="city dashboard", expires_at="2027-01-01T00:00:00+08:00")
    name: Word
    expires_at: AwareDatetime | None = None
    user: Key | None = Field(None, description="for another user, by administrators")


class Instant(Body):
    """The time that a service with a frozen clock takes it to be."""

    model_config = example(now="2014-03-10T09:00:00+08:00")
    now: AwareDatetime


# -- answers ------------------------------------------------------------------------------------


class Role(TypedDict):
    """A role; `department` is '' where it holds in all."""

    role: str
    department: str


class Me(TypedDict):
    """Who asks. `csrf_token` is null for a bearer token, which needs none."""

    id: int
    name: str
    display_name: str
    email: str
    roles: list[Role]
    csrf_token: str | None


class Check(TypedDict):
    """Whether files can be deployed, and every problem found."""

    runnable: bool
    problems: list[FoundProblem]


class FoundProblem(TypedDict):
    """A finding about a diagram: where, why, and what to do. Errors stop a deployment."""

    code: str
    message: str
    element: str | None
    line: int | None
    severity: str
    file: str | None


class InboxCounts(TypedDict):
    """How many tasks an inbox has in each group of lights, under the other filters."""

    all: int
    overdue: int
    due_soon: int
    receive: int


class Status(TypedDict):
    """Whether the service is well; `checks` says of each part."""

    status: str
    checks: NotRequired[dict[str, str]]


class Moment(TypedDict):
    """The time now, and how many timers and late tasks the sweep acted on."""

    now: datetime
    swept: dict[str, int]


class ProblemType(TypedDict):
    """What a code of a problem means."""

    code: str
    title: str
    status: int
    remedy: str


class ProblemTypes(TypedDict):
    """All codes."""

    items: list[ProblemType]


class Problem(BaseModel):
    """RFC 9457. Beside these stand the fields that a code brings with it, such as `field`."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {
                    "type": "/api/v1/problems/stale_version",
                    "title": "Somebody changed this since you read it.",
                    "status": 412,
                    "detail": "Somebody changed this since you read it.",
                    "instance": "/api/v1/tasks/0b9f/complete",
                    "code": "stale_version",
                    "remedy": "Reload, look at what changed, and try again.",
                    "present_version": 3,
                    "your_version": 2,
                }
            ]
        },
    )
    type: str = Field(description="an address that says what the code means")
    title: str
    status: int
    detail: str
    instance: str = Field(description="the path that was asked for")
    code: str = Field(description="stable; program against this")
    remedy: str
    field: str | None = Field(None, description="the field, parameter or header at fault")


class PlannedActivity(TypedDict):
    """An activity of the network; times are working days after START, days 0 for milestones.

    The names with `elapsed_` take the applicant's and intermediaries' work into account. The
    last five stand in the path of a running project only.
    """

    id: str
    name: str
    stage: str
    department: str
    kind: str
    days: int
    predecessors: list[str]
    decision_waits_for: list[str]
    earliest_start: int
    earliest_finish: int
    latest_start: int
    latest_finish: int
    total_float: int
    free_float: int
    critical: bool
    elapsed_earliest_start: int
    elapsed_earliest_finish: int
    elapsed_latest_start: int
    elapsed_latest_finish: int
    elapsed_total_float: int
    elapsed_free_float: int
    elapsed_critical: bool
    state: NotRequired[str]
    start_on: NotRequired[date | None]
    finish_on: NotRequired[date | None]
    late_days: NotRequired[int]
    remaining_float: NotRequired[int]


class CriticalPath(TypedDict):
    """Totals in working days, all critical paths, and every activity."""

    procedure: str
    counted_days: int
    elapsed_days: int
    acceptance_days: int
    elapsed_acceptance_days: int
    critical_path: list[str]
    critical_paths: list[list[str]]
    critical_path_count: int
    acceptance_critical_path: list[str]
    elapsed_critical_path: list[str]
    elapsed_critical_paths: list[list[str]]
    elapsed_critical_path_count: int
    elapsed_acceptance_critical_path: list[str]
    activities: list[PlannedActivity]


class ProjectCriticalPath(CriticalPath):
    """The critical path of a project; after its start with real and forecast dates."""

    project: NotRequired[int]
    state: NotRequired[str]
    as_of_on: NotRequired[date]
    suspended_on: NotRequired[date | None]
    day: NotRequired[int]
    forecast_finish_on: NotRequired[date | None]
    planned_finish_on: NotRequired[date | None]
    forecast_counted_days: NotRequired[int]
    slack_days: NotRequired[int | None]
    window_ends_on: NotRequired[date | None]
    window_slack_days: NotRequired[int | None]
    held_by: NotRequired[list[str]]
