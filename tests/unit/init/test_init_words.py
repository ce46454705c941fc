"""English and Chinese say the same, and the locale chooses."""

import re
from string import Formatter

import pytest

from gateway.init.phrases import PHRASES
from gateway.init.words import Words, language_of

pytestmark = pytest.mark.unit


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", PHRASES)
def test_both_languages_have_the_same_names(key: str) -> None:
    english, chinese = PHRASES[key]
    assert names_in(english) == names_in(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese) or not re.search(r"[a-z]{3}", re.sub(r"{.*?}", "", english))
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", english)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_locale_chooses(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


def test_a_phrase_is_filled_in() -> None:
    assert Words("zh")("written", path="/x") == "已写入：/x"
    assert Words("en")("written", path="/x") == "written: /x"
