"""Earlier attempts at items that were applied for again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "past_case",
        sa.Column("project_id", key, nullable=False),
        sa.Column("item", sa.String(length=100), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("department", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("promised_due_on", sa.Date(), nullable=True),
        sa.Column("statutory_due_on", sa.Date(), nullable=True),
        sa.Column("extension_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deemed_on", sa.Date(), nullable=True),
        sa.Column("promised_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_past_case_project_id_project")
        ),
        sa.PrimaryKeyConstraint("project_id", "item", "attempt", name=op.f("pk_past_case")),
    )
    accepted = ["kind", "accepted_on", "department"]
    decided = ["kind", "decided_on", "department"]
    op.create_index("ix_past_case_accepted", "past_case", accepted)
    op.create_index("ix_past_case_decided", "past_case", decided)


def downgrade() -> None:
    op.drop_table("past_case")
