"""Result lines: glued, cut, echoed, noisy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fxo.at import LINE_LIMIT, LineCutter, Result, is_echo, is_ring, result_of

pytestmark = pytest.mark.unit


def lines(data: bytes, size: int = 10_000) -> list[str]:
    cutter, found = LineCutter(), []
    for begin in range(0, len(data), size):
        chunk, position = data[begin : begin + size], 0
        while position < len(chunk):
            line, position = cutter.take(chunk, position)
            if line is not None:
                found.append(line)
    return found


GLUED = b"ATV1\r\r\nOK\r\n\r\nRING\r\n\r\nNMBR = 04\r\nOK\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_12_06_echo_ok_ring_and_caller_id_in_one_read_or_byte_by_byte(size: int) -> None:
    assert lines(GLUED, size) == ["ATV1", "OK", "RING", "NMBR = 04", "OK"]


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("OK", Result.OK),
        ("VCON", Result.OK),
        ("CONNECT", Result.CONNECT),
        ("CONNECT 115200", Result.CONNECT),
        ("ERROR", Result.ERROR),
        ("NO DIALTONE", Result.NO_DIAL_TONE),
        ("NO DIAL TONE", Result.NO_DIAL_TONE),
        ("NO CARRIER", Result.NO_CARRIER),
        ("\xf0\x80OK", Result.OK),
        ("RING", None),
        ("0", None),
        ("56000", None),
    ],
)
def test_12_06_results(line: str, result: Result | None) -> None:
    assert result_of(line) is result


def test_12_06_numeric_results_only_when_awaited() -> None:
    assert result_of("0", numeric=True) is Result.OK
    assert result_of("4", numeric=True) is Result.ERROR


@pytest.mark.parametrize(
    ("line", "ring"), [("RING", True), ("RING A", True), ("RING 2", True), ("RINGBACK", False)]
)
def test_12_09_plain_and_distinctive_rings(line: str, ring: bool) -> None:
    assert is_ring(line) is ring


def test_12_06_echo_even_with_its_first_letters_swapped() -> None:
    assert is_echo("at+vcid=1", "AT+VCID=1")
    assert is_echo("TA+VCID=1", "AT+VCID=1")
    assert not is_echo("+VCID: 1", "AT+VCID=1")


@given(st.binary(max_size=3000), st.integers(1, 50))
def test_12_18_noise_never_grows_nor_raises(noise: bytes, size: int) -> None:
    for line in lines(noise, size):
        assert len(line) <= LINE_LIMIT
        result_of(line)
        is_ring(line)


@given(st.binary(max_size=100).filter(lambda noise: b"\n" not in noise and b"\r" not in noise))
def test_12_01_a_result_is_found_after_any_noise_that_ends(noise: bytes) -> None:
    assert lines(noise + b"\r\nOK\r\n")[-1] == "OK"
