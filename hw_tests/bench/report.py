"""The HTML report: one file without outside resources, from what the tests' reports carry."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2

from hw_tests.bench.timeline import draw

TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass
class Case:
    """One test."""

    title: str
    outcome: str
    """passed · failed · skipped · error."""
    seconds: float
    reason: str = ""
    details: str = ""
    figures: Sequence[Mapping[str, Any]] = ()
    journeys: Sequence[Mapping[str, object]] = ()


@dataclass
class Report:
    """All tests of a run, in the order of their names."""

    facts: dict[str, str] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether any test failed, or none ran."""
        ran = [case for case in self.cases.values() if case.outcome != "skipped"]
        return not ran or any(case.outcome != "passed" for case in ran)

    def write(self, path: Path) -> None:
        """The page."""
        cases = [self.cases[name] for name in sorted(self.cases)]
        page = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
        path.write_text(
            page.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
                facts=self.facts,
                failed=self.failed,
                counts=self._counts(cases),
                picture=draw([journey for case in cases for journey in case.journeys]),
                cases=cases,
            ),
            encoding="utf-8",
        )

    @staticmethod
    def _counts(cases: Sequence[Case]) -> str:
        words = ("passed", "failed", "error", "skipped")
        numbers = {word: sum(case.outcome == word for case in cases) for word in words}
        return ", ".join(f"{number} {word}" for word, number in numbers.items() if number)


def title_of(nodeid: str) -> str:
    """A test's name in words: `test_hang_up.py::test_x_is_y[busy]` → `x is y: busy`."""
    name = nodeid.rsplit("::", 1)[-1]
    match = re.fullmatch(r"test_(.*?)(?:\[(.*)\])?", name)
    assert match is not None, nodeid
    return match[1].replace("_", " ") + (f": {match[2]}" if match[2] else "")
