"""dialplan.toml: the shipped one keeps the standard's words; what is wrong in one is named with its line."""

# ruff: noqa: E501 - the table of faults reads best with a row on a line

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.config import ConfigErrors, Fault
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.config.places import SHIPPED_DIALPLANS, shipped_dialplans
from gateway.dialplan import Dialplan, check_override, load_dialplan
from gateway.dialplan.load import dialplan_of

pytestmark = pytest.mark.unit

JIHUA = (SHIPPED_DIALPLANS / "jihua-gas" / "dialplan.toml").read_text()
JIHUA_LINES = JIHUA.splitlines()


def read(text: str) -> Dialplan:
    return dialplan_of(parse_document(Path("x/dialplan.toml"), text))


def told(text: str) -> tuple[Fault, ...]:
    try:
        read(text)
    except ConfigErrors as errors:
        return errors.faults
    return ()


def line_of(start: str) -> int:
    (number,) = [index for index, line in enumerate(JIHUA_LINES, start=1) if line.startswith(start)]
    return number


def test_the_shipped_dialplans_are_good() -> None:
    assert "jihua-gas" in shipped_dialplans()
    for name in shipped_dialplans():
        assert load_dialplan(name).name == name


@pytest.mark.parametrize(
    ("good", "bad", "expected"),
    [
        ("on_ring = 2", "on_rings = 2", r"answer.on_rings: unknown key, did you mean on_ring\?.*"),
        ("on_ring = 2", "on_ring = 4", r"answer.on_ring: is 4; allowed: 1, 2 or 3, .*"),
        ("ring_limit = 3", "ring_limit = 1", r"answer.on_ring: on_ring is 2, but ring_limit is 1 \(JH-1\); allowed: on_ring from 1 to 1"),
        ("caller_id_wait = 2.5", "caller_id_wait = 4.0", r"answer.caller_id_wait: is 4.0; allowed: .*"),
        ("[message]", "[massage]", r"massage: unknown key, did you mean message\?.*"),
        ('clause = "JH-11"', 'clause = "11"', r"farewell.clause: is the text '11'; allowed: a clause's id, like JH-6"),
        ("线{agent}", "线{agnt}", r"greeting.text: '\{agnt\}' is not in \[parameters\]; allowed: \{agent\}"),
        ("线{agent}", "线{agent", r"greeting.text: '\{' is no placeholder; .*"),
        ('  "您的电话已接通。",', '  "  ",', r"silent_line.steps\[0\]: has nothing to say; allowed: .*"),
        ('  "您的电话已接通。",', "  7,", r"silent_line.steps\[0\]: is 7; allowed: .*"),
        ("请问还有其他", "请问你有其他", r"further.text: says 你; allowed: 您 alone \(JH-17\)"),
        ("请问还有其他", "还有其他", r"further.text: asks without 请; .* \(JH-17\)"),
        ("您好,实习", "实习", r"trainee_greeting.text: does not begin with a greeting; .*"),
        ("听不到您的声音", "不 知道", r"silent_line.final: 「不知道」 is forbidden by JH-16; .*"),
        ("[hang_up] ", "[hangup] ", r"hang_up: is missing; allowed: a table \[hang_up\]"),
        ("pause = 3.0", 'pause = "3"', r"message.pause: is the text '3'; allowed: seconds from 0.5 to 30"),
        ("speaking_rate = 120", "speaking_rate = 12", r"speaking_rate: is 12; allowed: characters a minute, .*"),
        ("barge_in = true", "barge_in = 1", r"silent_line.barge_in: is 1; allowed: true or false"),
    ],
)  # fmt: skip
def test_a_wrong_key_is_named(good: str, bad: str, expected: str) -> None:
    assert good in JIHUA
    faults = told(JIHUA.replace(good, bad, 1))
    assert any(re.fullmatch(r"x/dialplan.toml:\d+: " + expected, str(fault)) for fault in faults), faults


def test_a_fault_is_on_the_line_of_its_key() -> None:
    text = JIHUA.replace("听不到您的声音", "不知道").replace('  "您的电话已接通,请讲话。",', '  "",')
    assert [fault.line for fault in told(text)] == [line_of('  "您的电话已接通,')]
    assert [fault.line for fault in told(JIHUA.replace("听不到您的声音", "不知道"))] == [
        line_of('final = "很抱歉,听不到')
    ]


def test_a_dialplan_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("no-such", "", "..", str(tmp_path), "a\0b"):
        with pytest.raises(ConfigErrors, match=r"no such dialplan; allowed: .*jihua-gas"):
            load_dialplan(name, tmp_path)


def test_a_folder_of_ones_own_is_found_from_the_base(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "dialplan.toml").write_text(JIHUA)
    assert load_dialplan("mine", tmp_path).name == "mine"
    assert load_dialplan(tmp_path / "mine").title == load_dialplan("jihua-gas").title


def test_the_configs_answer_stays_inside_the_standard() -> None:
    config_text = (
        "[answer]\non_ring = 3\n[[agents]]\nnumber = '1'\n[[lines]]\nid = 'a'\ndriver = 'fxo'\nport = '/dev/x'\n"
    )
    config = config_of(parse_document(Path("g.toml"), config_text), {})
    check_override(config, read(JIHUA))
    with pytest.raises(ConfigErrors, match=r"^g.toml:2: answer.on_ring: is 3, but JH-1 permits ring 2 .*1 to 2$"):
        check_override(config, read(JIHUA.replace("ring_limit = 3", "ring_limit = 2")))


@given(
    st.integers(0, len(JIHUA_LINES) - 1),
    st.sampled_from(
        ["1", "true", '"x"', '""', "[]", "{}", "nan", '["{agent}"]', '"{agent}"', '"\\u0000"', "1e99"]
    ),
)
def test_any_value_of_any_key_is_read_or_told(index: int, value: str) -> None:
    lines = [*JIHUA_LINES]
    lines[index] = f"{lines[index].partition('=')[0]} = {value}"
    assert all("\n" not in str(fault) for fault in told("\n".join(lines)))


@given(st.text())
def test_any_text_is_told(text: str) -> None:
    assert told(text)
