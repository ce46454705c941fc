"""The gateway's part of a call of ours: its address is checked and looked up before the worker hears of it."""

import asyncio
from collections.abc import Callable, Coroutine

from drivers.line import Dial, DialFailed, DialFailure, LegEvent, LegReleased, LineCommand, Release
from drivers.sip.config import SipConfig
from drivers.sip.dial_string import AddressError, Target, target_of
from drivers.sip.lookup import HostUnknown, Lookup, literal
from drivers.sip.messages import Message, Originate
from drivers.sip.worker_log import redact


class Dialling:
    """Calls on their way to the worker. On the event loop."""

    def __init__(
        self,
        config: SipConfig,
        lookup: Lookup,
        send: Callable[[Message], None],
        report: Callable[[LegEvent], None],
    ) -> None:
        """`report` takes what becomes of a call that does not reach the worker: never before execute() returns."""
        self._config = config
        self._lookup = lookup
        self._send = send
        self._report = report
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._later: dict[str, list[LineCommand]] = {}
        """Orders for a call whose address is being looked up."""

    def execute(self, command: LineCommand) -> None:
        """Send an order to the worker, those for a call on its way there after it."""
        if command.leg not in self._tasks:
            self._send(command)
        elif isinstance(command, Release):
            self._tasks.pop(command.leg).cancel()
            self._soon(command.leg, self._release(command.leg))
        else:
            self._later.setdefault(command.leg, []).append(command)

    def dial(self, command: Dial, *, cannot: str | None) -> None:
        """Have the worker place the call; `cannot` says why no call can be placed now, if so."""
        try:
            target = target_of(command.address, self._config)
        except AddressError as error:
            self._soon(command.leg, self._fail(command.leg, DialFailure.VACANT_NUMBER, redact(str(error))))
            return
        if cannot is not None:
            self._soon(command.leg, self._fail(command.leg, DialFailure.NO_LINE, cannot))
        elif literal(target.host) is not None:
            self._send(Originate(command.leg, str(target), str(target), command.shown))
        else:
            self._soon(command.leg, self._look_up(command, target))

    def drop_all(self) -> None:
        """Place none of these calls any more; nothing more is reported of them."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._later.clear()

    def _soon(self, leg: str, work: Coroutine[None, None, None]) -> None:
        self._tasks[leg] = asyncio.create_task(work, name=f"{self._config.line_id} dials")

    async def _look_up(self, command: Dial, target: Target) -> None:
        leg = command.leg
        try:
            address = await self._lookup.address_of(target.host)
        except HostUnknown as error:
            await self._fail(leg, DialFailure.UNREACHABLE, str(error))
            return
        del self._tasks[leg]
        for order in (
            Originate(leg, str(target), target.at(address), command.shown),
            *self._later.pop(leg, ()),
        ):
            self._send(order)

    async def _fail(self, leg: str, why: DialFailure, detail: str) -> None:
        self._report(DialFailed(leg, why, detail))
        await self._release(leg)

    async def _release(self, leg: str) -> None:
        del self._tasks[leg]
        self._later.pop(leg, None)
        self._report(LegReleased(leg))
