"""The benchmark's figures on sequences made by hand."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpus import Scene, Split
from benchmarks.hearing import frames, metrics, page, report, tones, verdicts
from benchmarks.hearing.replay import Outcome
from drivers.line import HangUpSign, Tone, Verdict

pytestmark = pytest.mark.unit

SILENT, NOISY, SPEECH, FAINT, LOUD = (
    Verdict.SILENT,
    Verdict.NOISY,
    Verdict.SPEECH,
    Verdict.FAINT,
    Verdict.LOUD,
)


def test_the_standing_verdict_is_the_last_one_told() -> None:
    steps = ((0.2, SILENT), (2.0, SPEECH))
    assert metrics.standing(steps, 0.1) is None
    assert metrics.standing(steps, 0.2) is SILENT
    assert metrics.standing(steps, 1.99) is SILENT
    assert metrics.standing(steps, 9.0) is SPEECH


def test_the_verdict_of_a_span_is_the_one_that_stands_longest_in_sum() -> None:
    steps = ((0.0, SILENT), (3.0, SPEECH), (4.0, NOISY), (5.5, SPEECH), (6.5, SILENT))
    assert metrics.lasting(steps, 3.0, 7.0) == pytest.approx({SPEECH: 2.0, NOISY: 1.5, SILENT: 0.5})
    assert metrics.most_of_the_time(steps, 3.0, 7.0) is SPEECH
    assert metrics.most_of_the_time((), 3.0, 7.0) is None


def test_ticks_count_what_stands_every_tenth_of_a_second() -> None:
    found = metrics.ticks(((0.0, SILENT), (2.35, SPEECH)), 2.0, 3.0)
    assert (found[SILENT], found[SPEECH], found.total()) == (4, 6, 10)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (((0.5, SILENT), (2.3, SPEECH)), 0.8),
        (((0.5, SILENT), (2.0, SPEECH), (2.3, SILENT), (3.0, SPEECH)), 1.5),  # the first stood for 0.3 s only
        (((0.5, SPEECH),), 0.0),  # it stood already
        (((0.5, SPEECH), (1.8, SILENT), (2.5, SPEECH)), 1.0),  # but not for half a second
        (((0.5, SILENT), (5.2, SPEECH)), None),  # told after the end
        (((0.5, SILENT), (4.9, SPEECH)), 3.4),  # near it, and standing beyond
        (((0.5, SILENT), (2.0, SPEECH), (2.3, LOUD)), 0.5),  # one right verdict may follow another
        ((), None),
    ],
)
def test_decision_time_is_that_of_the_first_right_verdict_that_stands(
    steps: metrics.Steps, expected: float | None
) -> None:
    found = metrics.decision(steps, {SPEECH, LOUD}, begins=1.5, ends=5.0)
    assert found == (expected if expected is None else pytest.approx(expected))


def test_quantiles_hold_never_for_longer_than_any_time() -> None:
    assert metrics.quantile([0.1, 0.2, 0.3, 0.4], 0.5) == 0.2
    assert metrics.quantile([0.1, 0.2, None], 0.5) == 0.2
    assert metrics.quantile([0.1, 0.2, None], 1.0) is None
    assert math.isnan(metrics.quantile([], 0.5) or 0.0)


def test_no_event_in_an_hour_may_still_be_three() -> None:
    assert metrics.at_most(0, 1.0) == pytest.approx(-math.log(0.05), rel=1e-6)
    assert metrics.at_most(0, 20.0) == pytest.approx(0.15, abs=0.001)
    assert metrics.at_most(3, 1.0) == pytest.approx(7.754, abs=0.001)  # Poisson tables


def outcome(kind: str, expected: Verdict, *steps: tuple[float, Verdict], **more: object) -> Outcome:
    """A scene from 1.5 s to 9.5 s and what was told in it."""
    scene = Scene(
        name=f"{kind}/{expected}",
        split=Split.HELD_OUT,
        kind=kind,
        detail="made by hand",
        samples=np.zeros(0, np.int16),
        near_end=None,
        begins=1.5,
        ends=9.5,
        expected=frozenset({expected}),
        voice_dbfs=None,
        noise_dbfs=None,
        snr_db=None,
        path="alaw",
        source="made by hand",
    )
    return replace(Outcome(scene, steps, (), ()), **more)  # type: ignore[arg-type]  # any of its fields


def rows(section: page.Section, title: str) -> dict[str, tuple[str, ...]]:
    """A table's rows by their first cell."""
    table = next(table for table in section.tables if table.title == title)
    assert all(len(row) == len(table.header) for row in table.rows)
    return {row[0]: tuple(row[1:]) for row in table.rows}


OUTCOMES = (
    outcome("speech", SPEECH, (1.0, SILENT), (2.5, SPEECH)),
    outcome("speech", SPEECH, (1.0, SILENT), (2.0, SPEECH), (4.0, SILENT)),  # lost after 2 s
    outcome("silence", SILENT, (1.0, SILENT), (3.0, SPEECH), (3.5, SILENT)),  # half a second of speech
    outcome("noise", NOISY, (1.0, SILENT), (2.3, NOISY)),
    outcome("steady", NOISY, (1.0, SILENT), (2.5, NOISY), (3.5, SPEECH), (4.5, NOISY)),
    outcome("impostor", SILENT, (1.0, NOISY)),
)


