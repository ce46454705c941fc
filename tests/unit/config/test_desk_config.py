"""[desk], [[shifts]], [call_backs], [recordings]: their defaults, and what is wrong with its line and its cure."""

# ruff: noqa: E501 - the table of faults reads best with a row on a line

import re
from datetime import time
from pathlib import Path

import pytest

from gateway.cli.check import check
from gateway.config import ConfigErrors, DeskLine, GatewayConfig, desk_lines
from gateway.config.document import parse_document
from gateway.config.load import config_of
from gateway.config.number_patterns import number_pattern
from gateway.dialplan import load_for

pytestmark = pytest.mark.unit

SIP = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5062"\naor = "sip:8801@127.0.0.1"\n'
FXO = '[[lines]]\nid = "fxo1"\ndriver = "fxo"\nport = "/dev/ttyACM0"\n'
SHIFT = '[[shifts]]\nagents = ["801"]\ndays = ["mon-fri"]\nfrom = "08:00"\nto = "16:30"\n'


def agents(count: int, host: str = "pbx") -> str:
    return "".join(
        f'[[agents]]\nnumber = "{number}"\nextension = "sip:{number}@{host}"\n'
        for number in range(801, 801 + count)
    )


AGENT = agents(1)
LEAST = SIP + AGENT
"""Eight lines."""
CALLS = '[call_backs]\nline = "sip1"\naddress = "sip:{number}@pbx"\n'


def read(text: str, environ: dict[str, str] | None = None, file: Path = Path("g.toml")) -> GatewayConfig:
    return config_of(parse_document(file, text), environ or {})


def faults(text: str) -> list[str]:
    """All that `sansheng check` tells of a config and the dialplan it names."""
    with pytest.raises(ConfigErrors) as caught:
        load_for(read(text))
    return str(caught.value).splitlines()


def test_agents_with_an_extension_are_rung_without_a_desk_table() -> None:
    config = read(LEAST)
    desk = config.desk
    assert desk_lines(config) == (DeskLine("desk-1", "127.0.0.1", None, "sip:8801@127.0.0.1", None, None),)
    assert (desk.ring_seconds, desk.after_call_seconds, desk.log_in) == (15.0, 5.0, "reachable")
    assert [*desk.codes.values()] == ["*91", "*92", "*93", "*94", "*95"]
    assert (config.shifts, config.call_backs, config.key_accounts_path) == ((), None, None)
    kept = config.recordings
    assert (kept.both_sides, kept.retention_days, kept.min_free_mb) == (True, None, 500)


def test_nobody_with_an_extension_needs_no_line() -> None:
    assert desk_lines(read(SIP + '[[agents]]\nnumber = "801"\n')) == ()


@pytest.mark.parametrize(
    ("count", "ports"),
    [(1, [5070]), (4, [5070]), (5, [5070, 5071]), (9, [5070, 5071, 5072]), (13, [5070, 5071, 5072])],
)
def test_a_line_for_every_four_agents_on_consecutive_ports(count: int, ports: list[int]) -> None:
    lines = desk_lines(
        read(SIP + "count = 2\n" + agents(count) + '[desk]\nlisten = "10.0.0.1:5070"\naor = "sip:desk@pbx"\n')
    )
    assert [line.id for line in lines] == [f"desk-{number}" for number in range(1, len(ports) + 1)]
    assert [line.port for line in lines] == ports
    assert {(line.host, line.aor) for line in lines} == {("10.0.0.1", "sip:desk@pbx")}


@pytest.mark.parametrize(
    ("customers", "lines"),
    [
        (FXO, 1),
        (SIP, 2),
        (SIP + "calls = 3\n", 1),
        (SIP + "calls = 1\ncount = 7\n", 2),
        (SIP + "count = 2\n" + FXO, 3),
        (SIP + "count = 60\n", 50),
    ],
)
def test_two_hundred_agents_need_no_more_legs_than_their_customers_and_a_call_back(
    customers: str, lines: int
) -> None:
    assert len(desk_lines(read(customers + agents(200)))) == lines


