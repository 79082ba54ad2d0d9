"""What falls apart when somebody is taken away: the school leaders, the board's leader, or the busiest coach.

Nobody really leaves: ties are counted once as they are and once without those who are taken away, and always among the people who
are left, so that losing somebody is not itself counted as a loss.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.randomness import kernel, kernel_part
from model.region import Level, Role
from model.ties import Ties, as_row
from model.world import World

TAKEN = ("leader", "board", "coach")
"""Who is taken away: all school leaders, all board members, and the busiest coach of each board."""


def taken_away(world: World) -> dict[str, NDArray[np.bool_]]:
    """Marks of those taken away, bool (n,), by name of `TAKEN`; a name that fits nobody in the region is left out."""
    role = world.places.role
    marks = {"leader": role == Role.LEADER, "board": role == Role.BOARD, "coach": _busiest_coaches(world)}
    return {who: marks[who] for who in TAKEN if marks[who].any()}


def _busiest_coaches(world: World) -> NDArray[np.bool_]:
    """The coach of each board to whom most people turn; the first of equals."""
    coaches = np.flatnonzero(world.places.role == Role.COACH)
    board = world.places.unit[coaches, Level.BOARD]
    order = np.lexsort((-world.ties.indegree[coaches], board))
    first = np.unique(board[order], return_index=True)[1]
    busiest = np.zeros(len(world.places), np.bool_)
    busiest[coaches[order[first]]] = True
    return busiest


def measure_dependence(world: World) -> dict[str, float]:
    """What is lost without each of `taken_away`, 0..1: of the largest group, of reach in two steps, and of having anybody at all."""
    measured = {}
    for who, removed in taken_away(world).items():
        measured[f"dependence_{who}"] = share_lost(largest_left, world.ties, removed)
        measured[f"dependence_{who}_reach"] = share_lost(reach_left, world.ties, removed)
        measured[f"dependence_{who}_nobody"] = float(count_abandoned(world.ties, removed)) / max(1, int((~removed).sum()))
    return measured


def share_lost(count: Any, ties: Ties, removed: NDArray[np.bool_]) -> float:
    """Share of what `count` finds among those left that is there only thanks to those removed; 0 where there is nothing."""
    before = float(count(ties, removed, False))
    return (before - float(count(ties, removed, True))) / before if before else 0.0


def largest_left(ties: Ties, removed: NDArray[np.bool_], apart: bool) -> int:
    """People left in the largest group connected by ties either way (union-find with path halving).

    Args:
        removed: people who do not count, bool (n,).
        apart: leave out their ties as well; else they still connect the others.
    """
    size = np.where(removed, 0, 1)
    _join(ties, removed, apart, np.arange(len(size)), size)
    return int(size.max(initial=0))


@kernel
def _join(ties, removed, apart, parent, size):
    for i in range(len(size)):
        for slot in range(ties.degree[i]):
            j = as_row(ties.alter[i, slot])
            if apart and (removed[i] or removed[j]):
                continue
            a, b = _root(parent, i), _root(parent, j)
            if a != b:
                if size[a] < size[b]:
                    a, b = b, a
                parent[b] = a
                size[a] += size[b]


@kernel_part
def _root(parent, i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def reach_left(ties: Ties, removed: NDArray[np.bool_], apart: bool) -> int:
    """People left within two steps along ties, summed over those left; arguments as in `largest_left`."""
    return int(_reach(ties, removed, apart, np.full(len(removed), -1)))


@kernel
def _reach(ties, removed, apart, seen):
    total = 0
    for i in range(len(seen)):
        if removed[i]:
            continue
        seen[i] = i
        for slot in range(ties.degree[i]):
            h = as_row(ties.alter[i, slot])
            if apart and removed[h]:
                continue
            total += _see(seen, removed, i, h)
            for onward in range(ties.degree[h]):
                total += _see(seen, removed, i, as_row(ties.alter[h, onward]))
    return total


@kernel_part
def _see(seen, removed, i, j):
    """1 where `i` sees `j`, who is left, for the first time; else 0."""
    if removed[j] or seen[j] == i:
        return 0
    seen[j] = i
    return 1


@kernel
def count_abandoned(ties, removed):
    """People left who turn to somebody now, but only to people who are taken away."""
    abandoned = 0
    for i in range(len(ties.degree)):
        others = 0
        for slot in range(ties.degree[i]):
            if not removed[ties.alter[i, slot]]:
                others += 1
        if not removed[i] and ties.degree[i] > 0 and others == 0:
            abandoned += 1
    return abandoned
