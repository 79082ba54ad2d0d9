"""The main job: ways of leading compared pair by pair, from the same start, people and chance.

Two answers are always given: at the defaults, and across what we do not know, where each world also draws the contested
parameters from their ranges, the same draw for every way of leading.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.driver import run_all
from experiments.runs import DATES, SERIES, Job, Kind, Source, make_region, run
from experiments.store import RunStore, read_runs, read_series
from experiments.ways import PolicyFile, Way
from model.parameters import SPECS, contested
from model.region import Region, Role

OUTCOMES = ("lasting", "lasting_across", "nobody", "energy", "practice")
"""The headline first, then four more."""
EQUAL_HOURS = 0.02
"""Difference in leader hours spent below which two policies count as led at equal hours."""
DECIDERS = 4
"""Contested parameters that are named as deciding a difference."""
OWN_GROWTH = "on_its_own"
"""The way of leading against which hours per extra tie are reckoned."""
_PRICED = ("lasting", "leader_hours", "teacher_hours")
CONFIDENCE, BAND = 0.95, 0.80

Hours = Literal["equal", "teacher", "own"]
"""Whose hours are equal: leaders', colleagues', or nobody's."""
Column = NDArray[np.float64]
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Comparison:
    """What to compare.

    Attributes:
        pairs: which differences are told, as (more, less); only those of policies that are compared.
        equal: policies that are meant to spend equal hours.
        hours: whose hours are meant to be equal.
        also: the policies that take people's time, each as (name, way) at equal hours of colleagues, run and told beside the others.
        replicates: worlds at the defaults; `worlds`: worlds across what we do not know.
        outcomes: the headline first.
        asked: the question in each language, as (language, text), where a scenario asks one.
        ways: what names in `policies` that are no policies stand for, such as scenarios.
        policy_files: files of policies that do not ship.
        calibrated: worlds also draw the structural parameters, from the calibrated sample.
    """

    name: str = "pull_or_grow"
    source: Source = Source()
    policies: tuple[str, ...] = ("strong_pull", "on_its_own", "nurtured", "time_freed")
    pairs: tuple[tuple[str, str], ...] = (
        ("nurtured", "strong_pull"),
        ("on_its_own", "strong_pull"),
        ("nurtured", "on_its_own"),
        ("time_freed", "on_its_own"),
    )
    equal: tuple[str, ...] = ("strong_pull", "nurtured", "time_freed")
    replicates: int = 100
    worlds: int = 100
    seed: int = 1
    values: tuple[tuple[str, float], ...] = ()
    grow_weeks: int = 400
    lead_weeks: int = 40
    after_weeks: int = 40
    outcomes: tuple[str, ...] = OUTCOMES
    asked: tuple[tuple[str, str], ...] = ()
    ways: tuple[Way, ...] = ()
    policy_files: tuple[PolicyFile, ...] = ()
    calibrated: bool = False
    hours: Hours = "equal"
    also: tuple[tuple[str, Way], ...] = ()

    @property
    def all_policies(self) -> tuple[str, ...]:
        """Everything that is run: the policies, and those beside them."""
        return tuple(dict.fromkeys((*self.policies, *(way.name for _, way in self.also))))

    def jobs(self) -> Iterator[Job]:
        """Every job, defaults and worlds in turn, so that an early stop leaves something of both."""
        for replicate in range(max(self.replicates, self.worlds)):
            if replicate < self.replicates:
                yield self.job("default", replicate)
            if replicate < self.worlds:
                yield self.job("uncertain", replicate)

    def job(self, kind: Kind, replicate: int) -> Job:
        """One job: every way of leading in one world."""
        beside = tuple(way for _, way in self.also if way.name not in self.policies)
        return Job(
            source=self.source, policies=self.all_policies, replicate=replicate, seed=self.seed, kind=kind, values=self.values,
            grow_weeks=self.grow_weeks, lead_weeks=self.lead_weeks, after_weeks=self.after_weeks,
            ways=self.ways + beside, policy_files=self.policy_files, calibrated=self.calibrated and kind == "uncertain",
        )  # fmt: skip


