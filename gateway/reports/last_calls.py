"""The calls that ended last, from their records to the feed."""

import logging

from gateway.feed.last_calls import MOST, EndedCall
from gateway.records import CallRecord, RecordsConfig, RecordsError, RecordsMissing, Store

log = logging.getLogger(__name__)


def ended_call(record: CallRecord) -> EndedCall:
    """What the feed shows of an ended call; `record.ended_at` is not None."""
    assert record.ended_at is not None, "it is still up"
    broken = {judgement.clause for judgement in record.compliance if not judgement.kept}
    kept = dict.fromkeys(judgement.clause for judgement in record.compliance)
    attended = next((agent.agent for agent in record.agents if agent.connected_at is not None), None)
    return EndedCall(
        call=record.call,
        line=record.line,
        driver=record.driver,
        direction=str(record.direction),
        caller=record.caller,
        agent=attended or record.agent,
        attended_by=attended,
        offered_at=record.offered_at,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        rings=record.rings,
        outcome=str(record.outcome),
        released_by=str(record.released_by),
        cause=record.cause or "",
        kept=tuple(clause for clause in kept if clause not in broken),
        broken=tuple(clause for clause in kept if clause in broken),
        not_applicable=tuple(clause.clause for clause in record.not_applicable or ()),
    )


def calls_that_ended_last(records: RecordsConfig) -> list[EndedCall]:
    """As many as the feed shows; none where they cannot be read, which is logged. Blocks; never raises."""
    try:
        with Store(records) as store:
            return [ended_call(record) for record in store.last(MOST, records.site)]
    except RecordsMissing:
        return []
    except RecordsError as error:
        log.warning("the last calls are not shown: %s", error)
    except Exception:  # what is shown is no reason for a hotline not to start, whatever a row holds
        log.exception("the last calls are not shown: those on record cannot be read")
    return []
