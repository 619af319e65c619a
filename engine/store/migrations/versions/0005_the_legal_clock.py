"""The legal clock: stops, extensions, gaps, commitments, coaching, cards, calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.settings import Settings

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

history = sa.table(
    "history",
    sa.column("id", sa.BigInteger()),
    sa.column("project_id", sa.BigInteger()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor", sa.String()),
    sa.column("event", sa.String()),
    sa.column("data", sa.JSON()),
)
suspension = sa.table(
    "suspension",
    sa.column("project_id", sa.BigInteger()),
    *(sa.column(name, sa.String()) for name in ("reason", "note", "started_by", "ended_by")),
    *(sa.column(name, sa.Date()) for name in ("from_on", "until_on")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("started_at", "ended_at")),
)
task = sa.table(
    "task",
    sa.column("project_id", sa.BigInteger()),
    sa.column("element", sa.String()),
    sa.column("state", sa.String()),
    sa.column("on_lapse", sa.String()),
    sa.column("lapses_at", sa.DateTime(timezone=True)),
    sa.column("stopped_on", sa.Date()),
    sa.column("overdue_from", sa.DateTime(timezone=True)),
    sa.column("due_on", sa.Date()),
)


def upgrade() -> None:
    op.create_table(
        "calendar_revision",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("provisional_from", sa.Date(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(length=100), nullable=False),
        sa.Column("moved", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_revision")),
    )
    op.create_table(
        "calendar_day",
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=100), server_default="", nullable=False),
        sa.Column("name_en", sa.String(length=100), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["calendar_revision.id"], name=op.f("fk_calendar_day_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "on", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "card",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("item", sa.String(length=100), server_default="", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("task_id", sa.String(length=40), nullable=True),
        sa.Column("element", sa.String(length=200), server_default="", nullable=False),
        sa.Column("department", sa.String(length=30), nullable=False),
        sa.Column("person", sa.String(length=100), nullable=True),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("promised_due_on", sa.Date(), nullable=True),
        sa.Column("statutory_due_on", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_by", sa.String(length=100), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("cause", sa.String(length=40), server_default="", nullable=False),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by", sa.String(length=100), nullable=True),
        sa.Column("appeal", sa.Text(), server_default="", nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appealed_by", sa.String(length=100), nullable=True),
        sa.Column("corrected_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_card_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("task_id", "rule", "colour", name=op.f("uq_card_task_id_rule_colour")),
    )
    op.create_index("ix_card_project_id", "card", ["project_id"], unique=False)
    op.create_index(
        "ix_card_quarter_department", "card", ["quarter", "department", "id"], unique=False
    )
    op.create_index("ix_card_state_id", "card", ["state", "id"], unique=False)
    op.create_table(
        "coaching",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("applicant", sa.String(length=300), nullable=False),
        sa.Column(
            "applicant_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("procedure", sa.String(length=100), server_default="", nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=100), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["applicant_user_id"], ["app_user.id"], name=op.f("fk_coaching_applicant_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_coaching_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching")),
    )
    op.create_index(
        op.f("ix_coaching_applicant_user_id"), "coaching", ["applicant_user_id"], unique=False
    )
    op.create_index(op.f("ix_coaching_project_id"), "coaching", ["project_id"], unique=False)
    op.create_index("ix_coaching_state_id", "coaching", ["state", "id"], unique=False)
    op.create_table(
        "commitment",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("department", sa.String(length=30), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("committed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("check_due_on", sa.Date(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by", sa.String(length=100), nullable=True),
        sa.Column("findings", sa.Text(), server_default="", nullable=False),
        sa.Column("rectify_by_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_commitment_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(
        "ix_commitment_project_id_item",
        "commitment",
        ["project_id", "item", "attempt"],
        unique=False,
    )
    op.create_index(
        "ix_commitment_state_check_due_on", "commitment", ["state", "check_due_on"], unique=False
    )
    op.create_table(
        "credit_record",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("applicant", sa.String(length=300), nullable=False),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("item", sa.String(length=100), server_default="", nullable=False),
        sa.Column("cause", sa.String(length=30), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.String(length=100), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_credit_record_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_record")),
    )
    op.create_index(
        "ix_credit_record_applicant_until_on",
        "credit_record",
        ["applicant", "until_on"],
        unique=False,
    )
    op.create_table(
        "deficiency",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("material", sa.String(length=200), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("supplied_on", sa.Date(), nullable=True),
        sa.Column("supplied_by", sa.String(length=100), nullable=True),
        sa.Column("grace_until_on", sa.Date(), nullable=True),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_deficiency_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deficiency")),
    )
    op.create_index(
        "ix_deficiency_project_id_item",
        "deficiency",
        ["project_id", "item", "attempt"],
        unique=False,
    )
    op.create_index("ix_deficiency_state_look_on", "deficiency", ["state", "look_on"], unique=False)
    op.create_table(
        "extension",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("notice", sa.String(length=200), nullable=False),
        sa.Column("approver", sa.String(length=30), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_extension_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index("ix_extension_state_id", "extension", ["state", "id"], unique=False)
    op.create_index(
        "uq_extension_project_id_item_attempt",
        "extension",
        ["project_id", "item", "attempt"],
        unique=True,
        sqlite_where=sa.text("state <> 'declined'"),
        postgresql_where=sa.text("state <> 'declined'"),
    )
    op.create_table(
        "suspension",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("item", sa.String(length=100), server_default="", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("notice", sa.String(length=200), server_default="", nullable=False),
        sa.Column("expected_days", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("overran", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=100), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_suspension_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
    )
    op.create_index(
        "ix_suspension_expected_on",
        "suspension",
        ["expected_on"],
        unique=False,
        sqlite_where=sa.text("until_on IS NULL AND NOT overran"),
        postgresql_where=sa.text("until_on IS NULL AND NOT overran"),
    )
    op.create_index(
        "ix_suspension_project_id_item",
        "suspension",
        ["project_id", "item", "from_on"],
        unique=False,
    )
    op.create_index(
        "ix_suspension_standing",
        "suspension",
        ["project_id", "item"],
        unique=False,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.create_index(
        "ix_project_opened",
        "project",
        ["id"],
        unique=False,
        sqlite_where=sa.text("opened_on IS NOT NULL"),
        postgresql_where=sa.text("opened_on IS NOT NULL"),
    )
    op.create_table(
        "coaching_entry",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "coaching_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("department", sa.String(length=30), server_default="", nullable=False),
        sa.Column("topic", sa.String(length=30), server_default="", nullable=False),
        sa.Column("item", sa.String(length=100), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "answers_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["coaching_entry.id"], name=op.f("fk_coaching_entry_answers_id")
        ),
        sa.ForeignKeyConstraint(
            ["coaching_id"], ["coaching.id"], name=op.f("fk_coaching_entry_coaching_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_entry")),
    )
    op.create_index(
        op.f("ix_coaching_entry_coaching_id"), "coaching_entry", ["coaching_id"], unique=False
    )
    op.add_column("project_item", sa.Column("stopped_on", sa.Date(), nullable=True))
    op.add_column(
        "project_item",
        sa.Column("extension_days", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "project_item", sa.Column("gaps", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("project_item", sa.Column("committed_on", sa.Date(), nullable=True))
    op.add_column("project_item", sa.Column("deemed_on", sa.Date(), nullable=True))
    op.add_column("task", sa.Column("stopped_on", sa.Date(), nullable=True))
    op.add_column(
        "task", sa.Column("on_lapse", sa.String(length=50), server_default="", nullable=False)
    )
    op.add_column("task", sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_task_lapses",
        "task",
        ["lapses_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open' AND lapses_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND lapses_at IS NOT NULL"),
    )
    op.add_column("task", sa.Column("card_look_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_task_card_look_on",
        "task",
        ["card_look_on"],
        unique=False,
        sqlite_where=sa.text("card_look_on IS NOT NULL"),
        postgresql_where=sa.text("card_look_on IS NOT NULL"),
    )
    add_figures()
    let_silence_accept()
    keep_standstills()


#: what lights are read from
IN_HAND = (
    *("state", "kind", "stage", "department", "project_id", "promised_due_on"),
    *("statutory_due_on", "received_on", "promised_days"),
)


def add_figures() -> None:
    """Add what the figures of supervision and evaluation are read from."""
    op.drop_index("ix_project_item_in_hand", table_name="project_item")
    op.create_index("ix_project_item_in_hand", "project_item", [*IN_HAND, "stopped_on"])
    op.create_index(
        "ix_project_item_accepted", "project_item", ["kind", "accepted_on", "department"]
    )
    op.create_index(
        "ix_project_item_judged",
        "project_item",
        [
            *("kind", "decided_on", "department", "item", "accepted_on", "promised_days"),
            *("promised_due_on", "statutory_due_on", "extension_days", "deemed_on", "project_id"),
        ],
    )
    op.create_table(
        "project_days",
        sa.Column(
            "project_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column(
            "version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("counted_days", sa.Integer(), nullable=False),
        sa.Column("promised_days", sa.Integer(), nullable=False),
        sa.Column("window_ends_on", sa.Date(), nullable=True),
        sa.Column("elapsed_days", sa.Integer(), nullable=False),
        sa.Column("department_days", sa.Integer(), nullable=False),
        sa.Column("applicant_days", sa.Integer(), nullable=False),
        sa.Column("intermediary_days", sa.Integer(), nullable=False),
        sa.Column("suspended_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_days_project_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["procedure_version.id"],
            name=op.f("fk_project_days_version_id"),
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_days")),
    )
    op.create_index(
        "ix_project_days_opened_on", "project_days", ["opened_on", "project_id"], unique=False
    )


def let_silence_accept() -> None:
    """Keep with open receipts that silence accepts them, which their step alone told of."""
    receipt = (task.c.element == "receive") & (task.c.state == "open")
    accepted = {"on_lapse": "accept", "lapses_at": task.c.overdue_from}
    op.get_bind().execute(sa.update(task).where(receipt).values(accepted))


def keep_standstills() -> None:
    """Keep as rows the times that projects stood still, which only the history told of."""
    db = op.get_bind()
    found = list(standstills(db))
    if found:
        db.execute(sa.insert(suspension), found)
    never = {"due_on": date(9999, 12, 31), "overdue_from": None, "lapses_at": None}
    for row in found:
        if row["until_on"] is None:
            waiting = (task.c.project_id == row["project_id"]) & (task.c.state == "open")
            stands = {"stopped_on": row["from_on"], **never}
            db.execute(sa.update(task).where(waiting).values(stands))


def standstills(db: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield a row per time a project stood still."""
    events = ("project.suspended", "project.resumed")
    query = sa.select(history).where(history.c.event.in_(events)).order_by(history.c.id)
    standing: dict[int, dict[str, Any]] = {}
    for event in db.execute(query).mappings():
        if event["event"] == "project.suspended":
            standing[event["project_id"]] = begun(event)
        elif row := standing.pop(event["project_id"], None):
            at = instant(event["at"])
            yield {**row, "until_on": day(at), "ended_at": at, "ended_by": event["actor"]}
    yield from standing.values()


