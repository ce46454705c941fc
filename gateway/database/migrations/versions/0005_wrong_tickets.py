"""A ticket can be marked as wrong (JH-22)."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Null: nobody has marked it."""
    lacking.columns("tickets", sa.Column("wrong", sa.Boolean))
