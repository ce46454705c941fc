"""Start-up against modems on paper, in virtual time: what is asked in which order; no refusal stops it."""

from itertools import pairwise

import pytest

from drivers.fxo.codecs import Coding
from drivers.fxo.config import FxoConfig
from drivers.fxo.errors import ModemSilent
from drivers.fxo.line import FxoLine
from drivers.fxo.start_up import RESET, ModemSetup, bring_up
from drivers.line import LineRestored
from tests.unit.fxo.journal import Journal
from tests.unit.fxo.paper_modem import ERROR, PaperModem, info
from tests.unit.fxo.started import CONEXANT, PORT, Started, warned
from tests.unit.fxo.virtual import VirtualModem, with_line
from tests.unit.fxo.virtual_time import in_virtual_time

pytestmark = pytest.mark.unit


def test_7_the_whole_dialogue_with_a_conexant() -> None:
    assert Started(CONEXANT).modem.commands == [
        *("AT", *RESET, "AT+FCLASS=0"),
        *("ATI3", "AT+GMR", "ATI0"),
        *("AT+FCLASS=?", "AT+FCLASS=8", "AT+VSM=?", "AT+FCLASS=0"),
        *("AT&D2", "ATS0=0", "ATM0", "AT-STE=6"),
        *("AT+GCI=26", "AT+GCI?", "AT+VCID=1", "AT+VCID?"),
        "AT",
    ]


def test_12_17_on_hook_by_every_maker_s_way_before_anything_else() -> None:
    started = Started(CONEXANT)
    assert started.place("AT+VLS=0") < started.place("ATH") < started.place("ATZ") < started.place("ATI3")


def test_12_07_a_tenth_of_a_second_between_a_result_and_the_next_command() -> None:
    times = Started(CONEXANT).modem.times
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.02 + 0.1


def test_12_05_every_start_up_is_whole() -> None:
    once, twice = Started(CONEXANT), Started(CONEXANT, times=2)
    assert twice.modem.commands == 2 * once.modem.commands


OPTIONAL = [
    *("AT+VLS=0", "ATQ0", "ATI3", "AT+GMR", "ATI0", "AT+FCLASS=?", "AT+VSM=?", "AT&D2", "ATS0=0", "ATM0"),
    *("AT-STE=6", "AT+GCI=26", "AT+GCI?", "AT+VCID=1", "AT+VCID?"),
]


@pytest.mark.parametrize("command", OPTIONAL)
@pytest.mark.parametrize("answer", [ERROR, None, b"\r\nOK\r\n"], ids=["error", "lost", "nothing-told"])
def test_12_05_no_optional_command_stops_it(command: str, answer: bytes | None) -> None:
    started = Started({**CONEXANT, command: answer})
    assert started.setup.modes[0].coding is Coding.ULAW
    assert started.modem.commands[-1] == "AT"


def test_12_06_numeric_results_are_understood_until_words_come() -> None:
    async def work() -> tuple[PaperModem, ModemSetup]:
        modem = PaperModem(CONEXANT)
        modem.verbose = modem.verbose_stored = False
        return modem, await bring_up(modem.host, FxoConfig("fxo1", PORT))

    modem, setup = in_virtual_time(work)
    assert setup.profile.name == "conexant"
    assert modem.verbose


@pytest.mark.parametrize("obeys", [True, False])
def test_11_02_echo_that_stays_on_is_told_and_does_no_harm(obeys: bool) -> None:
    async def work() -> ModemSetup:
        modem = PaperModem(CONEXANT)
        modem.echo_obeys = obeys
        return await bring_up(modem.host, FxoConfig("fxo1", PORT))

    setup = in_virtual_time(work)
    assert setup.echoes is not obeys
    assert setup.identity == "CX93001-EIS_V0.2013-V92 / 56000", "no echo among the words"


def test_2_a_reset_of_four_seconds_is_waited_for() -> None:
    async def work() -> PaperModem:
        modem = PaperModem(CONEXANT)
        modem.slow["ATZ"] = 4.0
        await bring_up(modem.host, FxoConfig("fxo1", PORT))
        return modem

    modem = in_virtual_time(work)
    assert modem.commands.count("ATZ") == 1
    reset = modem.commands.index("ATZ")
    assert modem.commands[reset + 1] == "ATE0", "nothing was asked meanwhile"
    assert modem.times[reset + 1] - modem.times[reset] > 4.0


def test_12_04_a_modem_that_says_nothing_is_silent() -> None:
    class Mute(PaperModem):
        def _take(self, line: bytes) -> None: ...

    async def work() -> None:
        await bring_up(Mute().host, FxoConfig("fxo1", PORT))

    with pytest.raises(ModemSilent, match="plug it in again"):
        in_virtual_time(work)


def test_10_a_zoom_once_known_has_dtr_held_low_for_two_seconds() -> None:
    async def work() -> PaperModem:
        modem = PaperModem(CONEXANT)
        await bring_up(modem.host, FxoConfig("fxo1", PORT, "zoom3095"))
        modem.answers["AT"] = None
        with pytest.raises(ModemSilent):
            await bring_up(modem.host, FxoConfig("fxo1", PORT, "zoom3095"))
        return modem

    assert in_virtual_time(work).dtr_lows[0] == 2.0