def compare(comparison: Comparison, folder: Path, workers: int, progress: Progress = lambda _: None) -> dict[str, Any]:
    """Run what is not yet in `folder`, and summarise.

    Args:
        workers: processes to use.
        progress: called with the number of jobs done since the last call.

    Returns:
        The summary: levels, parts, hours, hours per extra tie, paired differences, what decides, and what was assumed; plain types only.
    """
    make_region(comparison.source)  # a bad file is told before anything is written
    with RunStore(folder) as store:
        have = store.keys()
        todo = []
        for job in comparison.jobs():
            missing = tuple(policy for policy in job.policies if job.key(policy) not in have)
            if missing:
                todo.append(Job(**(vars(job) | {"policies": missing})))
            else:
                progress(1)
        for _, finished in run_all(todo, workers, run):
            store.append(finished.rows, finished.series)
            progress(1)
    return summarise(comparison, read_columns(comparison, folder))


def read_columns(comparison: Comparison, folder: Path) -> dict[Kind, dict[str, dict[str, Column]]]:
    """The runs of a comparison as columns: kind → policy → column (replicates,), in order of replicate."""
    wanted = {job.key(policy): (job.kind, policy, job.replicate) for job in comparison.jobs() for policy in job.policies}
    rows = [row | {"policy": wanted[row["key"]][1]} for row in read_runs(folder).to_pylist() if row["key"] in wanted]
    return columns_of(rows, comparison.all_policies)


def columns_of(rows: Sequence[dict[str, Any]], policies: Sequence[str]) -> dict[Kind, dict[str, dict[str, Column]]]:
    """Rows of runs as columns: kind → policy → column (replicates,), in order of replicate."""
    rows = sorted(rows, key=lambda row: row["replicate"])
    columns: dict[Kind, dict[str, dict[str, Column]]] = {"default": {}, "uncertain": {}}
    for kind, by_policy in columns.items():
        for policy in policies:
            mine = [row for row in rows if (row["kind"], row["policy"]) == (kind, policy)]
            names = [name for name, value in (mine[0] if mine else {}).items() if isinstance(value, float)]
            by_policy[policy] = {name: np.array([row[name] for row in mine]) for name in names}
    return columns


def read_lines(comparison: Comparison, folder: Path) -> dict[str, dict[str, Column]]:
    """Weekly series at the defaults: measure → policy → array (replicates, weeks + 1)."""
    jobs = [job for job in comparison.jobs() if job.kind == "default"]
    wanted = {policy: [job.key(policy) for job in jobs] for policy in comparison.policies}
    return lines_of(read_series(folder), wanted, comparison.lead_weeks + comparison.after_weeks + 1)


def lines_of(table: Any, keys: Mapping[str, Sequence[str]], weeks: int, measures: Sequence[str] = SERIES) -> dict[str, dict[str, Column]]:
    """Series of chosen runs: measure → policy → array (replicates, weeks), for the keys of each policy in their order."""
    start = {str(name): at for at, name in reversed(list(enumerate(table["key"].to_pylist())))}
    lines: dict[str, dict[str, Column]] = {measure: {} for measure in measures}
    for measure in measures:
        column = np.asarray(table[measure])
        for policy, runs in keys.items():
            lines[measure][policy] = np.stack([column[start[name] :][:weeks] for name in runs])
    return lines


def summarise(comparison: Comparison, columns: dict[Kind, dict[str, dict[str, Column]]]) -> dict[str, Any]:
    """Levels with bands, paired differences with intervals, hours, and what decides."""
    region = make_region(comparison.source)
    offices = region.school_office[region.school]
    default, uncertain = columns["default"], columns["uncertain"]
    pairs = [pair for pair in comparison.pairs if set(pair) <= set(comparison.policies)]
    notes = [[name, dict(values)] for name, values in region.notes]
    if region.first_ties is not None:
        notes.append(["observed_ties_settled", {"ties": len(region.first_ties.ego)}])
    if differing := _different_worlds(comparison):
        notes.append(["different_worlds", {"parameters": differing}])
    return {
        "name": comparison.name, "seed": comparison.seed, "replicates": comparison.replicates, "worlds": comparison.worlds,
        "people": region.people, "schools": int((~region.school_office).sum()),
        "teachers": int(((region.role == Role.TEACHER) & ~offices).sum()),
        "grow_weeks": comparison.grow_weeks, "lead_weeks": comparison.lead_weeks, "after_weeks": comparison.after_weeks,
        "policies": list(comparison.policies), "outcomes": list(comparison.outcomes), "dates": list(DATES),
        "asked": dict(comparison.asked), "titles": {way.name: dict(way.titles) for way in comparison.ways if way.titles},
        "levels": {policy: _levels(default[policy], comparison.outcomes) for policy in comparison.policies},
        "parts": {policy: _parts(default[policy]) for policy in comparison.policies},
        "hours": {policy: _hours(default[policy]) for policy in comparison.policies},
        "hours_of": comparison.hours, "equal_hours": _equal_hours(comparison, default),
        "equal_teacher_hours": _equal_teacher_hours(comparison, default, uncertain),
        "prices": _prices(comparison.policies, default, region),
        "differences": list(_differences(comparison.outcomes, pairs, default, uncertain)),
        "deciders": _deciders(pairs[0], uncertain) if pairs and comparison.worlds >= 10 else [],
        "grades": _grades(), "notes": notes, "observed": region.first_ties is not None, "failed": 0,
    }  # fmt: skip


