"""Keys that are no choice of the menu and part of no answer are told."""

import pytest

from gateway.walk import ignored_keys
from tests.unit.walk.walks import walked

pytestmark = pytest.mark.unit

MENU, NOTHING = "the menu has 1, 2, 3, 4", "nothing was asked that it answers"


def ignored(name: str, *keys: str) -> list[tuple[str, str]]:
    return [(key.key, key.why) for key in ignored_keys(walked(name, keys=keys))]


def test_a_key_that_is_no_choice_of_the_menu() -> None:
    call = walked("tietong-keyaccount", keys=["9"])
    (key,) = ignored_keys(call)
    menu_said = {prompt: at for at, prompt in reversed(call.ended())}["menu"]
    assert key.seconds == pytest.approx(menu_said + 1.0)
    assert (key.key, key.why) == ("9", MENU)


def test_a_choice_is_none_of_them() -> None:
    assert ignored("tietong-keyaccount", "3") == []
    assert ignored("tietong-keyaccount", "93") == [("9", MENU)]


def test_a_key_after_the_choice() -> None:
    assert ignored("tietong-keyaccount", "19") == [("9", NOTHING)]


def test_an_answers_keys_and_its_end_are_none_of_them() -> None:
    assert ignored("jinsui-tax", "12#", "34") == []


def test_what_is_pressed_after_an_answer_is_part_of_no_answer() -> None:
    assert ignored("jinsui-tax", "12#34", "56#") == [("3", NOTHING), ("4", NOTHING)]
    assert ignored("jinsui-tax", "12#34") == [("3", NOTHING), ("4", NOTHING)]
    assert ignored("jinsui-tax", "#12") == [("#", NOTHING)]


def test_a_hash_alone_answers_nothing() -> None:
    assert ignored("jinsui-tax", "#") == [("#", NOTHING)]
