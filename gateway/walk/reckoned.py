"""Recordings that need not be there yet: how long they will be is reckoned from their texts."""

from collections.abc import Iterator, Mapping, Set

from gateway.dialplan import Recording, Segment
from gateway.dialplan.language import spoken_characters


class Reckoned(Mapping[Segment, Recording]):
    """What is not `known` is reckoned at `rate` characters a minute; `own` are the segments that people recorded,
    known or not yet."""

    def __init__(
        self, rate: int, known: Mapping[Segment, Recording] | None = None, own: Set[Segment] = frozenset()
    ) -> None:
        self._known = known or {}
        self._own = own
        self._rate = rate
        self.reckoned: dict[str, Segment] = {}
        """By the path they were given."""

    def __getitem__(self, segment: Segment) -> Recording:
        recording = self._known.get(segment)
        if recording is None:
            self.reckoned[segment.key] = segment
            recording = Recording(segment.key, max(1, spoken_characters(segment.spoken)) * 60.0 / self._rate)
        return recording

    def __contains__(self, segment: object) -> bool:
        return segment in self._known or segment in self._own

    def __iter__(self) -> Iterator[Segment]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
