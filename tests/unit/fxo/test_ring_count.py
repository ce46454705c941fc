"""The modem's own count of rings: one that was not told is a ring all the same, one that did not ring is none."""

import asyncio
from pathlib import Path

import pytest

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import Answer, Answered, CallOffered, FarEndHungUp, HangUpSign, LineEvent, Release, RingBurst
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.peer import RawPeer, ScriptedModem

pytestmark = [pytest.mark.pty, pytest.mark.timeout(60)]

RING = b"\r\nRING\r\n"


async def served(
    folder: Path, counts: list[str], *, again: float | None = None, on_ring: int = 2
) -> tuple[Journal, list[str], list[float]]:
    """One RING line, and perhaps one `again` so many seconds after it; the modem shows these counts, one a query.
    Answered on ring `on_ring`."""
    peer = RawPeer(folder)
    modem = ScriptedModem(peer, {"AT+VTR": b"\r\nERROR\r\n", "AT+VRX": b"\r\nCONNECT\r\n"})
    line = FxoLine(FxoConfig("fxo1", str(peer.path), profile="conexant"))
    shown = iter(counts)
    asked: list[float] = []
    answer = modem._answer

    def count(command: bytes) -> None:
        if command.endswith(b"ATS1?"):
            asked.append(asyncio.get_running_loop().time())
            modem.answers["ATS1?"] = next(shown).encode()
        answer(command)

    modem._answer = count  # type: ignore[method-assign]  # the script's own answers, one after the other

    def on_that_ring(event: LineEvent) -> None:
        if isinstance(event, RingBurst) and event.number >= on_ring:
            line.execute(Answer(event.leg))
        if isinstance(event, Answered | FarEndHungUp):
            line.execute(Release(event.leg))

    journal = Journal(on_that_ring)
    try:
        await line.open(journal)
        modem.commands.clear()
        peer.write(RING)
        if again is not None:
            await asyncio.sleep(again)
            peer.write(RING)
        await journal.wait(Answered if again is not None or counts[-1][2:5] != "001" else FarEndHungUp)
    finally:
        await line.close()
        peer.unplug()
    return journal, modem.commands, asked


def shows(*numbers: int) -> list[str]:
    return [f"\r\n{number:03}\r\n\r\nOK\r\n" for number in numbers]


async def test_12_10_rings_that_were_not_told(tmp_path_factory: pytest.TempPathFactory) -> None:
    async def lost_second() -> None:
        journal, _, asked = await served(tmp_path_factory.mktemp("second"), shows(1, 2))
        assert [event.number for event in journal.of(RingBurst)] == [1, 2]
        answered = journal.times[journal.names().index("Answered")]
        offered = journal.times[journal.names().index("CallOffered")]
        assert 5.7 < asked[-1] - offered < 7.5, "asked when the second ring was overdue"
        assert answered - offered < 9.0, "in the gap after the second ring"

    async def lost_first() -> None:
        journal, _, asked = await served(tmp_path_factory.mktemp("first"), shows(2), again=5.0, on_ring=3)
        assert [event.number for event in journal.of(RingBurst)] == [1, 2, 3], "later ones are counted from there"
        assert len(asked) == 1, "and not asked about"
        assert len(journal.of(CallOffered)) == 1

    async def stopped() -> None:
        journal, commands, _ = await served(tmp_path_factory.mktemp("stopped"), shows(1, 1))
        assert journal.of(FarEndHungUp)[0].sign is HangUpSign.RING_STOPPED
        assert "AT+VLS=1" not in commands, "a line that has stopped ringing is never answered"

    async def does_not_count() -> None:
        refused = ["\r\nERROR\r\n"]
        journal, _, asked = await served(tmp_path_factory.mktemp("none"), refused, again=9.5)
        assert [(event.leg, event.number) for event in journal.of(RingBurst)] == [
            ("fxo1-1", 1),
            ("fxo1-2", 1),  # nobody knows who it is,
            ("fxo1-2", 3),  # and no caller ID comes: if the same, he has heard three
        ]
        assert len(asked) == 1, "and is not asked again"

    await asyncio.gather(lost_second(), lost_first(), stopped(), does_not_count())
