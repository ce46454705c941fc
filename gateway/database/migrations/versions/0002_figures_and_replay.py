"""Facts have a name, so that none is written twice; calls have what the figures need, so that a report over a
month reads no JSON."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """All of it is null in what is there already."""
    lacking.columns("events", sa.Column("run", sa.String(16)), sa.Column("seq", sa.Integer))
    lacking.index("events_once", "events", ["run", "seq"], unique=True)
    lacking.columns(
        "calls",
        sa.Column("not_applicable", sa.JSON),
        sa.Column("attended_by", sa.String(32)),
        sa.Column("waited", sa.Double),
        sa.Column("talked", sa.Double),
        sa.Column("heard", sa.Text),
        sa.Column("kept", sa.Text),
        sa.Column("broken", sa.Text),
    )
