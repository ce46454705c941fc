"""Recordings that `sansheng check` finds wanting, each at its text's line with its clause."""

from pathlib import Path

import numpy as np
import pytest

from gateway.cli.check import check
from gateway.dialplan import Dialplan
from tests.unit.prompts.studio import own_dialplan, record, tone

pytestmark = pytest.mark.unit

BASE = 'base = "jihua-gas"\n'
SOUND = tone(1.0)
NUMBER = [f"digit-{digit}" for digit in range(10)]


def told(dialplan: Dialplan, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert check(None, [str(dialplan.folder)]) == 1
    return capsys.readouterr().out.splitlines()


def test_nobody_recorded_anything_and_a_voice_speaks(tmp_path: Path) -> None:
    assert check(None, [str(own_dialplan(tmp_path, BASE).folder)]) == 0


def test_a_missing_recording_where_people_alone_speak(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dialplan = own_dialplan(tmp_path, f'{BASE}voice = "recorded"\n[further]\ntext = "请问还有吗?"\n')
    lines = told(dialplan, capsys)
    (further,) = [line for line in lines if "further" in line]
    assert further.startswith(
        f"{tmp_path}/dialplan.toml:4: further.text: recording further.wav is missing (JH-10), "
    )
    assert any(
        "dialplans/jihua-gas/dialplan.toml:" in line and "silent-1.wav is missing (JH-6)" in line for line in lines
    )
    record(dialplan, "further", SOUND)
    assert not any("further.wav" in line for line in told(dialplan, capsys))


def test_a_sentence_in_two_voices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dialplan = own_dialplan(tmp_path, f'{BASE}[greeting]\ntext = "您好!{{agent}}号为您服务"\n')
    record(dialplan, "greeting-part1", SOUND)
    record(dialplan, "further", SOUND)
    (line,) = told(dialplan, capsys)
    assert line.startswith(
        f"{tmp_path}/dialplan.toml:3: greeting.text: is said in two voices (JH-3), as digit-0.wav, digit-1.wav, "
    )
    assert "greeting-part2.wav is not recorded; allowed: " in line
    record(dialplan, "greeting-part2", SOUND)
    for name in NUMBER:
        record(dialplan, name, SOUND)
    back, line = told(dialplan, capsys)  # the other sentences with a number have their digits now
    assert "call_back.read_back: is said in two voices (JH-19), as call-back-read-back.wav is not " in back
    assert "phrases.number_only.text: is said in two voices (JH-18), as phrase-number-only-part1.wav, " in line
    record(dialplan, "phrase-number-only-part1", SOUND)
    record(dialplan, "phrase-number-only-part2", SOUND)
    record(dialplan, "call-back-read-back", SOUND)
    assert check(None, [str(tmp_path)]) == 0


def test_a_sentence_that_every_agent_said_himself_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dialplan = own_dialplan(tmp_path / "mine", BASE)
    record(dialplan, "greeting-part1", SOUND)
    record(dialplan, "greeting-801", SOUND)
    config = tmp_path / "g.toml"
    agents = '[[agents]]\nnumber = "801"\n'
    config.write_text(f'dialplan = "mine"\n[[lines]]\nid = "a"\ndriver = "fxo"\nport = "/dev/x"\n{agents}')
    assert check(config, []) == 0
    config.write_text(config.read_text() + '[[agents]]\nnumber = "802"\n')
    assert check(config, []) == 1
    assert "greeting.text: is said in two voices (JH-3)" in capsys.readouterr().out


def test_a_recording_that_cannot_be_played(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dialplan = own_dialplan(tmp_path, BASE)
    record(dialplan, "further", SOUND).write_bytes(b"PK\3\4 not a sound")
    record(dialplan, "farewell", np.sign(tone(1.0)) * np.int16(32767))
    clipped, broken = told(dialplan, capsys)
    assert clipped.startswith(f"{tmp_path}/prompts/farewell.wav:1: ")
    assert "clipped" in clipped
    assert broken.startswith(f"{tmp_path}/prompts/further.wav:1: ")


@pytest.mark.parametrize("voice", ["nosuchvoice", "piper:nix.onnx"])
def test_a_voice_that_cannot_speak(voice: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = told(own_dialplan(tmp_path, f'title = "x"\n{BASE}voice = "{voice}"\n'), capsys)
    assert line.startswith(f"{tmp_path}/dialplan.toml:3: voice: ")
