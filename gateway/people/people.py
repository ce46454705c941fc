"""Everything the gateway knows of people, opened and closed together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from gateway.database.runs import ALONE, Runs
from gateway.people.accounts_file import AccountsFile
from gateway.people.agent_log import AgentLog
from gateway.people.numbers import Numbers
from gateway.records import RecordsConfig


class People:
    """The agents' log, the numbers with a history, and the key accounts, for a running gateway."""

    def __init__(
        self,
        config: RecordsConfig,
        key_accounts: Path | None = None,
        now: Callable[[], datetime] | None = None,
        runs: Runs = ALONE,
    ) -> None:
        """`now` gives aware times, `runs` tells which gateways of this site live. Raises RecordsError for a config
        that cannot be right, ConfigErrors for a wrong table of key accounts."""
        self._accounts = None if key_accounts is None else AccountsFile(key_accounts)
        self.log = AgentLog(config, now, runs)
        self.numbers = Numbers(config, also=None if self._accounts is None else self._accounts.look)
        """A listener of facts."""

    def rank_of(self, number: str) -> int | None:
        """The rank of a key account, 1 served first; None: none (TT-4). From memory."""
        return None if self._accounts is None else self._accounts.rank_of(number)

    def start(self) -> None:
        """Open the database. Blocks."""
        with ThreadPoolExecutor() as pool:  # side by side: each may wait for a database that does not answer
            for started in [pool.submit(room.start) for room in (self.log, self.numbers)]:
                started.result()

    def stop(self) -> None:
        """Write what waits, close the database. Blocks. Idempotent."""
        self.log.stop()
        self.numbers.stop()
