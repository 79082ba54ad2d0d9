"""Two worlds in lock-step: the same people, start and chance, led in two ways; every week can be looked at again, and gone on from.

Nothing here knows of a screen. Weeks are counted from the moment the leading begins (0).
"""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.compare import Comparison
from experiments.lineup import line_up
from experiments.runs import Job, Source, grow_to_rest, make_region
from model.leading import Leader
from model.learning_network import LearningNetwork
from model.moves import Move, price
from model.parameters import Parameters
from model.people import PERIOD
from model.policies import Policy, parse_policy
from model.region import Region
from model.ties import STRONG

SHOWN = ("lasting", "nobody", "lasting_across", "energy", "practice")
"""Outcomes that are drawn as lines."""
SNAPSHOT_EVERY = 8
"""Weeks between copies of the worlds, from which any week is reached again."""
GONE_FOR = 3
"""Weeks for which a tie that was strong is still shown as gone."""
STRONG_BIT, HELD_BIT, FRESH_BIT, GONE_BIT, ONLY_HERE_BIT = 1, 2, 4, 8, 16
RECORD = np.dtype([("a", "<u2"), ("b", "<u2"), ("bits", "u1"), ("origin", "u1"), ("strength", "u1")])
"""A tie as the picture takes it: its two people, what it is, how it came about, and the strength of its stronger way in hundredths."""

Keys = NDArray[np.int64]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Setup:
    """What is looked at.

    Attributes:
        names: two ways of leading: policies, short forms, or scenarios.
        values: parameters that differ from their defaults, as (name, value).
        replicate: which world; weeks: of leading, where the names do not say; after: weeks without leading that follow.
        region: people of one's own, in place of the made ones.
    """

    names: tuple[str, str] = ("strong_pull", "nurtured")
    values: tuple[tuple[str, float], ...] = ()
    replicate: int = 0
    weeks: int = 40
    after: int = 40
    region: Region | None = field(default=None, compare=False)

    def job(self) -> Job:
        """The two ways as one job.

        Raises:
            ValueError: where they cannot be paired, in words.
        """
        usual = Comparison(replicates=1, worlds=0, values=self.values, lead_weeks=self.weeks, after_weeks=self.after)
        return line_up(usual, self.names).job("default", self.replicate)


class ByHand(Policy):
    """Another policy, with introductions that somebody at the screen asks for; they cost the leader the usual hours."""

    source = "introductions by hand, in the app"

    def __init__(self, inner: Policy, asked: dict[int, list[Pair]]) -> None:
        super().__init__()
        self.inner, self.asked = inner, asked

    def act(self, leader: Leader) -> Iterator[Move]:
        """What was asked for people of this leader's school first, then the other policy's moves."""
        for one, other in self.asked.get(leader.week, ()):
            if int(leader.region.school[one]) == leader.school:
                kind = "introduce" if int(leader.region.school[other]) == leader.school else "bridge"
                yield self.inner.move(kind, (one, other), compulsion=None)
        yield from self.inner.act(leader)


@dataclass(frozen=True)
class Turn:
    """From one week on, the first being 0, a world is led by another policy; leaders keep their hours and what they have seen."""

    week: int
    policy: Policy


@dataclass
class Seen:
    """One world in one week: strong ties as sorted pairs, every tie as records, and the outcomes that are drawn."""

    strong: Keys
    ties: NDArray[np.void]
    measures: dict[str, float]


