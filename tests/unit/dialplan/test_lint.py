"""What `sansheng check` finds: each fault with its file, line and clause; what keeps the standard is clean."""

# ruff: noqa: E501 - the tables of findings read best with a row on a line

import re
from pathlib import Path

import pytest

from gateway.config import ConfigErrors
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.config.places import SHIPPED_DIALPLANS, shipped_dialplans
from gateway.dialplan import load_dialplan, load_for
from tests.unit.dialplan.findings import FILE, over, told

pytestmark = pytest.mark.unit


def changed(base: str, old: str, new: str) -> list[str]:
    """The same of a shipped file with one change; `*` where the change is."""
    text = (SHIPPED_DIALPLANS / base / "dialplan.toml").read_text()
    assert old in text
    at = text[: text.index(old)].count("\n") + 1
    faults = told(text.replace(old, new, 1))
    assert all(fault.file == FILE for fault in faults), faults
    return [f"{'*' if fault.line == at else fault.line}: {fault.key}: {fault.message}" for fault in faults]


@pytest.mark.parametrize("name", shipped_dialplans())
def test_the_shipped_dialplans_are_clean(name: str) -> None:
    assert load_dialplan(name, thorough=True).name == name


@pytest.mark.parametrize("name", shipped_dialplans())
def test_a_base_without_a_change_is_clean(name: str) -> None:
    assert over(name, "") == []


ANSWER, LADDER, NOISY = (
    '[answer]\nclause = "{}"\n',
    '[silent_line]\nclause = "{}"\n',
    '[noisy_line]\nclause = "{}"\n',
)


