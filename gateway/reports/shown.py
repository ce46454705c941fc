"""Figures as people read them, on the terminal and on the page. Pure."""

from gateway.kpi.rates import Share, per_cent

NOTHING = "–"
"""Where there is no figure: a share or a mean of nothing."""


def count(value: int) -> str:
    """`100,000`."""
    return f"{value:,}"


def share(value: Share, decimals: int = 2, goal: float = 1.0) -> str:
    """`98.11 %`; rounded, but never to nothing, to all or to its goal where it is more or less."""
    rounded = value.rounded(decimals + 2, goal)
    return NOTHING if rounded is None else f"{rounded * 100:.{decimals}f} %"


def aim(goal: float) -> str:
    """A goal, from 0 to 1: `98 %`, `98.5 %`."""
    return f"{per_cent(goal)} %"


def seconds(value: float | None) -> str:
    """`5.0 s`, from two minutes on `2:05`, from an hour on `1:02:05`."""
    if value is None:
        return NOTHING
    if value < 120.0:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def points(value: float | None) -> str:
    """`90.66`, of a score."""
    return NOTHING if value is None else f"{value:.2f}"
