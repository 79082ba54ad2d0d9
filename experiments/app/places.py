"""Where everybody is on the screen: a ring of schools while these are few, a field of schools, board by board, when there are many."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.network_picture import lay_out
from experiments.replay import HEIGHT, WIDTH, scene
from model.region import Region

MOST_IN_A_RING = 14
"""Schools and offices that still have room in a ring."""
EDGE, GAP = 14.0, 0.92
"""Room left around a field, and how far a school fills its square."""


def scene_of(region: Region) -> dict[str, Any]:
    """The scene for the canvas: as in a replay, or as a field of squares in which people lie within their school as they do in a ring."""
    made = scene(region)
    if region.schools <= MOST_IN_A_RING:
        return made
    ring = lay_out(region, WIDTH, HEIGHT)
    centre, square = field(region.schools)
    sizes = np.diff(region.school_start)
    radius = 0.5 * GAP * square * np.sqrt(sizes / sizes.max()).clip(0.4)
    own = region.school
    place = centre[own] + (ring.place - ring.centre[own]) * (radius / ring.radius)[own, None]
    schools = [
        one | {"x": x, "y": y, "r": r}
        for one, (x, y), r in zip(made["schools"], centre.round(1).tolist(), radius.round(1).tolist(), strict=True)
    ]
    dot = float(np.clip(0.31 * radius.max() / np.sqrt(max(sizes.max(), 12)), 0.6, 9))
    x, y = place.round(2).T.tolist()
    return made | {"schools": schools, "x": x, "y": y, "dot": round(dot, 2)}


def field(number: int) -> tuple[NDArray[np.float64], float]:
    """Middles of so many squares, row by row, (number, 2), and the side of one: as large as fit."""
    wide, high = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    columns = max(range(1, number + 1), key=lambda count: min(wide / count, high / -(-number // count)))
    rows = -(-number // columns)
    square = min(wide / columns, high / rows)
    at = np.arange(number)
    left, top = (WIDTH - columns * square) / 2, (HEIGHT - rows * square) / 2
    return np.column_stack([left + (at % columns + 0.5) * square, top + (at // columns + 0.5) * square]), square
