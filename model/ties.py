"""The tie store: who turns to whom, in rows of fixed width, and the only two ways to change it.

Row i holds the alters of person i in slots 0 .. degree[i] - 1, padded with -1. There is no list of who turns to me:
reciprocity and closure fall out of reading the alter's own row.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.randomness import kernel, kernel_part

STRONG = 0.5
"""Strength from which a tie is called strong."""
LASTING_WEEKS = 8
"""Weeks a tie must have been strong to be called lasting."""
WIDTH = 16
"""Slots in a row unless an observed network needs more."""
NEVER = -32768
"""Stands for "no week" in the columns of ties."""


class Origin(IntEnum):
    """How a tie came into being."""

    CHOSEN = 0
    INTRODUCED = 1
    INVITED = 2
    ASSIGNED = 3
    FIRST = 4


class Ties(NamedTuple):
    """Arrays of the tie store for n people and w slots.

    Attributes:
        alter: row of the other person or -1, int32 (n, w).
        strength: 0..1, float32 (n, w).
        born: week the tie began, int16 (n, w); before week 0 for ties older than the world.
        strong_since: week since which it has been strong without a break, or `NEVER`, int16 (n, w).
        held_until: last week of a commitment, or `NEVER`, int16 (n, w).
        origin: `Origin`, uint8 (n, w).
        degree: ties in use, int16 (n,).
        indegree: people who turn to me, int32 (n,).
        full: chances lost because a row had no free slot, int64 (1,).
    """

    alter: NDArray[np.int32]
    strength: NDArray[np.float32]
    born: NDArray[np.int16]
    strong_since: NDArray[np.int16]
    held_until: NDArray[np.int16]
    origin: NDArray[np.uint8]
    degree: NDArray[np.int16]
    indegree: NDArray[np.int32]
    full: NDArray[np.int64]


def no_ties(people: int, width: int = WIDTH) -> Ties:
    """An empty store for `people` people with `width` slots each."""
    shape = (people, width)
    return Ties(
        alter=np.full(shape, -1, np.int32),
        strength=np.zeros(shape, np.float32),
        born=np.zeros(shape, np.int16),
        strong_since=np.full(shape, NEVER, np.int16),
        held_until=np.full(shape, NEVER, np.int16),
        origin=np.zeros(shape, np.uint8),
        degree=np.zeros(people, np.int16),
        indegree=np.zeros(people, np.int32),
        full=np.zeros(1, np.int64),
    )


@kernel_part
def as_row(number):
    """A row of people as kernels count with it, int64, known not to be below 0: that spares looking whether to count from the end."""
    return np.int64(np.uint32(number))


@kernel_part
def find_tie(ties, ego, alter):
    """The slot of the tie ego → alter, or -1."""
    for slot in range(ties.degree[ego]):
        if ties.alter[ego, slot] == alter:
            return slot
    return -1


@kernel_part
def add_tie(ties, ego, alter, strength, week, origin):
    """Begin the tie ego → alter; returns its slot, or -1 (and counts it) where the row is full.

    The caller sees to it that the tie does not exist and is not to oneself.
    """
    slot = int(ties.degree[ego])
    if slot == ties.alter.shape[1]:
        ties.full[0] += 1
        return -1
    ties.alter[ego, slot] = alter
    ties.strength[ego, slot] = strength
    ties.born[ego, slot] = week
    ties.strong_since[ego, slot] = week if strength >= STRONG else NEVER
    ties.held_until[ego, slot] = NEVER
    ties.origin[ego, slot] = origin
    ties.degree[ego] += 1
    ties.indegree[alter] += 1
    return slot


@kernel_part
def drop_tie(ties, ego, slot):
    """End the tie in `slot` of `ego`; the last tie of the row moves into its place."""
    last = int(ties.degree[ego]) - 1
    ties.indegree[ties.alter[ego, slot]] -= 1
    ties.alter[ego, slot] = ties.alter[ego, last]
    ties.strength[ego, slot] = ties.strength[ego, last]
    ties.born[ego, slot] = ties.born[ego, last]
    ties.strong_since[ego, slot] = ties.strong_since[ego, last]
    ties.held_until[ego, slot] = ties.held_until[ego, last]
    ties.origin[ego, slot] = ties.origin[ego, last]
    ties.alter[ego, last] = -1
    ties.strength[ego, last] = 0.0
    ties.degree[ego] = last


@kernel
def drop_everyone_who_left(ties, left):
    """End every tie from or to the people marked in `left` (bool, (n,))."""
    for ego in range(ties.alter.shape[0]):
        slot = 0
        while slot < ties.degree[ego]:
            if left[ego] or left[ties.alter[ego, slot]]:
                drop_tie(ties, ego, slot)
            else:
                slot += 1


def tie_table(ties: Ties) -> dict[str, NDArray[np.generic]]:
    """Every tie as columns ego, alter, strength, born, strong_since, held_until, origin, sorted by ego and alter."""
    ego, slot = np.nonzero(np.arange(ties.alter.shape[1]) < ties.degree[:, None])
    order = np.lexsort((ties.alter[ego, slot], ego))
    ego, slot = ego[order].astype(np.int32), slot[order]
    columns: dict[str, NDArray[np.generic]] = {"ego": ego}
    for name in ("alter", "strength", "born", "strong_since", "held_until", "origin"):
        columns[name] = getattr(ties, name)[ego, slot]
    return columns
