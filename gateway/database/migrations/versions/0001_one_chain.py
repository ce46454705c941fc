"""The tables of calls, tickets and people, as gateways made them that kept no number of their schema."""

import sqlalchemy as sa

from gateway.database.migrations import lacking

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make what is not there; a gateway of an earlier version can go on writing."""
    calls()
    events()
    tickets()
    ticket_history()
    ticket_attempts()
    people()


def calls() -> None:
    """One row a call."""
    lacking.table(
        "calls",
        sa.Column("call", sa.String(64), primary_key=True),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("line", sa.String(64), nullable=False),
        sa.Column("driver", sa.String(16), nullable=False),
        sa.Column("dialplan", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(32), nullable=False),
        sa.Column("caller", sa.Text),
        sa.Column("caller_name", sa.Text),
        sa.Column("offered_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("rings", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16)),
        sa.Column("released_by", sa.String(16)),
        sa.Column("cause", sa.Text),
        sa.Column("verdicts", sa.JSON, nullable=False),
        sa.Column("prompts", sa.JSON, nullable=False),
        sa.Column("digits", sa.Text, nullable=False),
        sa.Column("recording", sa.Text),
        sa.Column("compliance", sa.JSON, nullable=False),
    )
    lacking.columns("calls", *_of_later_gateways())
    lacking.index("calls_open", "calls", ["site", "ended_at"])
    lacking.index("ix_calls_offered_at", "calls", ["offered_at"])


def _of_later_gateways() -> list[sa.Column[object]]:
    """What those gateways added to the calls one after the other."""
    return [
        sa.Column("kind", sa.String(64)),
        sa.Column("kind_digit", sa.String(8)),
        sa.Column("kind_at", MOMENT),
        sa.Column("alerts", sa.JSON),
        sa.Column("answers", sa.JSON),
        sa.Column("waits", sa.JSON),
        sa.Column("holds", sa.JSON),
        sa.Column("losses", sa.JSON),
        sa.Column("losses_between", sa.JSON),
        sa.Column("direction", sa.String(8)),
        sa.Column("ticket", sa.Integer),
        sa.Column("owner", sa.String(32)),
        sa.Column("agents", sa.JSON),
        sa.Column("call_backs", sa.JSON),
        sa.Column("message_at", MOMENT),
    ]


def events() -> None:
    """Every fact."""
    lacking.table(
        "events",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("line", sa.String(64), nullable=False),
        sa.Column("call", sa.String(64)),
        sa.Column("fact", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    lacking.index("ix_events_call", "events", ["call"])


def tickets() -> None:
    """What customers are owed."""
    lacking.table(
        "tickets",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("call", sa.String(64)),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("reassigned", sa.Boolean, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("source", sa.String(16)),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("recording", sa.Text),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reply", sa.Text),
        sa.Column("answered_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("call_back", sa.String(16)),
        sa.Column("due_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("site", "call", name="tickets_one_a_call"),
        # So that a number is not given again, whatever was deleted by hand.
        sqlite_autoincrement=True,
    )
    lacking.index("tickets_open", "tickets", ["site", "state"])


def ticket_history() -> None:
    """What was done with each."""
    lacking.table(
        "ticket_history",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    lacking.index("ix_ticket_history_ticket", "ticket_history", ["ticket"])


def ticket_attempts() -> None:
    """Call-backs that were permitted."""
    lacking.table(
        "ticket_attempts",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("ticket", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("telephone", sa.String(32), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False, unique=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("dialled_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("result", sa.String(32)),
    )
    open_ones = sa.text("ended_at IS NULL")
    lacking.index(
        "ticket_attempts_one_a_number",
        "ticket_attempts",
        ["telephone"],
        unique=True,
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
    lacking.index("ix_ticket_attempts_ticket", "ticket_attempts", ["ticket"])
    lacking.index("ticket_attempts_to_one", "ticket_attempts", ["telephone", "at"])
    lacking.index("ticket_attempts_to_all", "ticket_attempts", ["site", "at"])
    lacking.no_index("ticket_attempts_day", "ticket_attempts")  # ticket_attempts_to_one under its earlier name


def people() -> None:
    """The agents' log and the numbers with a history."""
    lacking.table(
        "agent_log",
        sa.Column("entry", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(32), nullable=False),
        sa.Column("presence", sa.String(16), nullable=False),
        sa.Column("why", sa.String(64), nullable=False),
    )
    lacking.index("agent_log_agent", "agent_log", ["site", "agent", "at"])
    lacking.table(
        "numbers",
        sa.Column("number", sa.String(32), primary_key=True),
        sa.Column("nuisance", sa.Integer, nullable=False),
        sa.Column("foul_language", sa.Integer, nullable=False),
        sa.Column("last_at", MOMENT),
        sa.Column("warned", sa.Boolean, nullable=False),
        sa.Column("note", sa.Text),
        sa.Column("warned_since", MOMENT),
        sa.Column("warned_by", sa.String(64)),
    )
    lacking.index("ix_numbers_warned", "numbers", ["warned"])