def test_the_desk_calls_as_the_first_sip_line_unless_it_has_a_name_of_its_own() -> None:
    first = SIP + 'registrar = "sip:pbx"\nusername = "u"\n'
    environ = {"SANSHENG_SIP1_PASSWORD": "lines"}
    (line,) = desk_lines(read(FXO + first + AGENT, environ))
    assert (line.aor, line.username, line.password) == ("sip:8801@127.0.0.1", "u", "lines")
    (line,) = desk_lines(read(first + AGENT + '[desk]\nusername = "d"\n', environ))
    assert (line.username, line.password) == ("d", None)
    (line,) = desk_lines(read(first + AGENT, environ | {"SANSHENG_DESK_PASSWORD": "desks"}))
    assert line.password == "desks"
    (line,) = desk_lines(read(FXO + AGENT))
    assert line == DeskLine("desk-1", "127.0.0.1", None, "sip:hotline@127.0.0.1", None, None)


def test_a_shift_as_people_write_it() -> None:
    day, night = read(LEAST + SHIFT + SHIFT.replace("mon-fri", 'sat", "sun').replace("16:30", "24:00")).shifts
    assert (day.weekdays, day.begins, day.ends) == (frozenset(range(5)), time(8), time(16, 30))
    assert (night.weekdays, night.ends) == (frozenset((5, 6)), time(0))
    (over_sunday,) = read(LEAST + SHIFT.replace("mon-fri", "sat-mon")).shifts
    assert over_sunday.weekdays == frozenset((5, 6, 0))


@pytest.mark.parametrize(
    "shifts",
    [
        SHIFT + SHIFT.replace("08:00", "16:30").replace("to = \"16:30", "to = \"22:00"),
        SHIFT.replace("mon-fri", "sun").replace("08:00", "22:00") + SHIFT.replace("08:00", "16:30").replace("to = \"16:30", "to = \"23:00"),
        SHIFT.replace("mon-fri", "mon-sun").replace("08:00", "00:00").replace("16:30", "24:00"),
    ],
    ids=["one after the other", "over midnight of Sunday", "always"],
)  # fmt: skip
def test_shifts_that_touch_do_not_overlap(shifts: str) -> None:
    assert read(LEAST + shifts).shifts


