"""The ways of leading that put a claim to the test, and what is measured of them.

Most ship with the model. Those written here differ from each other in one thing only, so that a difference can come from nothing
else: with whom two people are connected, on behalf of whom one meets, how many are reached, or what is looked at first. They are not
registered, since nobody would lead like this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.compare import OUTCOMES
from experiments.looking import look_before_anybody_leaves
from experiments.trials import Trial
from model.leading import Leader
from model.learning_network import LearningNetwork
from model.moves import Move
from model.parameters import Parameters, contested
from model.people import PERIOD
from model.policies import Policy, find_policy
from model.policies.timeline import MOST_WEEKS, Stage, Timeline, parse_timeline
from model.region import Level, Role
from model.ties import STRONG

EVERY = 8
"""Weeks between looks at the course of an outcome."""


# --- ways that differ in one thing ------------------------------------------------------------------------------------


class Connect(Policy):
    """Two colleagues at a time, whoever has waited longest first, each with somebody from one level: own team, school or board."""

    source = "claims C1 and C8"

    def __init__(self, level: Level, **dials: float) -> None:
        super().__init__(**dials)
        self.level = level

    def act(self, leader: Leader) -> Iterator[Move]:
        """As many introductions as the hours allow, with partners at random from the level."""
        for one in leader.in_turn(leader.colleagues, len(leader.colleagues)).tolist():
            others = self.others(leader, one)
            if len(others) and leader.affords("introduce"):
                yield self.move("introduce", (one, leader.match(one, others)), on_behalf_of=self.level)

    def others(self, leader: Leader, one: int) -> NDArray[np.int32]:
        """Who is to be connected with `one`: of the level and no nearer; those without a strong tie yet, where there are any."""
        own = leader.region.team[leader.colleagues] == leader.region.team[one]
        among = {Level.TEAM: leader.colleagues[own], Level.SCHOOL: leader.colleagues[~own], Level.BOARD: leader.neighbours}[self.level]
        among = among[among != one]
        without = leader.without_tie(one, among)
        return without if len(without) else among


class Gather(Policy):
    """One kind of meeting, as often as the hours allow, on behalf of the levels in turn: one goal, or another each period."""

    source = "claims C2, C9 and C12"

    def __init__(self, kind: str, *levels: Level) -> None:
        super().__init__()
        self.kind, self.levels = kind, levels

    def act(self, leader: Leader) -> Iterator[Move]:
        """The next meeting as soon as it can be paid."""
        while leader.affords(self.kind):
            level = self.levels[leader.weeks_led // PERIOD % len(self.levels)]
            yield self.move(self.kind, self.people(leader, level), on_behalf_of=level)

    def people(self, leader: Leader, level: Level) -> NDArray[np.int32]:
        """The team in turn for the bouw's children, the whole school for the school's or the board's."""
        if level != Level.TEAM:
            return leader.colleagues
        return min(leader.teams, key=lambda team: max(int(leader.helped.get(int(row), -1)) for row in team))


class Reach(Policy):
    """The same introductions for fewer or more people: the hours go to a share of the colleagues, again and again."""

    source = "claim C5"

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def act(self, leader: Leader) -> Iterator[Move]:
        """Introductions among those who are reached, by turns, as many as the hours allow."""
        circle = leader.colleagues[: max(2, round(self.share * len(leader.colleagues)))]
        for one in leader.in_turn(circle, len(circle)).tolist():
            others = leader.without_tie(one, circle[circle != one])
            if leader.affords("introduce"):
                others = others if len(others) else circle[circle != one]
                yield self.move("introduce", (one, leader.match(one, others)))


