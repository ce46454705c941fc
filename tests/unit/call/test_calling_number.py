"""The number that a customer is offered to be called back at: his own, as telephones of this country dial it."""

import pytest

from gateway.call.calling_back import number_to_call

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("caller", "number"),
    [
        ("13800138000", "13800138000"),
        ("053112345678", "053112345678"),
        ("+8613800138000", "13800138000"),
        ("+861012345678", "01012345678"),
        ("+8653112345678", "053112345678"),
        # With its + left out it would be somebody else's mobile.
        ("+19005550199", "0019005550199"),
        ("+442079460000", "00442079460000"),
        (None, None),
        ("", None),
        ("+", None),
        ("12", None),
        ("+1234567890123456", None),
        ("anna-13800138000", None),
        ("1380013800a", None),
        ("138+00138000", None),
        ("*13800138000", None),
        ("\u0661\u0663\u0668\u0660\u0660\u0661\u0663\u0668", None),
    ],
)
def test_a_callers_number_is_his_or_none(caller: str | None, number: str | None) -> None:
    assert number_to_call(caller) == number
