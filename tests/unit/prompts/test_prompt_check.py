"""What the check finds in recordings: rate, level, silence, DC, format, names; and that good ones are good."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.voice.espeak import speak
from gateway.config.places import shipped_dialplans
from gateway.dialplan import Dialplan, load_dialplan
from gateway.prompts import PromptBook, Row, check_recordings
from gateway.prompts.level import levelled
from gateway.prompts.speech_level import RATE
from tests.unit.prompts.studio import JIHUA, own_dialplan, record, tone

pytestmark = pytest.mark.unit

FURTHER = "请问还有其他需要咨询的吗?"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def own(tmp_path: Path) -> Dialplan:
    return own_dialplan(tmp_path / "own")


def checked(dialplan: Dialplan, data_dir: Path, *agents: str) -> dict[str, Row]:
    gathered = PromptBook(dialplan, data_dir).gather(agents)
    return {row.prompt: row for row in check_recordings(dialplan, gathered, agents)}


def spoken(words_per_minute: int = 90) -> NDArray[np.int16]:
    return levelled(speak(FURTHER, words_per_minute=words_per_minute))


def silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(round(seconds * RATE), dtype=np.int16)


@pytest.mark.parametrize("name", shipped_dialplans())
def test_the_shipped_dialplans_are_clean(name: str, data_dir: Path) -> None:
    rows = checked(load_dialplan(name), data_dir)
    assert {row.prompt: row.flaws for row in rows.values() if row.flaws} == {}
    assert all(abs(row.measure.level + 20) <= 2.5 for row in rows.values() if row.measure)


def test_a_good_recording_of_a_person_is_good(own: Dialplan, data_dir: Path) -> None:
    file = record(own, "further", np.concatenate((silence(0.2), spoken(), silence(0.2))))
    row = checked(own, data_dir)["further"]
    assert (row.origin, row.file, row.flaws, row.faults) == ("own", file, (), ())
    assert row.rate == pytest.approx(120, abs=25)


@pytest.mark.parametrize(
    ("change", "flaw", "message"),
    [
        (lambda good: good // 3, "too soft", "dBFS; allowed: -24 to -16 dBFS (JH-15); put the original through"),
        (lambda good: np.clip(good * 2.0, -32000, 32000).astype(np.int16), "too loud", "speech is at -14."),
        (lambda good: np.concatenate((silence(0.5), good)), "late start", "s of silence before the first word"),
        (lambda good: np.concatenate((good, silence(0.5))), "long end", "s of silence after the last word"),
        (lambda good: good + np.int16(400), "DC offset", "has a DC offset of 1.2% of full scale"),
        (lambda _: spoken(200), "too fast", "characters a minute; allowed for 12: 83 to 164 (JH-15)"),
        (lambda good: np.repeat(good, 2), "too slow", "characters a minute; allowed for 12: 83 to 164 (JH-15)"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_file(
    own: Dialplan, data_dir: Path, change: object, flaw: str, message: str
) -> None:
    assert callable(change)
    file = record(own, "further", change(spoken()))
    row = checked(own, data_dir)["further"]
    assert row.flaws == (flaw,)
    (fault,) = row.faults
    assert (fault.file, fault.line) == (file, 1)
    assert message in fault.message


def test_what_cannot_be_used_is_a_row_beside_the_others(own: Dialplan, data_dir: Path) -> None:
    (own.folder / "prompts" / "further.wav").write_bytes(b"not a wav")
    record(own, "farewell", np.tile(np.array([32767, -32768], dtype=np.int16), 8000))
    rows = checked(own, data_dir)
    assert rows["further"].flaws == rows["farewell"].flaws == ("unusable",)
    assert "not a WAV file" in rows["further"].faults[0].message
    assert "100.0% of its samples are clipped" in rows["farewell"].faults[0].message
    assert rows["silent-1"].flaws == ()


def test_numbers_are_judged_as_they_are_joined(own: Dialplan, data_dir: Path) -> None:
    for digit in "0123456789":
        record(own, f"digit-{digit}", np.concatenate((silence(0.29), tone(1.4), silence(0.29))))
    rows = checked(own, data_dir, "802")
    assert rows["digit-8"].flaws == ()
    assert rows["digits"].flaws == ("too slow",)
    assert rows["digits"].said == "零幺二三四五六七八九"
    joined = rows["greeting (802)"]
    assert joined.said == "您好!济华热线八零二号为您服务,请问有什么可以帮您吗?"
    assert joined.rate == pytest.approx(87, abs=3)
    assert rows["digits"].faults[0].file == own.document.file


def test_an_agents_own_greeting_is_held_to_the_rate(own: Dialplan, data_dir: Path) -> None:
    record(own, "greeting-801", tone(3.0))
    row = checked(own, data_dir, "801")["greeting-801"]
    assert row.flaws == ("too fast",)


def test_names_that_fit_nothing_are_told_with_the_nearest(own: Dialplan, data_dir: Path) -> None:
    for name in ("farwell", "greeting-9", "further"):
        record(own, name, spoken())
    rows = checked(own, data_dir, "801")
    assert [row.prompt for row in rows.values() if row.origin == "stray"] == ["farwell", "greeting-9"]
    assert "fits no prompt; did you mean farewell?" in rows["farwell"].faults[0].message
    assert "greeting-9" not in checked(own, data_dir)  # no agents are known: it may be one's


def test_recorded_and_missing(tmp_path: Path) -> None:
    own = own_dialplan(tmp_path / "own", JIHUA.replace('voice = "cmn"', 'voice = "recorded"'))
    rows = checked(own, tmp_path)
    assert {row.flaws for row in rows.values()} == {("missing",)}
    assert rows["further"].fields(120)["level_dbfs"] is None


def test_fields_are_json(own: Dialplan, data_dir: Path) -> None:
    record(own, "digit-0", tone(0.3))
    rows = checked(own, data_dir)
    lines = [json.loads(json.dumps(row.fields(120), allow_nan=False)) for row in rows.values()]
    assert {frozenset(line) for line in lines} == {frozenset(lines[0])}
    by_prompt = {line["prompt"]: line for line in lines}
    further = by_prompt["further"]
    assert (further["characters"], further["rate_allowed"], further["good"]) == (12, [83.1, 163.6], True)
    assert further["level_dbfs"] == pytest.approx(-20, abs=1)
    assert by_prompt["digit-0"]["rate"] is None
    assert by_prompt["digits"]["file"] is None
