"""The figures as they are printed."""

from collections.abc import Sequence

from benchmarks.load.judging import Goal, Row, Served
from benchmarks.load.packets import Spread

HEAD = (
    f"{'':22}{'calls':>6}{'failed':>7}{'up':>5}{'answer ms':>18}{'greeting ms':>20}{'all packets ms':>20}"
    f"{'CPU/call':>10}{'CPU':>8}{'MB/call':>9}{'MB':>7}\n"
    f"{'':40}{'p50/p99/max':>18}{'p50/p99/max':>20}{'p50/p99/max':>20}{'% core':>10}{'%':>8}{'PSS':>9}{'PSS':>7}"
)


def told(figures: Row) -> str:
    """One row."""
    spreads = f"{three(figures.answer, 0):>18}{three(figures.greeting):>20}{three(figures.whole):>20}"
    return (
        f"{figures.who:22}{figures.calls:6}{figures.failed:7}{figures.most_at_once:5}{spreads}"
        f"{figures.cpu:10.2f}{figures.cpu_in_all:8.1f}{figures.pss_a_call:9.2f}{figures.pss:7.0f}"
    )


def three(spread: Spread, digits: int = 1) -> str:
    """Middle, 99 in 100, largest."""
    return "/".join(f"{value:.{digits}f}" for value in (spread.middle, spread.most_of_them, spread.largest))


def wire(figures: Row) -> str:
    """What went over the wire, and what it took to make it."""
    generator = f"generator {figures.generator:.1f} % of a core, its turns p99 {figures.lateness:.1f} ms late"
    return (
        f"{figures.who:22}heard {figures.came} packets, {figures.lost} lost; said {figures.said}, "
        f"{figures.dropped} dropped; {generator}"
    )


def records(who: str, calls: Served) -> str:
    """What is on record."""
    verdicts = ", ".join(f"{name} {count}" for name, count in sorted(calls.verdicts.items()))
    return (
        f"{who:22}not on record {calls.missing}, late {calls.late}, greetings cut {calls.cut}, without their "
        f"verdict {calls.misheard}; heard: {verdicts or 'nothing'}"
    )


def goals(each: Sequence[Goal]) -> int:
    """Print them; the exit code: 1 where a hard one is missed."""
    for goal in each:
        word = "ok    " if goal.met else "MISSED"
        unit = f" {goal.unit}" if goal.unit else ""
        due = f"{goal.at_most:g} at most{', hard' * goal.hard}"
        print(f"  {word} {goal.what}: {goal.measured:.4g}{unit} (goal: {due})")
    missed = [goal for goal in each if not goal.met]
    hard = sum(goal.hard for goal in missed)
    print(f"{len(missed)} goals missed, {hard} of them hard" if missed else "all goals met")
    return 1 if hard else 0


def ratios(ours: Row, peer: Row) -> str:
    """Ours by the peer's, of one run on one machine."""
    pairs = {
        "CPU a call": (ours.cpu, peer.cpu),
        "memory": (ours.pss, peer.pss),
        "greeting p99": (ours.greeting.most_of_them, peer.greeting.most_of_them),
        "answer p50": (ours.answer.middle, peer.answer.middle),
    }
    told = ", ".join(f"{name} {a / b:.2f}" if b else f"{name} –" for name, (a, b) in pairs.items())
    return f"ours / {peer.who}: {told}"
