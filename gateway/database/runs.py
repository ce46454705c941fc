"""Which runs of a site's gateway live, for whoever tidies up what the dead ones left."""

from typing import Final, Protocol


class Runs(Protocol):
    """Known by the records (run_lock); any thread may ask. Each run writes its name beside what it begins."""

    @property
    def run(self) -> str | None:
        """The name of this one; None: it has none."""

    @property
    def company(self) -> bool:
        """Whether another run may live, as one does, did a moment ago, or as that is not known yet."""

    def lives(self, run: str | None) -> bool:
        """Whether what this run began may still go on: while that is not known it may. None: a run that nobody
        knows."""


class _Alone:
    run = None
    company = False

    def lives(self, run: str | None) -> bool:
        return False


ALONE: Final[Runs] = _Alone()
"""For whoever knows that no other gateway is there."""
