"""Ways of leading at equal hours of colleagues: each gets as many leader hours as make people spend the same time on its moves.

A cap on hours per person does not make hours equal: meetings take a little of everybody, pairs much of a few, and a cap below one
pairing stops pairs altogether. So leaders' hours are fitted instead. The way that takes least of people's time at equal leader hours
sets the level; the others' leaders get fewer hours, as near to that level as whole moves allow; then the hours of the first are
fitted to what the others came to. It is done on some worlds of its own, at the defaults, the same ones whatever is compared; what
people spend in the worlds compared differs from that by chance, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from experiments.compare import EQUAL_HOURS, Comparison
from experiments.runs import grow_to_rest, make_region
from experiments.ways import Way, make_sure_loaded
from model.learning_network import LearningNetwork
from model.moves import MOVES
from model.parameters import Parameters

PILOTS, MOST_PEOPLE = 12, 1200
"""Worlds on which hours are fitted, and people in all of them: of a large region few worlds will do."""
FIRST_PILOT = 2**40
"""Number of the first of them: far from any replicate of a comparison."""
GROWTH = 40
"""Weeks of growth of those worlds: what people agree to hardly depends on more."""
STEPS = 4
_LONGEST = max(kind.hold for kind in MOVES.values())
MOST = 2.0
"""Leader hours tried for the way that takes least, against its usual ones."""


@dataclass
class Pilot:
    """Some worlds of a comparison, and what people spend in them."""

    comparison: Comparison
    worlds: dict[Parameters, list[LearningNetwork]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        make_sure_loaded(self.comparison.policy_files)
        grow = min(GROWTH, self.comparison.grow_weeks)
        self.job = replace(self.comparison.job("default", FIRST_PILOT), grow_weeks=grow)

    def usual_hours(self, way: Way) -> float:
        """Leader hours a school and period at which a way is compared with others at equal leader hours."""
        return float(self.job.parameters(way.name).lead.leader_hours)

    def spent(self, way: Way) -> float:
        """Hours per person that people spend on the moves of a way, on average: what they agreed to before the stop goes on after it."""
        parameters, weeks = self.job.parameters(way.name), self.comparison.lead_weeks
        found = []
        for resting in self._resting(parameters):
            world = resting.branch(way.policy(parameters.lead.leader_hours, weeks), weeks, way.events)
            for _ in range(weeks + min(self.comparison.after_weeks, _LONGEST)):
                world.step()
            found.append(world.agenda.teacher_minutes / 60 / world.region.people)
            if not found[0]:  # it takes nobody's time
                break
        return float(np.mean(found))

    def _resting(self, parameters: Parameters) -> list[LearningNetwork]:
        if parameters not in self.worlds:
            people = make_region(self.comparison.source).people
            jobs = (replace(self.job, replicate=FIRST_PILOT + number) for number in range(max(2, min(PILOTS, MOST_PEOPLE // people))))
            self.worlds[parameters] = [grow_to_rest(job, parameters) for job in jobs]
        return self.worlds[parameters]

    def nearest(self, way: Way, spent: float, target: float) -> tuple[Way, float]:
        """The way with leader hours at which people spend nearest to `target`, and what they spend then.

        Args:
            spent: what people spend at its usual hours; from there hours go in proportion, a few steps.
        """
        usual = self.usual_hours(way)
        best, hours, now = (replace(way, hours=usual), spent), usual, spent
        for _ in range(STEPS):
            hours = min(MOST * usual, hours * target / now) if now > 0 else 2 * hours
            tried = replace(way, hours=hours)
            now = self.spent(tried)
            best = min(best, (tried, now), key=lambda one: abs(one[1] - target))
        return best


def fit_hours(comparison: Comparison) -> dict[str, Way]:
    """The ways of a comparison that take people's time, each with leader hours that make this time equal; none where there is only one."""
    pilot, job = Pilot(comparison), comparison.job("default", 0)
    ways = {name: job.way(name) for name in comparison.policies}
    spent = {name: hours for name, way in ways.items() if (hours := pilot.spent(way)) > 0}
    if len(spent) < 2:
        return {}
    least = min(spent, key=lambda name: spent[name])
    fitted = {name: ways[name] for name in spent}
    for name, usual in tuple(spent.items()):
        if usual > (1 + EQUAL_HOURS / 2) * spent[least]:
            fitted[name], spent[name] = pilot.nearest(ways[name], usual, spent[least])
    level = float(np.mean([hours for name, hours in spent.items() if name != least]))
    if abs(level - spent[least]) > EQUAL_HOURS / 2 * level:
        fitted[least], _ = pilot.nearest(ways[least], spent[least], level)
    return fitted


def at_equal_teacher_hours(comparison: Comparison) -> Comparison:
    """The comparison with leader hours that make the hours of colleagues equal, under the same names."""
    fitted = fit_hours(comparison)
    kept = tuple(way for way in comparison.ways if way.name not in fitted)
    return replace(comparison, ways=kept + tuple(fitted.values()), equal=tuple(fitted))


def with_equal_teacher_hours(comparison: Comparison) -> Comparison:
    """The comparison, and beside it the same ways at equal hours of colleagues, where these are not equal already."""
    fitted = fit_hours(comparison)
    return replace(comparison, also=tuple(_beside(name, way, comparison) for name, way in fitted.items()))


def _beside(name: str, way: Way, comparison: Comparison) -> tuple[str, Way]:
    """A way under a name of its own, where it is not led as it is in the comparison itself."""
    same = way == comparison.job("default", 0).way(name)
    return (name, way if same else replace(way, name=f"{name}@teacher_hours"))
