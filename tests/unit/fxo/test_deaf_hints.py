"""Codes under a half-duplex prompt: when they are worth cutting it."""

import pytest

from drivers.fxo.deaf_hints import DeafHints

pytestmark = pytest.mark.unit


def told(codes: list[tuple[str, float]], *, believed: bool = True) -> list[bool]:
    hints = DeafHints(believed=believed)
    return [hints.code(code, at) for code, at in codes]


def test_three_of_a_kind_within_twelve_seconds_once_in_a_call() -> None:
    assert told([("b", 0.0), ("b", 4.0), ("b", 8.0), ("b", 12.0), ("b", 13.0)]) == [
        False,
        False,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    "codes",
    [
        [("b", 0.0), ("b", 4.0)],
        [("b", 0.0), ("d", 2.0), ("b", 4.0), ("d", 6.0)],
        [("b", 0.0), ("b", 6.1), ("b", 12.2)],
        [("s", 0.0), ("s", 1.0), ("s", 2.0), ("q", 3.0), ("5", 3.0)],
    ],
)
def test_fewer_or_others_cut_nothing(codes: list[tuple[str, float]]) -> None:
    assert not any(told(codes))


def test_a_family_known_for_false_codes_cuts_nothing() -> None:
    assert not any(told([("b", float(at)) for at in range(9)], believed=False))
