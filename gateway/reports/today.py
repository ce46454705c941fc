"""The calls that a gateway's figures of today begin with."""

import logging
from datetime import datetime, time, timedelta

from gateway.kpi import CallFigures
from gateway.kpi.last_hour import HOUR
from gateway.records import RecordsConfig, RecordsError
from gateway.reports.report import CallsToReport

log = logging.getLogger(__name__)


def calls_to_begin_with(records: RecordsConfig, now: datetime) -> list[CallFigures]:
    """The same; none where they cannot be read, which is logged. Never raises."""
    try:
        return calls_of_today(records, now)
    except RecordsError as error:
        log.warning("today's figures begin anew: %s", error)
    except Exception:  # figures are no reason for a hotline not to start, whatever they were read from
        log.exception("today's figures begin anew: those on record cannot be read")
    return []


def calls_of_today(records: RecordsConfig, now: datetime) -> list[CallFigures]:
    """The site's calls of today and of the last hour, as far as earlier runs recorded them, times in the site's
    zone; what is spoiled is left out, and logged. `now` is aware, in that zone. Blocks. Raises RecordsMissing,
    RecordsError."""
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    since = min(midnight, now - timedelta(seconds=HOUR))
    with CallsToReport(records) as reader:
        calls = reader.calls(since, records.zone, records.site)
    if reader.unreadable:
        log.error("today's figures: %s", reader.unreadable.told())
    return calls
