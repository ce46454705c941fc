"""The corpus is what it says: labels hold on the samples, halves share nothing, the same seed gives the same."""

import hashlib
import json
import subprocess
import sys
from dataclasses import asdict
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.corpus import KINDS, Scene, Split, contents, count, impostors, labels, render, scenes, speakers
from benchmarks.corpus.__main__ import main
from benchmarks.corpus.abroad import BUSY_ABROAD
from benchmarks.corpus.line import Path as Line
from benchmarks.corpus.packages import SPEAKERS, Package, RecordingsError, folder_of
from benchmarks.corpus.texts import SYNTHESISED, TEXTS, WORDS
from benchmarks.hearing import words
from benchmarks.material import SENTENCES, lost_packets, silence, speech, white
from drivers.hearing.wav import read_wav
from drivers.line import Tone, Verdict
from gateway.prompts.speech_level import active_level

pytestmark = pytest.mark.unit

SHARE = 0.02
VOICED = {"speech", "faint speech", "loud speech"}


@pytest.fixture(scope="module")
def some(recordings: None) -> list[Scene]:
    return [scene for split in Split for scene in scenes(split, share=SHARE) if scene.kind != "steady"]


@pytest.fixture(scope="module")
def some_tones(recordings: None) -> list[Scene]:
    return [scene for scene in scenes(Split.TRAIN, kinds={"tone"}, share=0.15) if "," not in scene.detail]


def sound(scene: Scene) -> np.ndarray:
    return scene.samples[round(scene.begins * 8000) : round(scene.ends * 8000)] / 32768


def level(signal: np.ndarray) -> float:
    return 20 * float(np.log10(np.std(signal) + 1e-9))


def test_every_kind_of_sound_is_there():
    found = contents()
    assert {kind for kind, _ in found} == set(KINDS)
    assert 600 <= found.total() <= 1200
    details = {kind: {d for k, d in found if k == kind} for kind in KINDS}
    assert details["noise"] == {*("white", "pink", "brown", "hum", "crackle", "hiss", "crowd", "music", "engine")}
    assert details["speech over noise"] == {"30 dB", "20 dB", "15 dB", "10 dB", "5 dB", "0 dB"}
    assert details["silence"] == {"idle hiss", "digital", "comfort noise", "direct current"}
    for tone in ("dial", "busy", "congestion", "ringback", "vacant number", "howler"):
        for how in ("", ", noise 15 dB below", ", noise 10 dB below", ", after speech", ", packets lost"):
            assert tone + how in details["tone"]
    assert {"busy abroad", "ringback 440+480", "DTMF", "answer tone 2100 Hz"} <= details["signalling"]
    assert {"whistle 450 Hz", "hummed 450 Hz", "two beeps", "alert beeps"} <= details["impostor"]
    assert {"pure note", impostors.LONG_NOTE, "three or four beeps"} <= details["impostor"]
    assert {
        f"{who}, {loss} dB" for who in ("prompt alone", "customer over prompt") for loss in (10, 20, 30)
    } <= details["echo"]


def test_the_halves_share_no_speaker_no_sentence_and_no_music():
    train, held_out = Split.TRAIN, Split.HELD_OUT
    people = {split: {p.folder.name.split("_")[-1] for p in SPEAKERS[split]} for split in Split}
    assert not people[train] & people[held_out]
    recorded = {split: {p.language for p in SPEAKERS[split]} for split in Split}
    assert not recorded[train] & recorded[held_out]
    spoken = {split: {s.variant for s in SYNTHESISED[split]} for split in Split}
    assert not spoken[train] & spoken[held_out]
    languages = {split: {s.language for s in SYNTHESISED[split]} for split in Split}
    assert languages[train] & languages[held_out] == {"cmn"}
    texts = {split: {text for said in TEXTS[split].values() for text in said} for split in Split}
    assert not (texts[train] | set(SENTENCES.values())) & texts[held_out]  # unit tests tune on those too
    assert not set(speakers.PIECES[train]) & set(speakers.PIECES[held_out])


def test_no_busy_tone_abroad_is_one_of_china():
    for name, hertz, pattern in BUSY_ABROAD:
        alike = len(hertz) == 1 and 425 <= hertz[0] <= 475
        for seconds in (0.35, 0.7):
            assert not (alike and all(abs(p - seconds) <= 0.1 * seconds + 1e-9 for p in pattern)), name


