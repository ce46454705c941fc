"""Call records: on disk from the first ring, judged clause by clause."""

from gateway.database import RecordsError, RecordsMissing
from gateway.kpi.call import Direction, Outcome
from gateway.records.config import RecordsConfig
from gateway.records.errors import CallAmbiguous, CallUnknown
from gateway.records.record import CallRecord, Judgement
from gateway.records.records import Records
from gateway.records.rules import Rules
from gateway.records.store import Store

__all__ = [
    "CallAmbiguous",
    "CallRecord",
    "CallUnknown",
    "Direction",
    "Judgement",
    "Outcome",
    "Records",
    "RecordsConfig",
    "RecordsError",
    "RecordsMissing",
    "Rules",
    "Store",
]
