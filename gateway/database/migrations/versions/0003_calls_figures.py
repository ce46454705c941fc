"""A report over a month reads the figures of its calls from an index, not from the rows: in SQLite a row's last
columns lie behind all its JSON, some 400 MB for 100 000 calls, the index is 22 MB.

Not so in PostgreSQL, which keeps what is large apart; and there a row with very many clauses would not fit the
index and be refused."""

from alembic import op

from gateway.database.migrations import lacking

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Named columns first, by which calls are looked for; then what gateway.reports reads of each."""
    if op.get_bind().dialect.name == "sqlite":
        lacking.index(
            "calls_figures",
            "calls",
            [
                *("site", "offered_at"),
                *("call", "line", "agent", "rings", "direction", "answered_at", "ended_at", "outcome"),
                *("released_by", "attended_by", "waited", "talked", "heard", "kept", "broken"),
            ],
        )
