"""`sansheng init` by its options, and `sansheng try` where there is nothing to call."""

import errno
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.main import app
from gateway.config import SipLineConfig, load_config

pytestmark = pytest.mark.unit

BARE = (
    "--yes",
    "--sip",
    "direct",
    "--pbx",
    "127.0.0.1:5099",
    "--telephones",
    "none",
    "--modem",
    "none",
    "--no-doctor",
)
WALLBOARD = ("--wallboard", "0.0.0.0:8080", "--wallboard-password-file")


def sansheng(*arguments: object, **environ: str) -> tuple[int, str, str]:
    env = {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **environ}
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "given"
    file.write_text("open-sesame\n")
    return file


def test_a_second_run_changes_nothing_and_another_answer_is_refused_or_kept_beside(
    tmp_path: Path, password: Path
) -> None:
    folder = tmp_path / "etc"
    first = (folder, *BARE, *WALLBOARD, password)
    code, out, err = sansheng("init", *first)
    assert (code, err) == (0, "")
    assert f"written: {folder}/gateway.toml" in out
    assert "sansheng try -c" in out
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert sorted(before) == ["gateway.toml", "wallboard.password"]
    code, out, _ = sansheng("init", *first)
    assert (code, out.count("unchanged: ")) == (0, 2), "the hash has a new salt and says the same"
    code, _, err = sansheng("init", *first, "--site", "jinan")
    assert code == 1
    assert "--replace keeps it as" in err
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    code, out, _ = sansheng("init", *first, "--site", "jinan", "--replace")
    assert code == 0
    assert (folder / "gateway.toml.bak").read_text() == before["gateway.toml"]
    assert load_config(folder / "gateway.toml").site == "jinan"


def test_a_dry_run_shows_everything_but_secrets_and_writes_nothing(tmp_path: Path, password: Path) -> None:
    code, out, _ = sansheng("init", tmp_path / "etc", *BARE, *WALLBOARD, password, "--dry-run", "--lang", "zh")
    assert code == 0
    assert 'listen = "0.0.0.0:8080"' in out
    assert "（密码，不显示）" in out
    assert "argon2" not in out
    assert [path.name for path in tmp_path.iterdir()] == ["given"]


def test_the_command_of_the_page_writes_what_it_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "first-call.md").read_text()
    (block,) = re.findall(r"^sansheng (init /etc/sansheng --yes .*?)^```", page, re.MULTILINE | re.DOTALL)
    words = shlex.split(block.replace("\\\n", " "))
    words = [str(tmp_path) if word == "/etc/sansheng" else word for word in words if word != "--service"]
    code, _, err = sansheng(*words, "--modem", "none", "--no-doctor")
    assert (code, err) == (0, "")
    config = load_config(tmp_path / "gateway.toml")
    (line,) = config.lines
    assert isinstance(line, SipLineConfig)
    assert (line.listen, line.count, line.calls) == ("192.0.2.10:5062", 25, 4)
    assert [agent.extension for agent in config.agents] == ["sip:801@192.0.2.5", "sip:802@192.0.2.5"]


def test_a_password_comes_from_the_environment_too(tmp_path: Path) -> None:
    arguments = (tmp_path, *BARE, "--sip", "register")
    code, _, err = sansheng("init", *arguments)
    assert (code, "--sip-password-file" in err) == (2, True)
    code, _, _ = sansheng("init", *arguments, SANSHENG_SIP1_PASSWORD="open-sesame")
    assert code == 0
    assert (tmp_path / "sip1.password").read_text() == "open-sesame\n"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--lang", "fr"), "zh, en"),
        (("--parameter", "organisation"), "NAME=TEXT"),
        (("--service",), "the service needs root and the folder /etc/sansheng"),
        (("--wallboard", "0.0.0.0:80", "--wallboard-password-file", "/nowhere"), "/nowhere cannot be read"),
        (("--callers", "4000"), "--callers: '4000'"),
    ],
)
def test_wrong_usage_is_told_and_writes_nothing(tmp_path: Path, wrong: tuple[str, ...], told: str) -> None:
    code, _, err = sansheng("init", tmp_path, *BARE, *wrong)
    assert code == 2
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, err = sansheng("init", tmp_path / "file" / "etc", *BARE)
    assert code == 1
    assert err.endswith("nothing was written. Name another folder: sansheng init FOLDER\n")


@pytest.mark.parametrize(
    ("inside", "command"), [(False, "sudo sansheng init {folder}; or"), (True, "sudo sansheng init; or")]
)
def test_a_folder_that_belongs_to_another_is_told_with_the_command_that_may(
    tmp_path: Path, inside: bool, command: str
) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path / ".gateway.toml.x7"))

    with pytest.MonkeyPatch.context() as system:
        system.chdir(folder if inside else tmp_path)
        system.setattr(Path, "mkdir", refused)
        code, _, err = sansheng("init", folder, *BARE)
    assert code == 1
    assert f"{folder}/gateway.toml cannot be written: Permission denied" in err
    assert f"nothing was written. Run: {command.format(folder=folder)}" in err
    assert err.endswith("name a folder of your own: sansheng init FOLDER\n")


def test_a_standard_of_ones_own_that_is_not_good_is_told_by_its_lines(tmp_path: Path) -> None:
    (tmp_path / "dialplan.toml").write_text('base = "jihua-gas"\nnonsense = 1\n')
    code, out, _ = sansheng("init", tmp_path / "etc", *BARE, "--dialplan", tmp_path)
    assert code == 1
    assert f"{tmp_path}/dialplan.toml:2: nonsense" in out


def test_try_tells_what_is_in_its_way(tmp_path: Path) -> None:
    config = tmp_path / "gateway.toml"
    sip = '[[lines]]\nid = "sip1"\ndriver = "sip"\nlisten = "127.0.0.1:5999"\naor = "sip:8801@127.0.0.1"\n'
    config.write_text('[[lines]]\nid = "fxo1"\ndriver = "fxo"\nport = "/dev/ttyS0"\n')
    assert "dial the modem's telephone number" in sansheng("try", "-c", config)[2]
    config.write_text(sip)
    assert "is the gateway running? sansheng run -c" in sansheng("try", "-c", config)[2]
    assert "allowed: sip1" in sansheng("try", "sip9", "-c", config)[2]
    config.write_text(f'{sip}allow = ["192.0.2.5"]\n')
    code, _, err = sansheng("try", "-c", config)
    assert (code, "has no 127.0.0.1" in err) == (1, True)
