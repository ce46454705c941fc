"""The page of each dialplan: in step with it, the whole standard on it, every prompt on it."""

import re
from pathlib import Path

import pytest

from gateway.config.document import parse_document
from gateway.config.places import SHIPPED_DIALPLANS, shipped_dialplans
from gateway.dialplan import load_dialplan, phrases_of
from gateway.dialplan.clauses import CLAUSES, STANDARDS, Standard, standard_of
from gateway.dialplan.load import dialplan_of
from gateway.dialplan.page import page_of
from gateway.dialplan.phrases import raw_text

pytestmark = pytest.mark.unit


def page(text: str) -> str:
    return page_of(dialplan_of(parse_document(Path("my-hotline/dialplan.toml"), text)))


def section(page: str, heading: str) -> str:
    return page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def row_of(page: str, cell: str) -> str:
    (row,) = [line for line in page.splitlines() if f"| {cell} |" in line]
    return row


def own_clauses(standard: Standard) -> list[str]:
    return [clause for clause in CLAUSES if standard_of(clause) == standard]


def test_every_shipped_dialplan_has_a_standard_and_every_standard_its_clauses() -> None:
    assert sorted(standard.dialplan for standard in STANDARDS) == shipped_dialplans()
    counts = {standard.prefix: len(own_clauses(standard)) for standard in STANDARDS}
    assert counts == {"JH": 23, "WD": 13, "JS": 9, "ET": 7, "TT": 6}
    for standard in STANDARDS:
        assert own_clauses(standard) == [f"{standard.prefix}-{n + 1}" for n in range(counts[standard.prefix])]


@pytest.mark.parametrize("name", shipped_dialplans())
def test_the_shipped_page_is_in_step(name: str) -> None:
    shipped = (SHIPPED_DIALPLANS / name / "README.md").read_text()
    assert shipped == page_of(load_dialplan(name)), "python -m gateway.dialplan.page"


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.dialplan)
def test_every_clause_of_the_standard_is_on_its_page(standard: Standard) -> None:
    """By its keys, or by the people who keep it."""
    shown = page_of(load_dialplan(standard.dialplan))
    kept = section(shown, "What the standard asks") + section(shown, "What people keep")
    for clause in own_clauses(standard):
        assert f"| {clause} | {CLAUSES[clause].asks} |" in kept


@pytest.mark.parametrize("name", shipped_dialplans())
def test_every_prompt_is_on_the_page(name: str) -> None:
    dialplan = load_dialplan(name)
    heard = section(page_of(dialplan), "What a caller hears") + section(page_of(dialplan), "Phrases for the agent")
    for key, phrase in phrases_of(dialplan).items():
        text = raw_text(dialplan, phrase.path)
        assert (
            f"| {text} | {phrase.clause} | `{key}` |" in heard or f"| {text} | {phrase.clause} | `phrases" in heard
        )


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda standard: standard.dialplan)
def test_a_clause_of_another_standard_is_shown_as_borrowed(standard: Standard) -> None:
    shown = page_of(load_dialplan(standard.dialplan))
    borrowed = re.findall(
        r"^\| ([A-Z]+)-\d+ \| .+ \| (.+?) \| `", section(shown, "Borrowed from other standards"), re.M
    )
    assert (not borrowed) == (standard.prefix == "JH")
    assert all(prefix != standard.prefix and why for prefix, why in borrowed)


def test_no_page_goes_stale_with_time() -> None:
    for name in shipped_dialplans():
        assert not re.search(r"\b20\d\d\b", page_of(load_dialplan(name)))


class TestOfOnesOwn:
    BASE = 'base = "jihua-gas"\n'

    def test_a_key_tells_where_it_stands(self) -> None:
        question = "[flows.f]\nask = ['q']\n[questions.q]\nclause = 'JH-23'\ntext = '请问您贵姓?'"
        shown = page(f"{self.BASE}flow = 'f'\n[silent_line]\nwait = 4.0\n{question}")
        assert row_of(shown, "4 s").endswith("| `silent_line.wait` |")
        assert "`silent_line.final` (from jihua-gas)" in shown
        assert "`questions.q.wait` (left out)" in shown

    def test_clauses_of_ones_own_stand_among_the_others(self) -> None:
        shown = page(self.BASE + "[greeting]\nclause = 'HG-1'\ntext = '您好!请讲'")
        assert "| HG-1 |  | `greeting.text` | 您好!请讲 |" in shown
        assert "| JH-1 |" in section(shown, "What the standard asks")
        assert "## Borrowed" not in shown
        assert "## What people keep" not in shown

    def test_a_dialplan_that_only_changes_values_keeps_its_bases_standard(self) -> None:
        shown = page('base = "runfa-water"\n[silent_line]\nwait = 4.0')
        assert "The service standard of the 96018 water delivery hotline" in shown
        assert "What the file leaves unsaid is as in `runfa-water` and `jihua-gas`." in shown

    def test_holidays_and_single_dates(self) -> None:
        shown = page(self.BASE + '[holidays.feast]\ngreeting = "您好,节日好"\n[calendar]\n2026-12-31 = "feast"')
        assert "on the days that `[calendar]` names" in row_of(shown, "`feast`")
        assert "By `[calendar]`, 2026-12-31 is `feast`." in shown
        assert "lunar month 1, day 1, for 3 days" in row_of(shown, "`spring_festival`")

    def test_what_is_left_out_is_not_told(self) -> None:
        shown = page(self.BASE + 'without = ["holidays", "holiday_greeting", "phrases", "waiting"]')
        assert "None: every day is greeted alike." in shown
        for heading in ("## Phrases", "## Parameters", "### The menu", "### While the customer waits"):
            assert heading not in shown

    def test_a_bar_in_a_text_does_not_break_the_table(self) -> None:
        assert r"您好\|请讲" in page(self.BASE + "[greeting]\ntext = '您好|请讲'")
