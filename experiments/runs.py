"""One run: a world grows to rest, is led in each way from the same start and chance, and is left alone again.

A job is one replicate of one kind of world; it gives one row and one weekly series per way of leading. Nothing here knows where
results go.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from experiments.calibrated import draw_member, fitted
from experiments.store import Canonical, canonical, key
from experiments.ways import PolicyFile, Way, make_sure_loaded, plain_way
from model.learning_network import LearningNetwork
from model.parameters import SPECS, Parameters, contested
from model.randomness import Purpose, draw_each, purpose_key, world_key
from model.region import Region, generate_region
from model.rosters import read_locations, read_network

DATES = ("start", "stop", "after")
"""When outcomes are taken: before the leading, when it stops, and one year later."""
SERIES: tuple[str, ...] = ("lasting", "lasting_across", "nobody", "energy", "practice", "ties", "strong")
"""Measures kept for every week."""
Kind = Literal["default", "uncertain"]


@dataclass(frozen=True)
class Source:
    """Where the region comes from: made up, an observed network, or a board in a list of schools.

    Attributes:
        network: file or folder of an observed network, and `school` in it.
        locations: folder of a list of schools, and the number of a `board` in it.
        made: what differs from the defaults of `generate_region`, as (name, value), sorted.
    """

    network: str | None = None
    school: int | None = None
    locations: str | None = None
    board: int | None = None
    made: tuple[tuple[str, int], ...] = ()


@functools.lru_cache(maxsize=2)
def make_region(source: Source) -> Region:
    """The region of a source; read once per process."""
    if source.network is not None:
        return read_network(source.network, school=source.school)
    if source.locations is not None:
        return read_locations(source.locations, source.board)
    return generate_region(**dict(source.made))  # type: ignore[arg-type]


@functools.lru_cache(maxsize=2)
def region_digest(source: Source) -> str:
    """Hash of what a region holds, so that results are named by content and not by path."""
    region = make_region(source)
    digest = hashlib.sha256()
    for name in ("team", "school", "role", "hats", "fte", "school_board", "school_town", "school_swv", "unobserved"):
        digest.update(np.ascontiguousarray(getattr(region, name)).tobytes())
    if region.first_ties is not None:
        for column in (region.first_ties.ego, region.first_ties.alter, region.first_ties.strength, region.first_ties.age):
            digest.update(np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Job:
    """One replicate of one kind of world, led in each of `policies`.

    Attributes:
        policies: names of ways of leading: ids of policies, short forms of timelines, or names of `ways`.
        values: parameters that differ from their defaults, as (name, value).
        kind: "default", or "uncertain": contested parameters drawn from their sweep ranges, alike for every policy.
        calibrated: uncertain worlds also draw a member of the calibrated sample, in place of its centre.
        ways: ways of leading that are more than a policy, such as those of scenarios.
        policy_files: files of policies that do not ship.
    """

    source: Source
    policies: tuple[str, ...]
    replicate: int
    seed: int = 1
    kind: Kind = "default"
    values: tuple[tuple[str, float], ...] = ()
    grow_weeks: int = 400
    lead_weeks: int = 40
    after_weeks: int = 40
    ways: tuple[Way, ...] = ()
    policy_files: tuple[PolicyFile, ...] = ()
    calibrated: bool = False

    def way(self, name: str) -> Way:
        """What one of `policies` stands for."""
        return next((way for way in self.ways if way.name == name), None) or plain_way(name, self.lead_weeks)

    def parameters(self, policy: str | None = None) -> Parameters:
        """The parameters of this world: given values, those of a way of leading, and for an uncertain world what is drawn for the rest."""
        return _parameters(self._settled(policy))

    def _settled(self, policy: str | None) -> tuple[tuple[str, float], ...]:
        """What differs from the defaults, in order of name."""
        way = None if policy is None else self.way(policy)
        settled = {} if way is None else way.at_defaults()
        if self.kind == "uncertain":
            drawn = draw_uncertain(self.seed, self.replicate, () if way is None else way.ranges)
            member = draw_member(self.seed, self.replicate) if self.calibrated else {}
            settled = member | drawn | ({} if way is None else dict(way.values))
        return tuple(sorted((settled | dict(self.values)).items()))

    def key(self, policy: str) -> str:
        """Name of the run under one policy, by content."""
        settings: dict[str, Any] = {
            "region": region_digest(self.source), "policy": policy, "replicate": self.replicate, "seed": str(self.seed),
            "kind": self.kind, "weeks": [self.grow_weeks, self.lead_weeks, self.after_weeks],
            "parameters": _canonical_parameters(self._settled(policy)),
        }  # fmt: skip
        way = self.way(policy)
        if way in self.ways or len(way.stages) > 1:
            settings |= {"policy": "", "way": way.describe()}
        used = {stage.policy for stage in way.stages}
        if own := sorted(file.digest for file in self.policy_files if used.intersection(file.ids)):
            settings["policy_files"] = own
        return key(settings)


@functools.lru_cache(maxsize=4096)
def _parameters(values: tuple[tuple[str, float], ...]) -> Parameters:
    return Parameters().with_values(**dict(values))


@functools.lru_cache(maxsize=4096)
def _canonical_parameters(values: tuple[tuple[str, float], ...]) -> Canonical:
    """All parameters, defaults filled in, as keys take them."""
    return canonical(_parameters(values).values())


def draw_uncertain(seed: int, replicate: int, ranges: tuple[tuple[str, float, float], ...] = ()) -> dict[str, float]:
    """A value of every contested parameter, drawn evenly over its sweep range; a new parameter leaves the others as they were.

    Args:
        ranges: parameters with a range of their own, as (name, from, to), contested or not; two worlds with other ranges share
            the place in the range.
    """
    draws = purpose_key(world_key(seed, replicate), Purpose.UNCERTAIN, 0)
    own = {name: SPECS[name].between(low, high) for name, low, high in ranges}
    specs = list(({spec.name: spec for spec in contested()} | own).values())
    shares = draw_each(draws, np.array([zlib.crc32(spec.name.encode()) for spec in specs]))
    return {spec.name: spec.at(float(share)) for spec, share in zip(specs, shares, strict=True)}


@dataclass
class Finished:
    """What one job gives: a row per policy, and a row per policy and week."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    series: list[dict[str, Any]] = field(default_factory=list)


