"""Figures as people read them, on the terminal and on the page. Pure."""

NOTHING = "–"
"""Where there is no figure: a share or a mean of nothing."""


def count(value: int) -> str:
    """`100,000`."""
    return f"{value:,}"


def share(value: float | None, decimals: int = 2) -> str:
    """`98.11 %`, of 0.9811. What falls short of all, or of nothing but a little, is never rounded to it."""
    if value is None:
        return NOTHING
    shown = round(value * 100, decimals)
    if shown >= 100.0 and value < 1.0:
        shown = 100.0 - 10.0**-decimals
    return f"{shown:.{decimals}f} %"


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
