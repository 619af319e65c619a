"""When an applicant was told what is missing: it is told once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("project_item", sa.Column("supplemented_on", sa.Date(), nullable=True))
    item = sa.table(
        "project_item",
        *(sa.column(name) for name in ("state", "paused_on", "supplemented_on")),
    )
    # a notice that is being answered; of one that was answered before nothing is recorded here
    told = sa.update(item).where(item.c.paused_on.is_not(None))
    op.get_bind().execute(told.values(supplemented_on=item.c.paused_on))


def downgrade() -> None:
    op.drop_column("project_item", "supplemented_on")