@pytest.mark.parametrize(
    ("base", "text", "expected"),
    [
        # Rings: whatever ring_limit claims
        ("jihua-gas", "[answer]\nring_limit = 4", r"3: answer.ring_limit: ring_limit is 4, but JH-1 .* by ring 3; .*"),
        ("runfa-water", "[answer]\nring_limit = 3", r"3: answer.ring_limit: ring_limit is 3, but WD-1 .* ring 2; .*"),
        ("jinsui-tax", "[answer]\nring_limit = 9", r"3: answer.ring_limit: ring_limit is 9, but JS-1 .* ring 3; .*"),
        ("runfa-water", "[answer]\nclause = 'WD-1'\non_ring = 3\nring_limit = 2", r"4: answer.on_ring: on_ring is 3, but (ring_limit is 2 \(WD-1\)|WD-1 .*); .*"),
        ("jihua-gas", ANSWER.format("WD-1"), r"3: answer.clause: ring_limit is 3, but WD-1 .*"),
        ("jihua-gas", "[answer]\nring_limit = 1", r"3: answer.ring_limit: on_ring is 2, .* \(JH-1\); .*"),
        # Ladders
        ("jihua-gas", 'without = ["silent_line.final"]', r"2: silent_line.final: is missing, .* no end: JH-6 .*"),
        ("runfa-water", 'without = ["noisy_line.final"]', r"2: noisy_line.final: is missing, .* no end: JH-7 .*"),
        ("jihua-gas", '[silent_line]\nsteps = ["请讲话。"]', r"3: silent_line.steps: asks once, but JH-6 asks twice; .*"),
        (
            "runfa-water",
            '[silent_line]\nwait = 4.0\nsteps = ["请讲。", "请讲。", "请讲。"]',
            r"4: silent_line.steps: asks 3 times, but WD-8 .*",
        ),
        ("jihua-gas", "[noisy_line]\nrelease_wait = 2.5", r"3: noisy_line.release_wait: .* 2.5 s, but JH-7 waits 3 s .*"),
        ("jihua-gas", '[silent_line]\nfinal = "请挂机。"', r"3: silent_line.final: .* JH-6 orders .* without 「再见」; .*"),
        ("jihua-gas", LADDER.format("JH-3"), r"3: silent_line.clause: JH-3 orders no release; allowed: JH-6, .*"),
        ("jihua-gas", LADDER.format("JH-7"), r"3: silent_line.clause: release_wait is 0 s, but JH-7 waits 3 s .*"),
        # Waiting
        ("jihua-gas", "[waiting]\nevery = 14.5", r"3: waiting.every: every 14.5 s is more often than JH-8 .* 15 s; .*"),
        ("runfa-water", "[waiting]\nevery = 16.0", r"3: waiting.every: every 16 s is a longer gap than JH-8 .*"),
        (
            "jihua-gas",
            '[waiting]\nclause = "JS-2"\nevery = 12.0',
            r"4: waiting.every: every 12 s is more often than JH-8 .*",
        ),
        (
            "jihua-gas",
            '[waiting]\nagain = "请稍等,正在为您查询,您的问题比较复杂,我们正在向相关部门咨询,马上就会给您答复。"',
            r"3: waiting.again: takes about \d+ s to say, longer than every = 15 \(JH-8\); .* 30 characters",
        ),
        ("jihua-gas", "speaking_rate = 151", r"2: speaking_rate: is 151; allowed: .* 90 to 150: .* \(JH-15\)"),
        # Farewells
        ("jihua-gas", '[hang_up]\nafter_farewell = "release"', r"3: hang_up.after_farewell: .* not JH-2; .*"),
        (
            "tietong-keyaccount",
            '[hang_up]\nafter_farewell = "release"',
            r'3: hang_up.after_farewell: .* not TT-3; .*',
        ),
        ("runfa-water", '[hang_up]\nclause = "JH-2"', r'3: hang_up.clause: .* not JH-2; .*'),
        ("runfa-water", '[hang_up]\nclause = "XY-2"', r'3: hang_up.clause: .* not XY-2; .*'),
        ("runfa-water", '[farewell]\nweekend = "周末愉快"', r"3: farewell.weekend: .* WD-2 wants 「再见」 said before; .*"),
        ("runfa-water", "[phrases.dialect]\ncloses = true", r"3: phrases.dialect.closes: .* WD-2 wants 「再见」 .*"),
        ("runfa-water", '[farewell]\ntext = "谢谢您"', r"3: farewell.text: .* WD-2 wants 「再见」 .*"),
        ("runfa-water", 'without = ["farewell.weekend"]', r"2: farewell.weekend: is missing: WD-5 .*"),
        # Holidays
        ("jihua-gas", 'without = ["holidays.mid_autumn"]', r"2: holidays.mid_autumn: 中秋节 \(lunar 08-15\) .* JH-12 .*"),
        ("jihua-gas", 'without = ["holidays"]', r"2: holidays: there are none, but JH-12 names 元旦, .*"),
        (
            "jihua-gas",
            "[holidays.national_day]\ndays = 2",
            r"3: holidays.national_day.days: 国庆节 \(10-03\) is not kept, but JH-12 .* for 3 days",
        ),
        ("jihua-gas", '[holidays.new_year]\ndate = "01-02"', r"3: holidays.new_year.date: 元旦 \(01-01\) .* JH-12 .*"),
        ("runfa-water", 'without = ["holidays.dragon_boat"]', r"2: holidays.dragon_boat: 端午节 .* WD-4 names it; .*"),
        # The menu
        (
            "tietong-keyaccount",
            "[menu.choices.3]\nalert = false",
            r"3: menu.choices.3.alert: kind 3 raises no alert, but TT-1 .*",
        ),
        ("tietong-keyaccount", 'without = ["menu.choices.2"]', r"2: menu.choices.2: has no kind 2; TT-1 .*"),
        # The template, not filled in
        ("service-desk", '[parameters]\norganisation = ""', r"3: parameters.organisation: is empty, but ET-1 names .*"),
        ("service-desk", '[parameters]\npromised_time = ""', r"3: parameters.promised_time: .*, but ET-3 names .*"),
        # Clauses that are not there
        ("jihua-gas", '[further]\nclause = "JH-24"', r"3: further.clause: JH-24 is no clause .* JH-1 to JH-23, .*"),
        ("jinsui-tax", '[language]\nforbidden = "JS-08"', r"3: language.forbidden: JS-08 is no clause .*"),
        ("jihua-gas", '[waiting]\npatience_clause = "TT-7"', r"3: waiting.patience_clause: TT-7 is no clause .*"),
    ],
)  # fmt: skip
def test_what_breaks_a_clause_is_found(base: str, text: str, expected: str) -> None:
    faults = over(base, text)
    assert len(faults) == 1
    assert re.fullmatch(expected, faults[0])


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("jihua-gas", "[answer]\non_ring = 3"),
        ("jihua-gas", '[answer]\nclause = "XY-1"\nring_limit = 6'),
        ("jihua-gas", '[silent_line]\nclause = "XY-6"\nsteps = ["请讲。"]\nfinal = "请挂机。"'),
        ("jihua-gas", '[noisy_line]\nclause = "XY-7"\nrelease_wait = 0.0'),
        ("jihua-gas", '[silent_line]\nsteps = ["电话已接通。", "请讲话。"]\nfinal = "再见"\nrelease_wait = 2.0'),
        ("jihua-gas", '[waiting]\nclause = "XY-8"\nevery = 12.0'),
        ("jihua-gas", '[waiting]\nclause = "JS-2"\nevery = 20.0'),
        ("jihua-gas", 'without = ["waiting"]'),
        ("jihua-gas", 'without = ["holidays", "holiday_greeting"]'),
        ("jihua-gas", '[holidays.national_day]\ndays = 7\n[calendar]\n2001-01-01 = "workday"'),
        ("jihua-gas", '[holidays.new_year_eve]\nlunar = "12-30"\ndays = 4\n[holidays.spring_festival]\ndays = 1'),
        ("jihua-gas", '[holiday_greeting]\nclause = "XY-12"\n[holidays.new_year]\ndate = "01-02"'),
        ("jihua-gas", '[greeting]\nclause = "JH-3"\ntext = "您好!泉城热线{agent}号为您服务,请问有什么可以帮您吗?"'),
        ("runfa-water", '[hang_up]\nafter_farewell = "wait"\nclause = "JH-2"\n[farewell]\ntext = "谢谢您"'),
        ("runfa-water", '[farewell]\ntext = "再见。"'),
        ("tietong-keyaccount", '[menu.choices.5]\nkind = "other"'),
        ("service-desk", '[parameters]\ndepartment = "客户部"\norganisation = ""'),
        ("jihua-gas", '[questions.name]\nclause = "JH-23"\ntext = "请问您贵姓?"\n[flows.a]\nask = ["name"]\n[parameters]'),
    ],
)  # fmt: skip
def test_what_keeps_its_clause_is_clean(base: str, text: str) -> None:
    assert [fault for fault in over(base, text) if "flows.a" not in fault and "questions.name" not in fault] == []