def run(job: Job, series: Sequence[str] = SERIES) -> Finished:
    """Grow one world to rest, then lead it in each way from there.

    Every policy starts from the same people, ties and chance (keyed draws), so differences between them are paired.

    Args:
        series: measures kept for every week; without any, weeks between the dates are not measured, which is faster.
    """
    finished = Finished()
    for policy, world in branches(job):
        stop = world.week + job.lead_weeks
        world.measured_at = range(world.week + 1, stop + job.after_weeks)  # inside the week, before anybody leaves at the end of a year
        world.fully_at = (stop, stop + job.after_weeks)
        name = job.key(policy)
        outcomes = {f"{measure}_start": value for measure, value in world.measure_fully().items()}
        if series:
            finished.series.append(_week(name, 0, world.measures, series))
        for week in range(1, job.lead_weeks + job.after_weeks + 1):
            # measured inside the week, before anybody leaves at the end of a year
            world.collect = bool(series) or world.week + 1 in world.fully_at
            world.step()
            if series:
                finished.series.append(_week(name, week, world.measures, series))
            if week == job.lead_weeks:
                outcomes |= {f"{measure}_stop": value for measure, value in world.measures.items()}
        outcomes |= {f"{measure}_after": value for measure, value in world.measures.items()}
        finished.rows.append(_describe(job, name, policy) | outcomes)
    return finished


def branches(job: Job) -> Iterator[tuple[str, LearningNetwork]]:
    """A world about to be led, for every policy of a job; ways with the same parameters share the world at rest."""
    make_sure_loaded(job.policy_files)
    at_rest: dict[Parameters, LearningNetwork] = {}
    for policy in job.policies:
        parameters, way = job.parameters(policy), job.way(policy)
        if parameters not in at_rest:
            at_rest[parameters] = grow_to_rest(job, parameters)
        yield policy, at_rest[parameters].branch(way.policy(parameters.lead.leader_hours, job.lead_weeks), job.lead_weeks, way.events)


def grow_to_rest(job: Job, parameters: Parameters | None = None, region: Region | None = None) -> LearningNetwork:
    """The world that policies start from; without `parameters` or `region`, with those of the job."""
    region = region or make_region(job.source)
    unled = replace(region, first_ties=None)
    world = LearningNetwork(rng=job.seed, replicate=job.replicate, region=unled, parameters=parameters or job.parameters(), collect=False)
    world.grow(job.grow_weeks)
    if region.first_ties is not None:
        world.take_over_observed(region.first_ties)
    return world


def _week(name: str, week: int, measures: Mapping[str, float], kept: Sequence[str]) -> dict[str, Any]:
    return {"key": name, "week": week} | {measure: measures[measure] for measure in kept}


def _describe(job: Job, name: str, policy: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": name, "kind": job.kind, "policy": policy, "replicate": job.replicate, "seed": str(job.seed),
    }  # fmt: skip
    values = job.parameters(policy).values()
    drawn = [spec.name for spec in contested()] + (list(fitted()) if job.calibrated else [])
    return row | {f"p_{name}": float(values[name]) for name in dict.fromkeys(drawn)}


def look_at_stops(job: Job) -> dict[str, dict[str, dict[str, Any]]]:
    """The ties of one world when the leading stops and one year later: policy → "stop" and "after" → columns of `tie_table`."""
    seen: dict[str, dict[str, dict[str, Any]]] = {}
    for policy, world in branches(job):
        seen[policy] = {}
        for date, weeks in (("stop", job.lead_weeks), ("after", job.after_weeks)):
            for _ in range(weeks):
                world.step()
            seen[policy][date] = world.ties()
    return seen
