"""What agents wished before the gateway was started again: who had logged out is not back because of that."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from gateway.desk.attendance import Change
from gateway.people import AgentsOnRecord
from gateway.records import RecordsConfig, RecordsError
from gateway.runner.in_time import in_time

log = logging.getLogger(__name__)

WISHES_HOLD = timedelta(days=7)
"""How long before the start an agent may have logged out, or gone away, who has not come back since: a
week's holidays are over by then."""


async def changes_on_record(
    config: RecordsConfig, now: Callable[[], datetime], patience: float, begins: str
) -> dict[str, list[Change]]:
    """What became of each agent lately, waited for `patience` seconds; nothing where that is not known, which is
    logged: then all are as `begins`, in words."""
    why: object = "the database has not answered"
    try:
        changes = await in_time(patience, lambda: _log_of_agents(config, now()))
        if changes is not None:
            return changes
    except RecordsError as error:
        why = error
    except Exception as error:  # whatever a row of the log makes of it, the lines come into service
        log.exception("the agents' log cannot be read")
        why = type(error).__name__
    log.warning("who was logged out or away is not known; all begin anew, %s: %s", begins, why)
    return {}


def _log_of_agents(config: RecordsConfig, now: datetime) -> dict[str, list[Change]]:
    with AgentsOnRecord(config) as on_record:
        changes = on_record.changes(now - WISHES_HOLD)
    if on_record.unreadable:
        log.error("who was logged out or away: %s", on_record.unreadable.told())
    return changes
