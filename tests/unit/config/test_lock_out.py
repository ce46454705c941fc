"""How often a password may be tried, in virtual time."""

import pytest

from gateway.config.lock_out import (
    ALL_FREE,
    ALL_WITHIN,
    FIRST_LOCK,
    FORGOTTEN,
    FREE,
    LONGEST_LOCK,
    SOURCES,
    LockOut,
)

pytestmark = pytest.mark.unit


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_wrong_passwords_lock_an_address_out_longer_each_time() -> None:
    clock = Clock()
    lock_out = LockOut(clock)
    for _ in range(FREE):
        assert lock_out.locked("a") == 0
        lock_out.attempt("a")
    assert lock_out.locked("a") == FIRST_LOCK
    assert lock_out.locked("b") == 0
    clock.now += FIRST_LOCK
    assert lock_out.locked("a") == 0
    lock_out.attempt("a")
    assert lock_out.locked("a") == 2 * FIRST_LOCK
    for _ in range(20):
        lock_out.attempt("a")
    assert lock_out.locked("a") == LONGEST_LOCK
    clock.now += FORGOTTEN + 1
    lock_out.attempt("a")
    assert lock_out.locked("a") == 0


def test_the_right_password_begins_anew() -> None:
    lock_out = LockOut(Clock())
    for _ in range(FREE * 3):
        lock_out.attempt("a")
        lock_out.right("a")
    assert lock_out.locked("a") == 0


def test_one_right_password_does_not_hide_the_wrong_ones() -> None:
    lock_out = LockOut(Clock())
    for _ in range(FREE - 1):
        lock_out.attempt("a")
        lock_out.attempt("a")
        lock_out.right("a")
    assert lock_out.locked("a") == 0
    lock_out.attempt("a")
    assert lock_out.locked("a") == FIRST_LOCK


def test_how_long_and_whether_everybody_is_counted_can_be_told() -> None:
    lock_out = LockOut(Clock(), longest=FIRST_LOCK, all_free=None)
    for number in range(2 * ALL_FREE):
        lock_out.attempt("a")
        lock_out.attempt(str(number))
    assert lock_out.locked("a") == FIRST_LOCK
    assert lock_out.locked("b") == 0


def test_guesses_from_everywhere_are_bounded_too() -> None:
    clock = Clock()
    lock_out = LockOut(clock)
    for number in range(ALL_FREE):
        lock_out.attempt(f"192.0.2.{number}")
    assert lock_out.locked("198.51.100.1") == ALL_WITHIN
    clock.now += ALL_WITHIN
    assert lock_out.locked("198.51.100.1") == 0


def test_addresses_are_forgotten_before_they_fill_the_memory() -> None:
    lock_out = LockOut(Clock())
    for number in range(SOURCES + 10):
        lock_out.attempt(str(number))
    assert len(lock_out._sources) == SOURCES
