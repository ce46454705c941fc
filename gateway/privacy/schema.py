"""The table of erasures, in the records' database. Portable SQL only."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gateway.database import Moment

LONGEST_BY: Final = 64
"""Characters; SQLite would take more, PostgreSQL would not."""
LONGEST_WHY: Final = 200
"""Characters: a request's name, not a letter."""


class PrivacyBase(DeclarativeBase):
    """All tables of this room."""


class ErasureRow(PrivacyBase):
    """One erasure: added before anything of the number goes, never deleted. It does not tell whose number it was,
    not even masked: seven of its eleven digits and a call of that day would lead to him again. `why` names the
    request by which it can be proved."""

    __tablename__ = "erasures"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(LONGEST_BY))
    why: Mapped[str] = mapped_column(Text)
    what: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How much was erased, by kind; empty until all rows are."""
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when nothing of it is left to be done; null: it goes on, or broke off."""
