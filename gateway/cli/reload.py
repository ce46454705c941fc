"""SIGHUP: gateway.toml and its dialplan are read anew, with calls up."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from gateway.app import Gateway
from gateway.config import ConfigErrors, load_config

log = logging.getLogger(__name__)

CONFIG_WRONG = "config_wrong"
"""The alert's code: what was to be taken over has mistakes, and the gateway goes on as it was."""
RESTART_NEEDED = "restart_needed"
"""The alert's code: some of what was changed holds only after a restart."""


class Reloader:
    """Takes over what stands in gateway.toml, one reading after the other."""

    def __init__(
        self, gateway: Gateway, config_file: Path, reloading: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """Everything happens inside `reloading()`: the service manager is told."""
        self._gateway = gateway
        self._file = config_file
        self._reloading = reloading
        self._wanted = False
        self._stopped = False
        self._task: asyncio.Task[None] | None = None

    def request(self) -> None:
        """Read it as soon as can be: after the reading that runs, if one does. Never blocks, never raises."""
        self._wanted = True
        if self._task is None and not self._stopped:
            self._task = asyncio.create_task(self._run(), name="reload")

    async def stop(self) -> None:
        """Take nothing over any more."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        try:
            with self._reloading():
                while self._wanted:
                    self._wanted = False
                    await self._reload()
        finally:
            self._task = None

    async def _reload(self) -> None:
        alert = self._gateway.feed.alert
        try:
            words, restart = await self._gateway.reload(await asyncio.to_thread(load_config, self._file))
        except ConfigErrors as errors:
            log.error("reload: nothing has changed, as it has mistakes:\n%s", errors)
            first = f"{errors.faults[0]}" if len(errors.faults) == 1 else f"{len(errors.faults)} mistakes"
            alert(CONFIG_WRONG, f"the gateway goes on as it was: {first}; see: sansheng check", True)
            return
        except Exception:  # whatever it is, the calls that are up must not pay for it
            log.exception("reload: nothing has changed")
            alert(CONFIG_WRONG, "the gateway goes on as it was; see its log", True)
            return
        alert(CONFIG_WRONG, "what stands in gateway.toml holds", False)
        for line in words:
            log.info("reload: %s", line)
        self._tell_restart(restart)
        log.info("reloaded: %s", self._file)

    def _tell_restart(self, keys: tuple[str, ...]) -> None:
        told = ", ".join(keys)
        if keys:
            log.warning("reload: only after a restart: %s", told)
        words = f"changed, but holding only after a restart: {told}" if keys else "nothing waits for a restart"
        self._gateway.feed.alert(RESTART_NEEDED, words, bool(keys))