def test_an_inherited_text_is_blamed_in_the_bases_file(tmp_path: Path) -> None:
    for name, text in (
        ("below", 'base = "jihua-gas"\ntitle = "x"\n[further]\ntext = "请问还有吗,随便问"\n'),
        ("mine", 'base = "../below"\ntitle = "y"\n'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dialplan.toml").write_text(text)
    with pytest.raises(ConfigErrors) as errors:
        load_dialplan("mine", tmp_path)
    (fault,) = errors.value.faults
    assert fault.file.resolve() == tmp_path / "below" / "dialplan.toml"
    assert (fault.line, fault.key) == (4, "further.text")


def test_two_findings_on_one_line_are_both_told_in_order() -> None:
    faults = over("jihua-gas", '[farewell]\ntext = "随便你"\n[further]\ntext = "还有吗?不知道。"')
    assert [fault.split(";")[0] for fault in faults] == [
        "3: farewell.text: says 你",
        "3: farewell.text: 「随便」 is forbidden by JH-16",
        "5: further.text: asks without 请",
        "5: further.text: 「不知道」 is forbidden by JH-16",
    ]


class TestWords:
    def test_each_table_of_texts_is_read(self) -> None:
        text = """
            [phrases.a]
            clause = "XY-1"
            text = "不知道"
            [silent_line]
            steps = ["请讲", "随便"]
            [waiting]
            thanks = "怎么了"
            [holidays.national_day]
            greeting = "国庆好,冷静点"
            """
        found = [fault.partition(" is forbidden by JH-16")[0] for fault in over("jihua-gas", text)]
        assert found == [
            "5: phrases.a.text: 「不知道」",
            "7: silent_line.steps[1]: 「随便」",
            "9: waiting.thanks: 「怎么了」",
            "11: holidays.national_day.greeting: 「冷静点」",
        ]

    def test_the_clause_is_the_one_the_dialplan_names(self) -> None:
        (fault,) = over("jinsui-tax", '[texts.promise]\ntext = "我们不知道"')
        assert fault.startswith("3: texts.promise.text: 「不知道」 is forbidden by JS-8; ")

    def test_a_parameter_may_bring_a_word_in(self) -> None:
        brought = '[parameters]\norganisation = "随便公司"\ndepartment = "你我部"'
        *words, time = over("tietong-keyaccount", '[parameters]\npromised_time = "随便几天"')
        assert words == [
            f"3: parameters.promised_time: in {text}, 「随便」 is forbidden by JH-16; allowed: any other wording"
            for text in ("call_back.noted", "texts.deadline.text")
        ]
        assert time.startswith("3: parameters.promised_time: 「随便几天」 is no time ")
        (fault,) = over("service-desk", brought)
        assert fault.startswith("3: parameters.organisation: in greeting.text, 「随便」 ")

    def test_a_parameter_of_the_site_is_blamed_in_its_file(self) -> None:
        config = config_of(
            parse_document(
                Path("g.toml"),
                'dialplan = "service-desk"\n[answer]\non_ring = 3\n[parameters]\norganisation = "随便公司"\n'
                "nothing = ''\n[[lines]]\nid = 'a'\ndriver = 'fxo'\nport = '/dev/x'\n",
            ),
            {},
        )
        with pytest.raises(ConfigErrors) as errors:
            load_for(config)
        word, unknown = errors.value.faults
        assert str(word).startswith(
            "g.toml:5: parameters.organisation: in greeting.text, 「随便」 is forbidden by JH-16"
        )
        assert str(unknown).startswith(
            "g.toml:6: parameters.nothing: no parameter of dialplan service-desk; allowed: "
        )

    def test_two_parameters_and_a_text_make_a_word_together(self) -> None:
        text = '[parameters]\na = "不"\nb = "知道"\n[farewell]\ntext = "{a}{b},再见"'
        (fault,) = over("jihua-gas", text)
        assert re.match(r"[34]: parameters\.[ab]: in farewell.text, 「不知道」 is forbidden by JH-16", fault)

    def test_a_question_asks_with_please_even_without_a_question_mark(self) -> None:
        text = '[questions.q]\nclause = "XY-1"\ntext = "您的全名"\n[flows.f]\nask = ["q"]\n'
        (fault,) = over("jihua-gas", f'flow = "f"\n{text}')
        assert fault.startswith("5: questions.q.text: asks without 请; ")
        assert fault.endswith("(JH-17)")

    def test_without_its_clause_no_check_of_words_is_made(self) -> None:
        text = 'without = ["language"]\n[further]\ntext = "你还有吗?不知道?"'
        assert over("jihua-gas", text) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("jihua-gas", "ring_limit = 3", "ring_limit = 5", "*: answer.ring_limit: ring_limit is 5, but JH-1"),
        ("jihua-gas", "every = 15.0", "every = 15.1", "*: waiting.every: every 15.1 s is a longer gap than JH-8"),
        ("jihua-gas", 'after_farewell = "wait"', 'after_farewell = "release"', "*: hang_up.after_farewell: "),
        ("jihua-gas", "release_wait = 3.0", "release_wait = 0.0", "*: noisy_line.release_wait: "),
        (
            "runfa-water",
            "祝您工作顺利,再见",
            "祝您工作顺利",
            "*: farewell.text: the line hangs up after it, but WD-2",
        ),
        (
            "service-desk",
            "客户服务公司",
            "你好公司,随便",
            "*: parameters.organisation: in greeting.text, 「随便」",
        ),
        ("jinsui-tax", '"lamps", ', "", "*: questions.lamps: is never asked"),
    ],
)
def test_a_shipped_file_spoilt(name: str, old: str, new: str, expected: str) -> None:
    (fault,) = changed(name, old, new)
    assert fault.replace(fault.split(":")[0], "*", 1).startswith(expected)