def test_call_backs_have_defaults_that_disturb_nobody() -> None:
    config = read(LEAST + CALLS)
    assert config.call_backs is not None
    assert (config.call_backs.hours, config.call_backs.numbers) == ("08:30-20:30", ())
    assert config.call_backs.retry_after == (900.0, 3600.0, 10800.0)
    assert (config.call_backs.attempts, config.call_backs.deadline_hours) == (8, 24.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The desk
        (SIP + '[[agents]]\nnumber = "801"\n[desk]\n', r"g.toml:8: desk: no agent has a telephone to ring; .*"),
        (LEAST + '[desk]\nlisten = "127.0.0.1:5062"', r"g.toml:10: desk.listen: port 5062 is line sip1's, .*"),
        (LEAST + '[desk]\nlisten = "0.0.0.0:5062"', r"g.toml:10: desk.listen: port 5062 is line sip1's, .*"),
        (SIP + agents(5) + '[desk]\nlisten = "127.0.0.1:5061"', r"g.toml:22: desk.listen: .* 2 ports for its agents, 5061 to 5062 .*"),
        (SIP + "count = 9\n" + AGENT + '[desk]\nlisten = "127.0.0.1:5070"', r"g.toml:11: .*sip1-9's.*"),
        (SIP + agents(5) + '[desk]\nlisten = "127.0.0.1:65535"', r"g.toml:22: .*past port 65535; allowed here: at most port 65534"),
        (LEAST.replace('"sip1"', '"desk-1"'), r"g.toml:2: lines\[0\].id: desk-1 is a line of the desk's own; .*"),
        (LEAST + '[desk]\nkey_accounts = "none.csv"', r"g.toml:10: desk.key_accounts: no such file; .*"),
        (LEAST + '[desk]\npassword = "x"', r"g.toml:10: desk.password: a secret never .* password_file, .*"),
        (LEAST + '[desk]\nlog_in = "always"', r'g.toml:10: desk.log_in: is the text .*; allowed: "reachable" or "command"'),
        # Codes
        (LEAST + '[desk]\naway_code = "93"', r"g.toml:10: desk.away_code: is the text '93'; allowed: a \* and .*"),
        (LEAST + '[desk]\naway_code = "*94"', r"g.toml:10: desk.away_code: \*94 is that of back_code, .*"),
        (LEAST + '[desk]\nback_code = "*7"\naway_code = "*7"', r"g.toml:10: desk.back_code: \*7 is away_code's already; .*"),
        (LEAST + '[desk]\nlog_in_code = "*911"\nlog_out_code = "*91"', r"g.toml:11: desk.log_out_code: \*91 cannot be told from \*911 of log_in_code; .*"),
        (LEAST + '[desk]\nlog_in_code = "*9"', r"g.toml:10: desk.log_in_code: \*9 cannot be told from \*92 of log_out_code; .*"),
        (LEAST + '[desk]\nlog_in_code = "*13"', r"g.toml:10: desk.log_in_code: \*13 .* of phrases.nuisance; .*"),
        (LEAST + '[desk]\nlog_in_code = "*131"', r"g.toml:10: desk.log_in_code: \*131 cannot be told from \*13, .*"),
        (LEAST + '[desk]\nlog_in_code = "*1"', r"g.toml:10: desk.log_in_code: \*1 cannot be told from \*10, .*"),
        # Telephones
        (SIP + agents(1, "127.0.0.1:5062"), r"g.toml:8: agents\[0\].extension: 127.0.0.1:5062 is this gateway's own line sip1; .*"),
        (SIP.replace("5062", "5060") + agents(1, "localhost"), r"g.toml:8: agents\[0\].extension: localhost:5060 is .* sip1; .*"),
        (SIP + agents(1, "10.0.0.7"), r"g.toml:8: agents\[0\].extension: no packet gets to 10.0.0.7 from 127.0.0.1; .*"),
        (LEAST + AGENT.replace('number = "801"', 'number = "802"'), r"g.toml:11: agents\[1\].extension: user 801 is agent 801's; .*"),
        # Shifts
        (LEAST + SHIFT.replace("801", "809"), r"g.toml:10: shifts\[0\].agents\[0\]: no agent has the number 809; allowed: 801"),
        (LEAST + SHIFT.replace('["801"]', '["801", "801"]'), r"g.toml:10: shifts\[0\].agents\[1\]: agent 801 is there already; .*"),
        (LEAST + SHIFT.replace('["801"]', "[]"), r"g.toml:10: shifts\[0\].agents: is an empty list; .*"),
        (LEAST + SHIFT.replace("mon-fri", "mon-fry"), r"g.toml:11: shifts\[0\].days\[0\]: 'fry' is no day; allowed: .*"),
        (LEAST + SHIFT.replace("08:00", "8:00"), r"g.toml:12: shifts\[0\].from: '8:00' is no time of day; allowed: .*"),
        (LEAST + SHIFT.replace('"08:00"', "08:00:00"), r"g.toml:12: shifts\[0\].from: is no text in quotes; .*"),
        (LEAST + SHIFT.replace("16:30", "24:01"), r"g.toml:13: shifts\[0\].to: '24:01' is no time of day; .*"),
        (LEAST + SHIFT.replace("16:30", "08:00"), r"g.toml:13: shifts\[0\].to: is the same as from; .*"),
        (LEAST + SHIFT + "form = 1", r"g.toml:14: shifts\[0\].form: unknown key, did you mean from\? allowed: agents, days, from, to"),
        (LEAST + SHIFT.replace('to = "16:30"\n', ""), r"g.toml:9: shifts\[0\].to: is missing; allowed: a time .*"),
        (LEAST + SHIFT + SHIFT.replace("mon-fri", "wed").replace("08:00", "16:29").replace("to = \"16:30", "to = \"20:00"), r"g.toml:14: shifts\[1\]: agent 801 is on duty twice on wed, by shifts\[0\] too; .*"),
        (LEAST + SHIFT.replace("mon-fri", "sun").replace("08:00", "22:00").replace("16:30", "08:01") + SHIFT, r"g.toml:14: shifts\[1\]: agent 801 is on duty twice on mon, by shifts\[0\] too; .*"),
        (LEAST + SHIFT.replace("16:30", "07:59") + SHIFT.replace("mon-fri", "sat").replace("08:00", "07:58"), r"g.toml:14: shifts\[1\]: agent 801 is on duty twice on sat, .*"),
        # Call-backs
        (SIP + '[[agents]]\nnumber = "801"\n' + CALLS, r"g.toml:8: call_backs: no agent has a telephone, which is rung .*"),
        (LEAST + CALLS.replace('"sip1"', '"sip9"'), r"g.toml:10: call_backs.line: no line sip9; allowed: sip1"),
        (SIP + "count = 2\n" + AGENT + CALLS, r"g.toml:11: call_backs.line: no line sip1; allowed: sip1-1, sip1-2"),
        (LEAST + CALLS.replace("{number}", "801"), r"g.toml:11: call_backs.address: does not have \{number\} once, before the @; .*"),
        (LEAST + CALLS.replace("{number}@pbx", "a@{number}"), r"g.toml:11: call_backs.address: does not have .*"),
        (LEAST + CALLS.replace("sip:{", "{"), r"g.toml:11: call_backs.address: is not a SIP URI; .*"),
        (LEAST + '[call_backs]\nline = "sip1"\n', r"g.toml:9: call_backs.address: is missing, and line sip1 has no registrar; .*"),
        (LEAST + CALLS + 'prefix = "0"\n', r"g.toml:12: call_backs.prefix: is for a telephone line, but sip1 is a SIP line; .*"),
        (LEAST + FXO + CALLS.replace("sip1", "fxo1"), r"g.toml:15: call_backs.address: is for a SIP line, but fxo1 is .*"),
        (LEAST + CALLS + 'hours = "20:30-08:30"', r"g.toml:12: call_backs.hours: '20:30-08:30' are no hours of a day; .*"),
        (LEAST + CALLS + 'hours = "08:30"', r"g.toml:12: call_backs.hours: '08:30' are no hours of a day; .*"),
        (LEAST + CALLS + "retry_after = [900, 5]", r"g.toml:12: call_backs.retry_after\[1\]: is 5; allowed: .*"),
        (LEAST + CALLS + "deadline_hours = 48", r"g.toml:12: call_backs.deadline_hours: is 48, but JH-19 answers within 24 hours; .*"),
        (LEAST + CALLS + 'numbers = [".*"]', r"g.toml:12: call_backs.numbers\[0\]: '.\*' lets numbers through .*toll fraud.*; allowed: .*"),
        # Commands and recordings
        (LEAST + '[mqtt]\ncommand_key = "x"', r"g.toml:10: mqtt.command_key: a secret never .* command_key_file, or set SANSHENG_COMMAND_KEY"),
        (LEAST + "[recordings]\nretention_days = 0", r"g.toml:10: recordings.retention_days: is 0; allowed: days from 1 .*"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named_with_its_line(text: str, expected: str) -> None:
    told = faults(text)
    assert len(told) == 1, told
    assert re.fullmatch(expected, told[0]), told


def test_codes_of_desk_and_phrases_matter_only_where_somebody_has_a_telephone(tmp_path: Path) -> None:
    own = tmp_path / "own" / "dialplan.toml"
    own.parent.mkdir()
    own.write_text('base = "jihua-gas"\n[phrases.dialect]\ncode = "77"\n[phrases.nuisance]\ncode = "931"\n')
    text = 'dialplan = "own"\n'
    load_for(read(text + SIP + '[[agents]]\nnumber = "801"\n', file=tmp_path / "g.toml"))
    own.write_text('base = "jihua-gas"\n[phrases.nuisance]\ncode = "931"\n')
    with pytest.raises(ConfigErrors) as caught:
        load_for(read(text + LEAST, file=tmp_path / "g.toml"))
    message = "*931 cannot be told from *93, the desk's away_code; allowed: another code"
    assert str(caught.value) == f"{own}:3: phrases.nuisance.code: {message}"
    load_for(read(text + LEAST + '[desk]\naway_code = "*83"\n', file=tmp_path / "g.toml"))


def test_every_two_shifts_that_overlap_are_told_once() -> None:
    long, within, later = SHIFT, SHIFT.replace("16:30", "09:00"), SHIFT.replace("08:00", "16:00")
    told = faults(LEAST + long + within + later)
    assert [line.partition(" on duty")[0] for line in told] == [
        "g.toml:14: shifts[1]: agent 801 is",
        "g.toml:19: shifts[2]: agent 801 is",
    ]
    always = SHIFT.replace("mon-fri", "mon-sun").replace("08:00", "00:00").replace("16:30", "24:00")
    (line,) = faults(LEAST + always + SHIFT)
    assert "on duty twice on mon, by shifts[0] too" in line


def test_a_telephone_elsewhere_is_rung_from_an_address_elsewhere() -> None:
    config = read(SIP + agents(1, "10.0.0.7") + '[desk]\nlisten = "10.0.0.1:5070"\n')
    assert desk_lines(config)[0].host == "10.0.0.1"


def test_a_deadline_is_limited_by_the_clause_that_states_one() -> None:
    load_for(read('dialplan = "runfa-water"\n' + LEAST + CALLS + "deadline_hours = 48\n"))


@pytest.mark.parametrize(
    "pattern", ["400[0-9]{7}", "[2-8][0-9]{6,7}", "(0[1-9]|1)[0-9]{9}", r"95\d{3}", "100(00|86)"]
)
def test_a_pattern_that_says_how_a_number_begins_is_good(pattern: str) -> None:
    assert number_pattern(pattern) == pattern


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        *((pattern, "toll fraud") for pattern in [".*", ".+", r"\d+", "[0-9]{8}", "[0-9]{3,20}", r"^\d{11}$", "0.*|[1-9].*", ".{5}", r"1|\d{15}"]),
        *((pattern, "no regular expression") for pattern in ["(", "[9-0]", "4{3,1}"]),
        *((pattern, "more than digits") for pattern in ["(1+)+2", "([0-9]{2})*", "a.*", r"\w+", "(?=1)", "sip:1", "１"]),
    ],
)  # fmt: skip
def test_a_pattern_that_opens_every_number_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        number_pattern(pattern)


