"""A look at a world in the last week of a school year, before people leave: where outcomes are measured too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from model.learning_network import LearningNetwork

Seen = TypeVar("Seen")


def look_before_anybody_leaves(world: LearningNetwork, look: Callable[[LearningNetwork], Seen]) -> dict[int, Seen]:
    """Have a world looked at in the last week of each school year, before people leave; by week, filled as the weeks go by."""
    looks: dict[int, Seen] = {}
    leave = world.end_school_year

    def first_look() -> None:
        looks[world.week] = look(world)
        leave()

    world.__dict__["end_school_year"] = first_look
    return looks
