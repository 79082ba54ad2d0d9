"""What holds on schools: networks grown from nothing, or left to themselves, held against what was observed there.

Only sizes, teams and who was silent go in; the ties of a school are used for nothing but the comparison. Each simulated network takes
another member of the calibrated sample, so bands hold what is not known of the parameters as well as chance. Goodness of fit follows
sienaGOF (Lospinoso & Snijders 2019, Methodological Innovations 12): the distance of the observed from the simulated in the metric of
the simulated (Mahalanobis), and the share of simulated networks that are at least as far.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from experiments.calibrated import draw_member
from experiments.calibration import WEEKS, network_of_school
from experiments.driver import run_all
from experiments.observed import STATISTICS, Flags, School, describe, region_of, ties_of
from model.learning_network import YEAR, LearningNetwork
from model.parameters import Parameters

Column = NDArray[np.float64]
Start = Literal["empty", "observed"]
Progress = Callable[[int], None]
BAND = (0.05, 0.5, 0.95)
MOST_DEGREE = 10
"""Degrees from this on are counted as one."""
MOST_STEPS = 5
"""Distances from this on are counted as one; pairs that nothing connects as one more."""


@dataclass(frozen=True)
class Trial:
    """One simulated world of all schools."""

    schools: tuple[School, ...]
    start: Start
    number: int
    seed: int = 1


def simulate(trial: Trial) -> list[Flags]:
    """Who turns to whom in each school, bool (n, n) each: grown from nothing, or a year after the observed network."""
    region = region_of(trial.schools)
    parameters = Parameters().with_values(p_meet_outside=0, **draw_member(trial.seed, trial.number))
    world = LearningNetwork(rng=trial.seed, replicate=trial.number, region=region, parameters=parameters, collect=False)
    world.grow(WEEKS)
    if trial.start == "observed":
        world.take_over_observed(ties_of(trial.schools))
        world.grow(YEAR)
    return [network_of_school(region, world, at) for at in range(region.schools)]


def validate_schools(
    schools: Sequence[School], start: Start = "empty", simulations: int = 200, *, seed: int = 1, workers: int = 1,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """Bands of every statistic of every school, and goodness of fit.

    Returns:
        `bands`: a list of {school, statistic, observed, low, median, high, inside}; `fit`: a list of {school, what, distance, p};
        `simulations`, `start`.
    """
    trials = [Trial(tuple(schools), start, number, seed) for number in range(simulations)]
    networks: dict[int, list[Flags]] = {}
    for trial, found in run_all(trials, workers, simulate):
        networks[trial.number] = found
        progress(1)
    bands, fit = [], []
    for at, school in enumerate(schools):
        simulated = [networks[number][at] for number in range(simulations)]
        bands += _bands(school, simulated)
        fit += [_fit(school, simulated, what, count) for what, count in COUNTS.items()]
    return {"start": start, "simulations": simulations, "seed": seed, "bands": bands, "fit": fit}


def _bands(school: School, simulated: Sequence[Flags]) -> list[dict[str, Any]]:
    observed = describe(school.ties, school.team, school.answered)
    found = [describe(ties, school.team, school.answered) for ties in simulated]
    return [_band(school.name, name, observed[name], np.array([one[name] for one in found])) for name in STATISTICS]


def _band(school: str, statistic: str, observed: float, simulated: Column) -> dict[str, Any]:
    """One line; None stands for what a network has no value of."""
    there = simulated[~np.isnan(simulated)]
    row: dict[str, Any] = {"school": school, "statistic": statistic, "observed": None if math.isnan(observed) else observed}
    if not len(there):
        return row | {"low": None, "median": None, "high": None, "inside": None}
    low, median, high = (float(value) for value in np.quantile(there, BAND))
    return row | {"low": low, "median": median, "high": high, "inside": None if math.isnan(observed) else bool(low <= observed <= high)}


# --- goodness of fit ------------------------------------------------------------------------------------------------


def in_degrees(among: Flags, _: NDArray[np.int64]) -> Column:
    """People asked by at most 0, 1, ... others."""
    return _at_most(among.sum(axis=0), MOST_DEGREE)


def out_degrees(among: Flags, _: NDArray[np.int64]) -> Column:
    """People who ask at most 0, 1, ... others."""
    return _at_most(among.sum(axis=1), MOST_DEGREE)


def distances(among: Flags, _: NDArray[np.int64]) -> Column:
    """Pairs at 1, 2, ... steps along ties, and pairs that nothing connects."""
    from scipy.sparse.csgraph import shortest_path

    steps = shortest_path(among.astype(np.float64), unweighted=True)[~np.eye(len(among), dtype=bool)]
    far = np.where(np.isfinite(steps), np.minimum(steps, MOST_STEPS), MOST_STEPS + 1).astype(np.int64)
    return np.bincount(far, minlength=MOST_STEPS + 2)[1:].astype(np.float64)


def triads(among: Flags, _: NDArray[np.int64]) -> Column:
    """The sixteen kinds of three people (Holland & Leinhardt 1976)."""
    census = nx.triadic_census(nx.from_numpy_array(among, create_using=nx.DiGraph))
    return np.array([census[kind] for kind in sorted(census)], np.float64)


def ties_by_team(among: Flags, team: NDArray[np.int64]) -> Column:
    """Ties inside teams, between teams, and with people in none."""
    has = team >= 0
    both, same = has[:, None] & has[None, :], team[:, None] == team[None, :]
    return np.array([(among & both & same).sum(), (among & both & ~same).sum(), (among & ~both).sum()], np.float64)


COUNTS: Mapping[str, Callable[[Flags, NDArray[np.int64]], Column]] = {
    "in_degree": in_degrees, "out_degree": out_degrees, "distance": distances, "triads": triads, "ties_by_team": ties_by_team,
}  # fmt: skip


def _at_most(degrees: NDArray[np.integer], most: int) -> Column:
    return np.cumsum(np.bincount(np.minimum(degrees, most), minlength=most + 1))[:-1].astype(np.float64)


def _fit(school: School, simulated: Sequence[Flags], what: str, count: Callable[[Flags, NDArray[np.int64]], Column]) -> dict[str, Any]:
    rows, team = np.ix_(school.answered, school.answered), school.team[school.answered]
    distance, p = mahalanobis(count(school.ties[rows], team), np.array([count(ties[rows], team) for ties in simulated]))
    return {"school": school.name, "what": what, "distance": distance, "p": p}


def mahalanobis(observed: Column, simulated: Column) -> tuple[float, float]:
    """Distance of the observed counts (k,) from the simulated (n, k), and the share of the simulated at least as far.

    The generalised inverse stands in where counts depend on each other; an observed count that varies in no simulation and is
    another gives distance infinity and p = 0.
    """
    centre = simulated.mean(axis=0)
    moves = simulated.std(axis=0) > 0
    if (np.abs(observed - centre)[~moves] > 1e-9).any():
        return math.inf, 0.0
    if not moves.any():
        return 0.0, 1.0
    inverse = np.linalg.pinv(np.cov(simulated[:, moves].T).reshape(moves.sum(), moves.sum()), hermitian=True)
    away = np.vstack([observed, simulated])[:, moves] - centre[moves]
    squares = np.einsum("ij,jk,ik->i", away, inverse, away)
    return float(np.sqrt(max(0.0, squares[0]))), float((squares[1:] >= squares[0] - 1e-9).mean())
