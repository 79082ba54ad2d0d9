"""Keyed draws: every random number is a pure function of what it is for.

A draw is named by seed, replicate, purpose, week, ego, ego's spell, alter, alter's spell and a number, never by a strategy
or by a position in a list. Two worlds that differ in one thing therefore share all chance that the thing does not touch
(common random numbers), and no result depends on order, threads or workers.

The hash is a chain of splitmix64 finalisers (Steele, Lea & Flood 2014), one fold per part of the name, so that a kernel
folds the slow parts once and the fast ones per draw.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

if numba.config.DISABLE_JIT:  # uncompiled, numpy warns where 64-bit arithmetic wraps around, which is what a hash is for
    warnings.filterwarnings("ignore", "overflow encountered in scalar", RuntimeWarning)

_SOURCES = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(Path(__file__).parent.glob("*.py")))
"""Stamp of the sources of all kernels: compiled code of one holds code of others."""


_COMPILING: dict[str, Any] = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True, "_nrt": False}


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function that Python calls: cached on disk, without fastmath, so that compiled and uncompiled give the same bits.

    It makes no arrays (Python makes them and hands them over), which frees the compiled code of counting who uses them.

    numba makes compiled code again only when the function's own file changes; a kernel also holds the code of those it calls,
    so its stamp is widened to every source of the model.
    """
    compiled = numba.njit(cache=True, **_COMPILING)(function)
    index: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(index, "_source_stamp"):
        index._source_stamp = (index._source_stamp, _SOURCES)
    return compiled


def kernel_part(function: Callable[..., Any]) -> Any:
    """Let kernels call a function: compiled into them, and run as it stands when Python calls it.

    That spares the doors to and from Python that a kernel has, which take half of the time of compiling, and the calls: a world
    is more than a hundred numbers to hand over.
    """
    return register_jitable(no_cpython_wrapper=True, forceinline=True, **_COMPILING)(function)


class Purpose(IntEnum):
    """What a draw is for; the numbers are part of every result, so they are never reused."""

    PERSON = 1
    START = 2
    CHANCES = 3
    MOMENT = 4
    CANDIDATE = 5
    OUTSIDE = 6
    CHOICE = 7
    CONTACT = 8
    CARRY_BACK = 9
    TURNOVER = 10
    COMPLY = 11
    REFUSE = 12
    ACCEPT = 13
    SIGHT = 14
    MATCH = 15
    ORDER = 16
    UNCERTAIN = 17
    BOOTSTRAP = 18


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_UNIT = 2.0**-52


@kernel
def _mix(key, part):
    z = (np.uint64(key) ^ (np.uint64(part) * _GOLDEN)) + _GOLDEN
    z = (z ^ (z >> _S30)) * _FIRST
    z = (z ^ (z >> _S27)) * _SECOND
    return z ^ (z >> _S31)


@kernel_part
def fold(key, part):
    """The key of a narrower name: `key` (uint64) with one more non-negative whole number in it."""
    return np.uint64(_mix(key, part))  # to Python a kernel answers with a plain int, which no kernel would take


@kernel
def uniform(key):
    """A number strictly between 0 and 1 (float64) from a whole key; of 52 bits, since with 53 the largest rounds to 1."""
    return (np.float64(np.int64(np.uint64(key) >> _S12)) + 0.5) * _UNIT


@kernel_part
def person_key(key, row, spell):
    """`key` narrowed to the person who holds place `row` for the `spell`-th time."""
    return fold(key, int(row) * 65536 + int(spell))


@kernel_part
def gumbel(key):
    """A standard Gumbel number; the largest of values plus these is a multinomial logit choice."""
    return -math.log(-math.log(uniform(key)))


_UNLIKELY = np.exp(-np.exp(1e-9 - np.arange(37.0)))
"""A number below `_UNLIKELY[k]` makes a Gumbel number below k."""


@kernel_part
def gumbel_above(key, least):
    """`gumbel` where it may be above `least`, else minus infinity, which spares two logarithms."""
    drawn = uniform(key)
    if least >= 0.0 and drawn < _UNLIKELY[int(min(least, 36.0))]:
        return -math.inf
    return -math.log(-math.log(drawn))


@kernel_part
def normal(key):
    """A standard normal number (Box & Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(uniform(fold(key, 1))))
    return radius * math.cos(2.0 * math.pi * uniform(fold(key, 2)))


@kernel_part
def poisson(key, mean):
    """A Poisson number by inversion; exact for the small means (at most 20) the model uses.

    The search ends where what is left of the tail is less than the last bit of a number drawn: rounding may leave it short of 1.
    """
    left = uniform(key)
    chance = math.exp(-mean)
    count = 0
    while left > chance and (count < mean or chance > 2.0**-60):
        left -= chance
        count += 1
        chance *= mean / count
    return count


def draw_each(key: np.uint64, spell: NDArray[np.int32]) -> NDArray[np.float64]:
    """One number for everybody, float64 (n,), for people with these spells."""
    drawn = np.empty(len(spell))
    _fill_each(key, spell, drawn)
    return drawn


@kernel
def _fill_each(key, spell, drawn):
    for row in range(len(spell)):
        drawn[row] = uniform(person_key(key, row, spell[row]))


def world_key(seed: int, replicate: int) -> np.uint64:
    """The key all draws of one world share.

    Raises:
        ValueError: if seed or replicate is not a whole number from 0 to 2^63 - 1.
    """
    given: tuple[tuple[str, Any], ...] = (("seed", seed), ("replicate", replicate))
    for name, value in given:
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not 0 <= value < 2**63:
            raise ValueError(f"{name} = {value!r}: must be a whole number from 0 to 2^63 - 1")
    return fold(fold(np.uint64(0), int(seed)), int(replicate))


def purpose_key(world: np.uint64, purpose: Purpose, week: int) -> np.uint64:
    """`week_key` by purpose, for callers outside the kernels."""
    return week_key(world, int(purpose), week)


@kernel_part
def week_key(world, purpose, week):
    """The key of one purpose in one week of a world."""
    return fold(fold(world, int(purpose)), int(week))
