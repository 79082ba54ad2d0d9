"""The calibrated sample: values of the structural parameters that fit ten observed schools, each member of equal weight.

`calibrated.csv` is made by `learnweave calibrate`; the defaults are its centre, and worlds may draw a member of it (`compare --uncertain`).
"""

from __future__ import annotations

import csv
import functools
from pathlib import Path

import numpy as np

from model.randomness import Purpose, draw_each, purpose_key, world_key

SAMPLE = Path(__file__).parent / "calibrated.csv"
_PLACE = 2**31
"""What the draw of a member is called among the draws for uncertain worlds, which parameters name by a hash of theirs."""


@functools.cache
def read_sample(path: Path = SAMPLE) -> tuple[tuple[tuple[str, float], ...], ...]:
    """Members of the sample, each as (parameter, value) in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(tuple((name, float(value)) for name, value in row.items()) for row in csv.DictReader(file))


def draw_member(seed: int, replicate: int) -> dict[str, float]:
    """One member of the sample, keyed: the same world draws the same member, however it is led."""
    sample = read_sample()
    share = float(draw_each(purpose_key(world_key(seed, replicate), Purpose.UNCERTAIN, 1), np.array([_PLACE]))[0])
    return dict(sample[min(int(share * len(sample)), len(sample) - 1)])


def fitted() -> tuple[str, ...]:
    """Parameters of the sample."""
    return tuple(name for name, _ in read_sample()[0])
