"""The country by +GCI: as modems write it."""

import pytest

from drivers.fxo.country import countries_offered, country_set

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["+GCI: 26"], "26"),
        (["26"], "26"),
        (["+GCI:B5"], "B5"),
        (["+gci: b5"], "B5"),
        (["+GCI: (26)"], "26"),
        (["+GCI: 0"], "00"),
        (["DATE = 1015", "+GCI: 26"], "26"),
        (["China"], None),
        ([], None),
    ],
)
def test_3_the_country_that_is_set(lines: list[str], code: str | None) -> None:
    assert country_set(lines) == code


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (["+GCI: (00,07,09,0A,26,B5,FE)"], {"00", "07", "09", "0A", "26", "B5", "FE"}),
        (["(00,07,", "26,b5)"], {"00", "07", "26", "B5"}),
        (["+GCI: (24-27,B5)"], {"24", "25", "26", "27", "B5"}),
        (["26"], {"26"}),
        (["ERROR", "NMBR = P", ""], set()),
        ([], set()),
    ],
)
def test_3_the_countries_that_are_offered(lines: list[str], codes: set[str]) -> None:
    assert countries_offered(lines) == codes
