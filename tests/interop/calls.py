"""Calls that a telephone of another maker places to the hotline."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tests.interop.clients import Telephone
from tests.interop.conftest import Hotline
from tests.process.customers import Story


@contextlib.asynccontextmanager
async def calling(
    hotline: Hotline, telephone: Telephone, voice: Path, target: str | None = None, **settings: object
) -> AsyncIterator[Story]:
    """It has dialled; the call is over at the end, and the line free again."""
    story = Story(hotline.watcher, telephone.number)
    try:
        await telephone.start(voice, **settings)  # type: ignore[arg-type]  # each kind's own
        await telephone.dial(target or hotline.target)
        yield story
        await story.until("released")
    finally:
        if hasattr(telephone, "process"):
            await telephone.end()
