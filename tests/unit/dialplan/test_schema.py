"""schema.json: in step with the models, good for every shipped dialplan, and strict with what is wrong in one."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gateway.config import ConfigErrors
from gateway.config.document import parse_document
from gateway.config.places import SHIPPED_DIALPLANS, shipped_dialplans
from gateway.dialplan import keys
from gateway.dialplan.load import dialplan_of
from gateway.dialplan.meanings import MEANINGS
from gateway.dialplan.schema import schema_text

pytestmark = pytest.mark.unit

SCHEMA = SHIPPED_DIALPLANS / "schema.json"
VALIDATOR = Draft202012Validator(json.loads(schema_text()))
JIHUA = (SHIPPED_DIALPLANS / "jihua-gas" / "dialplan.toml").read_text()
RUNFA = (SHIPPED_DIALPLANS / "runfa-water" / "dialplan.toml").read_text()
TIETONG = (SHIPPED_DIALPLANS / "tietong-keyaccount" / "dialplan.toml").read_text()


def complaints(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def loads(text: str) -> bool:
    try:
        dialplan_of(parse_document(Path("x/dialplan.toml"), text))
    except ConfigErrors:
        return False
    return True


def test_the_shipped_schema_is_in_step() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text()))
    assert SCHEMA.read_text() == schema_text(), "python -m gateway.dialplan.schema dialplans/schema.json"


def test_the_docs_table_is_in_step() -> None:
    page = Path("docs/dialplans.md").read_text()
    assert keys.renew(page) == page, "python -m gateway.dialplan.keys docs/dialplans.md"


def test_a_page_without_markers_is_not_renewed() -> None:
    with pytest.raises(ValueError, match="keys"):
        keys.renew("# Dialplans\n")


@pytest.mark.parametrize("model", MEANINGS, ids=lambda model: model.__name__)
def test_every_key_has_a_meaning_and_no_other(model: Any) -> None:
    assert list(MEANINGS[model]) == list(model.model_fields)


def test_an_editor_can_explain_every_key() -> None:
    schema = json.loads(schema_text())
    for table in (schema, *schema["$defs"].values()):
        assert table["additionalProperties"] is False
        for name, value in table["properties"].items():
            assert value["description"].endswith("."), name
    answer = schema["$defs"]["AnswerTable"]["properties"]["on_ring"]
    assert answer["description"].startswith("Answer after this ring")
    assert "Allowed: 1, 2 or 3" in answer["description"]
    assert "Left out: 2." in answer["description"]


@pytest.mark.parametrize("name", shipped_dialplans())
def test_every_shipped_dialplan_names_the_schema_and_keeps_it(name: str) -> None:
    text = (SHIPPED_DIALPLANS / name / "dialplan.toml").read_text()
    assert text.startswith("#:schema ../schema.json\n")
    assert not complaints(text)


@pytest.mark.parametrize(
    "text",
    [
        'base = "jihua-gas"',
        'base = "jihua-gas"\n[greeting]\ntext = "您好!请讲"',
        'base = "jihua-gas"\n[phrases.dialect]\ncode = "7"',
        'base = "jihua-gas"\n[calendar]\n2026-02-16 = "spring_festival"\n2026-10-10 = "workday"',
        'base = "jihua-gas"\n[silent_line]\nwait = 4',
    ],
)
def test_with_a_base_any_key_may_stand_alone(text: str) -> None:
    assert loads(text)
    assert not complaints(text)


WRONG = [
    (JIHUA, "on_ring = 2", "on_rings = 2"),
    (JIHUA, "on_ring = 2", "on_ring = 4"),
    (JIHUA, "on_ring = 2", 'on_ring = "2"'),
    (JIHUA, "on_ring = 2", "on_ring = 1.5"),
    (JIHUA, "[message] ", "[massage] "),
    (JIHUA, 'title = "济华燃气热线"', ""),
    (JIHUA, 'title = "济华燃气热线"', 'title = ""'),
    (JIHUA, 'voice = "cmn" ', 'voice = "国语" '),
    (JIHUA, "speaking_rate = 120", "speaking_rate = 12"),
    (JIHUA, 'clause = "JH-11"', 'clause = "11"'),
    (JIHUA, 'clause = "JH-11"', ""),
    (JIHUA, "热线{agent}", "热线{agent"),
    (JIHUA, "热线{agent}", "热线{Agent}"),
    (JIHUA, "您好,请讲", ""),
    (JIHUA, "您好,请讲", "您" * 301),
    (JIHUA, "您好,请讲", r"您好,\n请讲"),
    (JIHUA, "[hang_up] ", "[hangup] "),
    (JIHUA, '"wait"', '"stay"'),
    (JIHUA, "barge_in = true", "barge_in = 1"),
    (JIHUA, "pause = 3.0", 'pause = "3"'),
    (JIHUA, '  "您的电话已接通。",', "  7,"),
    (JIHUA, 'date = "01-01"', 'date = "1-1"'),
    (JIHUA, 'date = "01-01"', "date = 2026-01-01"),
    (JIHUA, "days = 3", "days = 0"),
    (JIHUA, 'lunar = "05-05"', 'lunar = "05-05"\ndate = "05-05"'),
    (JIHUA, "# 2026-02-16 =", "2026-2-16 ="),
    (JIHUA, "# 2026-02-16 =", "2026-13-01 ="),
    (JIHUA, "[phrases.dialect]", "[phrases.Dialect]"),
    (JIHUA, 'code = "13"', 'code = "*13"'),
    (JIHUA, 'code = "13"', "code = 13"),
    (JIHUA, 'polite = "JH-17" ', "polite = true"),
    (JIHUA, 'first = "请您稍等', 'frist = "请您稍等'),
    (JIHUA, "speaking_rate", 'without = ["overflow_greeting"]\nspeaking_rate'),
    (RUNFA, 'base = "jihua-gas"', ""),
    (TIETONG, 'base = "jihua-gas"', 'base = "jihua-gas"\nwithout = "overflow_greeting"'),
    (TIETONG, 'base = "jihua-gas"', 'base = "jihua-gas"\nwithout = ["Overflow greeting"]'),
    (RUNFA, "[faint_line] ", "[feint_line] "),
    (TIETONG, "[menu.choices.3]", "[menu.choices.33]"),
    (TIETONG, "alert = true", 'alert = "yes"'),
    (TIETONG, 'open = "tell_us"', 'opens = "tell_us"'),
    (TIETONG, 'promised_time = "24小时" ', "promised_time = 24 "),
    (TIETONG, 'promised_time = "24小时" ', 'promised_time = "{time}" '),
]


@pytest.mark.parametrize(("good", "old", "new"), WRONG, ids=[f"{old}→{new}"[:60] for _, old, new in WRONG])
def test_what_is_wrong_is_refused_by_schema_and_loader_alike(good: str, old: str, new: str) -> None:
    assert old in good
    text = good.replace(old, new, 1)
    assert complaints(text)
    assert not loads(text)


def test_a_ladder_without_an_end_is_refused() -> None:
    assert complaints(JIHUA.replace("final = ", "# final = "))


@given(
    st.integers(0, len(JIHUA.splitlines()) - 1),
    st.sampled_from(
        [
            "0",
            "3",
            "2.5",
            "true",
            '"x"',
            '""',
            "[]",
            '["您好"]',
            '"您好{agent}"',
            '"您好{x}"',
            '"JH-2"',
            '"您\\u200b好"',
        ]
    ),
)
def test_the_schema_refuses_nothing_that_loads(index: int, value: str) -> None:
    lines = JIHUA.splitlines()
    lines[index] = f"{lines[index].partition('=')[0]} = {value}"
    text = "\n".join(lines)
    if loads(text):
        assert not complaints(text)


def test_an_editors_own_checker_reads_it(tmp_path: Path) -> None:
    """Taplo checks TOML in editors; it finds the schema by the file's first line."""
    taplo = shutil.which("taplo", path=str(Path(sys.executable).parent))
    if taplo is None:
        pytest.skip("taplo has no wheel for this machine")
    shutil.copy(SCHEMA, tmp_path)
    mine = tmp_path / "mine" / "dialplan.toml"
    mine.parent.mkdir()

    def check(*files: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run([taplo, "check", *map(str, files)], capture_output=True, text=True, timeout=60)

    assert check(*SHIPPED_DIALPLANS.glob("*/dialplan.toml")).returncode == 0
    mine.write_text(RUNFA.replace("on_ring = 1", "on_ring = 4"))
    told = check(mine)
    assert told.returncode != 0
    assert "4 is greater than the maximum of 3" in told.stderr
