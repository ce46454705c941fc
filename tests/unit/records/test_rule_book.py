"""What a call is judged by when the dialplan changes: what held when it was offered."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.records.rule_book import RuleBook
from gateway.records.rules import JIHUA

pytestmark = pytest.mark.unit

BERLIN = ZoneInfo("Europe/Berlin")
SLOW = replace(JIHUA, ring_limit=9)


def at(hour: int, minute: int, fold: int = 0) -> datetime:
    """On the day on which Berlin's clocks go from 3 back to 2."""
    return datetime(2026, 10, 25, hour, minute, tzinfo=BERLIN, fold=fold)


def test_each_call_by_what_held_when_it_was_offered() -> None:
    book = RuleBook({"gas": JIHUA})
    book.amend({"gas": SLOW}, at(12, 0))
    assert book.rules_of("gas", at(11, 59)) is JIHUA
    assert book.rules_of("gas", at(12, 0)) is SLOW
    assert book.rules_of("water", at(12, 0)) is JIHUA, "one that is unknown"


def test_a_change_in_the_hour_that_comes_twice() -> None:
    book = RuleBook({"gas": JIHUA})
    book.amend({"gas": SLOW}, at(2, 30, fold=0))
    assert book.rules_of("gas", at(2, 10, fold=1)) is SLOW, "forty minutes after the change"
    book = RuleBook({"gas": JIHUA})
    book.amend({"gas": SLOW}, at(2, 30, fold=1))
    assert book.rules_of("gas", at(2, 50, fold=0)) is JIHUA, "forty minutes before it"


def test_what_is_read_anew_and_has_not_changed_is_kept_once() -> None:
    book = RuleBook({"gas": JIHUA})
    for minute in range(50):
        book.amend({"gas": replace(JIHUA)}, at(12, 0) + timedelta(minutes=minute))
    assert len(book._editions) == 1
    book.amend({"gas": SLOW}, at(13, 0))
    book.amend({"gas": JIHUA}, at(14, 0))
    assert len(book._editions) == 3
    assert [book.rules_of("gas", at(hour, 30)) for hour in (12, 13, 14)] == [JIHUA, SLOW, JIHUA]


def test_a_change_after_the_clock_was_set_back_is_none_the_less_one() -> None:
    book = RuleBook({"gas": JIHUA})
    book.amend({"gas": SLOW}, at(13, 0))
    book.amend({"gas": JIHUA}, at(12, 30))
    assert book.rules_of("gas", at(13, 30)) == JIHUA
