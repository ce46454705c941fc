"""The benchmark of the ears in its short form: its tables' structure, and goals that no change may miss by far."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer import Exit

from benchmarks.corpus import Split, scenes
from benchmarks.hearing import peers
from benchmarks.hearing.__main__ import Part, main, measure
from benchmarks.hearing.detectors import OURS as OUR_VOICE
from benchmarks.hearing.detectors import PEERS, Detector, NotInstalled, Peer
from benchmarks.hearing.frames import Labelled, labelled
from benchmarks.hearing.metrics import VOICES
from benchmarks.hearing.page import Section
from benchmarks.hearing.report import BEGIN, END, Results
from benchmarks.hearing.spread import spread
from benchmarks.hearing.tones import OURS, mistaken
from benchmarks.hearing.verdicts import accuracy, noise_alone, silence_alone, speech_called_silent, verdict_of
from drivers.line import Verdict

pytestmark = pytest.mark.unit

SHARE = 0.02


@pytest.fixture(scope="module")
def measured(recordings: None) -> tuple[Results, list[Section]]:
    return measure([Part.VERDICTS, Part.TONES, Part.FALSE], Split.TRAIN, SHARE, SHARE, 0.05, workers=1)


def test_every_table_is_whole(measured: tuple[Results, list[Section]]) -> None:
    _, sections = measured
    assert [section.title for section in sections] == ["Verdicts", "Call-progress tones", "False hang-ups"]
    for table in (table for section in sections for table in section.tables):
        assert all(len(row) == len(table.header) for row in table.rows), table.title
        assert table.markdown().count("\n| ---") == 1


def test_verdicts_are_right_by_and_large(measured: tuple[Results, list[Section]]) -> None:
    outcomes = measured[0].outcomes or []
    right, scenes_judged = accuracy(outcomes)
    assert scenes_judged > 15
    assert right >= 0.85 * scenes_judged
    assert not [one.scene.name for one in speech_called_silent(outcomes) if verdict_of(one) is Verdict.SILENT]
    assert not [one.scene.name for one in silence_alone(outcomes) if verdict_of(one) in VOICES]
    assert not [one.scene.name for one in noise_alone(outcomes) if verdict_of(one) in VOICES]


def test_no_tone_is_mistaken_and_no_line_released_without_one(measured: tuple[Results, list[Section]]) -> None:
    results, _ = measured
    with_tone = [one for one in results.outcomes or [] if one.scene.tone is not None]
    assert with_tone
    assert not [one.scene.name for one in with_tone if mistaken(one, OURS)]
    assert results.hours is not None
    assert results.hours.heard >= 180
    assert results.hours.false_releases == 0


def test_the_command_writes_its_page_and_renews_the_short_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], measured: tuple[Results, list[Section]]
) -> None:
    readme, written = tmp_path / "README.md", tmp_path / "figures.md"
    readme.write_text(f"{BEGIN}\n{END}\n", encoding="utf-8")
    main([Part.VERDICTS], Split.TRAIN, 0.005, workers=1, write=written, summary_in=readme)
    assert written.read_text(encoding="utf-8").startswith("# Hearing: figures\n")
    assert "## Verdicts" in written.read_text(encoding="utf-8")
    assert "| verdicts right, five classes | ≥ 97 % |" in readme.read_text(encoding="utf-8")
    assert "## Verdicts" in capsys.readouterr().out


def test_what_cannot_be_written_is_told_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unmarked = tmp_path / "README.md"
    unmarked.write_text("no marks", encoding="utf-8")
    for write, summary_in, reason in (
        (tmp_path / "none" / "figures.md", None, "there is no folder"),
        (None, unmarked, "has no lines"),
        (None, tmp_path / "none.md", "No such file"),
    ):
        with pytest.raises(Exit):
            main([Part.VERDICTS], workers=1, write=write, summary_in=summary_in)
        told = capsys.readouterr()
        assert told.out == ""
        assert reason in told.err
        assert told.err.count("\n") == 1


def test_peers_that_are_not_installed_are_told_of_not_crashed_on(
    monkeypatch: pytest.MonkeyPatch, measured: tuple[Results, list[Section]]
) -> None:
    gone = Peer("nobody's", _missing)
    monkeypatch.setattr(peers, "EVERYONE", (OUR_VOICE, gone, PEERS[-1]))
    by_frame = peers.ByFrame()
    for column, found in map(peers.judged, _few()):
        by_frame.add(column, found)
    quiet = scenes(Split.TRAIN, kinds=["silence"], share=0.03)
    section = peers.section(by_frame, [peers.in_ears(one) for one in quiet])
    for table in section.tables:
        rows = {row[0]: row for row in table.rows}
        assert all(len(row) == len(table.header) for row in table.rows), table.title
        assert rows["nobody's"][1] == "nobody is not installed"
        assert rows[OUR_VOICE.name][-1] != "–"


def _missing() -> Detector:
    raise NotInstalled("nobody is not installed")


class _Yes:
    """Says voice of all that it hears until it is told otherwise, and counts the frames."""

    def __init__(self) -> None:
        self.heard, self.score = 0, 1.0

    def hear(self, frame: NDArray[np.int16]) -> float:
        self.heard += 1
        return self.score

    def reset(self) -> None:
        self.heard = 0


def test_a_peer_in_our_ears_is_asked_on_the_quiet_while_it_says_voice_and_a_while_after() -> None:
    yes = _Yes()
    peer = peers.InEars(Peer("yes", _Yes, graded=False), yes)
    quiet, loud = np.zeros(160), 10**-2.0
    assert not any(peer.hear(quiet, 0.0) for _ in range(20))
    assert yes.heard == 0
    assert peer.hear(quiet, loud)
    assert all(peer.hear(quiet, 0.0) for _ in range(20))
    assert not peer.sure
    yes.score, before = 0.0, yes.heard
    assert not any(peer.hear(quiet, 0.0) for _ in range(11))  # the answer that ends the voice, and 0.2 s
    assert yes.heard == before + 11
    assert not peer.hear(quiet, 0.0)
    assert yes.heard == 0  # it may rest, and has forgotten


def _few() -> Iterator[Labelled]:
    sounds = list(labelled(Split.TRAIN, 0.005))
    yield from (sounds[0], sounds[-1])


def test_work_spread_over_processes_comes_back_in_order() -> None:
    assert list(spread(abs, range(-9, 0), "numbers", workers=2)) == [9, 8, 7, 6, 5, 4, 3, 2, 1]
