"""Scenarios: procedures changed on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def key_type() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "scenario",
        sa.Column("id", key_type(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("procedure", sa.String(length=100), nullable=False),
        sa.Column("version_id", key_type(), nullable=False),
        sa.Column("operations", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("target_procedure", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=100), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decision_note", sa.Text(), server_default="", nullable=False),
        sa.Column("deployed_version_id", key_type(), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["procedure_version.id"], name=op.f("fk_scenario_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["deployed_version_id"],
            ["procedure_version.id"],
            name=op.f("fk_scenario_deployed_version_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
    )
    op.create_index(op.f("ix_scenario_version_id"), "scenario", ["version_id"])
    op.create_index(op.f("ix_scenario_deployed_version_id"), "scenario", ["deployed_version_id"])
    op.create_index("ix_scenario_state_id", "scenario", ["state", "id"])
    op.create_index("ix_scenario_procedure_id", "scenario", ["procedure", "id"])


def downgrade() -> None:
    op.drop_table("scenario")
