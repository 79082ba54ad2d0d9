"""Calibration: structural parameters fitted to observed schools by sequential approximate Bayesian computation.

The sampler is the adaptive population Monte Carlo of Lenormand, Jabot & Deffuant (2013, Computational Statistics 28): a population
drawn from the prior is moved towards the observed statistics generation by generation; in each the worse half makes way for
moved copies of the better, weighted so that the sample keeps standing for the posterior; it ends when hardly a newcomer is better.
A proposal is one run in the store, named by its content, so that a calibration goes on where it was stopped.

All schools are one world, each a board of its own that nobody meets from outside. What is fitted is the mean of each statistic over
schools, and how out-degree grows with the size of a school, each in units of its standard error between schools.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.driver import run_all
from experiments.observed import STATISTICS, School, describe, region_of, teams_of
from experiments.store import RunStore, key
from model.learning_network import YEAR, LearningNetwork
from model.parameters import Parameters
from model.region import Region

Column = NDArray[np.float64]
Progress = Callable[[int], None]

FITTED = ("baseline", "cost", "sd_activity", "sd_popularity", "indegree", "reciprocity", "closure", "level_value_team")
"""Parameters that are fitted; their priors are even over the range that `prior` gives."""
PRIOR: Mapping[str, tuple[float, float]] = {
    "baseline": (-1.5, 1.0), "cost": (1.0, 3.0), "sd_activity": (0.6, 1.8), "sd_popularity": (0.1, 1.1), "indegree": (0.0, 0.3),
    "reciprocity": (0.2, 1.8), "closure": (0.0, 0.6), "level_value_team": (0.2, 2.6),
}  # fmt: skip
"""Where each parameter is looked for; wider than the sweep ranges, which are what was found here."""
WEEKS = 4 * YEAR + 30
"""Weeks from a sparse start: the statistics are at rest by then, and it is spring, when schools are surveyed: newcomers of the
last turn of the year have had thirty weeks to find people."""
HELD_OUT = 2
"""Schools left out of each fold."""
SLOPE = "out_degree_by_log_size"
WEIGHTS: Mapping[str, float] = {**STATISTICS, SLOPE: 1.0}


@dataclass(frozen=True)
class Plan:
    """How to calibrate.

    Attributes:
        population: proposals of the first generation; half of them are kept in each.
        enough: share of newcomers better than before below which it ends, and `generations`, the most there may be.
        sample: members of the sample that is kept, of equal weight; as many fresh runs say how well it fits.
    """

    population: int = 800
    enough: float = 0.1
    generations: int = 12
    sample: int = 200
    weeks: int = WEEKS
    seed: int = 1


@dataclass(frozen=True)
class Proposal:
    """One world to run: values of `FITTED` for all schools at once."""

    values: tuple[float, ...]
    number: int
    weeks: int
    seed: int
    region: Region = field(repr=False, compare=False)

    def key(self, schools: str) -> str:
        """Name of the run by content."""
        parameters = Parameters().with_values(p_meet_outside=0, **dict(zip(FITTED, self.values, strict=True))).values()
        return key({"schools": schools, "number": self.number, "weeks": self.weeks, "seed": str(self.seed), "parameters": parameters})


def simulate(proposal: Proposal) -> list[dict[str, float]]:
    """Grow the schools from a sparse start; statistics of each school, in order."""
    region = proposal.region
    parameters = Parameters().with_values(p_meet_outside=0, **dict(zip(FITTED, proposal.values, strict=True)))
    world = LearningNetwork(rng=proposal.seed, replicate=proposal.number, region=region, parameters=parameters, collect=False)
    world.grow(proposal.weeks)
    return shapes(region, world)


def shapes(region: Region, world: LearningNetwork) -> list[dict[str, float]]:
    """Statistics of every school of a world, silent people left silent."""
    found = []
    for at in range(region.schools):
        rows = slice(int(region.school_start[at]), int(region.school_start[at + 1]))
        found.append(describe(network_of_school(region, world, at), teams_of(region.team[rows]), ~region.unobserved[rows]))
    return found


def network_of_school(region: Region, world: LearningNetwork, school: int) -> NDArray[np.bool_]:
    """Who turns to whom inside one school, bool (n, n)."""
    ties, start, stop = world.ties(), int(region.school_start[school]), int(region.school_start[school + 1])
    ego, alter = ties["ego"].astype(np.int64) - start, ties["alter"].astype(np.int64) - start
    inside = (np.minimum(ego, alter) >= 0) & (np.maximum(ego, alter) < stop - start)
    among = np.zeros((stop - start, stop - start), np.bool_)
    among[ego[inside], alter[inside]] = True
    return among


# --- how far from what was observed ---------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Target:
    """What was observed in S schools.

    Attributes:
        observed: (S, number of `STATISTICS`), nan where a school has no such statistic.
        log_size: logarithm of the people of each school, (S,).
    """

    names: tuple[str, ...]
    observed: Column
    log_size: Column

    @classmethod
    def of(cls, schools: Sequence[School]) -> Target:
        """The statistics of observed schools."""
        rows = [list(describe(school.ties, school.team, school.answered).values()) for school in schools]
        return cls(tuple(school.name for school in schools), np.array(rows), np.log([school.people for school in schools]))

    def errors(self, simulated: Column, schools: Sequence[int] | None = None) -> Column:
        """How far simulated schools are from the observed, in standard errors between schools, by statistic and for `SLOPE`.

        Args:
            simulated: (..., S, statistics).
            schools: which schools count; all by default.

        Returns:
            (..., statistics + 1).
        """
        rows = list(range(len(self.names))) if schools is None else list(schools)
        seen = ~np.isnan(self.observed[rows]) & ~np.isnan(simulated[..., rows, :])
        counted = np.maximum(seen.sum(axis=-2), 1)
        gap = np.where(seen, simulated[..., rows, :] - self.observed[rows], 0.0).sum(axis=-2) / counted
        spread = self._spread() / np.sqrt(counted)
        slopes = self._slope(simulated[..., rows, 0], rows) - self._slope(self.observed[rows, 0], rows)
        return np.concatenate([gap / spread, (slopes / self._slope_error(rows))[..., None]], axis=-1)

    def distance(self, simulated: Column, schools: Sequence[int] | None = None) -> Column:
        """Weighted root mean square of `errors`, (...)."""
        weights = np.array(list(WEIGHTS.values()))
        return np.asarray(np.sqrt((weights * self.errors(simulated, schools) ** 2).sum(axis=-1) / weights.sum()))

    def _spread(self) -> Column:
        """Standard deviation of each statistic between schools; 1 where it does not differ, or fewer than two schools have it."""
        seen = (~np.isnan(self.observed)).sum(axis=0)
        gap = self.observed - np.where(seen, np.nansum(self.observed, axis=0), 0.0) / np.maximum(seen, 1)
        spread = np.sqrt(np.nansum(gap**2, axis=0) / np.maximum(seen - 1, 1))
        return np.asarray(np.where(spread > 0, spread, 1.0))

    def _slope(self, out_degree: Column, rows: list[int]) -> Column:
        centred = self.log_size[rows] - self.log_size[rows].mean()
        return np.asarray(out_degree @ centred / (centred @ centred))

    def _slope_error(self, rows: list[int]) -> float:
        centred, observed = self.log_size[rows] - self.log_size[rows].mean(), self.observed[rows, 0]
        rest = observed - observed.mean() - float(self._slope(observed, rows)) * centred
        return float(np.sqrt(max(float(rest @ rest), 1e-12) / max(1, len(rows) - 2) / (centred @ centred)))


# --- the sampler ----------------------------------------------------------------------------------------------------


@dataclass
class Population:
    """Proposals of all generations so far.

    Attributes:
        values: (n, FITTED); statistics: (n, S, STATISTICS); generation: (n,).
        kept: rows that stand for the posterior, with `weights`: density of the prior over that of what they were drawn from.
        history: of each generation its number, the largest distance kept, and the share of newcomers that were better.
        densities: of each generation its proposals, their number, and what they were drawn from (None: the prior).
    """

    values: Column
    statistics: Column
    generation: NDArray[np.int64]
    kept: NDArray[np.int64]
    weights: Column
    history: list[dict[str, float]]
    densities: list[tuple[int, tuple[Column, Column, Column] | None]]

    def shares(self) -> Column:
        """Weights of the kept that sum to 1."""
        return np.asarray(self.weights / self.weights.sum())

    def mixed_weights(self) -> Column:
        """Weights of every proposal ever made against the mixture all were drawn from (n,): what makes folds of one pool."""
        total = sum(number for number, _ in self.densities)
        mixture = np.zeros(len(self.values))
        for number, source in self.densities:
            mixture += number / total * (_prior_density() if source is None else _density(self.values, *source))
        return np.asarray(_prior_density() / mixture)


def calibrate(schools: Sequence[School], folder: Path, plan: Plan, workers: int = 1, progress: Progress = lambda _: None) -> Population:
    """Fit `FITTED` to observed schools; every run is kept in `folder`, and only what is missing is run."""
    target, region = Target.of(schools), region_of(schools)
    with RunStore(folder) as store:
        runner = _Runner(store, region, target.names, plan, workers, progress)
        values = _first(plan)
        population = Population(
            values, runner.run(values, 0), np.zeros(len(values), np.int64), np.arange(len(values)), np.ones(0), [], [(len(values), None)]
        )
        _keep_best(population, target, np.ones(len(values)), plan)
        for generation in range(1, plan.generations + 1):
            if _next_generation(population, target, runner, generation, plan) <= plan.enough:
                break
    return population


@dataclass
class _Runner:
    """Runs proposals that the store does not hold yet."""

    store: RunStore
    region: Region
    names: tuple[str, ...]
    plan: Plan
    workers: int
    progress: Progress

    def run(self, values: Column, first: int, seed: int | None = None) -> Column:
        """Statistics of proposals, (n, S, STATISTICS); `first` numbers the first of them."""
        at = self.plan.seed if seed is None else seed
        proposals = [Proposal(tuple(map(float, row)), first + n, self.plan.weeks, at, self.region) for n, row in enumerate(values)]
        digest = _digest(self.region)
        keys = [proposal.key(digest) for proposal in proposals]
        have = self.store.keys()
        missing = [proposal for proposal, name in zip(proposals, keys, strict=True) if name not in have]
        self.progress(len(proposals) - len(missing))
        for proposal, found in run_all(missing, self.workers, simulate):
            self.store.append([{"key": proposal.key(digest), "number": proposal.number} | self._row(proposal, found)])
            self.progress(1)
        self.store.flush()
        table = self.store.table()
        row_of = {name: row for row, name in enumerate(table["key"].to_pylist())}
        rows = [row_of[name] for name in keys]
        columns = [np.asarray(table[f"{name}:{one}"], np.float64)[rows] for name in self.names for one in STATISTICS]
        return np.stack(columns, axis=1).reshape(len(rows), len(self.names), len(STATISTICS))

    def _row(self, proposal: Proposal, found: list[dict[str, float]]) -> dict[str, float]:
        row = {f"p_{name}": value for name, value in zip(FITTED, proposal.values, strict=True)}
        return row | {f"{name}:{one}": shape[one] for name, shape in zip(self.names, found, strict=True) for one in STATISTICS}


def _digest(region: Region) -> str:
    return key({"team": region.team.tolist(), "school": region.school.tolist(), "silent": region.unobserved.tolist()})


def _bounds() -> tuple[Column, Column]:
    low, high = np.array([PRIOR[name] for name in FITTED]).T
    return low, high


def _first(plan: Plan) -> Column:
    """A Latin hypercube over the prior."""
    from scipy.stats import qmc

    low, high = _bounds()
    cube = qmc.LatinHypercube(len(FITTED), rng=np.random.default_rng([plan.seed, 0]))
    return np.asarray(qmc.scale(cube.random(plan.population), low, high))


def _next_generation(population: Population, target: Target, runner: _Runner, generation: int, plan: Plan) -> float:
    """Put moved copies of the better half beside it, and keep the best; returns the share of newcomers that were better."""
    better, weights = population.values[population.kept], population.shares()
    root = np.linalg.cholesky(2.0 * np.cov(better.T, aweights=weights) + 1e-12 * np.eye(len(FITTED)))
    population.densities.append((plan.population - len(better), (better, weights, root)))
    moved = _move(better, weights, root, plan.population - len(better), np.random.default_rng([plan.seed, generation]))
    statistics = runner.run(moved, len(population.values))
    before = population.history[-1]["distance"]
    share = float((target.distance(statistics) < before).mean())
    weights = np.concatenate([population.weights, _prior_density() / _density(moved, better, weights, root)])
    rows = np.concatenate([population.kept, len(population.values) + np.arange(len(moved))])
    population.values = np.concatenate([population.values, moved])
    population.statistics = np.concatenate([population.statistics, statistics])
    population.generation = np.concatenate([population.generation, np.full(len(moved), generation)])
    population.kept = rows
    _keep_best(population, target, weights, plan, share)
    return share


def _keep_best(population: Population, target: Target, weights: Column, plan: Plan, share: float = 1.0) -> None:
    """Keep the better half of the proposals at hand, with their weights."""
    distance = target.distance(population.statistics[population.kept])
    best = np.argsort(distance, kind="stable")[: plan.population // 2]
    population.kept, population.weights = population.kept[best], weights[best]
    generation = float(population.generation.max())
    population.history.append({"generation": generation, "distance": float(distance[best].max()), "better": share})


def _move(better: Column, weights: Column, root: Column, number: int, rng: np.random.Generator) -> Column:
    """Copies of kept proposals, moved by a normal step, inside the prior."""
    low, high = _bounds()
    moved = np.empty((0, len(FITTED)))
    while len(moved) < number:
        origin = better[rng.choice(len(better), number, p=weights)]
        step = origin + rng.standard_normal((number, len(FITTED))) @ root.T
        moved = np.concatenate([moved, step[((step >= low) & (step <= high)).all(axis=1)]])
    return moved[:number]


def _density(values: Column, better: Column, weights: Column, root: Column) -> Column:
    """Density from which moved copies were drawn, up to the part cut off by the prior."""
    away = np.linalg.solve(root, (values[:, None, :] - better[None, :, :]).reshape(-1, len(FITTED)).T)
    kernel = np.exp(-0.5 * (away**2).sum(axis=0)).reshape(len(values), len(better))
    return np.asarray(kernel @ weights / ((2 * np.pi) ** (len(FITTED) / 2) * np.abs(np.diag(root)).prod()))


def _prior_density() -> float:
    low, high = _bounds()
    return float(1.0 / (high - low).prod())


# --- what was found -------------------------------------------------------------------------------------------------


def draw_sample(population: Population, plan: Plan) -> Column:
    """Members of equal weight, (plan.sample, FITTED): evenly spaced along the weights of the kept (systematic resampling)."""
    ends = np.cumsum(population.shares())
    places = (np.arange(plan.sample) + np.random.default_rng([plan.seed, 10_000]).random()) / plan.sample
    return population.values[population.kept[np.minimum(np.searchsorted(ends, places), len(ends) - 1)]]


def run_sample(schools: Sequence[School], folder: Path, sample: Column, plan: Plan, workers: int = 1) -> Column:
    """Fresh runs of a sample, which no selection has touched: statistics (n, S, STATISTICS)."""
    with RunStore(folder) as store:
        runner = _Runner(store, region_of(schools), Target.of(schools).names, plan, workers, lambda _: None)
        return runner.run(sample, 0, plan.seed + 1)


def folds(schools: Sequence[School]) -> Iterator[tuple[int, ...]]:
    """Which schools are left out in turn: `HELD_OUT` at a time, far apart in size."""
    by_size = sorted(range(len(schools)), key=lambda at: (schools[at].people, at))
    number = max(1, len(schools) // HELD_OUT)
    for fold in range(number):
        yield tuple(sorted(by_size[fold::number]))


def hold_out(population: Population, target: Target, schools: Sequence[School], plan: Plan) -> list[dict[str, Any]]:
    """Fit to all schools but some, and look at those: errors on both, and how many held-out statistics lie in their own 90 % band.

    Every fold takes its posterior from the one pool of runs, weighted against the mixture they were drawn from; nothing of a school
    left out decides which runs are taken.
    """
    weights, found = population.mixed_weights(), []
    for out in folds(schools):
        left = [at for at in range(len(schools)) if at not in out]
        best = np.argsort(target.distance(population.statistics, left), kind="stable")[: plan.population // 2]
        share = weights[best] / weights[best].sum()
        simulated = population.statistics[best]
        found.append({
            "left_out": [target.names[at] for at in out],
            "values": dict(zip(FITTED, (share @ population.values[best]).tolist(), strict=True)),
            "fitted": _rms(target, _average(simulated, share), left), "held_out": _rms(target, _average(simulated, share), list(out)),
            **_covered(target, simulated, share, out),
        })  # fmt: skip
    return found


def _average(simulated: Column, share: Column) -> Column:
    """Weighted mean over runs, those without a statistic left out."""
    there = ~np.isnan(simulated)
    weight = share[:, None, None] * there
    return np.asarray((np.where(there, simulated, 0.0) * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-300))


def _rms(target: Target, simulated: Column, schools: list[int]) -> float:
    """Root mean square error in standard errors, over statistics alone (a slope needs more schools)."""
    return float(np.sqrt(np.mean(target.errors(simulated, schools)[:-1] ** 2)))


def _covered(target: Target, simulated: Column, share: Column, schools: Sequence[int]) -> dict[str, int]:
    inside = seen = 0
    for at in schools:
        for one in range(len(STATISTICS)):
            observed, values = target.observed[at, one], simulated[:, at, one]
            if np.isnan(observed) or np.isnan(values).all():
                continue
            low, high = weighted_quantiles(values, share, (0.05, 0.95))
            inside, seen = inside + int(low <= observed <= high), seen + 1
    return {"inside": inside, "of": seen}


def weighted_quantiles(values: Column, weights: Column, at: Sequence[float]) -> Column:
    """Quantiles of weighted values; those that are nan are left out."""
    there = ~np.isnan(values)
    order = np.argsort(values[there], kind="stable")
    ends = np.cumsum(weights[there][order])
    rows = np.minimum(np.searchsorted(ends, np.asarray(at) * ends[-1]), len(order) - 1)
    return np.asarray(values[there][order][rows])


def summarise(population: Population, target: Target, fresh: Column, schools: Sequence[School], plan: Plan) -> dict[str, Any]:
    """Centre and spread of every fitted parameter, how well fresh runs of the sample fit, and how well what was held out."""
    kept, share = population.values[population.kept], population.shares()
    centre = share @ kept
    spread = np.sqrt(share @ (kept - centre) ** 2)
    even = np.full(len(fresh), 1.0 / len(fresh))
    errors = target.errors(_average(fresh, even))
    return {
        "population": plan.population, "runs": len(population.values), "weeks": plan.weeks, "seed": plan.seed,
        "schools": list(target.names), "sample": len(fresh),
        "generations": population.history, "effective": float(1.0 / (share**2).sum()),
        "parameters": {
            name: {
                "centre": float(centre[at]), "sd": float(spread[at]), "prior": list(PRIOR[name]),
                "band": weighted_quantiles(kept[:, at], share, (0.05, 0.95)).tolist(),
            }
            for at, name in enumerate(FITTED)
        },
        "fit": {
            name: {"error": float(errors[at]), "weight": weight} | (_levels(target, fresh, at) if name != SLOPE else {})
            for at, (name, weight) in enumerate(WEIGHTS.items())
        },
        "covered": _covered(target, fresh, even, range(len(schools))),
        "folds": hold_out(population, target, schools, plan),
    }  # fmt: skip


def _levels(target: Target, fresh: Column, at: int) -> dict[str, float]:
    return {"observed": float(np.nanmean(target.observed[:, at])), "simulated": float(np.nanmean(fresh[:, :, at]))}