def begun(event: Any) -> dict[str, Any]:
    """Return the row of a standstill as it begins."""
    at = instant(event["at"])
    return {
        "project_id": event["project_id"],
        "reason": "project",
        "note": str(event["data"].get("reason", "")),
        "from_on": day(at),
        "until_on": None,
        "started_at": at,
        "started_by": event["actor"],
        "ended_at": None,
        "ended_by": None,
    }


def instant(at: datetime) -> datetime:
    """Return an instant with its offset, which SQLite forgets."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day(at: datetime) -> date:
    """Return the city's date of an instant."""
    return at.astimezone(Settings.from_env().zone).date()


def downgrade() -> None:
    op.drop_index("ix_project_item_in_hand", table_name="project_item")
    op.create_index("ix_project_item_in_hand", "project_item", [*IN_HAND])
    op.drop_index("ix_project_days_opened_on", table_name="project_days")
    op.drop_table("project_days")
    op.drop_index("ix_project_item_judged", table_name="project_item")
    op.drop_index("ix_project_item_accepted", table_name="project_item")
    op.drop_index("ix_task_card_look_on", table_name="task")
    op.drop_column("task", "card_look_on")
    op.drop_index("ix_task_lapses", table_name="task")
    op.drop_column("task", "lapses_at")
    op.drop_column("task", "on_lapse")
    op.drop_column("task", "stopped_on")
    op.drop_column("project_item", "deemed_on")
    op.drop_column("project_item", "committed_on")
    op.drop_column("project_item", "gaps")
    op.drop_column("project_item", "extension_days")
    op.drop_column("project_item", "stopped_on")
    op.drop_index(op.f("ix_coaching_entry_coaching_id"), table_name="coaching_entry")
    op.drop_table("coaching_entry")
    op.drop_index("ix_project_opened", table_name="project")
    op.drop_index("ix_suspension_standing", table_name="suspension")
    op.drop_index("ix_suspension_project_id_item", table_name="suspension")
    op.drop_index(
        "ix_suspension_expected_on",
        table_name="suspension",
        sqlite_where=sa.text("until_on IS NULL AND NOT overran"),
        postgresql_where=sa.text("until_on IS NULL AND NOT overran"),
    )
    op.drop_table("suspension")
    op.drop_index(
        "uq_extension_project_id_item_attempt",
        table_name="extension",
        sqlite_where=sa.text("state <> 'declined'"),
        postgresql_where=sa.text("state <> 'declined'"),
    )
    op.drop_index("ix_extension_state_id", table_name="extension")
    op.drop_table("extension")
    op.drop_index("ix_deficiency_state_look_on", table_name="deficiency")
    op.drop_index("ix_deficiency_project_id_item", table_name="deficiency")
    op.drop_table("deficiency")
    op.drop_index("ix_credit_record_applicant_until_on", table_name="credit_record")
    op.drop_table("credit_record")
    op.drop_index("ix_commitment_state_check_due_on", table_name="commitment")
    op.drop_index("ix_commitment_project_id_item", table_name="commitment")
    op.drop_table("commitment")
    op.drop_index("ix_coaching_state_id", table_name="coaching")
    op.drop_index(op.f("ix_coaching_project_id"), table_name="coaching")
    op.drop_index(op.f("ix_coaching_applicant_user_id"), table_name="coaching")
    op.drop_table("coaching")
    op.drop_index("ix_card_state_id", table_name="card")
    op.drop_index("ix_card_quarter_department", table_name="card")
    op.drop_index("ix_card_project_id", table_name="card")
    op.drop_table("card")
    op.drop_table("calendar_day")
    op.drop_table("calendar_revision")
