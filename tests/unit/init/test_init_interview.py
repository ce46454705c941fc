"""The questions: what is wrong is asked again with what is allowed; options answer without anybody there."""

import re
from pathlib import Path

import pytest

from gateway.init.answers import Agent, Answers, Broker, Pbx, Wallboard
from gateway.init.asking import Asker, OptionWrong
from gateway.init.interview import interview
from gateway.init.modems import Finder
from gateway.init.network import own_address
from gateway.init.words import Language
from tests.unit.doctor.tree import Tree
from tests.unit.init.scripted import asked, nobody

pytestmark = pytest.mark.unit

PBX_HERE = {"sip": "direct", "pbx": "127.0.0.1:5099"}


@pytest.fixture
def finder(tmp_path: Path) -> Finder:
    return Finder(Tree(tmp_path / "root").machine)


def all_of(asker: Asker, finder: Finder, **parameters: str) -> Answers:
    return interview(asker, finder, parameters, service=False)


def test_enter_takes_the_defaults(finder: Finder) -> None:
    asker, terminal = asked("", "", "2", "127.0.0.1", "", "", "", "", "", "", "", "")
    answers = all_of(asker, finder)
    assert answers == Answers(
        site="hotline",
        dialplan="jihua-gas",
        parameters={},
        pbx=Pbx("127.0.0.1", "127.0.0.1", "127.0.0.1:5062", "8801", 4, registers=False),
        modems=(),
        agents=(Agent("801", "sip:801@127.0.0.1"),),
        desk_listen=None,
        broker=None,
        wallboard=Wallboard("127.0.0.1:8080"),
        service=False,
    )
    assert "5 tietong-keyaccount" in terminal.text


TYPED = [
    # the wrong answers first, with what is told of each; at last a good one
    ([("济南", "letters, digits"), ("x" * 65, "1 to 64")], ""),
    ([("9", "jihua-gas"), ("nowhere", "a folder with a dialplan.toml")], ""),
    ([("", "an answer is needed; allowed: 1 (register)"), ("4", "1 (register)")], "2"),
    (
        [
            ("", "an answer is needed; allowed: an IPv4"),
            ("300.1.1.1", "IPv4 address or a name"),
            ("x" * 64, "is not known to this machine"),
        ],
        "127.0.0.1",
    ),
    (
        [
            ("5062", "IPv4 address:port"),
            ("127.0.0.1:5060", "the PBX itself"),
            ("192.0.2.77:5062", "no address of this machine"),
        ],
        "127.0.0.1:5062",
    ),
    ([("88 01", "SIP user name")], ""),
    ([("0", "1 to 1000"), ("1001", "1 to 1000")], ""),
    ([("/dev/ttyACM7", "is not there"), ("usb:x", "usb:1-2.1")], ""),
    ([("801,801", "each once"), ("801=x", "1 to 8 digits")], ""),
    ([("maybe", "y or n")], "y"),
    ([("http://x", "mqtt://host")], ""),
    ([("8080", "address:port")], ""),
]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_wrong_is_asked_again_with_what_is_allowed(finder: Finder, language: Language) -> None:
    lines = [line for wrong, good in TYPED for line in (*(text for text, _ in wrong), good)]
    asker, terminal = asked(*lines, language=language)
    assert all_of(asker, finder).pbx == Pbx("127.0.0.1", "127.0.0.1", "127.0.0.1:5062", "8801", 4, registers=False)
    refusals = [line for line in terminal.shown if line.startswith("  ") and not re.match(r"  \d ", line)]
    told = [told for wrong, _ in TYPED for _, told in wrong]
    assert len(refusals) == len(told)
    assert language == "zh" or all(part in refusal for part, refusal in zip(told, refusals, strict=True))


def test_an_address_that_the_pbx_cannot_reach_is_asked_again(finder: Finder) -> None:
    here = own_address("192.0.2.5")
    asker, terminal = asked("", "", "2", "192.0.2.5", "127.0.0.1:5062", "", "", "", "", "", "", "", "", "")
    pbx = all_of(asker, finder).pbx
    assert pbx is not None
    if here == "127.0.0.1":  # no way leads anywhere: nothing better is known
        assert pbx.listen == "127.0.0.1:5062"
    else:
        assert pbx.listen == f"{here}:5062"
        assert f"the PBX is elsewhere; allowed: one that it reaches, as {here}:5062" in terminal.text


def test_neither_a_line_nor_a_modem_is_asked_again_and_no_answer_is_lost(finder: Finder) -> None:
    asker, terminal = asked("jinan", "", "3", "", "2", "127.0.0.1", "", "", "", "", "", "", "", "")
    answers = all_of(asker, finder)
    assert (answers.site, answers.pbx is not None) == ("jinan", True)
    assert "  there is neither a SIP line nor a modem; a gateway needs one" in terminal.shown


