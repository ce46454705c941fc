"""How cost grows with the calls, drawn."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.load.judging import Row

CPU, MEMORY, PACKETS = 1.0, 12.0, 22.0
"""The goals at 100 calls."""


def draw(ours: Sequence[Row], peers: Sequence[Row], path: Path) -> None:
    """CPU and memory a call and the greeting's packets over the number of calls, as a PNG."""
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    panels = figure.subplots(1, 3)
    of_each(panels[0], "CPU a call, % of a core", [(r.calls, r.cpu) for r in ours], CPU)
    of_each(panels[1], "memory a call, MB (PSS)", [(r.calls, r.pss_a_call) for r in ours], MEMORY)
    of_each(
        panels[2],
        "between the greeting's packets, p99, ms",
        [(r.calls, r.greeting.most_of_them) for r in ours],
        PACKETS,
    )
    for peer in peers:
        figures = (peer.cpu, peer.pss_a_call, peer.greeting.most_of_them)
        for panel, figure_of in zip(panels, figures, strict=True):
            panel.plot([peer.calls], [figure_of], "s", label=peer.who)
    panels[0].legend(frameon=False)
    figure.savefig(path, dpi=100)


def of_each(panel: Axes, title: str, points: Sequence[tuple[int, float]], goal: float) -> None:
    """One panel: ours, and the goal."""
    panel.plot([x for x, _ in points], [y for _, y in points], "o-", label="sansheng")
    panel.axhline(goal, color="grey", linestyle="--", linewidth=1, label="goal")
    panel.set_title(title, fontsize=10)
    panel.set_xlabel("calls at once")
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.3)