def test_the_key_of_commands_is_a_secret(tmp_path: Path) -> None:
    assert read(LEAST).mqtt.command_key is None
    assert (
        read(LEAST, {"SANSHENG_COMMAND_KEY": "hunter2hunter2hunter2"}).mqtt.command_key == "hunter2hunter2hunter2"
    )
    (tmp_path / "key").write_text("hunter3hunter3hunter3\n")
    named = LEAST + '[mqtt]\ncommand_key_file = "key"\n'
    config = read(named, {"SANSHENG_COMMAND_KEY": "hunter2hunter2hunter2"}, tmp_path / "g.toml")
    assert config.mqtt.command_key == "hunter3hunter3hunter3"
    assert "hunter3" not in repr(config)
    (tmp_path / "key").write_text("hunter3\nhunter3\n")
    with pytest.raises(
        ConfigErrors, match=r"g.toml:10: mqtt.command_key_file: the file .* the key alone"
    ) as caught:
        read(named, file=tmp_path / "g.toml")
    assert "hunter3" not in str(caught.value)
    with pytest.raises(ConfigErrors, match=r"mqtt.command_key_file: .* fewer than 16 bytes; .*openssl") as caught:
        read(LEAST, {"SANSHENG_COMMAND_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_the_desks_password_comes_from_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("hunter2\n")
    config = read(LEAST + '[desk]\npassword_file = "pw"\n', file=tmp_path / "g.toml")
    assert config.desk.password == "hunter2"
    with pytest.raises(ConfigErrors, match=r"g.toml:10: desk.password_file: the file it names cannot be used"):
        read(LEAST + '[desk]\npassword_file = "none"\n', file=tmp_path / "g.toml")


def test_check_reads_the_key_accounts_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "g.toml"
    config.write_text(LEAST + '[desk]\nkey_accounts = "accounts.csv"\n')
    table = tmp_path / "accounts.csv"
    table.write_text("number,rank\n13800138000,national\n")
    assert check(config, []) == 0
    table.write_text("number,rank\n13800138000,royal\n")
    assert check(config, []) == 1
    assert f"{table}:2: rank: " in capsys.readouterr().out