def test_names_are_unique_and_frames_whole(some):
    assert len({scene.name for scene in some}) == len(some)
    for scene in some:
        assert scene.samples.dtype == np.int16
        assert len(scene.samples) % 160 == 0
        assert scene.near_end is None or len(scene.near_end) == len(scene.samples)
        assert (scene.near_end is not None) == (scene.kind == "echo")
        assert len(scene.samples) / 8000 - scene.ends == pytest.approx(3.0, abs=0.02)
        assert scene.expected


def test_the_same_seed_gives_the_same_bytes(some):
    speakers._clips.cache_clear()
    kinds = {"speech", "noise", "echo", "impostor"}
    first = {scene.name: scene.samples.tobytes() for scene in some if scene.split is Split.TRAIN}
    again = list(scenes(Split.TRAIN, kinds=kinds, share=SHARE))
    assert len(again) >= 4
    assert all(first[scene.name] == scene.samples.tobytes() for scene in again)
    other = next(scenes(Split.TRAIN, kinds={"noise"}, share=SHARE, seed=2))
    assert first[other.name] != other.samples.tobytes()


def test_synthesised_voices_are_rendered_alike_each_time(some, tmp_path):
    voice = next(s for s in SYNTHESISED[Split.TRAIN] if s.voice == "cmn+f3")  # its breath is the engine's noise
    before = render.sentences(Split.TRAIN, voice)  # when the scenes were made: in another second
    path = tmp_path / "spoken.npz"
    asked = [{**asdict(voice), "texts": TEXTS[Split.TRAIN][voice.language], "path": str(path)}]
    command = [sys.executable, "-m", "benchmarks.corpus.render"]
    subprocess.run(command, input=json.dumps(asked), text=True, check=True)
    with np.load(path) as stored:
        assert [stored[name].tobytes() for name in stored] == [said.tobytes() for said in before]


def test_words_are_said_by_the_half_s_own_voices(recordings):
    said = {split: [name for name, _, _ in words.words(split)] for split in Split}
    for split in Split:
        mandarin = sum(s.language == "cmn" for s in SYNTHESISED[split])
        assert [said[split].count(text) for text in WORDS] == [mandarin] * len(WORDS)
        assert all(0.05 < len(signal) / 8000 < 2 for _, _, signal in words.words(split))
    first, again = ([signal.tobytes() for _, _, signal in words.words(Split.TRAIN)] for _ in range(2))
    assert first == again
    assert not set(first) & {signal.tobytes() for _, _, signal in words.words(Split.HELD_OUT)}


def test_a_smaller_share_is_part_of_a_larger_one():
    assert count(share=0.01) < count(share=0.05) < count() == contents().total()
    small = {scene.name for scene in scenes(Split.TRAIN, kinds={"silence"}, share=0.1)}
    assert small < {scene.name for scene in scenes(Split.TRAIN, kinds={"silence"}, share=0.5)}


@pytest.mark.parametrize(("asked", "named"), [({"kinds": {"noises"}}, "noises"), ({"share": 0.0}, "share 0.0")])
def test_what_cannot_be_asked_for_is_named(asked, named):
    with pytest.raises(ValueError, match=named):
        next(scenes(Split.TRAIN, **asked))


def test_voices_have_the_level_that_is_told(some):
    heard = [scene for scene in some if scene.kind in VOICED and "loss" not in scene.path]
    assert len(heard) > 5
    for scene in heard:
        measured = active_level(sound(scene))
        assert measured == pytest.approx(scene.voice_dbfs, abs=1.0), scene.name
        assert {Verdict.LOUD} <= scene.expected or measured < -10
        assert {Verdict.FAINT} <= scene.expected or measured > -38
        assert scene.expected != {Verdict.FAINT} or measured < -38


def test_speech_is_loud_if_and_only_if_it_is_or_clips(some):
    full = {"alaw": 32256, "ulaw": 32124, "linear8": 32512, "linear16": 32767}
    for scene in (s for s in some if s.kind in VOICED and "loss" not in s.path):
        clipped = np.abs(scene.samples.astype(int)) >= full[scene.path.split(",")[0]]
        share = clipped[round(scene.begins * 8000) : round(scene.ends * 8000)].mean()
        if share > 0.002:
            assert Verdict.LOUD in scene.expected, scene.name
        if scene.expected == {Verdict.LOUD}:
            assert share > 0.001 or active_level(sound(scene)) > -10, scene.name


