"""Customers who call all the time, agents who come to their telephones or not, and a browser at the wallboard."""

import asyncio
import contextlib
from collections import Counter
from random import Random

from aiohttp import ClientError, ClientSession

from drivers.emulator import Caller as FxoCaller
from drivers.emulator import EmulatedModem
from drivers.emulator.line_state import LineEngagedError, LineState
from tests.process.customers import placed
from tests.process.desk_scene import Telephone
from tests.process.material import REQUEST, noise, voice

A_CALL = 45.0
"""Seconds after which every customer has gone."""
PAUSE = 1.5
"""Seconds between two calls of one customer: a modem has its class to leave."""
KINDS = ("talks", "talks", "waits", "silent", "noisy", "gives up", "in the greeting", "keys", "without audio")
ON_FXO = {
    "talks": FxoCaller.talking(REQUEST),
    "silent": FxoCaller.silent(),
    "gives up": FxoCaller.ringing_off(1.5),
    "in the greeting": FxoCaller.silent().hanging_up_after(5.0),
}


class People:
    """They act until `enough` is set; then each sees his call to its end."""

    def __init__(self, seed: int) -> None:
        self.enough = asyncio.Event()
        self.calls: Counter[str] = Counter()
        """By kind."""
        self.failed: list[str] = []
        """What went wrong with whose call."""
        self._chance = Random(seed)
        self._noise = noise(A_CALL)

    async def call(self, target: str, name: int) -> None:
        """One customer of a SIP line, over and over."""
        number = f"138{name:08}"
        while not self.enough.is_set():
            kind = self._chance.choice(KINDS)
            try:
                await self._one_call(kind, target, number)
                self.calls[kind] += 1
            except (AssertionError, TimeoutError) as error:
                self.failed.append(f"{kind}: {error!r}"[:200])
            await asyncio.sleep(self._chance.uniform(0.2, PAUSE))

    async def call_by_modem(self, modem: EmulatedModem) -> None:
        """The customers of an FXO line, one after another."""
        while not self.enough.is_set():
            kind = self._chance.choice(tuple(ON_FXO))
            try:
                call = modem.exchange.call(ON_FXO[kind])
                async with asyncio.timeout(2 * A_CALL):
                    await call.ended()
                self.calls[f"fxo: {kind}"] += 1
            except (TimeoutError, LineEngagedError) as error:
                self.failed.append(f"fxo: {kind}: {error!r}")
                return
            await modem.line_time(PAUSE)
            with contextlib.suppress(TimeoutError):  # a modem that was too late is on the line
                async with asyncio.timeout(A_CALL):
                    while modem.exchange.state is not LineState.IDLE:
                        await modem.line_time(PAUSE)

    async def attend(self, phone: Telephone) -> None:
        """An agent: comes to his telephone three times of four, talks, hangs up; sometimes the customer does."""
        seen = len(phone.rings)
        while not self.enough.is_set():
            if len(phone.rings) == seen:
                await asyncio.sleep(0.1)
                continue
            seen = len(phone.rings)
            phone.reply(180)
            if self._chance.random() < 0.25:
                continue
            await asyncio.sleep(self._chance.uniform(0.2, 2.0))
            if len(phone.rings) == seen:
                await self._talks(phone)

    async def watch(self, url: str) -> None:
        """A browser that follows the wallboard's stream, and is opened anew now and then."""
        async with ClientSession() as session:
            while not self.enough.is_set():
                with contextlib.suppress(ClientError, TimeoutError):
                    async with (
                        asyncio.timeout(self._chance.uniform(3.0, 15.0)),
                        session.get(f"{url}/stream") as page,
                    ):
                        async for _ in page.content:
                            if self.enough.is_set():
                                break

    # -- one call ----------------------------------------------------------------------------------------------

    async def _one_call(self, kind: str, target: str, number: str) -> None:
        async with placed(target, number, self._chance.choice(("PCMA", "PCMU"))) as customer:
            if kind == "gives up":
                customer.cancel()
                if (await customer.final("INVITE")).status == 487:
                    return
                customer.bye()  # he was answered at that very moment
                await customer.response("BYE", 200)
                return
            await customer.response("INVITE", 200, A_CALL)
            if kind != "without audio":
                customer.rtp.start_sending(self._noise if kind == "noisy" else ())
            stays = {"in the greeting": 0.5, "talks": 6.0, "waits": 20.0}.get(kind, A_CALL)
            with contextlib.suppress(AssertionError, TimeoutError):  # he is not released, and goes
                await customer.incoming("BYE", 1.5)
                return
            if kind in ("talks", "waits"):
                customer.rtp.start_sending(voice())
            elif kind == "keys":
                for digit in "801#":
                    customer.rtp.press(digit)
                    await asyncio.sleep(0.4)
            with contextlib.suppress(AssertionError, TimeoutError):
                await customer.incoming("BYE", self._chance.uniform(0.1, stays))
                return
            customer.bye()
            await customer.response("BYE", 200)

    async def _talks(self, phone: Telephone) -> None:
        call = phone.call_id
        phone.pick_up()
        with contextlib.suppress(AssertionError, TimeoutError):  # the customer has gone first
            async with asyncio.timeout(self._chance.uniform(1.0, 6.0)):
                await phone.has_come("BYE", call)
                return
        if phone.call_id == call:
            self.calls["joined"] += 1
            phone.bye()
