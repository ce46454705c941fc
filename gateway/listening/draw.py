"""Draws the picture of a recording with Matplotlib, which is loaded here and nowhere else."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.listening.fonts import drawable
from gateway.listening.picture import THRESHOLDS, Band, Levelling, Picture, Shares
from gateway.listening.tally import UNDECIDED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ENDINGS: Final = (".png", ".svg", ".pdf")
"""Kinds of pictures, by the end of the name."""
COLOURS: Final = {
    "speech": "#009E73",
    "silent": "#C9CED6",
    "noisy": "#E69F00",
    "faint": "#56B4E9",
    "loud": "#D55E00",
    UNDECIDED: "#FFFFFF",
}
"""Okabe and Ito's palette, which people with any kind of colour blindness can tell apart."""
_TONE: Final = "#CC79A7"
_LEVEL: Final = "#1F3A5F"
_FLOOR: Final = "#000000"
_SIZE: Final = (14.0, 6.2)  # inches; at 110 dots each about as wide as a screen
_DPI: Final = 110
_BOTTOM: Final = -90.0  # dBFS; what is fainter is digital silence
_NAME_WIDTH: Final = 0.0088  # of the time axis for each letter of a name, at the size names are written
_TITLE: Final = 80  # letters
_STEPS: Final = (0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600)
_MARKS: Final = 14  # on the time axis at most


def draw(picture: Picture, path: Path) -> None:
    """Write the picture to `path`, in the kind that its ending names. Raises OSError."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # notes on its font cache are nobody's concern here
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    title, family = drawable(_short(picture.title))
    with matplotlib.rc_context({"font.family": family, "font.size": 10, "svg.hashsalt": "sansheng"}):
        figure = Figure(figsize=_SIZE, dpi=_DPI, facecolor="white")
        FigureCanvasAgg(figure)
        _compose(figure, picture, title)
        figure.savefig(path, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)


def _compose(figure: "Figure", picture: Picture, title: str) -> None:
    heights = (12, 1.3 if picture.shares is None else 3.5, 1.3)
    levels, verdicts, tones = figure.subplots(
        3, 1, sharex=True, height_ratios=heights, gridspec_kw={"hspace": 0.11}
    )
    figure.subplots_adjust(left=0.065, right=0.885, top=0.85, bottom=0.085)
    figure.text(0.065, 0.955, title, fontsize=14, fontweight="bold", va="center")
    figure.text(0.065, 0.91, picture.note, fontsize=10, color="#444444", va="center")
    if picture.shares is None:
        _tint(levels, picture)
        _strip(verdicts, "verdict", picture.verdicts, picture.seconds, COLOURS)
    else:
        _shares(verdicts, picture.shares)
    _levels(levels, picture.levelling)
    _legend(levels, picture)
    _strip(tones, "tones", picture.tones, picture.seconds, {})
    _time_axis(tones, picture.seconds)
    for axes in (levels, verdicts, tones):
        axes.spines[["top", "right"]].set_visible(False)


def _tint(axes: "Axes", picture: Picture) -> None:
    """The verdicts' colours behind the levels, and hatching where a tone was told."""
    for band in picture.verdicts:
        axes.axvspan(band.begins, band.ends, color=COLOURS[band.name], alpha=0.16, linewidth=0)
    for band in picture.tones:
        axes.axvspan(band.begins, band.ends, facecolor="none", edgecolor=_TONE, alpha=0.5, hatch="//", linewidth=0)


def _levels(axes: "Axes", shown: Levelling) -> None:
    name = "level, the middle 80 %" if shown.middle else "level"
    axes.fill_between(shown.times, shown.low, shown.high, color=_LEVEL, alpha=0.28, linewidth=0, step="post")
    axes.plot(shown.times, shown.mean, color=_LEVEL, linewidth=0.9, label=name, drawstyle="steps-post")
    axes.plot(shown.times, shown.floor, color=_FLOOR, linewidth=1.2, linestyle=(0, (4, 2)), label="noise floor")
    for level, meaning in THRESHOLDS.items():
        axes.axhline(level, color="#555555", linewidth=0.7, linestyle=":")
        shift = {-50.0: -1.2, -45.0: 1.2}.get(level, 0.0)  # two that are close to each other
        axes.text(
            1.006,
            level + shift,
            f"−{-level:.0f} {meaning}",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=8.5,
            color="#333333",
        )
    axes.set_ylim(_BOTTOM, 0)
    axes.set_ylabel("level, dBFS")


def _shares(axes: "Axes", shares: Shares) -> None:
    """How much of each slice every verdict stood, one upon the other."""
    order = [name for name in COLOURS if name in shares.of]
    axes.stackplot(
        shares.edges[:-1],
        [shares.of[name] for name in order],
        colors=[COLOURS[name] for name in order],
        step="post",
    )
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"], fontsize=8.5)
    axes.set_ylabel("verdict")


def _legend(axes: "Axes", picture: Picture) -> None:
    """Over the levels: the two lines, and the colours that occur, as narrow bands have no room for their names."""
    from matplotlib.patches import Patch

    lines, _ = axes.get_legend_handles_labels()
    names = [name for name in COLOURS if name != UNDECIDED and any(band.name == name for band in picture.verdicts)]
    patches = [Patch(color=COLOURS[name], label=name) for name in names]
    if picture.tones:
        patches.append(Patch(color=_TONE, label="tone"))
    axes.legend(
        handles=[*lines, *patches],
        loc="lower right",
        bbox_to_anchor=(1.0, 1.0),
        ncols=len(lines) + len(patches),
        frameon=False,
        borderaxespad=0.2,
        handlelength=1.4,
        columnspacing=1.3,
        fontsize=9,
    )


def _strip(axes: "Axes", label: str, bands: tuple[Band, ...], seconds: float, colours: dict[str, str]) -> None:
    """Bands in a row, each with its name where there is room."""
    for band in bands:
        width = max(band.ends - band.begins, seconds / 1000)  # a hair's breadth is seen all the same
        axes.axvspan(band.begins, band.begins + width, color=colours.get(band.name, _TONE), linewidth=0)
        if band.name != UNDECIDED and width / seconds > _NAME_WIDTH * len(band.name):
            axes.text(
                band.begins + width / 2, 0.48, band.name, ha="center", va="center", fontsize=9.5, clip_on=True
            )
    axes.set_yticks([])
    axes.set_ylim(0, 1)
    axes.set_ylabel(label, rotation=0, ha="right", va="center")


def _time_axis(axes: "Axes", seconds: float) -> None:
    step = next((step for step in _STEPS if seconds / step <= _MARKS), 86400)
    marks = [count * step for count in range(int(seconds / step + 1e-6) + 1)]
    axes.set_xticks(marks, [clock(mark, seconds) for mark in marks])
    axes.set_xlim(0, seconds)
    axes.set_xlabel("time, " + ("s" if seconds < 60 else "min:s" if seconds < 3600 else "h:min:s"))


def _short(title: str) -> str:
    """The title, without its middle where it is too wide: a name tells most where it begins and ends."""
    return title if len(title) <= _TITLE else f"{title[: _TITLE // 2]}…{title[-_TITLE // 2 :]}"


def clock(at: float, seconds: float) -> str:
    """A time on an axis that is `seconds` long: seconds, min:s or h:min:s."""
    if seconds < 60:
        return f"{at:g}"
    minutes, rest = divmod(round(at), 60)
    if seconds < 3600:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