class Twins:
    """Both worlds, and every week they have been through.

    Args:
        setup: what is looked at.

    Attributes:
        week: the week both are in; last: the last one there will be.
        worlds: name → world.
        seen: name → what it was like in each week, the first being week 0.

    Raises:
        ValueError: where the names cannot be paired.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup, self.job = setup, setup.job()
        self.week, self.last = 0, self.job.lead_weeks + self.job.after_weeks
        self.region = setup.region or make_region(self.job.source)
        self.worlds: dict[str, LearningNetwork] = dict(_begin(self.job, setup.region))
        self.asked: dict[str, dict[int, list[Pair]]] = {name: {} for name in self.worlds}
        self.turns: dict[str, tuple[Turn, ...]] = dict.fromkeys(self.worlds, ())
        for name, world in self.worlds.items():
            world.measure()
            world.policy = ByHand(world.policy, self.asked[name])
            world.measured_at = range(world.week + 1, world.week + self.last + 1)
        self.seen: dict[str, list[Seen]] = {name: [look(world)] for name, world in self.worlds.items()}
        self._snapshots: dict[int, dict[str, LearningNetwork]] = {0: self._copies()}

    def step(self) -> bool:
        """One week in both; False where the last week has been."""
        if self.week >= self.last:
            return False
        for name, world in self.worlds.items():
            for turn in self.turns[name]:
                if turn.week == self.week:
                    world.policy = ByHand(turn.policy, self.asked[name])
            world.step()
        self.week += 1
        for name, world in self.worlds.items():
            del self.seen[name][self.week :]
            self.seen[name].append(look(world))
        if self.week % SNAPSHOT_EVERY == 0 and self.week not in self._snapshots:
            self._snapshots[self.week] = self._copies()
        return True

    def go_to(self, week: int) -> None:
        """Bring both to a week, back or on; what was asked by hand in later weeks stays asked."""
        week = min(max(week, 0), self.last)
        if week < self.week:
            start = max(at for at in self._snapshots if at <= week)
            self.worlds = {name: copy.deepcopy(world) for name, world in self._snapshots[start].items()}
            self._share_what_is_asked()
            self.week = start
        while self.week < week:
            self.step()

    def lead_on(self, name: str, other: str) -> Twins:
        """Two worlds that share the past of `name` up to now: one goes on as it was led, the other is led by `other` from here.

        Raises:
            ValueError: where `other` is no policy, or nobody leads any more.
        """
        policy, new = parse_policy(other), f"{name} → {other}"
        branched = copy.copy(self)
        past = tuple(turn for turn in self.turns[name] if turn.week < self.week)
        branched.worlds = {one: copy.deepcopy(self.worlds[name]) for one in (name, new)}
        branched.turns = {name: self.turns[name], new: (*past, Turn(self.week, policy))}
        branched.asked = {one: {week: [*pairs] for week, pairs in self.asked[name].items()} for one in branched.worlds}
        branched.seen = {one: [*self.seen[name][: self.week + 1]] for one in branched.worlds}
        branched._snapshots = {
            at: dict.fromkeys(branched.worlds, copies[name]) for at, copies in self._snapshots.items() if at <= self.week
        }  # fmt: skip
        branched._share_what_is_asked()
        return branched

    def turns_to(self, one: int, other: int) -> bool:
        """Whether somebody turns to somebody in at least one of the worlds."""
        return any(tie.alter.row == other for world in self.worlds.values() for tie in world.at(one).ties)

    def introduce(self, one: int, other: int) -> dict[str, str]:
        """Ask in both worlds that two people are introduced next week.

        Returns:
            For each world "asked", "nobody_leads", "no_leader" (their school has none) or "no_hours".
        """
        return {name: self._ask(name, one, other) for name in self.worlds}

    def _ask(self, name: str, one: int, other: int) -> str:
        world = self.worlds[name]
        if world.week + 1 > world.lead_until:
            return "nobody_leads"
        leaders = [leader for leader in world.leaders if leader.school == int(self.region.school[one])]
        if not leaders:
            return "no_leader"
        kind = "introduce" if self.region.school[one] == self.region.school[other] else "bridge"
        if leaders[0].hours + leaders[0].weekly_hours < price(kind, leaders[0].constants):
            return "no_hours"
        self.asked[name].setdefault(world.week + 1, []).append((one, other))
        self._forget_after(self.week)
        return "asked"

    def _forget_after(self, week: int) -> None:
        self._snapshots = {at: copies for at, copies in self._snapshots.items() if at <= week}

    def _copies(self) -> dict[str, LearningNetwork]:
        return {name: copy.deepcopy(world) for name, world in self.worlds.items()}

    def _share_what_is_asked(self) -> None:
        """Copies of a world read what is asked from one list, and not from a copy of their own."""
        for name, world in self.worlds.items():
            if isinstance(world.policy, ByHand):
                world.policy.asked = self.asked[name]

    def picture(self, name: str, week: int | None = None) -> NDArray[np.void]:
        """The ties of a world in a week as `RECORD`s: those there, those new since a period ago, those gone a moment ago."""
        at = self.week if week is None else week
        seen = self.seen[name]
        ties = picture_of(seen[at], seen[max(0, at - PERIOD)].strong if at else None, seen[max(0, at - GONE_FOR)].strong)
        other = next((each for one, each in self.seen.items() if one != name), seen)
        if at < len(other):
            ties["bits"][(ties["bits"] & STRONG_BIT > 0) & ~np.isin(_keys(ties), other[at].strong)] |= ONLY_HERE_BIT
        return ties

    def series(self, outcome: str) -> dict[str, list[float]]:
        """An outcome in every week so far, by world."""
        return {name: [one.measures[outcome] for one in seen[: self.week + 1]] for name, seen in self.seen.items()}


_GROWING = threading.Lock()


def _begin(job: Job, region: Region | None) -> Iterator[tuple[str, LearningNetwork]]:
    """Both worlds at rest, about to be led; with people of one's own, those."""
    for name in job.policies:
        parameters, way = job.parameters(name), job.way(name)
        with _GROWING:  # so that ten pages that open at once grow one world
            world = _grown(job, parameters) if region is None else grow_to_rest(job, parameters, region)
        yield name, world.branch(way.policy(parameters.lead.leader_hours, job.lead_weeks), job.lead_weeks, way.events)