def test_where_options_say_there_is_none_nobody_is_asked_for_ever(finder: Finder) -> None:
    asker, _ = asked("", "", sip="none", modem="none")
    with pytest.raises(OptionWrong, match="neither a SIP line nor a modem"):
        all_of(asker, finder)


def test_an_extension_is_registered_with_its_password_typed_twice_and_never_shown(finder: Finder) -> None:
    asker, terminal = asked(
        *(
            "jinan",
            "4",
            "港口燃气",
            "",
            "",
            "1",
            "127.0.0.1",
            "",
            "8805",
            "9",
            "2",
            "one",
            "two",
            "geheim",
            "geheim",
        ),
        *(
            "",
            "801 802=sip:802@127.0.0.1:5081",
            "n",
            "mqtts://mq.example",
            "gw",
            "pw",
            "pw",
            "0.0.0.0:80",
            "w",
            "w",
        ),
    )
    answers = all_of(asker, finder)
    assert answers.pbx is not None
    assert (answers.pbx.registers, answers.pbx.user, answers.pbx.callers) == (True, "8805", 2)
    assert answers.pbx.password == "geheim"
    assert answers.parameters == {"organisation": "港口燃气"}
    assert answers.agents == (Agent("801"), Agent("802", "sip:802@127.0.0.1:5081"))
    assert answers.broker == Broker("mqtts://mq.example", "gw", "pw")
    assert answers.wallboard == Wallboard("0.0.0.0:80", "w")
    assert "rings at all its places at once" in terminal.text, "no more than a line holds, by registering"
    assert "the two are not the same" in terminal.text
    assert "geheim" not in terminal.text + repr(answers)


def test_one_who_goes_away_has_answered_nothing(finder: Finder) -> None:
    asker, _ = asked("jinan", "1")
    with pytest.raises(EOFError):
        all_of(asker, finder)


def test_options_answer_everything(finder: Finder) -> None:
    asker = nobody(**PBX_HERE, site="jinan", callers="100", agents="801,802", telephones="pbx", wallboard="none")
    answers = all_of(asker, finder)
    assert answers.pbx is not None
    assert (answers.pbx.calls, answers.pbx.count) == (4, 25)
    assert [agent.extension for agent in answers.agents] == ["sip:801@127.0.0.1:5099", "sip:802@127.0.0.1:5099"]
    assert answers.wallboard is None


def test_the_desk_has_an_address_from_which_telephones_elsewhere_are_reached(finder: Finder) -> None:
    answers = all_of(nobody(**PBX_HERE, agents="801=sip:801@192.0.2.77", telephones="none"), finder)
    assert answers.desk_listen == f"{own_address('192.0.2.77')}:5070"
    at_pbx = all_of(nobody(**PBX_HERE, agents="801"), finder)
    assert at_pbx.desk_listen is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"site": "a b"}, "--site: 'a b': allowed: 1 to 64"),
        ({"sip": "register", "pbx": "127.0.0.1"}, "--sip-password-file"),
        ({"sip": "direct"}, "give --pbx"),
        ({"sip": "none"}, "--modem"),
        ({"sip": "none", "modem": "none"}, "a gateway needs one"),
        ({**PBX_HERE, "callers": "many"}, "--callers"),
        ({**PBX_HERE, "modem": "/dev/a /dev/a"}, "each once"),
        ({**PBX_HERE, "sip_password": "x" * 2000, "sip": "register"}, "--sip-password"),
        ({**PBX_HERE, "wallboard": "0.0.0.0:8080"}, "--wallboard-password-file"),
        ({"sip": "none", "modem": "/dev/a", "telephones": "pbx"}, "pbx needs a PBX"),
        ({**PBX_HERE, "listen": "127.0.0.1:5099"}, "another port"),
    ],
)
def test_an_option_that_cannot_be_taken_is_named(finder: Finder, given: dict[str, str], told: str) -> None:
    with pytest.raises(OptionWrong) as wrong:
        all_of(nobody(**given), finder)
    assert told in str(wrong.value)
    assert "x" * 100 not in str(wrong.value)


def test_a_parameter_that_the_standard_does_not_have_is_refused(finder: Finder) -> None:
    with pytest.raises(OptionWrong, match="organisation"):
        all_of(nobody(**PBX_HERE, dialplan="service-desk"), finder, company="x")
    with pytest.raises(OptionWrong, match="60 characters"):
        all_of(nobody(**PBX_HERE, dialplan="service-desk"), finder, organisation="{x}")
