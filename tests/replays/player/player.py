"""Plays the modem's side of a replay on a real pseudo-terminal to a real FxoLine, and the gateway's orders."""

import asyncio
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from drivers.fxo.config import FxoConfig
from drivers.fxo.line import FxoLine
from drivers.line import Answer, Play, Record, Release, StopPlaying, VerdictReached
from tests.replays.player.facts import Facts, told
from tests.replays.player.law import DECODE, RATE
from tests.replays.player.modem import ModemEnd
from tests.replays.player.script import Replay

PATIENCE = 30.0
"""Seconds for anything to come; a busy machine is slow."""


class Player:
    """One replay: its line, its modem, its steps one after another."""

    def __init__(self, replay: Replay, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._replay, self._folder = replay, folder
        self._facts = Facts()
        self._modem = ModemEnd(replay, folder)
        self._line = FxoLine(FxoConfig("fxo1", str(self._modem.path), replay.profile, replay.tones))
        self._marked = 0
        self._plays = 0

    async def play(self) -> None:
        """Raises AssertionError, with the step, where host or line does something else."""
        opening = asyncio.create_task(self._line.open(self._facts.told))
        try:
            for number, step in enumerate(self._replay.steps, 1):
                try:
                    await self._step(step)
                    self._modem.armed = True
                    self._modem.check()
                except (AssertionError, TimeoutError) as exc:
                    raise AssertionError(self._told(number, step, exc)) from exc
        finally:
            await opening
            await self._line.close()
            self._modem.close()
        assert not self._facts.pending, f"facts that no step names: {self._facts.pending}"
        self._modem.check()

    def _told(self, number: int, step: dict[str, Any], exc: BaseException) -> str:
        return (
            f"{self._replay.name}, step {number} {step}: {exc or type(exc).__name__}\n"
            f"facts not yet named: {self._facts.pending}\nall facts: {self._facts.all}\n"
            f"host so far: {self._modem.host.commands[self._marked :]}\nrules broken: {self._modem.host.broken}"
        )

    async def _step(self, step: dict[str, Any]) -> None:
        verbs: dict[str, Callable[[dict[str, Any]], Any]] = {
            "wait": lambda s: asyncio.sleep(s["wait"]),
            "modem": lambda s: self._modem.say(s["modem"]),
            "ring": lambda s: self._modem.ring(s["ring"]),
            "ringing": lambda s: self._modem.ringing(s["ringing"]),
            "host": lambda s: self._modem.host_sends(s, PATIENCE),
            "facts": lambda s: self._facts.match(s["facts"], PATIENCE),
            "order": self._order,
            "sound": lambda s: self._modem.sound(s["sound"]),
            "verdict": self._verdict,
            "count": self._count,
            "after": self._after,
            "unplug": lambda s: self._modem.unplug(),
            "plug": lambda s: self._modem.plug(),
            "played": lambda s: self._modem.has_played(bytes.fromhex(s["played"]), PATIENCE),
            "recorded": self._recorded,
            "deaf": lambda s: self._modem.set_deaf(s["deaf"]),
            "closed": lambda s: self._modem.until_closed(PATIENCE),
            "mark": lambda s: self._mark(),
        }
        for key in step:
            if key in verbs:
                await verbs[key](step)

    async def _order(self, step: dict[str, Any]) -> None:
        leg = self._facts.leg
        match step["order"]:
            case "answer":
                self._mark_now()
                self._line.execute(Answer(leg))
            case "release":
                self._line.execute(Release(leg))
            case "stop":
                self._line.execute(StopPlaying(leg))
            case "record":
                self._line.execute(Record(leg, str(self._folder / "recorded.wav")))
            case "play":
                self._plays += 1
                self._line.execute(Play(leg, self._plays, (self._prompt(step),)))
            case unknown:
                raise ValueError(unknown)

    def _prompt(self, step: dict[str, Any]) -> str:
        """A recording whose samples a codec turns into exactly the bytes that the replay states."""
        path = self._folder / f"prompt{self._plays}.wav"
        value = DECODE[step["coding"]]
        audio = bytes.fromhex(step["bytes"]) * step.get("times", 1)
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(b"".join(value(byte).to_bytes(2, "little", signed=True) for byte in audio))
        return str(path)

    async def _recorded(self, step: dict[str, Any]) -> None:
        """The bytes that the modem sent are in the recording, decoded, and nothing between them."""
        value = DECODE[step["coding"]]
        wanted = b"".join(value(b).to_bytes(2, "little", signed=True) for b in bytes.fromhex(step["recorded"]))
        with wave.open(str(self._folder / "recorded.wav")) as file:
            assert wanted in file.readframes(file.getnframes()), "the recording has something else"

    async def _verdict(self, step: dict[str, Any]) -> None:
        """The ears hear what the modem sends for what it is, at its level."""
        heard = await self._facts.verdict(step["verdict"], PATIENCE)
        assert isinstance(heard, VerdictReached)
        if "dbfs" in step:
            assert abs(heard.level_dbfs - step["dbfs"]) <= 1.0, told(heard)

    async def _count(self, step: dict[str, Any]) -> None:
        sent = self._modem.host.commands[self._marked :]
        for command, count in step["count"].items():
            assert sent.count(command) == count, f"{command} came {sent.count(command)} times"

    async def _after(self, step: dict[str, Any]) -> None:
        """Each first command was sent again after the last one of its second."""
        sent = self._modem.host.commands[::-1]
        for command, earlier in step["after"].items():
            assert sent.index(command) < sent.index(earlier), f"no {command} after {earlier}"

    async def _mark(self) -> None:
        self._mark_now()

    def _mark_now(self) -> None:
        self._marked = len(self._modem.host.commands)


async def play_all(replays: list[Replay], folder: Path) -> dict[str, str]:
    """All at once; what went wrong with each, empty for nothing."""

    async def one(replay: Replay) -> str:
        try:
            await Player(replay, folder / replay.name).play()
        except AssertionError as exc:
            return str(exc) or "an assertion failed"
        return ""

    return dict(zip((r.name for r in replays), await asyncio.gather(*map(one, replays)), strict=True))
