"""The folder of the calls' recordings: how long they are kept, and room on its disk for more."""

from gateway.recordings.keeper import STOPPED, RecordingsKeeper

__all__ = ["STOPPED", "RecordingsKeeper"]