def _different_worlds(comparison: Comparison) -> list[str]:
    """Parameters whose value, or range, is not the same under every way of leading: those worlds differ before anybody leads."""
    settled = dict(comparison.values)
    job = next(comparison.jobs())
    held = [dict(way.values) | {name: (low, high) for name, low, high in way.ranges} for way in map(job.way, comparison.policies)]
    return sorted({name for one in held for name in one if name not in settled and any(other.get(name) != one[name] for other in held)})


def _levels(runs: dict[str, Column], outcomes: Sequence[str]) -> dict[str, Any]:
    return {outcome: {date: _level(runs[f"{outcome}_{date}"]) for date in DATES} for outcome in outcomes}


def _level(values: Column) -> dict[str, float]:
    low, high = np.quantile(values, ((1 - BAND) / 2, (1 + BAND) / 2))
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}


def _parts(runs: dict[str, Column]) -> dict[str, float]:
    return {part: float(runs[f"{part}_after"].mean()) for part in ("survivors", "born_after", "from_start")}


def _hours(runs: dict[str, Column]) -> dict[str, float]:
    return {who: float(runs[f"{who}_hours_after"].mean()) for who in ("leader", "teacher")}


def _equal_hours(comparison: Comparison, default: dict[str, dict[str, Column]]) -> dict[str, Any]:
    """Whether policies meant to be led at equal hours of leaders, or of colleagues, spent them: the largest relative difference."""
    who = "teacher" if comparison.hours == "teacher" else "leader"
    hours = {policy: _hours(default[policy])[who] for policy in comparison.equal if policy in comparison.policies}
    among = {policy: spent for policy, spent in hours.items() if spent > 0}
    return {"policies": list(among), "of": who} | _spread(list(among.values()))


def _spread(hours: Sequence[float]) -> dict[str, Any]:
    difference = (max(hours) - min(hours)) / max(hours) if hours and max(hours) > 0 else 0.0
    return {"difference": difference, "equal": difference <= EQUAL_HOURS}


def _equal_teacher_hours(
    comparison: Comparison, default: dict[str, dict[str, Column]], uncertain: dict[str, dict[str, Column]]
) -> dict[str, Any]:
    """The second comparison: the ways that take people's time, with leader hours that make this time equal; empty without it."""
    if not comparison.also:
        return {}
    names = {name: way.name for name, way in comparison.also}
    runs, worlds = ({name: kind[run] for name, run in names.items()} for kind in (default, uncertain))
    hours = {name: _hours(columns) for name, columns in runs.items()}
    pairs = [pair for pair in comparison.pairs if set(pair) <= set(names)]
    return {
        "policies": list(names), "hours": hours, **_spread([spent["teacher"] for spent in hours.values()]),
        "hours_worlds": {name: _hours(columns) for name, columns in worlds.items()} if comparison.worlds else None,
        "differences": list(_differences(comparison.outcomes, pairs, runs, worlds)),
    }  # fmt: skip


def _prices(policies: Sequence[str], default: dict[str, dict[str, Column]], region: Region) -> dict[str, Any]:
    """Hours that each lasting tie more than with its twin of growth on its own has cost, by policy: of leaders, and of everybody."""
    if OWN_GROWTH not in policies:
        return {}
    led = np.unique(region.school[(region.role == Role.LEADER) & ~region.school_office[region.school]])
    teachers = int(((region.role == Role.TEACHER) & ~region.unobserved).sum())
    prices = {}
    for policy in policies:
        if policy != OWN_GROWTH:
            more = {name: default[policy][f"{name}_after"] - default[OWN_GROWTH][f"{name}_after"] for name in _PRICED}
            ties = more["lasting"] * teachers
            prices[policy] = {
                "leader": hours_per_extra_tie(more["leader_hours"] * max(1, len(led)), ties),
                "teacher": hours_per_extra_tie(more["teacher_hours"] * region.people, ties),
            }
    return prices