def test_errors_are_counted_by_scene_by_time_and_ever() -> None:
    found = rows(verdicts.section(OUTCOMES), "Over all scenes")
    right = found["accuracy over the five classes"][0]
    assert right == "80.00 % (4 of 5)"  # the impostor is not asked
    assert found["speech called silent"] == (
        "50.00 % (1 of 2)",
        "42.31 %",
        "50.00 % (1 of 2)",
    )  # 55 of 130 moments
    assert found["silence called speech"] == ("0.00 % (0 of 1)", "7.69 %", "100.00 % (1 of 1)")
    assert found["noise alone called speech"][0] == "0.00 % (0 of 1)"
    assert found["mean of the classes"][0] == "83.33 %"  # ½ of speech, all of noisy and silent


def test_confusion_has_a_row_for_what_is_right_and_a_column_for_what_was_judged() -> None:
    found = rows(verdicts.section(OUTCOMES), "Confusion by scene")
    assert found["speech (2)"] == ("1", "0", "0", "0", "1", "0")
    assert found["noisy (2)"] == ("0", "0", "0", "2", "0", "0")


def test_steadiness_counts_what_is_told_after_the_decision() -> None:
    found = rows(verdicts.section(OUTCOMES), "Decision time and steadiness")
    assert found["steady scenes"] == ("1", "0", "1.00 s", "1.00 s", "1.00 s", "17.14")  # 2 in 7 s
    assert found["speech"][2:5] == ("0.50 s", "1.00 s", "1.00 s")


def test_paths_are_told_in_bands_of_loss() -> None:
    assert verdicts.impairment("alaw") == "nothing"
    assert verdicts.impairment("ulaw, loss 4.3 % repeated, clipped") == "loss up to 6 %, repeated, clipped"


def test_a_tone_counts_from_its_first_burst_and_a_sign_before_it_is_wrong() -> None:
    scene = replace(OUTCOMES[0].scene, kind="tone", detail="busy", tone=Tone.BUSY, tone_begins=2.0)
    told = Outcome(scene, (), ((3.4, Tone.BUSY),), ((5.0, HangUpSign.BUSY_TONE),))
    mistaken = Outcome(scene, (), ((3.4, Tone.CONGESTION),), ((1.0, HangUpSign.BUSY_TONE),))
    found = rows(tones.section([told, mistaken]), "By tone")["busy"]
    assert found[:5] == ("50.0 % (1 of 2)", "1.40 s", "never", "never", "1")
    assert found[5:] == ("50.0 % (1 of 2)", "3.00 s", "never", "never", "1")


def test_a_tone_told_before_its_first_burst_is_a_wrong_one() -> None:
    scene = replace(OUTCOMES[0].scene, kind="tone", detail="busy, after speech", tone=Tone.BUSY, tone_begins=5.0)
    for early in Tone:
        told = Outcome(scene, (), ((3.0, early), (6.4, Tone.BUSY)), ())
        assert tones.mistaken(told, tones.OURS)
        assert rows(tones.section([told]), "By tone")["busy"][4] == "1"
    assert not tones.mistaken(Outcome(scene, (), ((6.4, Tone.BUSY),), ()), tones.OURS)


def test_what_is_told_where_there_is_no_tone_is_counted_by_the_hour() -> None:
    scene = replace(OUTCOMES[0].scene, kind="impostor", detail="whistle", ends=36.0)
    false = Outcome(scene, (), ((3.4, Tone.DIAL), (9.0, Tone.RINGBACK)), ((5.0, HangUpSign.DIAL_TONE),))
    found = rows(tones.section([false]), "What must not be taken for a tone")["whistle"]
    assert found == ("0.6 min", "1", "100.0", "1", "1")


def test_the_area_under_the_curve_is_the_chance_that_voice_scores_higher() -> None:
    voice, other = np.array([0, 1, 3]), np.array([2, 2, 0])
    assert frames.area(voice, other) == pytest.approx((1 * (2 + 1) + 3 * 4) / 16)
    assert frames.missed_at(voice, other, 0.0) == pytest.approx(1 / 4)
    assert frames.missed_at(voice, other, 0.5) == 0.0


def test_the_short_table_is_put_between_its_marks_and_nowhere_else(tmp_path: Path) -> None:

    file = tmp_path / "page.md"
    file.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    table = page.Table("title", ("a", "b"), [("1", "2")], "meaning")
    report.renew(file, [table])
    assert file.read_text(encoding="utf-8").splitlines() == [
        "before",
        report.BEGIN,
        "| a | b |",
        "| --- | --- |",
        "| 1 | 2 |",
        "",
        "meaning",
        report.END,
        "after",
    ]
    file.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="has no lines"):
        report.renew(file, [table])
