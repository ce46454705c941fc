"""Files that cannot be read, or mean nothing: a line each, with file, line and cure, and never a traceback."""

# ruff: noqa: E501 - the tables of faults read best with a row on a line

import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli.check import check
from gateway.config import ConfigErrors
from gateway.config.document import parse_document
from gateway.config.places import SHIPPED_DIALPLANS, shipped_dialplans
from gateway.dialplan import load_dialplan
from gateway.dialplan.load import dialplan_of
from tests.rights import as_nobody

pytestmark = pytest.mark.unit

SHIPPED = {name: (SHIPPED_DIALPLANS / name / "dialplan.toml").read_text() for name in shipped_dialplans()}

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Puts dialplans into folders here: `write(mine='base = "jihua-gas"')`."""
    monkeypatch.chdir(tmp_path)

    def put(**texts: str | bytes) -> None:
        for name, text in texts.items():
            Path(name).mkdir(exist_ok=True)
            file = Path(name) / "dialplan.toml"
            file.write_bytes(text if isinstance(text, bytes) else text.encode())

    return put


def told(name: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `sansheng check` prints of a dialplan with faults."""
    assert check(None, [name]) == 1
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('base = "jihua-gas"\n[phrases]\nx = "a"\n', r":3: phrases.x: is the text 'a'; allowed: a table with clause, text, .*"),
        ('base = "jihua-gas"\n[greeting\n', r":2: not valid TOML: .*"),
        ('base = "jihua-gas"\nbase = "x"\n', r":2: not valid TOML: .*"),
        ('base = "jihua-gas"\n\n[waiting]\nevery = 15,0\n', r":4: not valid TOML: .*"),
        (b'base = "jihua-gas"\n\x00\n', r":2: not valid TOML: .*"),
        (b"title = '\xe9'\n", r":1: not UTF-8 text; save the file as UTF-8"),
        (b"# " + b"x" * 1_000_000, r":1: larger than 1000000 bytes; .*"),
        ("a" + ".a" * 100_000 + " = 1", r":1: values are nested too deep; .*"),
        ('base = "jihua-gas"\n[' + ".".join(["holidays"] * 40) + "]", r":2: values are nested too deep; .*"),
        ('base = "jihua-gas"\nholidays = ' + "[" * 5000 + "]" * 5000, r":2: values are nested too deep; .*"),
        ('base = "jihua-gas"\nholidays = ' + "{a=" * 200 + "1" + "}" * 200, r":2: holidays.a.a: unknown key; .*"),
        (f'base = "jihua-gas"\n[answer]\non_ring = {"9" * 5000}', r":3: holds a number too large to read"),
        (f'base = "jihua-gas"\n[waiting]\nevery = {"9" * 400}', r":3: waiting.every: is 9{60}…; allowed: .*"),
        ('base = "jihua-gas"\n[waiting]\nevery = nan', r":3: waiting.every: is nan; allowed: seconds .*"),
        ('base = "jihua-gas"\n[waiting]\nlimit = inf', r":3: waiting.limit: is inf; allowed: seconds .*"),
        ('base = "jihua-gas"\n[answer]\nclause = "JH-1"\non_ring = "2"', r":4: answer.on_ring: is the text '2'; .*"),
        ('base = "jihua-gas"\nwaiting = 3', r":2: waiting: is 3; allowed: a table \[waiting\]"),
        ('base = "jihua-gas"\n[[waiting]]', r":2: waiting: is a list; allowed: a table \[waiting\]"),
        ('base = "jihua-gas"\n[silent_line]\nsteps = [["a"], "x"]', r":3: silent_line.steps\[0\]: is a list; .*"),
        ('base = 3', r":1: base: is no name; allowed: a shipped .*"),
        ('base = ""', r":1: base: is no name; allowed: a shipped .*"),
        ('title = "x"\nbase = "nix"', r":2: base: no such dialplan 'nix'; allowed: .*jihua-gas.*"),
        ('base = "a\\u0000b"', r":1: base: no such dialplan .*; allowed: .*jihua-gas.*"),
        ('base = "."', r":1: base: goes in a circle: x → x; allowed: a base without one"),
        ('without = ["menu"]', r":1: without: needs a base; allowed: both, or neither"),
        ('base = "jihua-gas"\nwithout = [\n  "greeting.nix",\n]', r":3: without\[0\]: the base has no 'greeting.nix'; .*"),
        ('base = "jihua-gas"\nwithout = ["trainee_greeting", "trainee_greeting"]', r":2: without\[1\]: the base has no .*"),
        ('base = "jihua-gas"\nwithout = "greeting"', r":2: without: is the text 'greeting'; allowed: a list .*"),
        ('base = "jihua-gas"\nwithout = ["greeting"]', r":2: greeting: is missing; allowed: a table \[greeting\]"),
        ('base = "jihua-gas"\n[greeting]\ntext = "您好,{nix}"', r":3: greeting.text: '\{nix\}' is not in \[parameters\]; .*"),
        ('base = "jihua-gas"\n[greeting]\ntext = "您好,{Nix}"', r":3: greeting.text: '\{Nix\}' is no placeholder; .*"),
        ('base = "jihua-gas"\n[parameters]\na = ""\n[further]\ntext = "{a}。"', r":5: further.text: has nothing to say once .*"),
        ('base = "jihua-gas"\n[parameters]\nagent = "7"', r":3: parameters.agent: 'agent' is the agent's number always; .*"),
        ('base = "jihua-gas"\n[parameters]\nA = "7"', r":3: parameters.A: cannot be called 'A'; allowed: a name of small .*"),
        ('base = "jihua-gas"\n[parameters]\na = "{b}"', r":3: parameters.a: holds a placeholder itself; allowed: .*"),
        ('base = "jihua-gas"\n[calendar]\n2026-02-30 = "workday"', r":3: calendar.2026-02-30: '2026-02-30' is no date that exists; .*"),
        ('base = "jihua-gas"\n[calendar]\n20260217 = "workday"', r":3: calendar.20260217: '20260217' is no date .*"),
        ('base = "jihua-gas"\n[phrases.who]\nclause = "HG-1"\ntext = "我是{agent}号"\n[phrases.who_part1]\nclause = "HG-1"\ntext = "您好"', r":7: phrases.who_part1.text: its recording would be phrase-who-part1.wav, as of phrases.who.text; allowed: another name"),
        ('base = "jihua-gas"\n[calendar]\n2026-W08-2 = "workday"', r":3: calendar.2026-W08-2: '2026-W08-2' is no date .*"),
        ('base = "jihua-gas"\n[calendar]\n2026-02-17 = "spring_feast"', r":3: calendar.2026-02-17: 'spring_feast' is no holiday, did you mean spring_festival\?.*"),
        ('base = "jihua-gas"\n[calendar]\n2026-02-17 = 1', r":3: calendar.2026-02-17: is 1; allowed: .*"),
        ('base = "jihua-gas"\n[holidays.a]\ndate = "02-31"', r":3: holidays.a.date: is 02-31: .* month 2 never has a day 31; .*"),
        ('base = "jihua-gas"\n[holidays.a]\nlunar = "01-31"', r":3: holidays.a.lunar: is 01-31: .*"),
        ('base = "jihua-gas"\n[holidays.a]\nlunar = "13-01"', r":3: holidays.a.lunar: is the text '13-01'; .*"),
        ('base = "jihua-gas"\n[holidays.a]\ndate = 2026-01-01', r":3: holidays.a.date: is 2026-01-01; .*"),
        ('base = "jihua-gas"\n[holidays.a]\ndate = "01-01"\nlunar = "01-01"', r":4: holidays.a.lunar: stands beside date; .*"),
        ('base = "jihua-gas"\n[holidays.workday]\ndate = "01-01"', r":2: holidays.workday: 'workday' means an ordinary day .*"),
        ('base = "tietong-keyaccount"\n[menu]\notherwise = "9"', r":3: menu.otherwise: '9' is not defined in \[menu.choices\]; .*"),
        ('base = "tietong-keyaccount"\n[menu]\notherwise = "A"', r":3: menu.otherwise: is the text 'A'.*"),
        ('base = "tietong-keyaccount"\n[menu.choices.12]\nkind = "x"', r":2: menu.choices.12: cannot be called '12'; allowed: .*0 to 9.*"),
        ('base = "tietong-keyaccount"\n[menu.choices.1]\nflow = "nix"', r":3: menu.choices.1.flow: 'nix' is not defined in \[flows\]; .*"),
        ('base = "jihua-gas"\nflow = "nix"', r":2: flow: 'nix' is not defined in \[flows\]; .*"),
        ('base = "jihua-gas"\n[phrases.dialect]\ncode = "13"', r":3: phrases.dialect.code: 13 is phrases.nuisance's already; .*"),
        ('base = "jihua-gas"\n[phrases.sorry_for_waiting]\ncode = "10"', r":3: phrases.sorry_for_waiting.code: 10 is phrases.farewell_enquiry's already; .*"),
        ('base = "jihua-gas"\n[phrases.dialect]\ncode = "1"', r":3: phrases.dialect.code: 1 cannot be told from 10 of phrases.farewell_enquiry; .*"),
        ('base = "jihua-gas"\n[phrases.dialect]\ncode = "0912"', r":3: phrases.dialect.code: 0912 cannot be told from 09 of .*"),
        ('base = "jihua-gas"\n"\\u001b[31m\\u202e" = 1', r":2: \ufffd\[31m\ufffd: unknown key; allowed: .*"),
        (f'base = "jihua-gas"\n{"k" * 9000} = 1', r":2: k{120}…: unknown key; allowed: .*"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_one_line(
    write: Write, capsys: pytest.CaptureFixture[str], text: str | bytes, expected: str
) -> None:
    write(x=text)
    (line,) = told("x", capsys)
    assert re.fullmatch(r"x/dialplan\.toml" + expected, line), line


class TestBases:
    def test_a_circle_of_two(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write(a='base = "../b"', b='title = "x"\nbase = "../a"')
        assert told("a", capsys) == [
            "b/dialplan.toml:2: base: goes in a circle: a → b → a; allowed: a base without one"
        ]

    def test_a_chain_of_twenty(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write(**{f"c{number}": f'base = "../c{number + 1}"' for number in range(20)}, c20='base = "jihua-gas"')
        (line,) = told("c0", capsys)
        assert line.startswith("c8/dialplan.toml:1: base: one base too many: c0 → c1 → ")
        assert load_dialplan("c13").document.files[-1].parent.name == "jihua-gas"

    def test_a_circle_through_links(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write(a='base = "../b"')
        Path("b").symlink_to("a")
        (line,) = told("a", capsys)
        assert re.match(r"[ab]/dialplan.toml:1: base: goes in a circle: ", line)

    def test_the_bases_own_faults_are_in_its_file(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write(
            below='base = "jihua-gas"\n[waiting]\nevery = "x"\nlong = -1.0',
            mine='base = "../below"\nspeaking_rate = 1',
        )
        assert [line.split(": ")[0:2] for line in told("mine", capsys)] == [
            ["below/dialplan.toml:3", "waiting.every"],
            ["below/dialplan.toml:4", "waiting.long"],
            ["mine/dialplan.toml:2", "speaking_rate"],
        ]

    def test_what_the_base_cannot_be_read_for(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        write(below='base = "jihua-gas"\n[waiting', mine='base = "../below"')
        (line,) = told("mine", capsys)
        assert line.startswith("below/dialplan.toml:2: not valid TOML: ")

    def test_what_mine_says_better_is_no_fault(self, write: Write) -> None:
        write(
            below='base = "jihua-gas"\n[waiting]\nevery = "x"', mine='base = "../below"\n[waiting]\nevery = 15.0'
        )
        assert check(None, ["mine"]) == 0

    def test_a_table_taken_away_is_blamed_where_that_is_said(
        self, write: Write, capsys: pytest.CaptureFixture[str]
    ) -> None:
        write(
            below='base = "jihua-gas"\nwithout = [\n  "trainee_greeting",\n  "hang_up.clause",\n]',
            mine='base = "../below"',
        )
        (line,) = told("mine", capsys)
        assert line.startswith("below/dialplan.toml:4: hang_up.clause: is missing; ")


def test_a_base_cannot_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "dialplan.toml").write_text('base = "runfa-water"\nwithout = ["base"]\n')
    with pytest.raises(ConfigErrors) as refused:
        load_dialplan(tmp_path)
    assert [fault.line for fault in refused.value.faults] == [2]


class TestPlaces:
    @pytest.mark.parametrize(
        "name",
        ["nix", "", "\0", "a" * 5000, "\udcff", "/dev/null", "/dev/zero", "/proc/self/mem", "a\nb", "\x1b[31m"],
    )
    def test_no_dialplan_there(self, name: str, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        (line,) = told(name, capsys)
        assert ":1: no such dialplan; allowed: " in line

    def test_a_folder_in_place_of_the_file(self, write: Write, capsys: pytest.CaptureFixture[str]) -> None:
        (Path("x") / "dialplan.toml").mkdir(parents=True)
        (line,) = told("x", capsys)
        assert line.startswith("x:1: no such dialplan; ")

    @pytest.mark.parametrize("locked", ["x", "x/dialplan.toml"])
    def test_no_permission(
        self, locked: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            monkeypatch.chdir(folder)
            Path("x").mkdir()
            Path("x/dialplan.toml").write_text('base = "jihua-gas"')
            Path(locked).chmod(0)
            with as_nobody():
                (line,) = told("x", capsys)
            Path(locked).chmod(0o700)
            monkeypatch.undo()
        assert re.match(r"x(/dialplan.toml)?:1: (no such dialplan|cannot be read)", line)

    def test_a_config_that_is_a_folder(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert check(tmp_path, []) == 1
        assert capsys.readouterr().out.startswith(f"{tmp_path}:1: cannot be read (Is a directory); ")

    def test_a_config_of_somebody_else(self, capsys: pytest.CaptureFixture[str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            (file := Path(folder) / "gateway.toml").write_text("")
            file.chmod(0)
            with as_nobody():
                assert check(file, []) == 1
        (line, *_) = capsys.readouterr().out.splitlines()
        assert line.startswith(f"{file}:1: cannot be read (Permission denied); run it as who may: root, or ")
        assert f"chgrp sansheng {file}" in line

    def test_a_dialplan_of_somebody_else(self, capsys: pytest.CaptureFixture[str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            (own := Path(folder) / "own").mkdir()
            (own / "dialplan.toml").write_text('base = "jihua-gas"\n')
            (config := Path(folder) / "gateway.toml").write_text(f'dialplan = "own"\n{LINES}')
            own.chmod(0o700)
            with as_nobody():
                assert check(config, []) == 1
        (line, *_) = capsys.readouterr().out.splitlines()
        assert line.startswith(f"{own}/dialplan.toml:1: cannot be read (Permission denied); run it as who may")


LINES = '[[lines]]\nid = "a"\ndriver = "fxo"\nport = "/dev/x"\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('dialplan = "service-desk"\n[parameters]\nname = "x"', [r":3: parameters.name: no parameter of dialplan service-desk; allowed: .*"]),
        ('[parameters]\na = "x"', [r":2: parameters.a: no parameter of dialplan jihua-gas; allowed: none"]),
        ('dialplan = "service-desk"\n[parameters]\norganisation = "{agent}"', [r":3: parameters.organisation: .*"]),
        ('dialplan = "service-desk"\n[parameters]\norganisation = "a\\nb"', [r":3: parameters.organisation: .*"]),
        ('dialplan = "service-desk"\n[parameters]\norganisation = 3', [r":3: parameters.organisation: is 3; .*"]),
        ('dialplan = "runfa-water"\n[answer]\non_ring = 3', [r":3: answer.on_ring: is 3, but WD-1 permits ring 2 at the latest; .*"]),
        (
            'dialplan = "service-desk"\n[answer]\non_ring = 9\n[parameters]\nx = "x"',
            [r":3: answer.on_ring: is 9; allowed: 1, 2 or 3; .*"],
        ),
        (
            'dialplan = "service-desk"\n[parameters]\nx = "x"\norganisation = "随便"',
            [r":3: parameters.x: no parameter .*", r":4: parameters.organisation: in greeting.text, 「随便」 .*"],
        ),
    ],
)  # fmt: skip
def test_a_config_that_means_another_dialplan(
    text: str, expected: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "g.toml"
    file.write_text(f"{text}\n{LINES}")
    assert check(file, []) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(re.escape(str(file)) + pattern, line), line


def test_faults_of_config_and_dialplans_come_by_file_and_line_each_once(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    write(x='base = "jihua-gas"\n[further]\ntext = "随便?"\n[answer]\nring_limit = 4')
    Path("g.toml").write_text(f'dialplan = "x"\n[answer]\non_ring = 3\n{LINES}profile = "nix"\n')
    assert check(Path("g.toml"), ["x"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0].rpartition("/")[2] for line in lines if "g.toml" in line] == ["g.toml:8"]
    here = [line.split(": ")[0] for line in lines if line.startswith("x/")]
    assert here == ["x/dialplan.toml:3", "x/dialplan.toml:3", "x/dialplan.toml:5"]


# -- anything at all ---------------------------------------------------------------------------------------------


def loads_or_tells(name: str, text: str) -> None:
    """Read it: either works, or tells faults on lines that its files have."""
    file = Path("mine/dialplan.toml")
    lengths = {SHIPPED_DIALPLANS / other / "dialplan.toml": len(t.splitlines()) for other, t in SHIPPED.items()}
    lengths[file] = max(1, text.count("\n") + 1)
    try:
        dialplan_of(parse_document(file, text), thorough=True)
    except ConfigErrors as errors:
        for fault in errors.faults:
            assert 1 <= fault.line <= lengths[fault.file]
            assert "\n" not in str(fault)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str]:
    """A shipped file with some of its lines deleted, doubled, moved, or put in the place of others."""
    name = draw(st.sampled_from(sorted(SHIPPED)))
    lines = SHIPPED[name].splitlines()
    foreign = [line for text in SHIPPED.values() for line in text.splitlines() if line.strip()]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["delete", "double", "move", "replace", "cut", "value"])):
            case "delete":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "move":
                lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case "replace":
                lines[at] = draw(st.sampled_from(foreign))
            case "cut":
                lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
            case _:
                value = draw(
                    st.sampled_from(["1", "-1", "0.5", "nan", "true", '""', '"x"', "[]", "{}", '["x"]', '"1"'])
                )
                lines[at] = f"{lines[at].partition('=')[0]}= {value}"
        if not lines:
            break
    return name, "\n".join(lines)


@given(mutated())
def test_a_shipped_file_changed_by_accident_loads_or_is_told(case: tuple[str, str]) -> None:
    loads_or_tells(*case)


@given(st.lists(st.sampled_from(["greeting", "greeting.text", "holidays", "flows", "menu", "texts", "questions", "waiting", "phrases", "silent_line.final", "silent_line.steps", "parameters", "language", "answer.clause", "calendar"]), max_size=4, unique=True), st.sampled_from(sorted(SHIPPED)))  # fmt: skip
def test_whatever_is_left_out_of_a_base_loads_or_is_told(names: list[str], base: str) -> None:
    loads_or_tells("", f'base = "{base}"\nwithout = {names!r}\n')
