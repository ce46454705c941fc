"""Tables that no call comes to: a file's own are found, its base's may lie idle."""

import re

import pytest

from gateway.config.document import parse_document
from gateway.dialplan.load import dialplan_of
from tests.unit.dialplan.findings import FILE, over, told

pytestmark = pytest.mark.unit


class TestIdle:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (
                '[texts.a]\nclause = "XY-1"\ntext = "请讲"',
                r"2: texts.a: is never said, so it keeps XY-1 in no call; .*",
            ),
            (
                '[questions.a]\nclause = "XY-1"\ntext = "请讲"',
                r"2: questions.a: is never asked, so it keeps XY-1 in no call; .*",
            ),
            ("[flows.a]\npause = 3.0", r"2: flows.a: is never taken; .*"),
            ('[parameters]\na = "x"', r"3: parameters.a: no text says \{a\}; .*"),
            ('[holidays.a]\ngreeting = "节日好"', r"2: holidays.a: never comes; .*"),
            ("[waiting]\nlong = 200.0", r"3: waiting.long: thanks is never said: .* \(JH-9\); .*"),
            (
                "[call_back]\noffer_after = 200.0",
                r"3: call_back.offer_after: offer is never said: .* \(JH-19\); .*",
            ),
            (
                'without = ["waiting"]\n[call_back]\noffer_after = 20.0',
                r"3: call_back: is never offered, as nobody can be kept waiting \(JH-19\); .*",
            ),
            ("[waiting]\nlimit = 15.0", r"3: waiting.limit: again is never said: .* \(JH-8\); .*"),
        ],
    )
    def test_what_no_call_hears_is_found(self, text: str, expected: str) -> None:
        faults = told(f'base = "jihua-gas"\n{text}')
        assert faults
        assert any(re.fullmatch(expected, f"{fault.line}: {fault.key}: {fault.message}") for fault in faults), (
            faults
        )

    def test_a_text_of_an_idle_flow_is_idle(self) -> None:
        text = '[flows.a]\nsay = ["b"]\n[texts.b]\nclause = "XY-1"\ntext = "请讲"'
        assert [fault.split(":")[1] for fault in over("jihua-gas", text)] == [" flows.a", " texts.b"]

    def test_what_the_base_has_may_lie_idle(self) -> None:
        assert over("jinsui-tax", 'flow = "mine"\n[flows.mine]\n') == []
        assert over("service-desk", '[greeting]\ntext = "您好,请讲"') == []
        assert over("tietong-keyaccount", 'without = ["menu"]') == []

    def test_flow_is_idle_where_every_choice_has_one(self) -> None:
        text = 'flow = "a"\n[flows.a]\npause = 3.0\n'
        assert [fault.split(":")[1] for fault in over("tietong-keyaccount", text)] == [" flows.a"]
        assert over("tietong-keyaccount", f'{text}[menu.choices.5]\nkind = "other"') == []

    def test_a_holiday_of_the_calendar_alone_comes(self) -> None:
        text = '[holidays.anniversary]\ngreeting = "节日好"\n[calendar]\n2026-07-01 = "anniversary"'
        assert over("jihua-gas", text) == []

    def test_without_holidays_their_prompts_are_idle(self) -> None:
        text = '[holiday_greeting]\nclause = "XY-1"\n[farewell]\nholiday = "节日快乐,再见"'
        found = over("jihua-gas", f'without = ["holidays"]\n{text}')
        assert [fault.split(": is")[0] for fault in found] == ["3: holiday_greeting", "6: farewell.holiday"]

    def test_it_keeps_nobody_from_running(self) -> None:
        text = 'base = "jihua-gas"\n[texts.a]\nclause = "XY-1"\ntext = "请讲"'
        assert dialplan_of(parse_document(FILE, text)).title

    def test_a_name_misspelt_is_told_once(self) -> None:
        text = 'flow = "f"\n[flows.f]\nsay = ["promis"]\n[texts.promise]\nclause = "XY-1"\ntext = "请讲"'
        assert over("jihua-gas", text) == [
            "4: flows.f.say[0]: 'promis' is not defined in [texts]; allowed: promise"
        ]
