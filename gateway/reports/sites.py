"""Which sites a database, which several gateways may share, has calls of."""

from sqlalchemy import select

from gateway.records import RecordsError
from gateway.records.reader import Reader
from gateway.records.schema import CALLS


class SiteUnknown(RecordsError):
    """A site of which the database has nothing; the message names those it has."""


class Sites(Reader):
    """Reads the sites' names. A context manager."""

    def sites(self) -> list[str]:
        """Every site that has a call on record, in order."""
        with self.reading() as session:
            return sorted(session.scalars(select(CALLS.c.site).distinct()))
