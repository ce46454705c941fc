"""The page itself: all that was found is in it, and nothing is fetched from elsewhere."""

import re
from pathlib import Path

from hw_tests.bench.report import Case, Report, title_of


def test_the_page_tells_everything(tmp_path: Path) -> None:
    figure = {"name": "noise floor", "value": "-41 dBFS", "limit": "≤ -50 dBFS", "kept": False, "why": "too loud"}
    journey = {"label": "call 1", "bursts": [[0.0, 1.0]], "marks": [[1.5, "answered"]]}
    report = Report({"modem": "conexant: <CX93001>", "firmware": "V0.2013", "git commit": "abc", "date": "today"})
    report.cases = {
        "b": Case("b", "skipped", 0.1, reason="the person at the bench cannot make congestion tone"),
        "a": Case("a", "failed", 9.9, details="noise floor: …", figures=[figure], journeys=[journey]),
    }
    assert report.failed
    report.write(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for wanted in (
        *("conexant: &lt;CX93001&gt;", "V0.2013", "abc", "today", "1 failed, 1 skipped", "answered at 1.500 s"),
        *("-41 dBFS", "≤ -50 dBFS", "FAIL", "too loud", "cannot make congestion tone", "<svg"),
    ):
        assert wanted in page
    assert not re.search(r"(src|href)=|url\(|@import", page)


def test_titles_in_words() -> None:
    assert title_of("test_hang_up.py::test_a_hang_up_is_noticed[busy]") == "a hang up is noticed: busy"


def test_nothing_run_is_no_pass() -> None:
    assert Report().failed
    assert not Report(cases={"a": Case("a", "passed", 1.0)}).failed
