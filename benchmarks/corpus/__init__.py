"""Telephone audio of known truth, to tune the ears on and to measure them by; docs/corpus.md tells more."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

import numpy as np

from benchmarks.corpus import echoes, impostors, signalling, spoken, steady, tones, unspoken
from benchmarks.corpus.draw import Recipe, stage
from benchmarks.corpus.scene import KINDS, Scene, Split

__all__ = ["KINDS", "Scene", "Split", "contents", "count", "scenes"]


def scenes(
    split: Split, *, kinds: Collection[str] | None = None, share: float = 1.0, seed: int = 1
) -> Iterator[Scene]:
    """The scenes of one half, each made when it is asked for; the same `seed` gives the same samples.

    `kinds` (of KINDS) leaves the others out. `share` takes that part of each kind, at least one scene, its details
    as evenly as can be; a smaller share is contained in a larger. Raises ValueError for a kind or a share that
    cannot be, RecordingsError when a package with recordings is not to be had.
    """
    for recipe, number in _chosen(kinds, share):
        yield stage(recipe, number, split, seed)


def count(*, kinds: Collection[str] | None = None, share: float = 1.0) -> int:
    """How many scenes `scenes` gives of a half. Raises ValueError as it does."""
    return len(_chosen(kinds, share))


def contents() -> Counter[tuple[str, str]]:
    """How many scenes of each kind and detail a half has, in their order."""
    return Counter((recipe.kind, recipe.detail) for recipe, _ in _chosen(None, 1.0))


def _chosen(kinds: Collection[str] | None, share: float) -> list[tuple[Recipe, int]]:
    """Recipes with their number within the detail, kind by kind."""
    if unknown := set(kinds or ()) - set(KINDS):
        raise ValueError(f"kind {sorted(unknown)[0]!r}: there is none of that name; there are {', '.join(KINDS)}")
    if not 0 < share <= 1:
        raise ValueError(f"share {share}: more than 0 and up to 1 is allowed")
    by_kind: dict[str, list[tuple[Recipe, int]]] = defaultdict(list)
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    groups = (spoken, unspoken, signalling, echoes, tones, impostors, steady)
    for recipe in (recipe for group in groups for recipe in group.recipes()):
        key = (recipe.kind, recipe.detail)
        by_kind[recipe.kind].append((recipe, numbers[key]))
        numbers[key] += 1
    chosen = []
    for kind in KINDS:
        if by_kind[kind] and (kinds is None or kind in kinds):
            chosen += _part(by_kind[kind], share)
    return chosen


def _part(recipes: list[tuple[Recipe, int]], share: float) -> list[tuple[Recipe, int]]:
    """One of each detail, then another of each, until it is the share; within a round in a mixed, fixed order."""
    mixed = np.random.default_rng(len(recipes)).permutation(len(recipes))
    rounds: dict[str, int] = defaultdict(int)
    ranked = []
    for i in mixed:
        detail = recipes[i][0].detail
        ranked.append((rounds[detail], int(i)))
        rounds[detail] += 1
    ranked.sort(key=lambda rank: rank[0])
    wanted = max(1, round(share * len(recipes)))
    return [recipes[i] for i in sorted(i for _, i in ranked[:wanted])]
