"""What was erased on request, without a word of whose it was."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A table of its own."""
    lacking.table(
        "erasures",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("what", sa.JSON, nullable=False),
    )
