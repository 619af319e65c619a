"""What the pages read: where projects stand, the days of tasks, saved views, materials."""

from __future__ import annotations

import sqlalchemy as sa
import yaml
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ATTACHMENT_OLD = ["project_id", "item", "name", "version"]
ATTACHMENT_NEW = ["project_id", "item", "material", "name", "version"]
#: gets further columns, so that it answers by itself
TASK_INDEX = "ix_task_state_due_on"
#: by table, the indexes that are added: name and columns
INDEXES: dict[str, list[tuple[str, list[str]]]] = {
    "project": [
        ("ix_project_name", ["name", "id"]),
        (
            "ix_project_version_state",
            ["version_id", "state", "version", "applicant_user_id"],
        ),
    ],
    "task": [
        ("ix_task_facets", ["state", "department", "stage", "item", "kind"]),
        (
            TASK_INDEX,
            [
                *("state", "due_on", "id", "project_id", "element", "days"),
                *("stage", "item", "department", "kind"),
            ],
        ),
    ],
    "project_item": [
        (
            "ix_project_item_opened",
            ["kind", "opened_on", "stage", "department", "project_id"],
        ),
        (
            "ix_project_item_decided",
            ["kind", "decided_on", "stage", "department", "promised_due_on", "project_id"],
        ),
        (
            "ix_project_item_in_hand",
            [
                *("state", "kind", "stage", "department", "project_id", "promised_due_on"),
                *("statutory_due_on", "received_on", "promised_days"),
            ],
        ),
    ],
    "project_standing": [
        ("ix_project_standing_slack", ["slack_order", "project_id"]),
        ("ix_project_standing_light", ["light", "slack_order", "project_id"]),
        ("ix_project_standing_forecast", ["forecast_order", "project_id"]),
        ("ix_project_standing_version", ["project_id", "project_version", "as_of_on"]),
    ],
}


def upgrade() -> None:
    op.add_column(
        "procedure_version",
        sa.Column("project_type", sa.String(length=50), server_default="", nullable=False),
    )
    op.add_column("project_item", sa.Column("promised_days", sa.Integer(), nullable=True))
    op.add_column("task", sa.Column("days", sa.Integer(), nullable=True))
    create_standing()
    create_saved_view()
    add_material()
    op.drop_index(TASK_INDEX, table_name="task")
    for table, indexes in INDEXES.items():
        for name, columns in indexes:
            op.create_index(name, table, columns, unique=False)
    fill_project_types()


def create_standing() -> None:
    op.create_table(
        "project_standing",
        sa.Column("project_id", KEY, autoincrement=False, nullable=False),
        sa.Column("project_version", sa.Integer(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("light", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=100), server_default="", nullable=False),
        sa.Column("day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("counted_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("elapsed_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("forecast_finish_on", sa.Date(), nullable=True),
        sa.Column("forecast_counted_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("slack_days", sa.Integer(), nullable=True),
        sa.Column("window_ends_on", sa.Date(), nullable=True),
        sa.Column("window_slack_days", sa.Integer(), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("items", sa.Integer(), server_default="0", nullable=False),
        sa.Column("decided", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held_item", sa.String(length=100), server_default="", nullable=False),
        sa.Column("held_department", sa.String(length=30), server_default="", nullable=False),
        sa.Column("held_due_on", sa.Date(), nullable=True),
        sa.Column("held_days_late", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_tasks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("overdue_tasks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("slack_order", sa.Integer(), nullable=False),
        sa.Column("forecast_order", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_standing_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_project_standing")),
    )


def create_saved_view() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("list", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint(
            "user_id", "list", "name", name=op.f("uq_saved_view_user_id_list_name")
        ),
    )


def add_material() -> None:
    """Give attachments a material, and count versions by it."""
    with op.batch_alter_table("attachment") as table:
        table.add_column(
            sa.Column("material", sa.String(length=200), server_default="", nullable=False)
        )
        table.drop_constraint(unique(ATTACHMENT_OLD), type_="unique")
        table.create_unique_constraint(unique(ATTACHMENT_NEW), ATTACHMENT_NEW)


def unique(columns: list[str]) -> str:
    """Return the name of the attachments' constraint over these columns."""
    return op.f(f"uq_attachment_{'_'.join(columns)}")


def fill_project_types() -> None:
    """Say of the versions there are what kind of project they are for."""
    file = sa.table("procedure_file", *map(sa.column, ("version_id", "name", "content")))
    version = sa.table("procedure_version", *map(sa.column, ("id", "project_type")))
    db = op.get_bind()
    query = sa.select(file.c.version_id, file.c.content).where(file.c.name == "procedure.yaml")
    for identifier, content in db.execute(query).all():
        data = yaml.safe_load(content) or {}
        kind = str(data.get("project_type") or "")[:50]
        db.execute(sa.update(version).where(version.c.id == identifier).values(project_type=kind))


def downgrade() -> None:
    for table, indexes in INDEXES.items():
        for name, _ in indexes:
            op.drop_index(name, table_name=table)
    op.create_index(TASK_INDEX, "task", ["state", "due_on", "id"], unique=False)
    with op.batch_alter_table("attachment") as attachment:
        attachment.drop_constraint(unique(ATTACHMENT_NEW), type_="unique")
        attachment.create_unique_constraint(unique(ATTACHMENT_OLD), ATTACHMENT_OLD)
        attachment.drop_column("material")
    op.drop_table("saved_view")
    op.drop_table("project_standing")
    op.drop_column("task", "days")
    op.drop_column("project_item", "promised_days")
    op.drop_column("procedure_version", "project_type")
