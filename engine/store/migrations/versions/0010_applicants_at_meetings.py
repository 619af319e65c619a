"""The applicant may be invited to the meeting of a round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    guest = sa.Column("guest", sa.String(20), server_default="", nullable=False)
    op.add_column("review_round", guest)


def downgrade() -> None:
    with op.batch_alter_table("review_round") as batch:
        batch.drop_column("guest")
