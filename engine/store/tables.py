"""The tables. Instants are UTC; `_on` dates are working-day dates in the service's time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    FetchedValue,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as UTC; SQLite forgets the offset, so it is set again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Key = BigInteger().with_variant(Integer, "sqlite")


def key() -> Column[Any]:
    """Return a primary key that the database numbers."""
    return Column("id", Key, primary_key=True, autoincrement=True)


def refers(name: str, to: str, **options: Any) -> Column[Any]:
    """Return a column that refers to another table's row."""
    return Column(name, Key, ForeignKey(f"{to}.id"), **options)


def instance() -> Column[Any]:
    """Return a column that refers to the running of a diagram."""
    to = ForeignKey("process_instance.id")
    return Column("instance_id", String(32), to, nullable=False, index=True)


user = Table(
    "app_user",
    metadata,
    key(),
    Column("name", String(100), nullable=False, unique=True),
    Column("display_name", String(200), nullable=False, server_default=""),
    #: where invitations go; '' for nowhere
    Column("email", String(254), nullable=False, server_default=""),
    Column("password_hash", String(200)),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", Instant, nullable=False),
)

#: a role a user has; department is '' where the role is not bound to one
user_role = Table(
    "user_role",
    metadata,
    refers("user_id", "app_user", primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("department", String(30), primary_key=True, server_default=""),
)

#: bearer tokens and login sessions: only a hash of the secret is kept
access_token = Table(
    "access_token",
    metadata,
    key(),
    refers("user_id", "app_user", nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
)

#: failed logins, counted to slow down guessing
login_attempt = Table(
    "login_attempt",
    metadata,
    key(),
    Column("subject", String(200), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_login_attempt_subject_at", "subject", "at"),
)

#: answers kept for replays of unsafe requests
idempotency = Table(
    "idempotency_key",
    metadata,
    refers("user_id", "app_user", primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request_hash", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False, index=True),
)

#: a deployed version of a procedure; `files` are its diagrams and data, by name
procedure_version = Table(
    "procedure_version",
    metadata,
    key(),
    Column("procedure", String(100), nullable=False),
    Column("version", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("name", JSON, nullable=False),
    #: the kind of project it is for: industrial, real_estate; '' where it does not say
    Column("project_type", String(50), nullable=False, server_default=""),
    Column("problems", JSON, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", String(100), nullable=False),
    UniqueConstraint("procedure", "version"),
    UniqueConstraint("procedure", "hash"),
)

procedure_file = Table(
    "procedure_file",
    metadata,
    refers("version_id", "procedure_version", primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

#: files of a procedure that were checked and wait to be deployed by whoever sent them;
#: procedure and hash are '' where they cannot be
draft_deployment = Table(
    "draft_deployment",
    metadata,
    Column("id", String(32), primary_key=True),
    refers("user_id", "app_user", nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("procedure", String(100), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("problems", JSON, nullable=False),
)

draft_file = Table(
    "draft_file",
    metadata,
    Column("draft_id", String(32), ForeignKey("draft_deployment.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

project = Table(
    "project",
    metadata,
    key(),
    Column("name", String(300), nullable=False),
    Column("applicant", String(300), nullable=False),
    refers("applicant_user_id", "app_user", index=True),
    refers("version_id", "procedure_version", nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),
    Column("started_on", Date),
    Column("opened_on", Date),
    Column("suspended_on", Date),
    Column("ended_at", Instant),
    Index("ix_project_state_id", "state", "id"),
    Index("ix_project_name", "name", "id"),
    #: answers how many projects there are of what without reading them
    Index("ix_project_version_state", "version_id", "state", "version", "applicant_user_id"),
    #: answers which have come to construction start
    Index(
        "ix_project_opened",
        "id",
        sqlite_where=text("opened_on IS NOT NULL"),
        postgresql_where=text("opened_on IS NOT NULL"),
    ),
)

#: where each project stood on a day, for lists: written after it changed and once a day
project_standing = Table(
    "project_standing",
    metadata,
    refers("project_id", "project", primary_key=True, autoincrement=False),
    #: the version of the project it was computed from, and the day
    Column("project_version", Integer, nullable=False),
    Column("as_of_on", Date, nullable=False),
    Column("light", String(10), nullable=False),
    #: the first stage that is not completed; '' for a project that does not run
    Column("stage", String(100), nullable=False, server_default=""),
    Column("day", Integer, nullable=False, server_default="0"),
    Column("counted_days", Integer, nullable=False, server_default="0"),
    Column("elapsed_day", Integer, nullable=False, server_default="0"),
    Column("forecast_finish_on", Date),
    Column("forecast_counted_days", Integer, nullable=False, server_default="0"),
    Column("slack_days", Integer),
    Column("window_ends_on", Date),
    Column("window_slack_days", Integer),
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
    Column("items", Integer, nullable=False, server_default="0"),
    Column("decided", Integer, nullable=False, server_default="0"),
    #: what holds it most, who has that, and until when
    Column("held_item", String(100), nullable=False, server_default=""),
    Column("held_department", String(30), nullable=False, server_default=""),
    Column("held_due_on", Date),
    Column("held_days_late", Integer, nullable=False, server_default="0"),
    Column("open_tasks", Integer, nullable=False, server_default="0"),
    Column("overdue_tasks", Integer, nullable=False, server_default="0"),
    #: the slack and the forecast as lists sort by them: what has none comes last
    Column("slack_order", Integer, nullable=False),
    Column("forecast_order", Date, nullable=False),
    Index("ix_project_standing_slack", "slack_order", "project_id"),
    Index("ix_project_standing_light", "light", "slack_order", "project_id"),
    Index("ix_project_standing_forecast", "forecast_order", "project_id"),
    Index("ix_project_standing_version", "project_id", "project_version", "as_of_on"),
)

#: one activity of a project: an item, applicant's work, or a milestone
project_item = Table(
    "project_item",
    metadata,
    refers("project_id", "project", primary_key=True),
    Column("item", String(100), primary_key=True),
    Column("stage", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("department", String(30), nullable=False),
    Column("state", String(30), nullable=False),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("opened_on", Date),
    Column("received_on", Date),
    Column("accepted_on", Date),
    Column("decided_on", Date),
    Column("delivered_on", Date),
    Column("promised_due_on", Date),
    Column("statutory_due_on", Date),
    #: since when only its soft gate holds the decision
    Column("reviewed_on", Date),
    Column("paused_on", Date),
    Column("waited_days", Integer, nullable=False, server_default="0"),
    #: when this attempt was told what is missing: it is told once
    Column("supplemented_on", Date),
    #: since when its clock stands still for a cause of its own
    Column("stopped_on", Date),
    #: days an approved extension adds to both due dates
    Column("extension_days", Integer, nullable=False, server_default="0"),
    #: how many promised materials are still missing: the decision waits for them
    Column("gaps", Integer, nullable=False, server_default="0"),
    #: when it was accepted on the applicant's commitment
    Column("committed_on", Date),
    #: when the silence of its department counted as passing it
    Column("deemed_on", Date),
    #: working days its procedure promises
    Column("promised_days", Integer),
    #: answer what was begun and decided on which day, and what is in hand
    Index("ix_project_item_opened", *("kind", "opened_on", "stage", "department", "project_id")),
    Index(
        "ix_project_item_decided",
        *("kind", "decided_on", "stage", "department", "promised_due_on", "project_id"),
    ),
    #: answer how cases were accepted and decided, by department and item, out of the index alone
    Index("ix_project_item_accepted", "kind", "accepted_on", "department"),
    Index(
        "ix_project_item_judged",
        *("kind", "decided_on", "department", "item", "accepted_on", "promised_days"),
        *("promised_due_on", "statutory_due_on", "extension_days", "deemed_on", "project_id"),
    ),
    Index(
        "ix_project_item_in_hand",
        *("state", "kind", "stage", "department", "project_id", "promised_due_on"),
        *("statutory_due_on", "received_on", "promised_days", "stopped_on"),
    ),
)

#: an earlier attempt at an item that was applied for again: what supervision counted stays counted
past_case = Table(
    "past_case",
    metadata,
    refers("project_id", "project", primary_key=True),
    Column("item", String(100), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("department", String(30), nullable=False),
    #: how it ended
    Column("state", String(30), nullable=False),
    Column("received_on", Date),
    Column("accepted_on", Date),
    Column("decided_on", Date),
    Column("promised_due_on", Date),
    Column("statutory_due_on", Date),
    Column("extension_days", Integer, nullable=False, server_default="0"),
    Column("deemed_on", Date),
    Column("promised_days", Integer),
    Index("ix_past_case_accepted", "kind", "accepted_on", "department"),
    Index("ix_past_case_decided", "kind", "decided_on", "department"),
)

#: how a project came to the start of its construction: written once, when it has
project_days = Table(
    "project_days",
    metadata,
    refers("project_id", "project", primary_key=True, autoincrement=False),
    refers("version_id", "procedure_version", nullable=False),
    Column("opened_on", Date, nullable=False),
    #: the counted total it came to, and that its procedure promises
    Column("counted_days", Integer, nullable=False),
    Column("promised_days", Integer, nullable=False),
    #: the last day of the window, where its procedure has one
    Column("window_ends_on", Date),
    #: working days from its start to construction start, and with whom each of them was
    Column("elapsed_days", Integer, nullable=False),
    Column("department_days", Integer, nullable=False),
    Column("applicant_days", Integer, nullable=False),
    Column("intermediary_days", Integer, nullable=False),
    Column("suspended_days", Integer, nullable=False),
    Index("ix_project_days_opened_on", "opened_on", "project_id"),
)

#: the running of one diagram: a stage of a project, or a case (办件) of one of its items
process_instance = Table(
    "process_instance",
    metadata,
    Column("id", String(32), primary_key=True),
    refers("project_id", "project", nullable=False),
    Column("parent_id", String(32), ForeignKey("process_instance.id")),
    Column("parent_task", String(40)),
    Column("definition", String(200), nullable=False),
    Column("stage", String(100), nullable=False),
    Column("item", String(100)),
    Column("attempt", Integer, nullable=False, server_default="0"),
    #: the round of a joint review that it runs, or an opinion in it
    Column("round_id", Key),
    Column("status", String(20), nullable=False),
    #: the names its gates wait for, separated by spaces
    Column("gates", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_process_instance_project_id_status", "project_id", "status"),
)

task = Table(
    "task",
    metadata,
    Column("id", String(40), primary_key=True),
    refers("project_id", "project", nullable=False),
    instance(),
    Column("item", String(100), nullable=False),
    #: the round of a joint review whose opinion, conclusion, minutes or reply it is
    Column("round_id", Key),
    Column("stage", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("element", String(200), nullable=False),
    Column("name", String(300), nullable=False),
    Column("department", String(30), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("outcomes", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    refers("assignee_id", "app_user"),
    Column("promised_due_on", Date),
    Column("statutory_due_on", Date),
    Column("due_on", Date, nullable=False),
    #: working days it has until then in all; None without a due date
    Column("days", Integer),
    Column("overdue_from", Instant),
    Column("overdue", Boolean, nullable=False, server_default=text("false")),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(100)),
    Column("outcome", String(50)),
    Column("version", Integer, nullable=False, server_default="1"),
    #: an incident is open for it
    Column("stuck", Boolean, nullable=False, server_default=text("false")),
    #: since when its clock stands still: it is due at no date meanwhile
    Column("stopped_on", Date),
    #: the outcome its silence counts as, and when; '' where it means nothing
    Column("on_lapse", String(50), nullable=False, server_default=""),
    Column("lapses_at", Instant),
    #: the day on which it is to be looked at for a card, or a redder one; None for never
    Column("card_look_on", Date),
    Index("ix_task_project_id_state", "project_id", "state", "id"),
    Index("ix_task_department_state_due_on", "department", "state", "due_on", "id"),
    #: answers for the whole city what is due first, and how much there is of what
    Index(
        "ix_task_state_due_on",
        *("state", "due_on", "id", "project_id", "element", "days"),
        *("stage", "item", "department", "kind"),
    ),
    #: answers how many open tasks each filter of an inbox leaves
    Index("ix_task_facets", "state", "department", "stage", "item", "kind"),
    Index("ix_task_assignee_state", "assignee_id", "state", "due_on", "id"),
    Index(
        "ix_task_falls_due",
        "overdue_from",
        sqlite_where=text("state = 'open' AND NOT overdue"),
        postgresql_where=text("state = 'open' AND NOT overdue"),
    ),
    Index(
        "ix_task_lapses",
        "lapses_at",
        sqlite_where=text("state = 'open' AND lapses_at IS NOT NULL"),
        postgresql_where=text("state = 'open' AND lapses_at IS NOT NULL"),
    ),
    Index(
        "ix_task_card_look_on",
        "card_look_on",
        sqlite_where=text("card_look_on IS NOT NULL"),
        postgresql_where=text("card_look_on IS NOT NULL"),
    ),
)

#: what partial indexes hold, for queries: a database knows them again by these very words, not by
#: a parameter, nor by `overdue = 0`
OPEN_TASK = text("task.state = 'open'")
NOT_OVERDUE = text("NOT task.overdue")
NOT_OVERRAN = text("NOT suspension.overran")

#: a BPMN timer that waits: the sweep fires each once
timer = Table(
    "timer",
    metadata,
    Column("id", String(60), primary_key=True),
    refers("project_id", "project", nullable=False),
    instance(),
    Column("element", String(200), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String(20), nullable=False),
    Index("ix_timer_state_due_at", "state", "due_at"),
)

incident = Table(
    "incident",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    instance(),
    Column("item", String(100)),
    Column("element", String(200), nullable=False),
    Column("cause", Text, nullable=False),
    Column("action", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_incident_state_id", "state", "id"),
)

#: everything that happened, append-only; also the feed other systems follow.
#: `tx` orders rows by commit on PostgreSQL, where ids alone do not
history = Table(
    "history",
    metadata,
    key(),
    Column("tx", BigInteger, nullable=False, server_default=FetchedValue()),
    refers("project_id", "project"),
    Column("at", Instant, nullable=False),
    Column("actor", String(100), nullable=False),
    Column("on_behalf_of", String(100)),
    Column("event", String(50), nullable=False),
    Column("item", String(100)),
    Column("task_id", String(40)),
    Column("data", JSON, nullable=False),
    Index("ix_history_project_id_id", "project_id", "id"),
    Index("ix_history_tx_id", "tx", "id"),
)

attachment = Table(
    "attachment",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    Column("item", String(100), nullable=False, server_default=""),
    #: which of the item's materials it is; '' where it is none of them
    Column("material", String(200), nullable=False, server_default=""),
    Column("name", String(255), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content_type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("place", String(10), nullable=False),
    Column("uploaded_by", String(100), nullable=False),
    Column("uploaded_at", Instant, nullable=False),
    UniqueConstraint("project_id", "item", "material", "name", "version"),
)

attachment_content = Table(
    "attachment_content",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

#: a list as a user keeps it: its filters and order, as the page's query
saved_view = Table(
    "saved_view",
    metadata,
    key(),
    refers("user_id", "app_user", nullable=False),
    Column("list", String(50), nullable=False),
    Column("name", String(100), nullable=False),
    Column("query", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("user_id", "list", "name"),
)

#: a time a clock stood still (特别程序), of an item or of a whole project (item ''): kept for ever
suspension = Table(
    "suspension",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    Column("item", String(100), nullable=False, server_default=""),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("reason", String(30), nullable=False),
    #: the written notice that told the applicant (行政许可法 art. 45)
    Column("notice", String(200), nullable=False, server_default=""),
    #: working days it was told to take
    Column("expected_days", Integer),
    Column("note", Text, nullable=False, server_default=""),
    #: the day it begins still counts, the day the clock goes on does not
    Column("from_on", Date, nullable=False),
    Column("until_on", Date),
    Column("expected_on", Date),
    #: it has taken longer than was told, and that is noted
    Column("overran", Boolean, nullable=False, server_default=text("false")),
    Column("started_at", Instant, nullable=False),
    Column("started_by", String(100), nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", String(100)),
    Index("ix_suspension_project_id_item", "project_id", "item", "from_on"),
    #: answers what stands still, of all that ever did
    Index(
        "ix_suspension_standing",
        *("project_id", "item"),
        sqlite_where=text("until_on IS NULL"),
        postgresql_where=text("until_on IS NULL"),
    ),
    Index(
        "ix_suspension_expected_on",
        "expected_on",
        sqlite_where=text("until_on IS NULL AND NOT overran"),
        postgresql_where=text("until_on IS NULL AND NOT overran"),
    ),
)

#: an extension of an item's time: asked for, and approved or declined by whom the law names
extension = Table(
    "extension",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    Column("item", String(100), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("notice", String(200), nullable=False),
    #: the department whose head decides, '' for the government's
    Column("approver", String(30), nullable=False, server_default=""),
    #: requested, approved, declined
    Column("state", String(20), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("requested_by", String(100), nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", String(100)),
    Column("decided_note", Text, nullable=False, server_default=""),
    Index("ix_extension_state_id", "state", "id"),
    # once an attempt: what was declined may be asked for again
    Index(
        "uq_extension_project_id_item_attempt",
        *("project_id", "item", "attempt"),
        unique=True,
        sqlite_where=text("state <> 'declined'"),
        postgresql_where=text("state <> 'declined'"),
    ),
)

#: a secondary material promised for a date at acceptance (容缺受理)
deficiency = Table(
    "deficiency",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    Column("item", String(100), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("material", String(200), nullable=False),
    Column("promised_on", Date, nullable=False),
    #: open, supplied, lapsed: not supplied when the days of grace had passed, or void
    Column("state", String(20), nullable=False),
    Column("supplied_on", Date),
    Column("supplied_by", String(100)),
    #: the clock has been stopped for it, and until when grace is given
    Column("grace_until_on", Date),
    #: when what follows is to be looked at: the promised date, then the last day of grace
    Column("look_on", Date),
    Column("created_at", Instant, nullable=False),
    Index("ix_deficiency_project_id_item", "project_id", "item", "attempt"),
    Index("ix_deficiency_state_look_on", "state", "look_on"),
)

#: a decision on the applicant's commitment (告知承诺), to be checked afterwards
commitment = Table(
    "commitment",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    Column("item", String(100), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("department", String(30), nullable=False),
    #: the conditions that were told and committed to
    Column("conditions", Text, nullable=False),
    Column("committed_on", Date, nullable=False),
    #: accepted, open: decided and to be checked, kept, rectifying, rectified, revoked, or void
    Column("state", String(20), nullable=False),
    Column("check_due_on", Date),
    Column("checked_on", Date),
    Column("checked_by", String(100)),
    Column("findings", Text, nullable=False, server_default=""),
    Column("rectify_by_on", Date),
    Column("ended_on", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_commitment_project_id_item", "project_id", "item", "attempt"),
    Index("ix_commitment_state_check_due_on", "state", "check_due_on"),
)

#: an applicant who broke a promise: no acceptance with gaps until it expires
credit_record = Table(
    "credit_record",
    metadata,
    key(),
    Column("applicant", String(300), nullable=False),
    refers("project_id", "project"),
    Column("item", String(100), nullable=False, server_default=""),
    #: gap_not_supplied, false_commitment, or other
    Column("cause", String(30), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("since_on", Date, nullable=False),
    Column("until_on", Date, nullable=False),
    Column("noted_at", Instant, nullable=False),
    Column("noted_by", String(100), nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", String(100)),
    Index("ix_credit_record_applicant_until_on", "applicant", "until_on"),
)

#: advice before any application and any clock (前期辅导)
coaching = Table(
    "coaching",
    metadata,
    key(),
    Column("name", String(300), nullable=False),
    Column("applicant", String(300), nullable=False),
    refers("applicant_user_id", "app_user", index=True),
    Column("procedure", String(100), nullable=False, server_default=""),
    Column("departments", JSON, nullable=False),
    #: open, closed
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String(100), nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(100)),
    #: the project that came of it
    refers("project_id", "project", index=True),
    Index("ix_coaching_state_id", "state", "id"),
)

coaching_entry = Table(
    "coaching_entry",
    metadata,
    key(),
    refers("coaching_id", "coaching", nullable=False, index=True),
    #: question, advice, material (a line of the checklist) or summary (of a closing)
    Column("kind", String(20), nullable=False),
    #: asked, or whose advice or material it is; '' for the service centre
    Column("department", String(30), nullable=False, server_default=""),
    #: what a question or advice is about
    Column("topic", String(30), nullable=False, server_default=""),
    #: the item a material belongs to
    Column("item", String(100), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    #: the question this advice answers
    refers("answers_id", "coaching_entry"),
    #: a material of the checklist is ready
    Column("done", Boolean, nullable=False, server_default=text("false")),
    Column("at", Instant, nullable=False),
    Column("by", String(100), nullable=False),
)

#: a yellow or red card (黄牌, 红牌) of electronic supervision
card = Table(
    "card",
    metadata,
    key(),
    refers("project_id", "project"),
    Column("item", String(100), nullable=False, server_default=""),
    Column("attempt", Integer, nullable=False, server_default="0"),
    Column("task_id", String(40)),
    #: the step of the case
    Column("element", String(200), nullable=False, server_default=""),
    Column("department", String(30), nullable=False),
    #: the user it is given to; None for the department as a whole
    Column("person", String(100)),
    Column("rule", String(40), nullable=False),
    Column("colour", String(10), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("promised_due_on", Date),
    Column("statutory_due_on", Date),
    Column("issued_at", Instant, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("issued_by", String(100), nullable=False),
    #: of its day of issue: 2014Q4
    Column("quarter", String(6), nullable=False),
    #: issued, explained, appealed, corrected, upheld, withdrawn
    Column("state", String(20), nullable=False),
    Column("reply_due_on", Date),
    Column("cause", String(40), nullable=False, server_default=""),
    Column("reply", Text, nullable=False, server_default=""),
    Column("replied_at", Instant),
    Column("replied_by", String(100)),
    Column("appeal", Text, nullable=False, server_default=""),
    Column("appealed_at", Instant),
    Column("appealed_by", String(100)),
    Column("corrected_on", Date),
    Column("result", Text, nullable=False, server_default=""),
    Column("closed_at", Instant),
    Column("closed_by", String(100)),
    Column("version", Integer, nullable=False, server_default="1"),
    # a task gets each colour for one reason once, however many sweep
    UniqueConstraint("task_id", "rule", "colour"),
    Index("ix_card_quarter_department", "quarter", "department", "id"),
    Index("ix_card_state_id", "state", "id"),
    Index("ix_card_project_id", "project_id"),
)

#: a change of the business calendar: a national notice, or the city's own decision
calendar_revision = Table(
    "calendar_revision",
    metadata,
    key(),
    Column("source", String(200), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    #: the first day that is still without notice; None where it stays as it was
    Column("provisional_from", Date),
    Column("published_at", Instant, nullable=False),
    Column("published_by", String(100), nullable=False),
    #: how many due dates moved with it
    Column("moved", Integer, nullable=False, server_default="0"),
)

#: the days a revision decides; of several on a date the newest revision's holds
calendar_day = Table(
    "calendar_day",
    metadata,
    refers("revision_id", "calendar_revision", primary_key=True),
    Column("on", Date, primary_key=True),
    #: holiday, make_up, closure, extra; or ordinary, which undoes an earlier one
    Column("reason", String(20), nullable=False),
    Column("name_zh", String(100), nullable=False, server_default=""),
    Column("name_en", String(100), nullable=False, server_default=""),
)

room = Table(
    "room",
    metadata,
    key(),
    Column("name", String(100), nullable=False, unique=True),
    Column("seats", Integer, nullable=False, server_default="0"),
    Column("note", String(300), nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

#: a meeting of departments (联审会), with one or several projects on its agenda
meeting = Table(
    "meeting",
    metadata,
    key(),
    Column("title", String(300), nullable=False),
    Column("lead", String(30), nullable=False),
    refers("room_id", "room"),
    #: where it is, if in none of the rooms
    Column("place", String(200), nullable=False, server_default=""),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("convenor", String(100), nullable=False),
    #: planned, held, cancelled
    Column("state", String(20), nullable=False),
    #: identifies it in calendars, and counts its changes there (RFC 5545 UID, SEQUENCE)
    Column("uid", String(100), nullable=False, unique=True),
    Column("sequence", Integer, nullable=False, server_default="0"),
    Column("created_at", Instant, nullable=False),
    #: when what calendars show of it changed last
    Column("changed_at", Instant, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_meeting_starts_at", "starts_at", "id"),
    Index("ix_meeting_room_id_starts_at", "room_id", "starts_at"),
)

#: the address of a department's feed of meetings: an older version's opens nothing any more
calendar_feed = Table(
    "calendar_feed",
    metadata,
    Column("department", String(30), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

#: one round of a stage's joint review of a project
review_round = Table(
    "review_round",
    metadata,
    key(),
    refers("project_id", "project", nullable=False),
    Column("stage", String(100), nullable=False),
    #: the first, second … of the stage
    Column("number", Integer, nullable=False),
    #: circulate, meeting
    Column("mode", String(20), nullable=False),
    Column("lead", String(30), nullable=False),
    refers("meeting_id", "meeting"),
    #: its place on the meeting's agenda
    Column("place", Integer, nullable=False, server_default="0"),
    #: the item its tasks belong to: the first of its lead's
    Column("item", String(100), nullable=False),
    #: open, concluded, closed, cancelled
    Column("state", String(20), nullable=False),
    #: which papers are reviewed, in words
    Column("papers", Text, nullable=False, server_default=""),
    Column("complex", Boolean, nullable=False, server_default=text("false")),
    Column("noticed_on", Date, nullable=False),
    Column("opinion_due_on", Date, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("opened_by", String(100), nullable=False),
    Column("conclusion", String(20), nullable=False, server_default=""),
    Column("reasons", Text, nullable=False, server_default=""),
    Column("concluded_at", Instant),
    Column("concluded_by", String(100)),
    Column("replied_at", Instant),
    Column("instance_id", String(32), nullable=False, server_default=""),
    #: the applicant at its meeting: '' not asked to it, invited, present, absent
    Column("guest", String(20), nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    UniqueConstraint("project_id", "stage", "number"),
    Index("ix_review_round_state_id", "state", "id"),
    Index("ix_review_round_meeting_id", "meeting_id", "place"),
    Index("ix_review_round_opened_at", "opened_at"),
)

review_item = Table(
    "review_item",
    metadata,
    refers("round_id", "review_round", primary_key=True),
    Column("item", String(100), primary_key=True),
)

#: a department that is asked in a round
review_participant = Table(
    "review_participant",
    metadata,
    refers("round_id", "review_round", primary_key=True),
    Column("department", String(30), primary_key=True),
    #: the user who comes for it
    Column("representative", String(100)),
    #: invited, present, absent, excused, replaced
    Column("state", String(20), nullable=False),
    #: items in the round that could endanger others are its: its silence is no opinion
    Column("guarded", Boolean, nullable=False, server_default=text("false")),
    #: the notice was signed for (签收)
    Column("receipt_at", Instant),
    Column("receipt_by", String(100)),
    Column("note", Text, nullable=False, server_default=""),
    Column("instance_id", String(32), nullable=False, server_default=""),
    Index("ix_review_participant_department", "department", "round_id"),
)

#: every version of every opinion; of a department the newest holds
opinion = Table(
    "opinion",
    metadata,
    key(),
    refers("round_id", "review_round", nullable=False),
    Column("department", String(30), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(30), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("legal_basis", Text, nullable=False, server_default=""),
    Column("required", Text, nullable=False, server_default=""),
    Column("materials", JSON, nullable=False),
    #: why silence counts as one: absent, timeout; '' for one that was given
    Column("cause", String(20), nullable=False, server_default=""),
    #: system, meeting, paper, telephone, mail
    Column("source", String(20), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("given_by", String(100), nullable=False),
    #: who entered it, if another
    Column("recorded_by", String(100)),
    UniqueConstraint("round_id", "department", "version"),
)

#: what an agreement is bound to, tracked until it is met
review_condition = Table(
    "review_condition",
    metadata,
    key(),
    refers("round_id", "review_round", nullable=False, index=True),
    refers("opinion_id", "opinion"),
    #: which department looks at it
    Column("department", String(30), nullable=False),
    Column("text", Text, nullable=False),
    #: who is to meet it
    Column("owner", String(200), nullable=False),
    Column("due_on", Date, nullable=False),
    #: open, met, waived, dropped: with the opinion that named it
    Column("state", String(20), nullable=False),
    Column("closed_on", Date),
    Column("closed_by", String(100)),
    Column("note", Text, nullable=False, server_default=""),
    #: that it is late was told
    Column("noted_late", Boolean, nullable=False, server_default=text("false")),
    Index("ix_review_condition_state_due_on", "state", "due_on"),
)

#: a disagreement raised to the next level
escalation = Table(
    "escalation",
    metadata,
    key(),
    refers("round_id", "review_round", nullable=False, index=True),
    Column("level", String(30), nullable=False),
    Column("question", Text, nullable=False),
    Column("raised_on", Date, nullable=False),
    Column("raised_by", String(100), nullable=False),
    Column("settle_by_on", Date, nullable=False),
    Column("settled_on", Date),
    Column("settled_by", String(100)),
    Column("settlement", Text, nullable=False, server_default=""),
    #: that it is late was told
    Column("noted_late", Boolean, nullable=False, server_default=text("false")),
)

#: minutes (会议纪要): drafted until all have signed, then immutable under their hash; a trigger of
#: migration 0006 refuses to change or delete what is sealed
minutes = Table(
    "minutes",
    metadata,
    key(),
    refers("round_id", "review_round", nullable=False, unique=True),
    #: draft, signing, sealed
    Column("state", String(20), nullable=False),
    Column("content", JSON, nullable=False),
    Column("document", LargeBinary),
    #: SHA-256 of content and document
    Column("hash", String(64), nullable=False, server_default=""),
    Column("drafted_at", Instant, nullable=False),
    Column("drafted_by", String(100), nullable=False),
    Column("sealed_at", Instant),
    Column("version", Integer, nullable=False, server_default="1"),
)

minutes_signature = Table(
    "minutes_signature",
    metadata,
    refers("minutes_id", "minutes", primary_key=True),
    Column("department", String(30), primary_key=True),
    Column("signed_by", String(100), nullable=False),
    Column("signed_at", Instant, nullable=False),
    #: of what was signed
    Column("hash", String(64), nullable=False),
    #: what the department notes with its signature
    Column("remark", Text, nullable=False, server_default=""),
)

#: letters to be sent: written with what they tell of, sent afterwards, again until they are taken
mail = Table(
    "mail",
    metadata,
    key(),
    #: notice, invitation, update, cancellation, minutes, reply
    Column("kind", String(20), nullable=False),
    refers("meeting_id", "meeting", index=True),
    refers("round_id", "review_round", index=True),
    Column("to", String(254), nullable=False),
    Column("subject", String(300), nullable=False),
    Column("body", Text, nullable=False),
    #: an invitation, update or cancellation as iCalendar; '' for none
    Column("calendar", Text, nullable=False, server_default=""),
    Column("method", String(20), nullable=False, server_default=""),
    Column("message_id", String(200), nullable=False, unique=True),
    #: waiting, sent, failed; or kept: no mail server was set when it was written
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    #: when it is tried next; while somebody tries, when another may
    Column("next_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("error", Text, nullable=False, server_default=""),
    Index(
        "ix_mail_next_at",
        "next_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)

#: a procedure changed on paper: operations on a version that itself stays as it is
scenario = Table(
    "scenario",
    metadata,
    key(),
    Column("name", String(300), nullable=False),
    Column("procedure", String(100), nullable=False),
    #: the base; it changes only where somebody asks for it
    refers("version_id", "procedure_version", nullable=False, index=True),
    #: in the order in which they take effect
    Column("operations", JSON, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    #: draft, proposed, approved, rejected
    Column("state", String(20), nullable=False),
    #: the procedure it would be deployed as
    Column("target_procedure", String(100), nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", String(100), nullable=False),
    Column("proposed_at", Instant),
    Column("proposed_by", String(100)),
    Column("decided_at", Instant),
    Column("decided_by", String(100)),
    Column("decision_note", Text, nullable=False, server_default=""),
    #: what it was deployed as
    refers("deployed_version_id", "procedure_version", index=True),
    Index("ix_scenario_state_id", "state", "id"),
    Index("ix_scenario_procedure_id", "procedure", "id"),
)

#: a run of the simulation with all it was made of: run again, it gives the same
simulation = Table(
    "simulation",
    metadata,
    key(),
    Column("name", String(300), nullable=False),
    #: what was asked for, resolved: procedure, version, version_id; with scenario or portfolio
    Column("source", JSON, nullable=False),
    Column("procedure", String(100), nullable=False),
    #: the version it stands on; a scenario's operations are in `source`
    refers("version_id", "procedure_version", nullable=False, index=True),
    Column("assumptions", JSON, nullable=False),
    Column("plan", JSON, nullable=False),
    Column("sensitivity", Boolean, nullable=False),
    #: what is played: the model as JSON, compressed; frozen with calendars and projects under way
    Column("model", LargeBinary, nullable=False),
    #: SHA-256 of model, plan and sensitivity
    Column("digest", String(64), nullable=False),
    #: queued, running, done, failed, cancelled
    Column("state", String(20), nullable=False),
    #: steps played, and how many are to be: replications, and with sensitivity its inputs
    Column("done", Integer, nullable=False, server_default="0"),
    Column("of", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("started_at", Instant),
    Column("finished_at", Instant),
    #: which worker has it, and when that last said so
    Column("claim", String(32), nullable=False, server_default=""),
    Column("heartbeat_at", Instant),
    #: how often a worker took it and did not give it back
    Column("claims", Integer, nullable=False, server_default="0"),
    #: the version of this software that played it; '' before
    Column("engine", String(50), nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    #: JSON, compressed
    Column("result", LargeBinary),
    Index("ix_simulation_state_id", "state", "id"),
    Index("ix_simulation_procedure_id", "procedure", "id"),
    # a removed one's id does not come again: links to it lead to nothing, not to another
    sqlite_autoincrement=True,
)

#: an event log that was brought in, read and made uniform
event_log = Table(
    "event_log",
    metadata,
    key(),
    Column("name", String(300), nullable=False),
    #: the file's name as it was sent
    Column("source_name", String(300), nullable=False, server_default=""),
    #: its columns, compressed
    Column("content", LargeBinary, nullable=False),
    #: counts of cases, events, activities; first and last instant
    Column("summary", JSON, nullable=False),
    #: which column of the file is what
    Column("mapping", JSON, nullable=False),
    #: what was mended or left out on the way in, in words
    Column("notes", JSON, nullable=False),
    #: what was discovered in it; null before
    Column("calibration", JSON),
    #: the procedure it is laid over; '' for none
    Column("procedure", String(100), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(100), nullable=False),
    Index("ix_event_log_procedure_id", "procedure", "id"),
    sqlite_autoincrement=True,
)
