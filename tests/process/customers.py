"""Customers: what each does on a SIP line, timed by what the feed tells of his call."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from drivers.line import Verdict
from tests.broker import Watcher
from tests.process.material import noise, voice
from tests.sip.peer.caller import Caller

A_CALL = 60.0
"""Seconds within which any call of these tests is over."""
FAINT = -43.0
"""dBFS of a voice that is there and not understood: between −50 and −38."""


class Story:
    """One call as the feed tells it, found by its caller's number."""

    def __init__(self, watcher: Watcher, number: str) -> None:
        self._watcher = watcher
        self.number = number
        self.masked = f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"

    @property
    def call(self) -> str | None:
        """Its id, once the caller is known."""
        known = [*self._all(), *self._entries()]
        return next((fact["call"] for fact in known if fact.get("caller") == self.masked), None)

    @property
    def events(self) -> list[dict[str, Any]]:
        call = self.call
        return [event for event in self._all() if call is not None and event["call"] == call]

    @property
    def states(self) -> list[dict[str, Any]]:
        """Its entry in each state its line has published since it began."""
        call = self.call
        return [entry for entry in self._entries() if entry["call"] == call]

    async def until(self, event: str, **fields: Any) -> dict[str, Any]:
        """That event of the call, now or when it comes."""

        def found(_: Watcher) -> list[dict[str, Any]]:
            return [e for e in self.events if e["event"] == event and fields.items() <= e.items()]

        try:
            return (await self._watcher.until(found))[-1]
        except AssertionError as error:
            told = [entry["event"] for entry in self.events]
            raise AssertionError(f"{self.number}: no {event} {fields} after {told}; {error}") from None

    async def said(self, prompt: str) -> None:
        """A prompt has been said to its end."""
        await self.until("prompt_finished", prompt=prompt)

    def _all(self) -> list[dict[str, Any]]:
        return [p for topic, p, _ in self._watcher.heard if topic.endswith("/event")]

    def _entries(self) -> list[dict[str, Any]]:
        heard = [(topic.split("/"), payload) for topic, payload, _ in self._watcher.heard]
        states = [payload for topic, payload in heard if (topic[0], topic[-1]) == ("line", "state")]
        return [entry for state in states if state for entry in state["calls"]]  # "": the line is no more


Part = Callable[[Caller, Story], Awaitable[None]]
"""What a customer does, from the answer on."""


@contextlib.asynccontextmanager
async def placed(target: str, number: str, codec: str = "PCMA") -> AsyncIterator[Caller]:
    """A customer who has called and hears it ring."""
    customer = await Caller.open(target, user=number, codec=codec)
    try:
        customer.invite()
        await customer.response("INVITE", 180)
        yield customer
    finally:
        customer.close()


async def talks(customer: Caller, story: Story) -> None:
    """Says what he wants, hears the farewell, hangs up."""
    await _says(customer, story)
    await story.said("farewell")
    customer.bye()
    await customer.response("BYE", 200)


async def stays(customer: Caller, story: Story) -> None:
    """Says what he wants and never hangs up."""
    await _says(customer, story)
    await customer.incoming("BYE", A_CALL)


async def is_silent(customer: Caller, story: Story) -> None:
    await customer.response("INVITE", 200)
    customer.rtp.start_sending()
    await customer.incoming("BYE", A_CALL)


async def sends_nothing(customer: Caller, story: Story) -> None:
    """Not one packet of audio comes from him."""
    await customer.response("INVITE", 200)
    await customer.incoming("BYE", A_CALL)


async def is_noisy(customer: Caller, story: Story) -> None:
    await customer.response("INVITE", 200)
    customer.rtp.start_sending(noise(A_CALL))
    await customer.incoming("BYE", A_CALL)


async def is_faint(customer: Caller, story: Story) -> None:
    await customer.response("INVITE", 200)
    customer.rtp.start_sending(voice(level=FAINT) * 12)
    await customer.incoming("BYE", A_CALL)


async def gives_up(customer: Caller, story: Story) -> None:
    await story.until("ring", rings=1)
    customer.cancel()
    await customer.response("INVITE", 487)


async def presses_keys(customer: Caller, story: Story) -> None:
    """Presses 801# after the greeting and hangs up."""
    await customer.response("INVITE", 200)
    customer.rtp.start_sending()
    await story.said("greeting")
    for digit in "801#":
        customer.rtp.press(digit)
        await story.until("dtmf", digit=digit)
    customer.bye()


async def hangs_up_in_the_greeting(customer: Caller, story: Story) -> None:
    await customer.response("INVITE", 200)
    customer.rtp.start_sending()
    await story.until("prompt_started", prompt="greeting")
    customer.bye()


async def _says(customer: Caller, story: Story) -> None:
    await customer.response("INVITE", 200)
    customer.rtp.start_sending()
    await story.said("greeting")
    customer.rtp.start_sending(voice())
    await story.until("verdict", verdict=Verdict.SPEECH.value)
