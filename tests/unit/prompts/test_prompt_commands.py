"""`sansheng prompts build|check|import|list` as typed: what they print, and their exit codes."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner, Result

from drivers.hearing.wav import read_wav
from gateway.cli.main import app
from gateway.prompts import PromptBook
from gateway.prompts.speech_level import RATE
from tests.unit.prompts.studio import JIHUA, own_dialplan, record, talent, tone
from tests.unit.voice.piper_model import TONE, write_model

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a dialplan `own`, its digits and all else of a tone, and an empty `studio`."""
    monkeypatch.chdir(tmp_path)
    own = own_dialplan(tmp_path / "own")
    for segment, _, _ in PromptBook(own, tmp_path).listing():
        record(own, segment.key, tone(len(segment.spoken) / 2))
    (tmp_path / "studio").mkdir()
    return tmp_path


def sansheng(*arguments: str) -> Result:
    result = CliRunner().invoke(app, ["prompts", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_build_with_a_piper_model_tells_how_the_gateway_gets_it(here: Path) -> None:
    (here / "own" / "prompts" / "further.wav").unlink()
    model = write_model(here)
    result = sansheng("build", "own", "--piper", "tone.onnx")
    assert result.exit_code == 0
    assert (
        f'the gateway itself speaks with voice = "cmn"; for this one say voice = "piper:{model}"' in result.stdout
    )
    assert len(list((here / "var" / "prompts").iterdir())) == 1
    again = sansheng("build", "own", "--piper", "tone.onnx")
    assert again.stdout == result.stdout
    assert len(list((here / "var" / "prompts").iterdir())) == 1


def test_a_dialplan_may_name_the_model(here: Path) -> None:
    """The path counts from the folder of the dialplan that names it."""
    write_model(here / "own")
    own_dialplan(here / "own", JIHUA.replace('voice = "cmn"', 'voice = "piper:tone.onnx"'))
    (here / "own" / "prompts" / "further.wav").unlink()
    assert sansheng("build", "own").exit_code == 0
    (made,) = (here / "var" / "prompts").iterdir()
    samples = read_wav(made)
    assert np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples) == pytest.approx(TONE, abs=2)
    own_dialplan(here / "heir", 'base = "../own"\n')
    assert sansheng("build", "heir").exit_code == 0
    assert list((here / "var" / "prompts").iterdir()) == [made]
    # Named the same, it is the gateway's own voice, and nothing is left to say.
    assert "for this one say" not in sansheng("build", "own", "--piper", "own/tone.onnx").stdout


def test_a_model_that_the_dialplan_names_is_told_on_its_line(here: Path) -> None:
    own_dialplan(here / "own", JIHUA.replace('voice = "cmn"', 'voice = "piper:nix.onnx"'))
    (here / "own" / "prompts" / "further.wav").unlink()
    result = sansheng("build", "own")
    assert result.exit_code == 1
    assert re.match(r"own/dialplan.toml:\d+: voice: .*own/nix.onnx: cannot be read \(No such file", result.stdout)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read (No such file or directory)"), (b"no model", "not a Piper model")],
)
def test_a_model_that_is_none_is_told_in_one_line(here: Path, content: bytes | None, message: str) -> None:
    (here / "own" / "prompts" / "further.wav").unlink()
    if content is not None:
        write_model(here).write_bytes(content)
    result = sansheng("build", "own", "--piper", "tone.onnx")
    assert result.exit_code == 1
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{here / 'tone.onnx'}: ")
    assert message in line


def test_people_alone_need_no_model(here: Path) -> None:
    assert sansheng("build", "own", "--piper", "nix.onnx").exit_code == 0


def test_check_shows_a_table_and_then_the_faults() -> None:
    result = sansheng("check", "own")
    assert result.exit_code == 0
    assert re.search(r"further +own +6\.\d +1\d\d +-20\.\d +-1\d\.\d +0\.0\d 0\.0\d +0\.0% +good", result.stdout)
    assert "own/dialplan.toml: good: 43 recordings" in result.stdout


def test_check_of_faulty_recordings(here: Path) -> None:
    own = own_dialplan(here / "own")
    record(own, "further", tone(1.0, 100))
    record(own, "farwell", tone(1.0))
    result = sansheng("check", "own")
    assert result.exit_code == 1
    assert re.search(r"further +own .* too soft, too fast", result.stdout)
    lines = [line for line in result.stdout.splitlines() if ".wav:1: " in line]
    assert [line.split(": ")[0] for line in lines] == [
        *[str(own.folder / "prompts" / "further.wav:1")] * 2,
        str(own.folder / "prompts" / "farwell.wav:1"),
    ]


