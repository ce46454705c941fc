"""Tickets, attempts and the agents' log tell which run of a gateway has begun them."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Null: a run of an earlier version."""
    for table in ("tickets", "ticket_attempts", "agent_log"):
        lacking.columns(table, sa.Column("run", sa.String(16)))
