"""A search for contradictions that can be made although other keys are wrong."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from gateway.config.faults import Fault
from gateway.config.models import GatewayConfig


@dataclass(frozen=True, slots=True)
class Check:
    """One search. Where something of what it `reads` is wrong it would find what is none."""

    find: Callable[[GatewayConfig], Iterable[Fault]]
    reads: tuple[str, ...]
    """Keys (`mqtt.ca_file`) or tables (`mqtt`: all its keys; what is left out there may be misspelt)."""

    def possible(self, wrong: Collection[str]) -> bool:
        """Whether all that it reads is good; `wrong` are the keys that are not, as faults name them."""
        return not any(_within(key, read) or _within(read, key) for key in wrong for read in self.reads)


def _within(key: str, table: str) -> bool:
    return key == table or key.startswith((f"{table}.", f"{table}["))