def test_somebody_speaks_from_the_beginning_to_the_end(some):
    for scene in (s for s in some if s.kind in VOICED and "loss" not in s.path):
        lead = scene.samples[: round(scene.begins * 8000)] / 32768
        assert level(lead) < -60
        blocks = sound(scene)[: 64000 // 4000 * 4000].reshape(-1, 4000)  # half a second each
        assert min(map(level, blocks)) > scene.voice_dbfs - 15, scene.name
        assert level(sound(scene)[:1600]) > scene.voice_dbfs - 22, scene.name


def test_noises_have_the_level_that_is_told(some):
    heard = [
        scene for scene in some if scene.kind == "noise" and not {"loss", "clipped"} & set(scene.path.split(", "))
    ]
    heard = [scene for scene in heard if "loss" not in scene.path]
    assert len(heard) > 2
    for scene in heard:
        measured = level(sound(scene))
        assert measured == pytest.approx(scene.noise_dbfs, abs=0.5), scene.name
        assert Verdict.NOISY in scene.expected or measured < -50
        assert Verdict.SILENT in scene.expected or measured > -45


def test_speech_over_noise_has_the_ratio_that_is_told(some):
    heard = [scene for scene in some if scene.kind == "speech over noise"]
    assert len(heard) > 4
    for scene in heard:
        wanted = float(scene.detail.split()[0])
        assert scene.snr_db == pytest.approx(wanted, abs=0.1)
        assert scene.voice_dbfs - scene.noise_dbfs == pytest.approx(wanted, abs=0.1)
        if "loss" in scene.path or not any(n in scene.source for n in ("white", "line hiss", "pink")):
            continue
        frames = sound(scene).reshape(-1, 160)
        floor = np.percentile([level(frame) for frame in frames], 3)  # the gaps between words hold the noise alone
        assert floor == pytest.approx(scene.noise_dbfs, abs=4.0), scene.name
        assert {Verdict.NOISY} == scene.expected if wanted < 8.5 else Verdict.SPEECH in scene.expected


def test_silences_are_silent(some):
    for scene in (s for s in some if s.kind == "silence"):
        assert level(sound(scene)) < -50
        assert scene.expected == {Verdict.SILENT}


def test_echoes_are_as_weak_as_is_told(some):
    alone = [scene for scene in some if scene.detail.startswith("prompt alone")]
    assert alone
    for scene in alone:
        loss = level(scene.near_end[scene.near_end != 0] / 32768) - level(sound(scene)[sound(scene) != 0])
        assert loss == pytest.approx(float(scene.detail.split()[2]), abs=4.0), scene.name
        assert scene.expected == {Verdict.SILENT}


def test_tones_are_those_of_china(some_tones):
    assert {scene.tone for scene in some_tones} >= {Tone.BUSY, Tone.CONGESTION, Tone.DIAL}
    for scene in some_tones:
        heard = sound(scene)
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
        peak = float(np.argmax(spectrum)) * 8000 / len(heard)
        middle = 950 if scene.tone is Tone.HOWLER else 450
        assert abs(peak - middle) <= 25.5, scene.name
        loud = np.sqrt(np.mean(heard[: len(heard) // 80 * 80].reshape(-1, 80) ** 2, axis=1))
        assert -30.5 <= 20 * np.log10(loud.max()) <= -4.5
        if scene.tone in (Tone.BUSY, Tone.CONGESTION):
            runs = [len(list(run)) * 0.01 for _, run in groupby(loud > loud.max() / 2)][:-1]
            wanted = 0.35 if scene.tone is Tone.BUSY else 0.7
            assert all(abs(run - wanted) <= 0.1 * wanted + 0.011 for run in runs), scene.name


def test_notes_and_beeps_made_to_be_mistaken_are_as_long_as_is_told(recordings):
    made = [scene for scene in scenes(Split.TRAIN, kinds={"impostor"}) if "loss" not in scene.path]
    lengths = {"pure note": (1.2, 2.4), impostors.LONG_NOTE: (3.0, 6.0), "three or four beeps": (0.3, 0.4)}
    for scene in (scene for scene in made if scene.detail in lengths):
        loud = np.sqrt(np.mean(sound(scene)[: len(sound(scene)) // 80 * 80].reshape(-1, 80) ** 2, axis=1))
        runs = [(on, len(list(run)) * 0.01) for on, run in groupby(loud > loud.max() / 4)]
        low, high = lengths[scene.detail]
        assert all(low - 0.05 <= seconds <= high + 0.02 for on, seconds in runs if on), scene.name
        bursts = sum(on for on, _ in runs)
        assert bursts in {"pure note": (2, 3, 4), impostors.LONG_NOTE: (1,)}.get(scene.detail, (3, 4)), scene.name


def test_labels_follow_the_definitions():
    said = speech(8, -26)
    for dbfs, right in (
        (-26, {Verdict.SPEECH}),
        (-38.5, {Verdict.SPEECH, Verdict.FAINT}),
        (-44, {Verdict.FAINT}),
        (-49, {Verdict.FAINT, Verdict.SILENT}),
    ):
        at = said * 10 ** ((dbfs - active_level(said)) / 20)
        assert labels.voice(at, at) == right
    over = said * 10 ** ((-26 - active_level(said)) / 20)
    for noise, right in ((-30, {Verdict.NOISY}), (-36, {Verdict.NOISY, Verdict.SPEECH}), (-40, {Verdict.SPEECH})):
        around = white(8, noise)
        assert labels.voice(over, over + around, around) == right
    crackling = white(8, -26) * 10
    assert labels.voice(over, over + crackling, crackling) == {Verdict.NOISY, Verdict.LOUD}
    for noise, right in ((-55, labels.SILENT), (-47, labels.OPEN), (-44, labels.OPEN), (-40, labels.NOISY)):
        assert labels.unvoiced(white(8, noise)) == right


def test_a_lost_packet_is_silent_or_the_last_one_again():
    samples = np.repeat(np.arange(1, 401, dtype=np.int16), 160)
    lost = lost_packets(samples, 0.1, seed=3).reshape(-1, 160)[:, 0]
    again = lost_packets(samples, 0.1, seed=3, repeats=True).reshape(-1, 160)[:, 0]
    assert 0.05 < np.mean(lost == 0) < 0.15
    assert all(b == (a if gone else b) and b for (a, b), gone in zip(pairwise(again), lost[1:] == 0, strict=True))
    assert Line("ulaw", loss=0.05, repeats=True, dc=0.1).label() == "ulaw, loss 5.0 % repeated, dc"


def test_pauses_of_a_clip_are_cut():
    once = speech(2, -30)
    clip = speakers.fluently(np.concatenate([silence(1), once, silence(2), once, silence(1)]) + white(8, -80))
    assert 3.5 < len(clip) / 8000 < 4.5
    assert active_level(clip) == pytest.approx(speakers.CLIP_DBFS, abs=1.5)


def test_a_package_that_is_not_to_be_had_is_one_line_with_the_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RecordingsError, match=r"^sounds-of-nobody: .*sudo apt-get install sounds-of-nobody$"):
        folder_of(Package("sounds-of-nobody", Path("usr/share/nobody")))


def test_files_and_their_manifest(tmp_path):
    assert main([str(tmp_path), "--split", "train", "--kind", "silence", "--share", "0.1"]) is None
    lines = [json.loads(line) for line in (tmp_path / "train" / "manifest.jsonl").read_text().splitlines()]
    assert len(lines) == count(kinds={"silence"}, share=0.1)
    for line, scene in zip(lines, scenes(Split.TRAIN, kinds={"silence"}, share=0.1), strict=True):
        path = tmp_path / "train" / line["file"]
        assert np.array_equal(read_wav(path), scene.samples)
        assert line["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (line["name"], line["expected"], line["begins"]) == (scene.name, ["silent"], scene.begins)


def test_what_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").touch()
    assert "choose a folder" in (main([str(tmp_path / "file"), "--kind", "silence"]) or "")
    assert "share 7.0" in (main([str(tmp_path / "new"), "--share", "7"]) or "")
