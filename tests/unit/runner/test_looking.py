"""What a look at the gateway sees: agents, tickets, facts that wait; and the desk's own lines are told of."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from drivers.line import FaultCode, LineFault, LineRestored
from drivers.line.scripted import ScriptedLine
from gateway.call.facts import Notice, Offered, Rang
from gateway.office import Office
from gateway.records import Records
from gateway.runner.agent_telephones import AgentTelephones
from gateway.runner.looking import look
from gateway.runner.telephones import Codes
from gateway.tickets.draft import Draft
from tests.unit.runner.test_office import runs

pytestmark = pytest.mark.unit

NOW = datetime(2026, 2, 18, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_what_stands_is_seen(tmp_path: Path) -> None:
    async def story(there: Office) -> None:
        records = Records(there._records_config)
        feed = there._feed
        for fact in (Offered("hotline", "sip1", "sip", "jihua-gas", "801"), Rang(1)):
            notice = Notice(NOW, "sip1", "c1", fact)
            records.receive(notice)
            feed.receive(notice)
        there.tickets._enter(Draft("hotline", "c1", "801", NOW, "CallBackAsked"))
        await asyncio.to_thread(there.tickets._memory.look)
        seen = look(records, feed, there.desk, there.tickets, NOW, recordings_stopped=True)
        assert seen.agents == {"free": 2, "ringing": 0, "busy": 0, "after_call": 0, "away": 0, "offline": 0}
        assert seen.lines == {"sip1": ("ringing", 1)}
        assert (seen.tickets_open, seen.tickets_overdue) == (1, 0)
        # The ring; and, where that has been noticed by now, that a ticket of last winter is overdue.
        assert seen.feed_queue == feed.waiting > 0
        assert (seen.feed_dropped, seen.broker_connected) == (0, False)
        assert (seen.spool, seen.facts_lost) == (2, 0)
        assert seen.database_problems == {"records": False, "tickets": False}
        assert seen.recordings_stopped
        more = asyncio.create_task(asyncio.sleep(60))
        then = look(records, feed, there.desk, there.tickets, NOW, recordings_stopped=True)
        assert then.asyncio_tasks == seen.asyncio_tasks + 1
        more.cancel()
        late = look(records, feed, there.desk, there.tickets, NOW + timedelta(days=40), recordings_stopped=False)
        assert (late.tickets_open, late.tickets_overdue) == (1, 1)

    runs(tmp_path, story)


async def test_what_becomes_of_the_desks_lines_is_told() -> None:
    line, told = ScriptedLine("desk-1"), []
    codes = Codes({}, lambda agent, _: agent, lambda _, __: None)
    telephones = AgentTelephones(
        [line], {}, Path("sockets"), codes, lambda _: None, lambda *event: told.append(event)
    )
    await telephones.open()
    fault = LineFault(FaultCode.WORKER_DIED, "signal 9")
    line.report(fault)
    line.report(LineRestored())
    await telephones.close()
    assert told == [("desk-1", LineRestored()), ("desk-1", fault), ("desk-1", LineRestored())]
