"""Times in the database."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC: SQLite has no zones, and only times of one zone sort as text. It comes back in
    UTC: SQLite gives it without a zone, PostgreSQL in the one that the server, or the connection, is set to."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is None:
            return value and value.replace(tzinfo=UTC)
        return value.astimezone(UTC)
