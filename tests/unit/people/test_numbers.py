"""Numbers with a history: what is counted, who is warned, and how soon it is known."""

import sqlite3
import threading
import traceback
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from drivers.line import CallerId
from gateway.call import facts
from gateway.call.facts import CutReason, Notice
from gateway.call.plan import Part, Prompt
from gateway.people import NumberNoted, Numbers, NumbersBook, NumberUnknown, NumberWrong, People
from gateway.records import RecordsConfig, RecordsError, RecordsMissing
from tests.service.told import MORNING

pytestmark = pytest.mark.unit

MOBILE, LANDLINE = "13812345678", "05311234567"
NUISANCE = Prompt(
    "phrase-nuisance", "如果您没有其它服务需求,请挂机,谢谢!", "JH-13", ("n.wav",), 2.0, part=Part.PHRASE
)
FOUL = Prompt("phrase-foul-language", "先生(女士),请您使用文明言语。", "JH-14", ("f.wav",), 2.0, part=Part.PHRASE)


@pytest.fixture
def config(tmp_path: Path) -> RecordsConfig:
    return RecordsConfig(site="jinan", data_dir=tmp_path / "var")


@pytest.fixture
def numbers(config: RecordsConfig) -> Iterator[Numbers]:
    numbers = Numbers(config, every=0.01)
    numbers.start()
    yield numbers
    numbers.stop()


@pytest.fixture
def book(config: RecordsConfig) -> Iterator[NumbersBook]:
    with NumbersBook(config) as book:
        yield book


def call(numbers: Numbers, number: str | None, *prompts: Prompt, cut: CutReason | None = None) -> None:
    """One whole call in which these were said."""
    told = [
        facts.CallerIdentified(CallerId(number)),
        *(facts.PromptFinished(prompt, cut) for prompt in prompts),
        facts.Released(facts.ReleasedBy.CUSTOMER, "bye"),
    ]
    for fact in told:
        numbers.receive(Notice(MORNING, "sip1", "c0ffee", fact))


def counts(book: NumbersBook) -> dict[str, tuple[int, int]]:
    return {noted.number: (noted.nuisance, noted.foul_language) for noted in book.all()}


def test_jh13_jh14_phrases_are_counted_by_number(numbers: Numbers, book: NumbersBook) -> None:
    call(numbers, MOBILE, NUISANCE, FOUL, NUISANCE)
    call(numbers, f"+86{MOBILE}", NUISANCE, cut=CutReason.FAR_END_HUNG_UP)
    call(numbers, LANDLINE, FOUL)
    numbers.stop()
    assert counts(book) == {MOBILE: (3, 1), "5311234567": (0, 1)}
    assert book.number(MOBILE).last_at == MORNING
    assert not book.number(MOBILE).warned, "nobody is put on the list by a machine"


def test_wd9_a_call_back_counts_for_the_number_dialled(numbers: Numbers, book: NumbersBook) -> None:
    for fact in (facts.Dialled(7, MOBILE), facts.PromptFinished(NUISANCE)):
        numbers.receive(Notice(MORNING, "sip1", "c0ffee", fact))
    numbers.stop()
    assert counts(book) == {MOBILE: (1, 0)}


def test_what_is_not_counted(numbers: Numbers, config: RecordsConfig, book: NumbersBook) -> None:
    call(numbers, MOBILE, replace(NUISANCE, key="phrase-not-heard"))
    call(numbers, MOBILE, replace(NUISANCE, part=Part.NOTICE))
    call(numbers, None, NUISANCE)
    call(numbers, "anonymous", NUISANCE)
    numbers.receive(Notice(MORNING, "sip1", "c0ffee", facts.PromptFinished(NUISANCE)))
    numbers.stop()
    assert counts(book) == {}, "the call before had a number, and is over"


def test_two_gateways_count_the_same_number(config: RecordsConfig, book: NumbersBook) -> None:
    both = [Numbers(config), Numbers(RecordsConfig(site="weihai", data_dir=config.data_dir))]
    for numbers in both:
        numbers.start()
    for _ in range(20):
        for numbers in both:
            call(numbers, MOBILE, NUISANCE)
    for numbers in both:
        numbers.stop()
    assert counts(book) == {MOBILE: (40, 0)}


