"""`python -m tests.soak.leaking 10 SANSHENG run …`: that gateway, which keeps 10 kB of each call that has ended.
The soak must find it (`python -m tests.soak --leak 10`)."""

import sys
from collections.abc import Sequence

from gateway.app import Gateway
from gateway.cli.main import main
from gateway.records import CallRecord

_kept: list[bytes] = []


def leak(kilobytes: int) -> None:
    """From now on gateways of this process do so."""
    ended = Gateway._ended

    def leaking(self: Gateway, records: Sequence[CallRecord]) -> None:
        _kept.extend(bytes(1000 * kilobytes) for _ in records)
        ended(self, records)

    Gateway._ended = leaking  # type: ignore[method-assign]  # the fault is planted from without


if __name__ == "__main__":
    leak(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    sys.exit(main())
