"""One event for each key press."""

import pytest

from drivers.fxo.digits import DigitFilter

pytestmark = pytest.mark.unit


def pressed(codes: list[tuple[float, str]]) -> str:
    digits = DigitFilter()
    return "".join(filter(None, (digits.feed(code, at) for at, code in codes)))


@pytest.mark.parametrize(
    ("codes", "keys"),
    [
        ([(0.0, "/"), (0.07, "5"), (0.14, "5"), (0.21, "5"), (0.28, "~")], "5"),
        ([(0.0, "/"), (0.1, "5"), (0.2, "~"), (0.3, "/"), (0.4, "5"), (0.5, "~")], "55"),
        ([(0.0, "5"), (0.07, "5"), (0.14, "5")], "5"),
        ([(0.0, "5"), (0.07, "5"), (0.40, "5")], "55"),
        ([(0.0, "1"), (0.05, "2")], "12"),
        ([(0.0, "/"), (0.1, "8"), (30.0, "0")], "80"),
        ([(0.0, "~"), (0.1, "*"), (0.2, "#")], "*#"),
        ([(0.0, "b"), (0.1, "u")], ""),
    ],
)
def test_12_12_presses(codes: list[tuple[float, str]], keys: str) -> None:
    assert pressed(codes) == keys
