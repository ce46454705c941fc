"""The calls that a gateway's figures of today begin with."""

from datetime import datetime, time, timedelta

from gateway.kpi import CallFigures
from gateway.kpi.last_hour import HOUR
from gateway.records import RecordsConfig
from gateway.reports.report import CallsToReport


def calls_of_today(records: RecordsConfig, now: datetime) -> list[CallFigures]:
    """The site's calls of today and of the last hour, as far as earlier runs recorded them, times in the site's
    zone. `now` is aware, in that zone. Blocks. Raises RecordsMissing, RecordsError."""
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    since = min(midnight, now - timedelta(seconds=HOUR))
    with CallsToReport(records) as reader:
        return reader.calls(since, records.zone, records.site)