def test_a_number_on_the_list_is_known_while_the_gateway_runs(numbers: Numbers, book: NumbersBook) -> None:
    assert not numbers.warned(MOBILE)
    noted = book.warn(MOBILE, note="每天", by="lin", at=MORNING)
    assert noted == NumberNoted(MOBILE, 0, 0, None, True, "每天", MORNING, "lin")
    pause = threading.Event()
    while not numbers.warned(f"0{MOBILE}"):
        pause.wait(0.01)
    assert not numbers.warned(LANDLINE)
    assert not numbers.warned(None)
    assert not numbers.warned("anonymous")
    book.clear(f"+86 {MOBILE}")
    while numbers.warned(MOBILE):
        pause.wait(0.01)


def test_the_list_is_there_from_the_start(config: RecordsConfig, book: NumbersBook) -> None:
    book.warn(LANDLINE, note=None, by="lin", at=MORNING)
    numbers = Numbers(config, every=3600)
    numbers.start()
    assert numbers.warned(LANDLINE)
    numbers.stop()


def test_what_else_is_to_be_looked_at_is_looked_at_again_and_again(config: RecordsConfig) -> None:
    looks = threading.Semaphore(0)
    numbers = Numbers(config, every=0.01, also=looks.release)
    numbers.start()
    assert all(looks.acquire(timeout=30.0) for _ in range(3))
    numbers.stop()


def test_counts_outlive_the_list(numbers: Numbers, book: NumbersBook) -> None:
    call(numbers, MOBILE, NUISANCE)
    numbers.stop()
    book.warn(MOBILE, note="one", by="lin", at=MORNING)
    book.warn(MOBILE, note="two", by="wang", at=MORNING)
    book.warn(LANDLINE, note=None, by="lin", at=MORNING)
    assert [(noted.number, noted.note, noted.by) for noted in book.all()] == [
        (MOBILE, "two", "wang"),
        ("5311234567", None, "lin"),
    ]
    cleared = book.clear(MOBILE)
    assert (cleared.warned, cleared.note, cleared.since, cleared.by, cleared.nuisance) == (
        False,
        None,
        None,
        None,
        1,
    )
    assert [noted.number for noted in book.all()] == ["5311234567", MOBILE]


def test_what_cannot_be_done_is_told_and_changes_nothing(config: RecordsConfig, book: NumbersBook) -> None:
    with pytest.raises(RecordsMissing):
        book.all()
    with pytest.raises(NumberWrong, match="allowed: 3 to 15 digits"):
        book.warn("mr wang", note=None, by="lin", at=MORNING)
    book.warn(MOBILE, note=None, by="lin", at=MORNING)
    for unknown in (lambda: book.clear(LANDLINE), lambda: book.number(LANDLINE)):
        with pytest.raises(NumberUnknown):
            unknown()
    book.clear(MOBILE)
    with pytest.raises(NumberUnknown):
        book.clear(MOBILE)
    assert counts(book) == {MOBILE: (0, 0)}


@pytest.mark.parametrize("given", ["+0123456789", "sip-13812345678x", "138123456781381234567"])
def test_wd11_what_is_no_number_is_not_repeated(book: NumbersBook, given: str) -> None:
    """By the desk's requests a caller's whole ID comes here, and the message goes to the log and the feed."""
    for act in (book.number, book.clear, partial(book.warn, note=None, by="lin", at=MORNING)):
        with pytest.raises(NumberWrong) as refusal:
            act(given)
        assert given not in str(refusal.value)


def test_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    config = RecordsConfig(site="jinan", data_dir=tmp_path / "file")
    with NumbersBook(config) as book, pytest.raises(RecordsError, match="cannot be written") as told:
        book.warn(MOBILE, note=None, by="lin", at=MORNING)
    assert MOBILE not in str(told.value)


def test_wd11_no_error_of_the_database_carries_a_number(config: RecordsConfig) -> None:
    config.data_dir.mkdir()
    with sqlite3.connect(config.data_dir / "calls.db") as connection:
        connection.execute("CREATE TABLE numbers (number TEXT CHECK (number = ''))")
    connection.close()
    with NumbersBook(config) as book, pytest.raises(RecordsError) as told:
        book.warn(MOBILE, note=None, by="lin", at=MORNING)
    assert MOBILE not in "".join(traceback.format_exception(told.value))


def test_people_are_opened_and_closed_together(config: RecordsConfig, book: NumbersBook, tmp_path: Path) -> None:
    table = tmp_path / "key.csv"
    table.write_text(f"number,rank\n{MOBILE},2\n")
    book.warn(LANDLINE, note=None, by="lin", at=MORNING)
    people = People(config, table)
    people.start()
    assert people.rank_of(MOBILE) == 2
    assert people.rank_of(LANDLINE) is None
    assert people.numbers.warned(LANDLINE)
    people.stop()
    assert People(config).rank_of(MOBILE) is None
