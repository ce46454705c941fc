"""The definitions are those of the figures, and docs/kpi.md is drawn from them."""

from pathlib import Path

import pytest

from gateway.kpi import Figures, page
from gateway.kpi.definitions import DEFINITIONS, OF_CALLS, OF_LOG_INS, OF_TICKETS
from gateway.kpi.log_ins import LogInFigures
from gateway.kpi.tickets import TicketFigures

pytestmark = pytest.mark.unit

DOCS = Path(__file__).parents[3] / "docs"


def test_every_figure_is_defined_and_in_order() -> None:
    assert [one.key for one in OF_CALLS] == list(Figures().fields())
    assert [one.key for one in OF_TICKETS] == list(TicketFigures().fields())
    assert [one.key for one in OF_LOG_INS] == list(LogInFigures().fields())


def test_a_definition_says_what_it_is_in_both_languages() -> None:
    assert len({one.key for one in DEFINITIONS}) == len(DEFINITIONS)
    for one in DEFINITIONS:
        assert all((one.english, one.chinese, one.meaning_en, one.meaning_zh)), one.key
        assert one.meaning_zh.endswith("。"), one.key
        assert one.meaning_en.endswith("."), one.key


def test_the_page_is_fresh() -> None:
    text = (DOCS / "kpi.md").read_text(encoding="utf-8")
    assert page.renew(text) == text, "python -m gateway.kpi.page docs/kpi.md"


def test_a_page_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="figures: drawn by"):
        page.renew("# Figures\n")
