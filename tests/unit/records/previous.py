"""The database as the version before menus and intakes made it: one call that ended, one that a crash left."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE calls (
    call VARCHAR(64) NOT NULL, site VARCHAR(64) NOT NULL, line VARCHAR(64) NOT NULL, driver VARCHAR(16) NOT NULL,
    dialplan VARCHAR(64) NOT NULL, agent VARCHAR(32) NOT NULL, caller TEXT, caller_name TEXT,
    offered_at DATETIME NOT NULL, answered_at DATETIME, ended_at DATETIME, rings INTEGER NOT NULL,
    outcome VARCHAR(16), released_by VARCHAR(16), cause TEXT, verdicts JSON NOT NULL, prompts JSON NOT NULL,
    digits TEXT NOT NULL, recording TEXT, compliance JSON NOT NULL, PRIMARY KEY (call)
);
CREATE INDEX ix_calls_offered_at ON calls (offered_at);
CREATE INDEX calls_open ON calls (site, ended_at);
CREATE TABLE events (
    number INTEGER NOT NULL, at DATETIME NOT NULL, site VARCHAR(64) NOT NULL, line VARCHAR(64) NOT NULL,
    call VARCHAR(64), fact VARCHAR(32) NOT NULL, data JSON NOT NULL, PRIMARY KEY (number)
);
CREATE INDEX ix_events_call ON events (call);
"""

GREETING = {"prompt": "greeting", "text": "您好!", "clause": "JH-3", "complete": True, "cut": None} | {
    "started_at": "2026-02-18T09:30:06.200+08:00",
    "ended_at": "2026-02-18T09:30:08.200+08:00",
}
STEP = {"prompt": "silent-1", "text": "您的电话已接通。", "clause": "JH-6", "complete": True, "cut": None} | {
    "started_at": "2026-02-18T09:30:09.200+08:00",
    "ended_at": "2026-02-18T09:30:11.200+08:00",
}
KEPT = {"clause": "JH-1", "kept": True, "evidence": "answered after ring 2", "step": "answer"}

OFFERED, ANSWERED, ENDED = "2026-02-18 01:30:00", "2026-02-18 01:30:05.200000", "2026-02-18 01:30:16.200000"
WHO = ("jinan", "sip1", "sip", "jihua-gas", "801", "13812345678", None)

STARTED = {
    "prompt": {"key": "silent-1", "text": "您的电话已接通。", "clause": "JH-6", "recordings": [], "duration": 2.0},
}
FINISHED = STARTED | {"cut": None}


def make(path: Path) -> None:
    """Write the database, calls `old1` (ended) and `old2` (open)."""
    ended = (ENDED, 2, "answered", "customer", "bye", "[]", json.dumps([GREETING]), "", None, json.dumps([KEPT]))
    left_open = (None, 2, None, None, None, "[]", json.dumps([GREETING, STEP]), "", None, "[]")
    rows = [("old1", *WHO, OFFERED, ANSWERED, *ended), ("old2", *WHO, OFFERED, ANSWERED, *left_open)]
    events = [
        (1, "2026-02-18 01:30:09.200000", "jinan", "sip1", "old2", "prompt_started", json.dumps(STARTED)),
        (2, "2026-02-18 01:30:11.200000", "jinan", "sip1", "old2", "prompt_finished", json.dumps(FINISHED)),
    ]
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany(f"INSERT INTO calls VALUES ({', '.join('?' * 20)})", rows)
        connection.executemany(f"INSERT INTO events VALUES ({', '.join('?' * 7)})", events)
