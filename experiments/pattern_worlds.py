"""Worlds in which patterns of the literature are looked for: which settings, which ways of leading, and what is noted of each.

One trial is one world under one setting: it grows to rest and is led in each way from there, by the ordinary run functions. Networks
are looked at in the week before people leave at the end of a school year; "one year later" has one such end in between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.calibrated import draw_member
from experiments.pattern_shapes import (
    Look,
    across_ties,
    brought_home,
    carried_on,
    dyads,
    ends,
    hats_across,
    in_core,
    kept,
    leaders_outside,
    roles,
    shape,
    spanners,
)
from experiments.runs import Job, Source, branches, make_region
from experiments.trials import Trial
from model.learning_network import YEAR, LearningNetwork

Row = dict[str, float]
SEED = 7
OWN, PULL, CLUBS, LEADERS, TEAMS = "on_its_own", "strong_pull", "role_clubs", "leaders_meetings", "learning_teams"
MANDATE = "generic_network+compulsion=1"
"""Mixed groups across the schools of a board in which nobody can refuse to take part: the nearest to mandated communities of schools."""

_FLAT: Mapping[str, float] = {
    "level_value_team": 0, "level_value_across": 0, "level_step_town": 0, "level_step_swv": 0, "level_step_elsewhere": 0,
    "belonging_weight": 0, "contact_team": 0.45, "contact_school": 0.45, "contact_across": 0.45, "contact_elsewhere": 0.45,
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """Parameters that differ from their defaults, and the ways of leading under which they are looked at.

    Attributes:
        drawn: each world takes another member of the calibrated sample.
    """

    values: Mapping[str, float]
    ways: tuple[str, ...]
    drawn: bool = False


SETTINGS: Mapping[str, Setting] = {
    "defaults": Setting({}, (OWN, PULL, MANDATE, CLUBS, LEADERS, TEAMS)),
    "calibrated": Setting({}, (OWN, CLUBS), drawn=True),
    "sanctions": Setting({"crowding": 0.2, "legitimacy": 0}, (OWN, PULL)),
    "flat": Setting(_FLAT, (OWN, MANDATE, CLUBS)),
    "no_team": Setting({**_FLAT, "setting_team": 0}, (OWN,)),
    "met_anywhere": Setting({**_FLAT, "universal": 1}, (MANDATE,)),
    "hats_off": Setting({"same_hat": 0}, (OWN, CLUBS)),
    "coach_off": Setting({"role_coach": 0}, (OWN,)),
    "popularity_off": Setting({"sd_popularity": 0, "indegree": 0}, (LEADERS,)),
    "learning_off": Setting({"learning": 0}, (TEAMS,)),
    "carry_full": Setting({"carry_back": 1}, (OWN, CLUBS)),
    "nobody_leaves": Setting({"staff_turnover": 0, "leader_leaves": 0}, (OWN,)),
    "slow": Setting({"rate": 0.1}, (OWN, CLUBS)),
    "fast": Setting({"rate": 1}, (OWN, CLUBS)),
    "by_settings": Setting({"closure": 0, "setting_friends": 0.4}, (OWN,)),
    "by_closure": Setting({"closure": 0.43, "setting_friends": 0}, (OWN,)),
}
"""Settings by name.

sanctions: compulsion that nobody sees as justified costs energy (half of the upper sweep range). flat: no unit is worth more, belongs
more or brings more contact than another. no_team: nor does one meet one's own team more; met_anywhere: everybody is met alike. The next
five: the terms that name a pattern at zero (for carry_full: what is learnt outside always reaches the team). slow, fast: ends of the
sweep range of `rate`. The last two trade closure for friends of friends among whom one meets.
"""


def trials(name: str, worlds: int) -> list[Trial]:
    """The worlds of one setting; every setting has the same people and chance."""
    setting, found = SETTINGS[name], []
    for replicate in range(worlds):
        values = {**(draw_member(SEED, replicate) if setting.drawn else {}), **setting.values}
        found.append(Trial(setting.ways, replicate, SEED, tuple(sorted(values.items())), after_weeks=2 * YEAR))
    return found


def look_for_patterns(trial: Trial) -> Row:
    """Everything noted of one world, as `what:way of leading`."""
    job = Job(Source(), trial.what, trial.replicate, trial.seed, values=trial.values, grow_weeks=trial.grow_weeks)
    row: Row = {}
    for way, world in branches(job):
        noted = _on_its_own(world) if way == OWN else _led(way, world)
        row |= {f"{what}:{way}": float(value) for what, value in noted.items()}
    return row


def _on_its_own(world: LearningNetwork) -> Row:
    """Growth without leading, looked at over three years."""
    looks = [_look(world, YEAR - 1), *(_look(world, YEAR) for _ in range(3))]
    first, last = looks[0], looks[1]
    return {
        **shape(first), **roles(first), **dyads(first), **hats_across(first), **kept(looks), **ends(*looks[:3]), **spanners(first, last),
        **across_ties(first, last), **leaders_outside(first), **brought_home(first),
    }  # fmt: skip


def _led(way: str, world: LearningNetwork) -> Row:
    """A year of leading, and what is left one year later."""
    together: set[tuple[int, int]] = set()
    for _ in range(YEAR - 1):
        world.step()
        if way == MANDATE:
            together.update(_together(world))
    stop = Look.of(world)
    noted = {**shape(stop), **in_core(stop), **hats_across(stop), **leaders_outside(stop), **brought_home(stop)}
    if together:
        noted["became_ties"] = _became_ties(stop, together)
    after = _look(world, YEAR)
    return noted | across_ties(stop, after) | carried_on(stop, after)


def _look(world: LearningNetwork, weeks: int) -> Look:
    for _ in range(weeks):
        world.step()
    return Look.of(world)


def _together(world: LearningNetwork) -> Iterator[tuple[int, int]]:
    """Pairs of people of different schools who are in one standing group."""
    school = world.region.school
    for group in world.agenda.groups:
        rows = sorted(group.rows.tolist())
        yield from ((i, j) for at, i in enumerate(rows) for j in rows[at + 1 :] if school[i] != school[j])


def _became_ties(look: Look, pairs: set[tuple[int, int]]) -> float:
    """Share of pairs between whom there is a tie, either way."""
    either: NDArray[np.bool_] = look.matrix() | look.matrix().T
    return float(np.mean([either[pair] for pair in sorted(pairs)]))


def people_of_board() -> dict[str, int]:
    """How many people and schools there are in each of these worlds."""
    region = make_region(Source())
    return {"people": region.people, "schools": int((~region.school_office).sum())}
