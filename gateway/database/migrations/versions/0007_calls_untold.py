"""A call that may owe its customer something is noted until its ticket is on disk."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Calls of earlier versions are not noted: what became of theirs nobody has kept."""
    lacking.table(
        "calls_untold",
        sa.Column("call", sa.String(64), primary_key=True),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("run", sa.String(16)),
    )
