"""Passwords that come from anywhere: in turn, counted before they are tried, friends before strangers."""

import asyncio
import time
from pathlib import Path

import pytest

from gateway.config.lock_out import FREE, LockOut
from gateway.config.password_file import PasswordFileWrong, Person
from gateway.config.passwords import hashed
from gateway.config.verifying import LockedOut, Verifier

pytestmark = pytest.mark.unit

MOST = 4
KEPT = hashed("three rings")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "people"
    file.write_text(f"wall:{KEPT}\n")
    return file


@pytest.fixture
def verifier(file: Path) -> Verifier:
    return Verifier(file, LockOut(lambda: 0.0), time.monotonic, most_waiting=MOST, of_a_source=2)


async def test_who_somebody_is(verifier: Verifier, file: Path) -> None:
    assert await verifier.verify("a", "wall", "three rings") == Person(KEPT)
    assert await verifier.verify("a", "wall", "four rings") is None
    assert await verifier.verify("a", "nobody", "three rings") is None
    file.write_text("")  # noqa: ASYNC240 - a few bytes
    for _ in range(FREE + 1):  # which are nobody's fault
        with pytest.raises(PasswordFileWrong):
            await verifier.verify("b", "wall", "three rings")


async def test_who_has_been_here_before_does_not_wait_for_strangers(verifier: Verifier) -> None:
    assert await verifier.verify("friend", "wall", "three rings")
    done: list[str] = []

    async def tries(source: str, password: str) -> None:
        await verifier.verify(source, "wall", password)
        done.append(source)

    async with asyncio.TaskGroup() as crowd:
        for number in range(MOST):
            crowd.create_task(tries(f"stranger{number}", "guess"))
        await asyncio.sleep(0)  # they stand in line
        with pytest.raises(LockedOut) as caught:
            await verifier.verify("one more", "wall", "three rings")
        assert caught.value.busy
        crowd.create_task(tries("friend", "three rings"))
    assert done.index("friend") <= 2


async def test_one_address_does_not_fill_the_line(verifier: Verifier) -> None:
    answers = await asyncio.gather(
        *(verifier.verify("a", "wall", "three rings") for _ in range(3)), return_exceptions=True
    )
    assert [isinstance(answer, LockedOut) for answer in answers] == [False, False, True]


async def test_who_hangs_up_has_tried_all_the_same(verifier: Verifier) -> None:
    for _ in range(FREE):
        trying = asyncio.create_task(verifier.verify("a", "wall", "guess"))
        while not verifier._one.locked():  # noqa: ASYNC110 - until it is looked at
            await asyncio.sleep(0)
        trying.cancel()
        await asyncio.wait([trying])
        assert not verifier._one.locked()
    with pytest.raises(LockedOut, match="too many wrong passwords"):
        await verifier.verify("a", "wall", "three rings")