def _grown(job: Job, parameters: Parameters) -> LearningNetwork:
    """A world at rest of a made-up region, which nobody may change."""
    return _grown_once(job.source, job.seed, job.replicate, job.grow_weeks, parameters)


@functools.lru_cache(maxsize=4)
def _grown_once(source: Source, seed: int, replicate: int, weeks: int, parameters: Parameters) -> LearningNetwork:
    return grow_to_rest(Job(source, (), replicate, seed=seed, grow_weeks=weeks), parameters)


def look(world: LearningNetwork) -> Seen:
    """What a world is like now."""
    table, week = world.ties(), world.week
    ego, alter = np.asarray(table["ego"], np.int64), np.asarray(table["alter"], np.int64)
    strong, held = np.asarray(table["strength"]) >= STRONG, np.asarray(table["held_until"]) >= week
    keys = np.minimum(ego, alter) << 16 | np.maximum(ego, alter)
    kept, first, back = np.unique(keys, return_index=True, return_inverse=True)
    ties = np.zeros(len(kept), RECORD)
    ties["a"], ties["b"], ties["origin"] = kept >> 16, kept & 0xFFFF, np.asarray(table["origin"])[first]
    bits = np.where(strong, STRONG_BIT, 0) | np.where(held, HELD_BIT, 0)
    either, strength = np.zeros(len(kept), np.int64), np.zeros(len(kept))
    np.bitwise_or.at(either, back, bits)
    np.maximum.at(strength, back, np.asarray(table["strength"], np.float64))
    ties["bits"], ties["strength"] = either, np.rint(100 * strength)
    return Seen(kept[either & STRONG_BIT > 0], ties, {name: float(world.measures[name]) for name in SHOWN})


def picture_of(now: Seen, before: Keys | None, ago: Keys) -> NDArray[np.void]:
    """Ties as `RECORD`s: those there, new where they were not strong `before` (None: nothing is new), gone where they were strong `ago`."""
    ties = now.ties.copy()
    if before is not None:
        ties["bits"][(ties["bits"] & STRONG_BIT > 0) & ~np.isin(_keys(ties), before)] |= FRESH_BIT
    gone = np.setdiff1d(ago, now.strong)
    lost = np.zeros(len(gone), RECORD)
    lost["a"], lost["b"], lost["bits"] = gone >> 16, gone & 0xFFFF, GONE_BIT
    return np.concatenate([ties, lost])


def _keys(ties: NDArray[np.void]) -> Keys:
    return np.asarray(ties["a"].astype(np.int64) << 16 | ties["b"])


def facts_of(world: LearningNetwork, row: int) -> Mapping[str, Any]:
    """What the panel shows of one person in one world: numbers, and ties with their strength, the strongest first."""
    person = world.at(row)
    ties = person.ties
    outside = [tie for tie in ties if tie.alter.school != person.school]
    return {
        "name": person.name, "energy": round(100 * person.energy), "ties": len(ties), "strong": sum(tie.strength >= STRONG for tie in ties),
        "outside": len(outside), "asked": person.asked_by,
        "alters": [{"row": tie.alter.row, "name": tie.alter.name, "strong": tie.strength >= STRONG, "origin": tie.origin} for tie in ties],
    }  # fmt: skip


def why(world: LearningNetwork, one: int, other: int) -> list[tuple[str, float]]:
    """The terms of the value of a tie in logits, the largest first, those near zero and what all ties share left out."""
    terms = world.at(one).why(world.at(other))
    told = [(name, value) for name, value in terms.items() if name != "baseline" and abs(value) >= 0.05]
    return sorted(told, key=lambda term: -abs(term[1]))
