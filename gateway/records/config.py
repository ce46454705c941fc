"""Where the records are, whose they are and what they are judged by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from gateway.records.rule_book import RuleBook

SPOOL = "spool"
"""The spool's folder in `data_dir`."""


@dataclass(frozen=True, slots=True)
class RecordsConfig:
    """The records of one gateway. `site` must differ between gateways that share a database."""

    site: str
    url: str = "sqlite:///calls.db"
    """A relative SQLite file is meant from `data_dir`."""
    data_dir: Path = Path("var")
    timezone: str = "Asia/Shanghai"
    rules: RuleBook = field(default_factory=RuleBook, compare=False)
    """What calls are judged by; `Rules.of(plan)` gives a plan's."""
    queue_limit: int = 100_000
    """Facts kept in memory while neither the database nor the spool can be written: a busy day of eight lines."""
    spool_mb: int = 256
    """Megabytes of facts that the spool's file may hold: 700 000 facts, some 17 000 calls."""
    set_aside: Callable[[str], None] | None = field(default=None, compare=False)
    """Is told in words that a corrupt database was set aside, on the thread of whoever noticed it."""

    @property
    def spool_folder(self) -> Path:
        """Where facts wait for the database."""
        return self.data_dir / SPOOL

    @property
    def spool_bytes(self) -> int:
        """Bytes that the spool's file may hold."""
        return self.spool_mb * 1_000_000

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)