def test_check_as_json_is_one_object_a_line(here: Path) -> None:
    record(own_dialplan(here / "own"), "further", tone(1.0, 100))
    result = sansheng("check", "own", "--json")
    rows = {row["prompt"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1
    assert [row["prompt"] for row in rows.values() if not row["good"]] == ["further"]
    assert rows["further"]["level_dbfs"] == pytest.approx(-53.3, abs=0.2)
    assert rows["digits"]["origin"] == "joined"


def test_import_converts_and_checks(here: Path) -> None:
    soundfile.write("studio/further.flac", talent("请问还有其他需要咨询的吗?"), 44100)
    soundfile.write("studio/silent-1.wav", talent("您的电话已接通您的电话已接通您的电话已接通"), 44100)
    soundfile.write("studio/digit-0.wav", np.zeros(100), 8000)
    result = sansheng("import", "studio", "own")
    assert result.exit_code == 1
    assert re.search(r"further +replaced .* good", result.stdout)
    assert re.search(r"silent-1 +replaced .* too slow", result.stdout)
    assert "studio/digit-0.wav:1: holds nothing but silence" in result.stdout
    assert f"{here / 'own' / 'prompts'}: 2 replaced; not imported: 1" in result.stdout


def test_import_of_digits_shows_them_joined() -> None:
    for digit, spoken in enumerate("零幺二三四五六七八九"):
        soundfile.write(f"studio/digit-{digit}.wav", talent(spoken), 44100)
    result = sansheng("import", "studio", "own", "--json")
    rows = {row["prompt"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert len(rows) == 10 + len(["greeting (801)", "phrase-number-only (801)", "digits"])
    assert rows["digits"]["characters"] == 10
    assert rows["digit-0"]["origin"] == "replaced"


def test_import_for_a_shipped_dialplan_needs_a_place(here: Path) -> None:
    soundfile.write("studio/further.wav", talent("请问还有其他需要咨询的吗?"), 44100)
    refused = sansheng("import", "studio")
    assert refused.exit_code == 1
    assert "jihua-gas came with the product" in refused.stdout
    assert sansheng("import", "studio", "jihua-gas", "--to", "new/place").exit_code == 0
    assert [file.name for file in (here / "new" / "place").iterdir()] == ["further.wav"]


def test_a_place_that_cannot_be_is_told_in_one_line() -> None:
    soundfile.write("studio/further.wav", talent("请问还有其他需要咨询的吗?"), 44100)
    result = sansheng("import", "studio", "own", "--to", "x" * 300)
    assert result.exit_code == 1
    fault, summary = result.stdout.splitlines()
    assert "further.wav:1: cannot be written (File name too long); free or permit the folder" in fault
    assert summary.endswith(": nothing imported; not imported: 1")


def test_names_that_are_no_text_are_told(here: Path) -> None:
    soundfile.write("studio/further.wav", talent("请问还有其他需要咨询的吗?"), 44100)
    odd = os.fsencode(here) + b"/studio/f\xff[red].wav"
    Path(os.fsdecode(odd)).write_bytes(b"RIFF")
    result = sansheng("import", "studio", "own")
    assert result.exit_code == 1
    assert "studio/f\ufffd[red].wav:1: fits no prompt" in result.stdout
    Path(os.fsdecode(odd)).rename(here / "own" / "prompts" / os.fsdecode(b"f\xff[red].wav"))
    assert re.search(r"f\ufffd\[red\] +stray .* fits no prompt", sansheng("check", "own").stdout)
    assert json.loads(sansheng("check", "own", "--json").stdout.splitlines()[-1])["prompt"] == "f\ufffd[red]"


def test_list_aligns() -> None:
    result = sansheng("list", "own")
    columns = {line.index(" own ") for line in result.stdout.splitlines()}
    assert len(columns) == 1
    assert len(result.stdout.splitlines()) == len({line.split()[0] for line in result.stdout.splitlines()})


def test_recorded_and_missing_is_told_by_every_command(here: Path) -> None:
    own_dialplan(here / "own", JIHUA.replace('voice = "cmn"', 'voice = "recorded"'))
    assert sansheng("build", "own").exit_code == 0
    (here / "own" / "prompts" / "further.wav").unlink()
    for command in ("build", "check"):
        result = sansheng(command, "own")
        assert result.exit_code == 1
        assert "further.text: recording further.wav is missing" in result.stdout
    assert re.search(r"further +missing ", sansheng("list", "own").stdout)


def test_what_the_config_says_is_blamed_on_the_config(here: Path) -> None:
    line = '[[lines]]\nid = "a"\ndriver = "fxo"\nport = "/dev/x"\n'
    parameters = '[parameters]\npromised_time = "我不知道"\n'
    (here / "gateway.toml").write_text(f'dialplan = "service-desk"\n{parameters}{line}', encoding="utf-8")
    result = sansheng("list", "-c", "gateway.toml")
    assert result.exit_code == 1
    assert result.stdout.startswith("gateway.toml:3: parameters.promised_time: ")
