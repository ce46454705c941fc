"""Tables of call-progress tones: recognised, missed, mistaken; what the gateway hangs up on; the peers beside."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.hearing.metrics import at_most, quantile
from benchmarks.hearing.page import Section, Table, decibels, percent, seconds
from benchmarks.hearing.replay import TONE_KINDS, Outcome
from benchmarks.hearing.tone_peers import TONE_PEERS, made
from benchmarks.hearing.verdicts import impairment
from drivers.hearing.clearing import CLEARING_TONES
from drivers.line import Tone

AFTER: Final = 0.5
"""Seconds after a scene's sound in which what it asked for may still be told."""

RECOGNISED = f"""\
*Recognised*: scenes of a tone in which it was told between its first burst and {AFTER} s after its end. *After*:
from the first burst to the report, over the scenes in which the tone was told, never counting as longer than
any. *Wrong tone*: scenes of a tone in which another was told, or any before its first burst. *Released*: scenes
in which the clearing vote (what the gateway hangs up on: the tone goes on, and nobody talks beside it) gave the
tone's own sign; ringback is no sign of anything. *Wrongly released*: scenes in which it gave another sign, or any
before the tone began."""

FALSE = """\
Every scene in which no tone is to be recognised. *Told*: reports of busy, congestion, dial tone or howler where
there is none; *of ringback* apart, as it ends no call. *Released*: signs of the clearing vote. *At most an
hour*: one-sided 95 % upper limit of the rate of such reports."""

BESIDE = """\
The same scenes. spandsp (Debian's libspandsp2) has China's frequencies and cadences ±10 % and 20 ms for its
blocks of 16 ms, two cycles of each; cadence alone is the idea of Asterisk's busy detector: sound and silence of
equal lengths, whatever sounds. A peer that cannot tell a tone has a dash."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Someone who tells tones: ours, the vote, or a peer."""

    name: str
    told: Callable[[Outcome], Sequence[tuple[float, Tone]]]
    tones: frozenset[Tone] = frozenset(Tone)


def _signs(outcome: Outcome) -> list[tuple[float, Tone]]:
    tone_of = {sign: tone for tone, sign in CLEARING_TONES.items()}
    return [(t, tone_of[sign]) for t, sign in outcome.signs]


_BAND: Final = 5
"""dB of a row of ratios."""
OURS: Final = Teller("told by our ears", lambda one: one.tones)
RELEASED: Final = Teller("released by the vote", _signs, frozenset(CLEARING_TONES))


def tellers() -> list[Teller]:
    """Ours, then the peers that run here."""
    here = [peer for peer in TONE_PEERS if peer.name in made()]
    return [OURS, RELEASED, *(Teller(n.name, _told_by(n.name), n.tones) for n in here)]


def _told_by(name: str) -> Callable[[Outcome], Sequence[tuple[float, Tone]]]:
    return lambda one: one.peers.get(name, ())


def section(outcomes: Sequence[Outcome]) -> Section:
    """All tables of tones."""
    scenes = [one for one in outcomes if one.scene.tone is not None]
    impostors = [one for one in outcomes if one.scene.tone is None]
    missing = ", ".join(peer.name for peer in TONE_PEERS if peer.name not in made())
    note = BESIDE + (f" Not installed: {missing}." if missing else "")
    return Section(
        "Call-progress tones",
        [
            _recognised("By tone", scenes, lambda one: _name(one)),
            _recognised("By tone and ratio to the noise", scenes, lambda one: f"{_name(one)}, {_noise(one)}"),
            _recognised("By tone and circumstance", scenes, lambda one: one.scene.detail),
            _recognised("By codec", scenes, lambda one: one.scene.path.split(",")[0]),
            _recognised("By what else the path did", scenes, lambda one: impairment(one.scene.path)),
            _impostors(impostors),
            Table("Beside others: tones", _BESIDE_HEADER, _beside(scenes), note),
            Table("Beside others: what is no tone", _FALSE_BESIDE_HEADER, _false_beside(impostors), FALSE),
            _misses(scenes),
        ],
    )


def _name(one: Outcome) -> str:
    assert one.scene.tone is not None
    return one.scene.tone.value


def _noise(one: Outcome) -> str:
    if one.scene.snr_db is None:
        return "no noise"
    low = round(one.scene.snr_db) // _BAND * _BAND
    return f"noise {low} to {decibels(low + _BAND)} below"


def _impostor(one: Outcome) -> str:
    """Scenes about tones by what they are, all other by kind."""
    return one.scene.detail if one.scene.kind in TONE_KINDS else one.scene.kind


def delay(one: Outcome, teller: Teller) -> float | None:
    """Seconds from the tone's first burst until it was told; None if it was not."""
    begins = one.scene.tone_begins
    assert begins is not None
    told = (t for t, tone in teller.told(one) if tone is one.scene.tone and begins < t <= one.scene.ends + AFTER)
    first = next(told, None)
    return None if first is None else first - begins


