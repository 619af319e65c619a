"""Conditions of joint reviews and questions raised there that are late: each is noted once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("review_condition", "escalation")


def upgrade() -> None:
    for table in TABLES:
        noted: sa.Column[bool] = sa.Column(
            "noted_late", sa.Boolean(), server_default=sa.text("false"), nullable=False
        )
        op.add_column(table, noted)


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("noted_late")