# -- identity ------------------------------------------------------------------------------------------------


def test_12_08_more_is_asked_only_of_a_modem_that_nothing_names() -> None:
    named = Started(CONEXANT).modem.commands
    assert "ATI6" not in named
    silabs = Started({"ATI0": info("B"), "ATI3": ERROR, "AT+GMR": ERROR, "ATI6": info("2457")})
    assert silabs.setup.profile.name == "silabs"
    assert silabs.setup.identity == "B / 2457"
    assert silabs.place("ATI0") < silabs.place("ATI6")
    assert "AT+VCDT=1" in silabs.modem.commands


def test_12_08_a_forced_profile_is_taken_with_a_warning_once(caplog: pytest.LogCaptureFixture) -> None:
    started = Started(CONEXANT, profile="usr5637", times=3)
    assert started.setup.profile.name == "usr5637"
    (warning,) = warned(caplog)
    assert warning.startswith(f"{PORT}: profile 'usr5637' is forced on a modem that calls itself CX93001")
    assert "conexant" in warning


@pytest.mark.parametrize("profile", ["auto", "conexant"])
def test_12_08_no_warning_where_nothing_is_forced_against_its_words(
    profile: str, caplog: pytest.LogCaptureFixture
) -> None:
    Started(CONEXANT, profile=profile)
    assert warned(caplog) == []


def test_12_08_nor_where_the_modem_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    nameless = dict.fromkeys(("ATI3", "AT+GMR", "ATI0", "ATI6"), ERROR)
    assert Started({**CONEXANT, **nameless}, profile="usr5637").setup.profile.name == "usr5637"
    assert warned(caplog) == []


# -- country and caller ID -----------------------------------------------------------------------------------


def test_3_the_country_is_read_back(caplog: pytest.LogCaptureFixture) -> None:
    Started({**CONEXANT, "AT+GCI?": info("+GCI: 26")})
    assert warned(caplog) == []


def test_3_a_country_that_is_not_offered_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    other = {"AT+GCI=26": ERROR, "AT+GCI?": info("+GCI: B5"), "AT+GCI=?": info("(00,B4,B5)")}
    Started({**CONEXANT, **other}, times=3)
    (warning,) = warned(caplog)
    assert f"{PORT}: the modem does not offer country 26 (+GCI) and stays with B5" in warning


def test_3_an_ok_that_changed_nothing_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
    Started({**CONEXANT, "AT+GCI?": info("B5"), "AT+GCI=?": info("(26,B5)")})
    assert "does not take country 26" in warned(caplog)[0]


@pytest.mark.parametrize("state", ["0", " 0", "+VCID: 0", "+vcid:0"])
def test_10_caller_id_that_the_reset_cleared_is_asked_for_again(
    state: str, caplog: pytest.LogCaptureFixture
) -> None:
    started = Started({**CONEXANT, "AT+VCID?": info(state)})
    assert started.modem.commands.count("AT+VCID=1") == 2
    assert any("refuses caller ID" in warning for warning in warned(caplog)), "still 0: calls will have none"


@pytest.mark.parametrize("state", ["1", "+VCID: 1", "+VCID: 2", "10"])
def test_10_caller_id_that_is_on_is_asked_for_once(state: str, caplog: pytest.LogCaptureFixture) -> None:
    started = Started({**CONEXANT, "AT+VCID?": info(state)})
    assert started.modem.commands.count("AT+VCID=1") == 1
    assert warned(caplog) == []


def test_12_05_caller_id_comes_last_of_all() -> None:
    started = Started(CONEXANT)
    last = max(started.place(command) for command in ("ATZ", "AT+GCI=26", "AT-STE=6"))
    assert last < started.place("AT+VCID=1")


@pytest.mark.parametrize(("accepted", "tried"), [("AT-SCID=1", ["AT+VCID=1", "AT-SCID=1"])])
def test_3_an_older_way_to_caller_id(accepted: str, tried: list[str], caplog: pytest.LogCaptureFixture) -> None:
    started = Started({**CONEXANT, "AT+VCID=1": ERROR, "AT+VCID?": ERROR})
    assert [command for command in started.modem.commands if "CID=" in command] == tried
    assert tried[-1] == accepted
    assert warned(caplog) == []


def test_11_16_a_modem_without_any_caller_id_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    Started({**CONEXANT, "AT+VCID=1": ERROR, "AT-SCID=1": ERROR}, times=2)
    assert [warning for warning in warned(caplog) if "caller ID" in warning] == [
        f"{PORT}: the modem refuses caller ID; calls will have none"
    ]


def test_3_a_line_tells_what_its_modem_lacks_once_however_often_it_is_plugged_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def story(line: FxoLine) -> None:
        journal = Journal()
        await line.open(journal)
        for replugs in (2, 3):
            modem.unplug()
            modem.replug()
            await journal.wait(LineRestored, count=replugs)

    modem = VirtualModem("generic")
    in_virtual_time(lambda: with_line(modem, story))
    assert len([warning for warning in warned(caplog) if "does not take country 26" in warning]) == 1
