"""First ties: drawn sparse or dense, or as observed, with the strength and age of ties at rest."""

from __future__ import annotations

import difflib

import numpy as np
from numpy.typing import NDArray

from model.randomness import Purpose, fold, kernel, person_key, purpose_key, uniform
from model.region import FirstTies, Level, Region
from model.ties import LASTING_WEEKS, STRONG, Origin, add_tie, drop_tie, find_tie, tie_table
from model.world import World

STARTS = {"empty": (0, 0.0), "sparse": (1, 0.3), "dense": (10, 0.6)}
"""First ties per person and their strength, by name of start."""
_SCHOOL = int(Level.SCHOOL)
_FIRST = int(Origin.FIRST)


def begin_ties(world: World, region: Region, key: np.uint64, start: str) -> None:
    """Give a new world its first ties: the observed ones where the region has them, else by `start`.

    Raises:
        ValueError: for an unknown start, naming the nearest.
    """
    if start not in STARTS:
        nearest = difflib.get_close_matches(start, STARTS, n=1, cutoff=0.0)[0]
        raise ValueError(f"start {start!r}: no such start (nearest: {nearest!r}; all: {', '.join(STARTS)})")
    if region.first_ties is not None:
        _begin_observed(world, region.first_ties)
        return
    many, strength = STARTS[start]
    draw_first_ties(world, purpose_key(key, Purpose.START, 0), many, strength)


def _begin_observed(world: World, first: FirstTies) -> None:
    """Ties as observed; unknown strength is just strong, unknown age just lasting (`take_over` draws better ones)."""
    strength = np.where(np.isnan(first.strength), STRONG, first.strength)
    age = np.where(first.age < 0, LASTING_WEEKS, first.age)
    for ego, alter, strong, weeks in zip(first.ego.tolist(), first.alter.tolist(), strength.tolist(), age.tolist(), strict=True):
        slot = add_tie(world.ties, ego, alter, strong, -weeks, _FIRST)
        if strong >= STRONG:
            world.ties.strong_since[ego, slot] = -weeks


def take_over(world: World, first: FirstTies, unobserved: NDArray[np.bool_], key: np.uint64, week: int) -> None:
    """Replace the ties of a world at rest by observed ones, with strength and age drawn from the ties that were there.

    The ties of people who did not answer are unknown rather than absent: they keep those the model gave them.

    Args:
        first: observed ties; a strength or age that the file gives is kept.
        unobserved: people whose own ties are unknown, bool (n,).
    """
    at_rest = tie_table(world.ties)
    if not len(at_rest["ego"]):
        raise ValueError("the world at rest has no ties to learn strength and age from: grow it first")
    for row in np.flatnonzero(~unobserved):
        while world.ties.degree[row] > 0:
            drop_tie(world.ties, row, 0)
    draws, spell = purpose_key(key, Purpose.START, week), world.people.spell
    for ego, alter, strength, age in zip(*(column.tolist() for column in (first.ego, first.alter, first.strength, first.age)), strict=True):
        if unobserved[ego]:
            continue
        drawn = uniform(person_key(person_key(draws, ego, spell[ego]), alter, spell[alter]))
        like = int(drawn * len(at_rest["ego"]))
        strong = float(at_rest["strength"][like]) if np.isnan(strength) else strength
        born = int(at_rest["born"][like]) if age < 0 else week - age
        slot = add_tie(world.ties, ego, alter, strong, born, _FIRST)
        if strong >= STRONG:
            world.ties.strong_since[ego, slot] = max(born, int(at_rest["strong_since"][like])) if np.isnan(strength) else born


@kernel
def draw_first_ties(world, key, many, strength):
    """`many` ties of everybody to different keyed colleagues of the school, or to all where there are fewer."""
    units, ties, spell = world.units, world.ties, world.people.spell
    for i in range(len(ties.degree)):
        own = person_key(key, i, spell[i])
        school = world.places.unit[i, _SCHOOL]
        first, last = units.start[school], units.stop[school]
        others, k = last - first - 1, 0
        while ties.degree[i] < min(many, others, ties.alter.shape[1]):
            j = first + int(uniform(fold(own, k)) * others)
            j += j >= i
            k += 1
            if find_tie(ties, i, j) < 0:
                add_tie(ties, i, j, strength, 0, _FIRST)
