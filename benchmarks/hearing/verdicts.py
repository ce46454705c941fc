"""Tables of our verdicts: right and wrong, how soon, how steady."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from benchmarks.hearing.metrics import (
    DUE,
    VOICES,
    changes,
    decision,
    most_of_the_time,
    quantile,
    standing,
    ticks,
)
from benchmarks.hearing.page import Section, Table, decibels, percent, seconds
from benchmarks.hearing.replay import Outcome
from drivers.line import Verdict

APART: Final = frozenset({"tone", "impostor"})
"""Kinds that ask for tones: their verdicts are in the table of kinds, not in the figures over all."""
STEADY: Final = "steady"
"""The kind whose scenes are a minute of one class each."""

FIGURES = f"""\
*A scene* is idle line, the sound in question from `begins` to `ends`, idle line again. *By scene*: its verdict
is the one that stands for most of the time from {DUE} s after `begins` (when a verdict is due by its definition)
to `ends`. *By time*: the verdict that stands at each 0.1 s of that span, all such moments of all scenes
together. *Accuracy over the five classes*: share judged rightly, of all scenes with one right verdict; *mean of
the classes* weighs the five classes alike. *Edge* scenes lie within 1.5 dB of a threshold and have several right
verdicts, any of which is right; they stand apart. *Speech called silent*: of what should be speech, faint or
loud, what is judged silent. *Silence called speech*: of all that should be silent alone (idle line, signalling,
our own prompt's echo), what is judged speech, faint or loud. *Noise alone called speech*: of the scenes of the
kind noise, likewise. *Ever*: scenes in which such a verdict was told at any moment from `begins` to `ends`, or
stood when one was due. Scenes of tones and impostors are not in these figures."""

TIMES = """\
*Decided after*: from `begins` to the first right verdict that then stands for 0.5 s, over scenes in which no
right verdict stood at `begins`; never counts as longer than any. *Changes a minute*: verdicts told between that
moment and `ends`, over all such time; *steady* scenes are a minute of one class each."""

_NOISES: Final = ("white", "pink", "brown", "hum", "crackle", "hiss", "crowd", "engine")
_LOSSES: Final = (3, 6, 10, 100)
_NONE: Final = "none"
_FEW: Final = 3  # answers named in a cell
_ORDER: Final = (Verdict.SPEECH, Verdict.FAINT, Verdict.LOUD, Verdict.NOISY, Verdict.SILENT)


def section(outcomes: Sequence[Outcome]) -> Section:
    """All tables of verdicts."""
    judged = [one for one in outcomes if one.scene.expected and _window(one)[1] > _window(one)[0]]
    counted = [one for one in judged if one.scene.kind not in APART]
    return Section(
        "Verdicts",
        [
            Table("Over all scenes", ("figure", "by scene", "by time", "ever"), _figures(counted), FIGURES),
            _confusion(counted, by_time=False),
            _confusion(counted, by_time=True),
            Table("Decision time and steadiness", _TIME_HEADER, _time_rows(counted), TIMES),
            _groups("By kind and detail", judged, lambda one: (one.scene.kind, one.scene.detail)),
            _groups("Speech over noise, by ratio and noise", counted, _by_ratio),
            _groups("Speech, by speaker", counted, _by_speaker),
            _groups("By codec", counted, lambda one: (one.scene.path.split(",")[0],)),
            _groups("By what else the path did", counted, lambda one: (impairment(one.scene.path),)),
            _failures(counted),
        ],
    )


def right(outcome: Outcome) -> bool:
    """Whether the scene was judged rightly, by scene."""
    return verdict_of(outcome) in outcome.scene.expected


def verdict_of(outcome: Outcome) -> Verdict | None:
    """The scene's verdict: the one that stands most of the time when it is due."""
    return most_of_the_time(outcome.steps, *_window(outcome))


def _window(outcome: Outcome) -> tuple[float, float]:
    return outcome.scene.begins + DUE, outcome.scene.ends


def _sole(outcomes: Iterable[Outcome]) -> list[Outcome]:
    return [one for one in outcomes if len(one.scene.expected) == 1]


def accuracy(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """Scenes with one right verdict that were judged rightly, and all of them."""
    sole = _sole(outcomes)
    return sum(map(right, sole)), len(sole)


def _time_right(one: Outcome, verdicts: Iterable[Verdict]) -> tuple[int, int]:
    found = ticks(one.steps, *_window(one))
    return sum(found[verdict] for verdict in verdicts), found.total()


def speech_called_silent(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The scenes in which voice is to be heard."""
    return [one for one in outcomes if one.scene.expected <= VOICES]


def silence_alone(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The scenes in which nothing is to be heard."""
    return [one for one in outcomes if one.scene.expected == {Verdict.SILENT}]


def noise_alone(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The scenes of noise without voice."""
    return [one for one in outcomes if one.scene.kind == "noise"]


def _figures(counted: Sequence[Outcome]) -> list[tuple[str, str, str, str]]:
    sole = _sole(counted)
    edge = [one for one in counted if len(one.scene.expected) > 1]
    rows = [
        _figure("accuracy over the five classes", sole),
        _macro(sole),
        _figure("edge scenes", edge),
    ]
    silent = frozenset({Verdict.SILENT})
    rows.append(_error("speech called silent", speech_called_silent(counted), silent))
    rows.append(_error("silence called speech", silence_alone(counted), VOICES))
    rows.append(_error("noise alone called speech", noise_alone(counted), VOICES))
    return rows


def _figure(name: str, scenes: Sequence[Outcome]) -> tuple[str, str, str, str]:
    times = [_time_right(one, one.scene.expected) for one in scenes]
    by_time = percent(sum(part for part, _ in times), sum(whole for _, whole in times), 2)
    return name, _of(sum(map(right, scenes)), len(scenes)), by_time, ""


def _macro(sole: Sequence[Outcome]) -> tuple[str, str, str, str]:
    by_scene, by_time = [], []
    for verdict in _ORDER:
        scenes = [one for one in sole if verdict in one.scene.expected]
        if scenes:
            times = [_time_right(one, one.scene.expected) for one in scenes]
            by_scene.append(sum(map(right, scenes)) / len(scenes))
            by_time.append(sum(part for part, _ in times) / max(1, sum(whole for _, whole in times)))
    return (
        "mean of the classes",
        percent(sum(by_scene), len(by_scene), 2),
        percent(sum(by_time), len(by_time), 2),
        "",
    )


def _error(name: str, scenes: Sequence[Outcome], wrong: frozenset[Verdict]) -> tuple[str, str, str, str]:
    times = [_time_right(one, wrong) for one in scenes]
    by_time = percent(sum(part for part, _ in times), sum(whole for _, whole in times), 2)
    ever = sum(_ever(one, wrong) for one in scenes)
    return name, _of(sum(verdict_of(one) in wrong for one in scenes), len(scenes)), by_time, _of(ever, len(scenes))


def _ever(one: Outcome, wrong: frozenset[Verdict]) -> bool:
    told = {verdict for at, verdict in one.steps if one.scene.begins < at <= one.scene.ends}
    return bool(told & wrong) or standing(one.steps, _window(one)[0]) in wrong


def _of(part: int, whole: int) -> str:
    return f"{percent(part, whole, 2)} ({part} of {whole})" if whole else "–"


def _confusion(counted: Sequence[Outcome], *, by_time: bool) -> Table:
    columns: tuple[Verdict | None, ...] = (*_ORDER, None)
    rows = []
    for expected in _ORDER:
        found: Counter[Verdict | None] = Counter()
        for one in _sole(counted):
            if expected in one.scene.expected:
                found += ticks(one.steps, *_window(one)) if by_time else Counter([verdict_of(one)])
        cells = [percent(found[c], found.total()) if by_time else str(found[c]) for c in columns]
        rows.append((f"{expected.value} ({found.total()})", *cells))
    title = "Confusion by time" if by_time else "Confusion by scene"
    meaning = "Rows: what is right, with the number of " + ("moments." if by_time else "scenes.")
    return Table(title, ("right", *(c.value if c else _NONE for c in columns)), rows, meaning)


_TIME_HEADER: Final = (
    "right verdict",
    "scenes",
    "never",
    "decided after: median",
    "95 %",
    "worst",
    "changes a minute",
)


def decision_times(outcomes: Iterable[Outcome]) -> list[float | None]:
    """Of the scenes in which no right verdict stood when they began."""
    return [
        decision(one.steps, one.scene.expected, one.scene.begins, one.scene.ends)
        for one in outcomes
        if standing(one.steps, one.scene.begins) not in one.scene.expected
    ]


def changes_a_minute(outcomes: Iterable[Outcome]) -> float:
    """Verdicts told after the decision, a minute of the time that was left; 0 without any."""
    told, time = 0, 0.0
    for one in outcomes:
        begins, ends = one.scene.begins, one.scene.ends
        after = decision(one.steps, one.scene.expected, begins, ends)
        if after is not None:
            told, time = told + changes(one.steps, begins + after, ends), time + ends - begins - after
    return 60 * told / time if time else 0.0


def _time_rows(counted: Sequence[Outcome]) -> list[tuple[str, ...]]:
    groups = {verdict.value: [o for o in _sole(counted) if verdict in o.scene.expected] for verdict in _ORDER}
    groups["edge"] = [one for one in counted if len(one.scene.expected) > 1]
    groups["all"] = list(counted)
    groups["steady scenes"] = [one for one in counted if one.scene.kind == STEADY]
    return [(name, str(len(scenes)), *_times(scenes)) for name, scenes in groups.items() if scenes]


def _times(scenes: Sequence[Outcome]) -> tuple[str, ...]:
    took = decision_times(scenes)
    quantiles = (seconds(quantile(took, share)) for share in (0.5, 0.95, 1.0))
    return str(took.count(None)), *quantiles, f"{changes_a_minute(scenes):.2f}"


def _by_ratio(one: Outcome) -> tuple[str, ...] | None:
    if one.scene.kind != "speech over noise":
        return None
    under = one.scene.source.partition(" over ")[2]
    noise = next((name for name in _NOISES if name in under), "music")  # music is named by its piece
    return decibels(one.scene.snr_db), noise


def _by_speaker(one: Outcome) -> tuple[str, ...] | None:
    if one.scene.voice_dbfs is None or not one.scene.kind.endswith("speech"):
        return None
    return one.scene.kind, "synthesised" if one.scene.source.startswith("espeak") else "recorded"


def impairment(path: str) -> str:
    """What a path did beside its codec, loss in bands: "nothing", "loss up to 3 %, silent", "clipped, dc", …"""
    loss = re.search(r"loss ([0-9.]+) %(?: (\w+))?", path)
    parts = [name for name in ("clipped", "dc") if name in path]
    if loss is not None:
        band = next(top for top in _LOSSES if float(loss[1]) <= top)
        parts.insert(0, f"loss up to {band} %" + (f", {loss[2]}" if loss[2] else ""))
    return ", ".join(parts) or "nothing"


def _groups(title: str, scenes: Sequence[Outcome], key: Callable[[Outcome], tuple[str, ...] | None]) -> Table:
    groups: dict[tuple[str, ...], list[Outcome]] = {}
    for one in scenes:
        name = key(one)
        if name is not None:
            groups.setdefault(name, []).append(one)
    rows = []
    for name, group in groups.items():
        expected = Counter("/".join(sorted(v.value for v in one.scene.expected)) for one in group)
        times = [_time_right(one, one.scene.expected) for one in group]
        by_time = percent(sum(part for part, _ in times), sum(whole for _, whole in times))
        wrong = Counter(str(verdict_of(one) or _NONE) for one in group if not right(one))
        mistaken = ", ".join(f"{verdict} {count}" for verdict, count in wrong.most_common()) or "–"
        cells = (
            ", ".join(expected) if len(expected) <= _FEW else "various",
            _of(sum(map(right, group)), len(group)),
            by_time,
            mistaken,
            *_times(group)[1:],
        )
        rows.append((", ".join(name), *cells))
    header = ("what", "right is", "right by scene", "right by time", "mistaken for", *_TIME_HEADER[3:])
    return Table(title, header, rows)


def _failures(counted: Sequence[Outcome]) -> Table:
    wrong = [one for one in counted if not right(one)]
    rows = [
        (one.scene.name, "/".join(sorted(v.value for v in one.scene.expected)), str(verdict_of(one) or _NONE))
        for one in wrong[:40]
    ]
    return Table(f"Scenes judged wrongly: {len(wrong)}", ("scene", "right", "judged"), rows, "The first 40.")