def mistaken(one: Outcome, teller: Teller) -> bool:
    """Whether another tone was told, or any before the first burst."""
    begins = one.scene.tone_begins
    assert begins is not None
    return any(tone is not one.scene.tone or t <= begins for t, tone in teller.told(one))


def _recognised(title: str, scenes: Iterable[Outcome], key: Callable[[Outcome], str]) -> Table:
    groups: dict[str, list[Outcome]] = {}
    for one in scenes:
        groups.setdefault(key(one), []).append(one)
    rows = [(name, *_cells(group, OURS), *_release_cells(group)) for name, group in sorted(groups.items())]
    after = ("after: median", "95 %", "worst")
    header = ("tone", "recognised", *after, "wrong tone", "released", *after, "wrongly released")
    return Table(title, header, rows, RECOGNISED if title == "By tone" else "")


def _cells(group: Sequence[Outcome], teller: Teller) -> tuple[str, ...]:
    delays = [delay(one, teller) for one in group]
    found = len(delays) - delays.count(None)
    times = (seconds(quantile(delays, share)) for share in (0.5, 0.95, 1.0))
    wrong = sum(mistaken(one, teller) for one in group)
    return f"{percent(found, len(group))} ({found} of {len(group)})", *times, str(wrong)


def _release_cells(group: Sequence[Outcome]) -> tuple[str, ...]:
    wrong = str(sum(mistaken(one, RELEASED) for one in group))
    clearing = [one for one in group if one.scene.tone in CLEARING_TONES]
    return (*_cells(clearing, RELEASED)[:-1], wrong) if clearing else ("–", "–", "–", "–", wrong)


_BESIDE_HEADER: Final = ("tone", "who", "recognised", "after: median", "95 %", "worst", "wrong tone")


def _beside(scenes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    rows = []
    for tone in Tone:
        group = [one for one in scenes if one.scene.tone is tone]
        for teller in tellers():
            able = tone in teller.tones and group
            rows.append((tone.value, teller.name, *(_cells(group, teller) if able else ("–",) * 5)))
    return rows


def _hours(group: Iterable[Outcome]) -> float:
    return sum(one.scene.ends for one in group) / 3600


def false_reports(one: Outcome, teller: Teller) -> tuple[int, int]:
    """How often a clearing tone was told, and how often ringback."""
    told = [tone for _, tone in teller.told(one)]
    return sum(tone in CLEARING_TONES for tone in told), told.count(Tone.RINGBACK)


def _impostors(impostors: Sequence[Outcome]) -> Table:
    groups: dict[str, list[Outcome]] = {}
    for one in impostors:
        groups.setdefault(_impostor(one), []).append(one)
    rows = []
    for name, group in [*groups.items(), ("all", list(impostors))]:
        ours = [false_reports(one, OURS) for one in group]
        told, ringback = sum(a for a, _ in ours), sum(b for _, b in ours)
        released = sum(len(one.signs) for one in group)
        hours = _hours(group)
        rate = f"{told / hours:.1f}" if hours else "–"
        rows.append((name, f"{60 * hours:.1f} min", str(told), rate, str(ringback), str(released)))
    header = ("impostor", "heard", "told", "told an hour", "of ringback", "released")
    return Table("What must not be taken for a tone", header, rows, FALSE)


_FALSE_BESIDE_HEADER: Final = (
    "who",
    "heard",
    "told",
    "told an hour",
    "at most an hour",
    "of ringback",
    "by impostor",
)


def _false_beside(impostors: Sequence[Outcome]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    hours = _hours(impostors)
    for teller in tellers():
        by_impostor: dict[str, int] = {}
        ringback = 0
        for one in impostors:
            told, ring = false_reports(one, teller)
            by_impostor[_impostor(one)] = by_impostor.get(_impostor(one), 0) + told
            ringback += ring
        total = sum(by_impostor.values())
        parts = sorted((item for item in by_impostor.items() if item[1]), key=lambda item: -item[1])
        which = ", ".join(f"{name} {count}" for name, count in parts[:5])
        rate = f"{total / hours:.1f}" if hours else "–"
        most = f"{at_most(total, hours):.1f}" if hours else "–"
        cells = (f"{60 * hours:.1f} min", str(total), rate, most, str(ringback), which or "–")
        rows.append((teller.name, *cells))
    return rows


def _misses(scenes: Sequence[Outcome]) -> Table:
    wrong = [
        (one.scene.name, "not told" if delay(one, OURS) is None else "a wrong tone")
        for one in scenes
        if delay(one, OURS) is None or mistaken(one, OURS)
    ]
    return Table(f"Tones missed or mistaken: {len(wrong)}", ("scene", "fault"), wrong[:40], "The first 40.")