def hours_per_extra_tie(hours: Column, ties: Column) -> dict[str, float | None]:
    """Mean hours more per mean tie more, over pairs, both in all.

    `low` and `high` follow from the 95 % interval of the ties: no `high` where it may be that no tie was won (the price then has no
    upper bound), and nothing at all where no tie was won on average.
    """
    won = paired_difference(ties, np.zeros_like(ties))
    if won["mean"] <= 0:
        return {"mean": None, "low": None, "high": None}
    spent = float(hours.mean())
    return {
        "mean": spent / won["mean"],
        "low": spent / won["high"] if math.isfinite(won["high"]) else None,
        "high": spent / won["low"] if won["low"] > 0 else None,
    }


def _differences(
    outcomes: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    default: dict[str, dict[str, Column]],
    uncertain: dict[str, dict[str, Column]],
) -> Iterator[dict[str, Any]]:
    for more, less in pairs:
        for outcome in outcomes:
            for date in DATES[1:]:
                name = f"{outcome}_{date}"
                at_defaults = paired_difference(default[more][name], default[less][name])
                worlds = None
                if uncertain[more]:
                    worlds = _as_known(paired_difference(uncertain[more][name], uncertain[less][name]))
                yield {"more": more, "less": less, "outcome": outcome, "date": date, "defaults": at_defaults, "worlds": worlds}


def _as_known(difference: dict[str, float]) -> dict[str, float | None]:
    """A difference with None where nothing is known: one pair has no interval."""
    return {name: value if math.isfinite(value) else None for name, value in difference.items()}


def paired_difference(more: Column, less: Column) -> dict[str, float]:
    """Mean of the paired difference with its 95 % interval (Student's t), the 80 % band of pairs, and how many lie above zero."""
    from scipy.special import stdtrit

    difference = more - less
    n = len(difference)
    error = float(difference.std(ddof=1)) / math.sqrt(n) if n > 1 else math.inf
    reach = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) * error if n > 1 else math.inf
    mean = float(difference.mean())
    low, high = np.quantile(difference, ((1 - BAND) / 2, (1 + BAND) / 2))
    return {
        "mean": mean, "low": mean - reach, "high": mean + reach, "n": n, "band_low": float(low), "band_high": float(high),
        "above": int((difference > 0).sum()), "below": int((difference < 0).sum()), "equal": int((difference == 0).sum()),
    }  # fmt: skip


def _deciders(pair: tuple[str, str], uncertain: dict[str, dict[str, Column]]) -> list[dict[str, Any]]:
    """The contested parameters that go most with the headline difference, and where its trend crosses zero.

    Rank correlation (Spearman) over worlds, kept where it is beyond chance (|r| > 2.6 / sqrt n, one in a hundred); the flip is
    where a straight line through difference against the parameter is zero, if that lies within the sweep range.
    """
    more, less = pair
    difference = uncertain[more]["lasting_after"] - uncertain[less]["lasting_after"]
    found: list[dict[str, Any]] = []
    for spec in contested():
        values = next((v for side in pair if np.ptp(v := uncertain[side][f"p_{spec.name}"]) > 0), None)
        if values is None or np.ptp(difference) == 0:
            continue
        together = float(np.corrcoef(_ranks(values), _ranks(difference))[0, 1])
        if abs(together) > 2.6 / math.sqrt(len(values)):
            found.append({
                "more": more, "less": less, "parameter": spec.name, "rank_correlation": together,
                "flip": _flip(spec.name, values, difference), "low": spec.sweep[0], "high": spec.sweep[1],
            })  # fmt: skip
    return sorted(found, key=lambda one: -abs(one["rank_correlation"]))[:DECIDERS]


def _ranks(values: Column) -> Column:
    from scipy.stats import rankdata

    return np.asarray(rankdata(values), np.float64)


def _flip(name: str, values: Column, difference: Column) -> float | None:
    spec = SPECS[name]
    at = np.log(values) if spec.log else values
    slope, level = np.polyfit(at, difference, 1)
    zero = -level / slope
    value = float(np.exp(zero)) if spec.log else float(zero)
    return value if spec.sweep[0] <= value <= spec.sweep[1] else None


def _grades() -> dict[str, int]:
    """How many parameters are measured, plausible and guessed."""
    return {grade: sum(spec.grade == grade for spec in SPECS.values()) for grade in ("measured", "plausible", "guess")}