class Seeing(Policy):
    """Connect those who seem to have fewest ties, as far as one can see: with nothing looked at, after watching, or with the map."""

    source = "claim C10"
    compulsion = 0.0

    def __init__(self, look: str | None) -> None:
        super().__init__()
        self.look = look

    def act(self, leader: Leader) -> Iterator[Move]:
        """A look each period where there is one; the rest goes to introductions, and every four weeks to a bridge."""
        if self.look and leader.due(self.look, every=PERIOD) and leader.affords(self.look):
            yield self.move(self.look, leader.colleagues)
        for one in self._whom(leader):
            if leader.due("bridge", every=PERIOD // 2) and leader.affords("bridge") and len(leader.neighbours):
                yield self.move("bridge", (one, leader.match(one, leader.neighbours)), on_behalf_of=Level.BOARD)
            elif leader.affords("introduce"):
                yield self.move("introduce", (one, leader.match(one, leader.colleagues[leader.colleagues != one])))

    def _whom(self, leader: Leader) -> list[int]:
        """Whoever is seen with the fewest strong ties; by lot where nothing was looked at."""
        most = len(leader.colleagues)
        return leader.missed(most, patience=1) if self.look else leader.by_lot(leader.colleagues, most).tolist()


def _hours(first: float, second: float) -> Policy:
    """Connecting within the school, with a factor on the hours in each half of the year."""
    return Timeline([Stage(Connect(Level.SCHOOL), 20, first), Stage(Connect(Level.SCHOOL), 20, second)])


def _starting(with_: str) -> Policy:
    return parse_timeline(f"{with_}:8, nurtured:32")


WAYS: Mapping[str, Callable[[], Policy]] = {
    **{name: partial(find_policy, name) for name in (
        "on_its_own", "strong_pull", "smart_pull", "nurtured", "giving_space", "time_freed", "scheduled_twin", "random_twin",
        "role_clubs", "generic_network",
    )},
    "pull_may_refuse": lambda: find_policy("strong_pull", compulsion=0.0),
    "pull_own_topic": lambda: find_policy("strong_pull", prescription=0.0),
    "pull_seldom": lambda: find_policy("strong_pull", intensity=0.0),
    "pull_via_leader": lambda: find_policy("strong_pull", leader_centrality=1.0),
    "connect_team": lambda: Connect(Level.TEAM),
    "connect_school": lambda: Connect(Level.SCHOOL),
    "connect_board": lambda: Connect(Level.BOARD),
    "connect_assigned": lambda: Connect(Level.SCHOOL, compulsion=1.0),
    "why_team": lambda: Gather("why", Level.TEAM),
    "why_school": lambda: Gather("why", Level.SCHOOL),
    "why_board": lambda: Gather("why", Level.BOARD),
    "why_in_turn": lambda: Gather("why", Level.SCHOOL, Level.BOARD),
    "talk_school": lambda: Gather("share", Level.SCHOOL),
    "start_teams": lambda: _starting("learning_teams"),
    "start_data": lambda: _starting("data_talks"),
    "start_leaders": lambda: _starting("leaders_meetings"),
    "reach_25": lambda: Reach(0.25),
    "reach_50": lambda: Reach(0.5),
    "reach_75": lambda: Reach(0.75),
    "reach_100": lambda: Reach(1.0),
    "seeing_nothing": lambda: Seeing(None),
    "seeing_watched": lambda: Seeing("watch"),
    "seeing_map": lambda: Seeing("map"),
    "hours_early": lambda: _hours(2.0, 0.0),
    "hours_late": lambda: _hours(0.0, 2.0),
}  # fmt: skip
"""Every way of leading of the claims by name; each call makes one of its own."""

AT_HOURS = "@"
"""A way at leader hours of its own is named by both: strong_pull@2.5."""


def find_way(name: str) -> Policy:
    """The way of leading of this name, at leader hours of its own where the name says so."""
    policy, _, hours = name.partition(AT_HOURS)
    if not hours:
        return WAYS[name]()
    return Timeline([Stage(WAYS[policy](), MOST_WEEKS, float(hours) / Parameters().lead.leader_hours)])


KEPT = (*OUTCOMES, "strong", "energy_low", "knowledge", "two_steps_share", "leader_hours", "teacher_hours")
MEASURED = (*KEPT, "mixed_across", "single_point", "absent_gain")
"""What is kept of every way of leading at both dates: outcomes of the model, and three that only the claims need."""


# --- one world --------------------------------------------------------------------------------------------------------


def lead_all(trial: Trial) -> dict[str, Any]:
    """One world led in each way of the trial: outcomes when the leading stops and one year later, as `lasting_after:nurtured`.

    The first way is what the others are compared with for those who took no part: growth on its own.
    """
    resting = trial.resting()
    row: dict[str, Any] = {f"value:{spec.name}": float(resting.parameters.values()[spec.name]) for spec in contested()}
    unled: dict[str, NDArray[np.float32]] = {}
    for name in trial.what:
        world = resting.branch(find_way(name), trial.push_weeks)
        stop, end = world.week + trial.push_weeks, world.week + trial.push_weeks + trial.after_weeks
        world.measured_at = frozenset((*range(world.week + EVERY, end, EVERY), stop, end))
        course, looks = [], look_before_anybody_leaves(world, look)
        while world.week < end:
            world.step()
            if world.week in world.measured_at:
                course.append(world.measures["lasting"])
            if world.week in (stop, end):
                date = "stop" if world.week == stop else "after"
                seen = looks.get(world.week) or look(world)
                practice = unled.setdefault(date, seen["practice_of_each"])
                seen["absent_gain"] = gain_of_absent(seen, practice)
                row |= {f"{measure}_{date}:{name}": seen[measure] for measure in MEASURED}
        row[f"area_after:{name}"] = float(np.mean(course))
        row[f"lasting_during:{name}"] = course[trial.push_weeks // 2 // EVERY]
    return row


def look(world: LearningNetwork) -> dict[str, Any]:
    """The outcomes of one week, those of the claims alone included."""
    measures: dict[str, Any] = {name: world.measures[name] for name in KEPT}
    people = world.world.people
    absent = (world.region.role == Role.TEACHER) & (people.given == 0)
    return measures | across_schools(world) | {"practice_of_each": people.practice.mean(axis=1), "absent": absent}


def across_schools(world: LearningNetwork) -> dict[str, float]:
    """Strong ties between schools: those of people without a hat in common, per teacher; and the share that one person a school holds.

    `single_point`: of all strong ties between schools, the share that goes when in every school the one who has most of them leaves.
    """
    ties, region = world.world.ties, world.region
    table = world.ties()
    strong = np.asarray(table["strength"]) >= STRONG
    ego, alter = (np.asarray(table[side])[strong] for side in ("ego", "alter"))
    across = region.school[ego] != region.school[alter]
    ego, alter = ego[across], alter[across]
    teachers = max(1, int(world.counted.sum()))
    mixed = (region.hats[ego] & region.hats[alter]) == 0
    ends = np.bincount(np.concatenate([ego, alter]), minlength=len(ties.degree))
    gone = np.zeros(len(ends), np.bool_)
    for school in range(region.schools):
        rows = np.arange(region.school_start[school], region.school_start[school + 1])
        gone[rows[np.argmax(ends[rows])]] = True
    lost = float((gone[ego] | gone[alter]).mean()) if len(ego) else 0.0
    return {"mixed_across": float(mixed.sum()) / teachers, "single_point": lost}


def gain_of_absent(seen: Mapping[str, Any], unled: NDArray[np.float32]) -> float:
    """How much more practice the teachers who gave no hour to any move have than the same teachers where nobody leads; 0 without any."""
    absent = seen["absent"]
    return float((seen["practice_of_each"] - unled)[absent].mean(dtype=np.float64)) if absent.any() else 0.0
