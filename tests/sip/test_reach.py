"""OPTIONS to telephones: who is there, who is not, and that asking harms nobody."""

import asyncio
import os
import signal

import pytest

from drivers.sip.probing import Reach
from tests.sip.conftest import Bench, OpenLine, free_port
from tests.sip.peer.callee import Callee

pytestmark = pytest.mark.sip

FOR_EVER = 60.0


async def phone(bench: Bench, status: int | None) -> str:
    """A telephone that answers OPTIONS so, or not at all; its address."""
    callee = await bench.caller(kind=Callee, user=str(status))
    if status is None:
        callee._respond = lambda request: None
    else:
        callee._respond = lambda request: callee.reply(status, request=request)
    return callee.uri


async def test_who_answers_is_there_and_nobody_waits_for_the_others(bench: Bench):
    there, absent = (200, 401, 405, 407, 486, 500, 603), (404, 408, 410, 480, 503, 604)
    asked = [await phone(bench, status) for status in (*there, *absent)]
    found = await asyncio.gather(*(bench.line.probe(address, FOR_EVER) for address in asked))
    assert [reach.status for reach in found] == [*there, *absent]
    assert [reach.reachable for reach in found] == [True] * len(there) + [False] * len(absent)
    assert found[0].detail == "SIP 200 OK"


async def test_who_cannot_be_asked_is_unreachable_with_the_reason(bench: Bench):
    silent = await phone(bench, None)
    deaf = f"sip:801@127.0.0.1:{free_port()};transport=tcp"
    reasons = {
        silent: "no answer within 0.3 s",
        deaf: "refused",
        "sip:801@no-such-host.invalid": "check the name and the DNS",
        "801 802": "neither a telephone number nor a SIP address",
        "sip:801@pbx\r\nX-Evil: 1": "neither a telephone number nor a SIP address",
    }
    many = [*reasons] * 20
    found = await asyncio.gather(
        *(bench.line.probe(address, 0.3 if address == silent else 20) for address in many)
    )
    for address, reach in zip(many, found, strict=True):
        assert (reach.reachable, reach.status) == (False, None)
        assert reach.asked is (address in (silent, deaf))
        assert reasons[address] in reach.detail
    assert (await bench.line.probe(await phone(bench, 200), FOR_EVER)).reachable


async def test_a_line_without_a_worker_reaches_nobody(open_line: OpenLine):
    bench = await open_line()
    silent = await phone(bench, None)
    asked = [asyncio.create_task(bench.line.probe(silent, FOR_EVER)) for _ in range(3)]
    await bench.callers[0].incoming("OPTIONS")
    os.kill(bench.line.worker_pid, signal.SIGKILL)
    gone = Reach(False, None, "the worker ended by signal 9", asked=False)
    assert await asyncio.gather(*asked) == [gone] * 3
    assert await bench.line.probe(silent, FOR_EVER) == gone
    await bench.line.close()
    assert await bench.line.probe(silent, FOR_EVER) == Reach(False, None, "the line was closed", asked=False)


async def test_a_question_that_is_still_open_does_not_end_the_worker_badly(
    open_line: OpenLine, caplog: pytest.LogCaptureFixture
):
    bench = await open_line()
    silent = await bench.caller(kind=Callee, user="801")
    silent._respond = lambda request: None
    asked = asyncio.create_task(bench.line.probe(silent.uri, FOR_EVER))
    await silent.incoming("OPTIONS")
    await bench.line.close()
    assert not (await asked).reachable
    assert "Aborted" not in caplog.text


async def test_who_is_asked_while_the_worker_stands_still_is_there_once_it_turns(open_line: OpenLine):
    bench = await open_line()
    there, silent = await phone(bench, 200), await phone(bench, None)
    os.kill(bench.line.worker_pid, signal.SIGSTOP)
    asked = [asyncio.create_task(bench.line.probe(address, 0.5)) for address in (there, silent)]
    done, _ = await asyncio.wait(asked, timeout=0.7)
    assert not done
    os.kill(bench.line.worker_pid, signal.SIGCONT)
    found = await asyncio.gather(*asked)
    assert [(reach.asked, reach.reachable) for reach in found] == [(True, True), (True, False)]
