"""One event for each key press."""

import pytest

from drivers.fxo.digits import DigitFilter, Keypad

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


@pytest.mark.parametrize(
    ("framed_only", "doubtful", "keys"),
    [(False, False, "57"), (False, True, "7"), (True, False, "7"), (True, True, "7")],
)
def test_12_11_unframed_codes_are_doubted_while_playing_and_with_false_firmware(
    framed_only: bool, doubtful: bool, keys: str
) -> None:
    pressed: list[str] = []
    keypad = Keypad(framed_only, pressed.append)
    for at, code in ((0.0, "5"), (1.0, "/"), (1.1, "7"), (1.2, "~")):
        keypad.coded(code, at, doubtful=doubtful)
    assert "".join(pressed) == keys


def test_12_12_a_key_that_the_modem_is_deaf_for_is_heard() -> None:
    pressed: list[str] = []
    keypad = Keypad(True, pressed.append)
    keypad.heard("5", 0.0)
    keypad.coded("5", 0.1, doubtful=False)
    keypad.heard("5", 1.0)
    assert pressed == ["5", "5"]
