"""The Line protocol: the one door between the gateway and any telephone line."""

from collections.abc import Callable
from typing import Protocol

from drivers.line.commands import LineCommand
from drivers.line.events import LineEvent
from drivers.line.vocabulary import Capabilities

Report = Callable[[LineEvent], None]
"""Where a line sends its facts: called on the event loop's thread, never blocks, never raises."""


class Line(Protocol):
    """One PSTN port or one SIP account. All methods are called on the event loop's thread."""

    @property
    def line_id(self) -> str:
        """The id from the config, in every topic and record."""

    @property
    def capabilities(self) -> Capabilities:
        """What the line can do; may change at LineRestored (another modem was plugged in)."""

    async def open(self, report: Report) -> None:
        """Begin service; returns once LineRestored or LineFault was reported for the first time.

        Never raises for hardware, network or registrar: a line that cannot serve reports LineFault and goes on
        retrying with back-off until close().
        """

    def execute(self, command: LineCommand) -> None:
        """Take an order; returns at once. The outcome is reported as a fact."""

    def take_no_more(self) -> None:
        """Turn new calls away at once, so that whoever sends them tries elsewhere; those that are up go on.
        Idempotent. A line that cannot (a modem does not choose what rings) goes on to report new ones."""

    async def close(self) -> None:
        """End service: releases what is up, leaves the line on-hook, frees port and process. Idempotent."""
