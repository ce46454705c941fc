"""An erasure is noted when it begins, and again when nothing of it is left to be done."""

import sqlalchemy as sa
from alembic import op

from gateway.database.migrations import lacking

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Null: it broke off, or goes on. Earlier gateways noted one only when its rows had gone."""
    if not lacking.columns("erasures", sa.Column("finished_at", sa.DateTime(timezone=True))):
        return  # run again: those that are unfinished by now broke off
    erasures = sa.table("erasures", sa.column("at"), sa.column("finished_at"))
    unfinished = erasures.c.finished_at.is_(None)
    op.execute(sa.update(erasures).where(unfinished).values(finished_at=erasures.c.at))
