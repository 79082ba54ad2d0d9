"""Patterns of the literature (P1-P12), one small function each: what is measured, the rule it must keep to, and what is left without the
terms that name it.

Every rule was written before the results were seen, and none has been moved since. What counts as "without the term" was made
stricter for three parts after a first look (P2 density, P6 leaving, P10 teams): they had passed for emerging.

One reading holds for all: a part *shows* where the whole 95 % interval over worlds lies inside the bounds of its rule; an interval that
reaches over a bound shows nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.pattern_worlds import CLUBS, LEADERS, MANDATE, OWN, PULL, TEAMS

Column = NDArray[np.float64]
Columns = Mapping[str, Column]
Worlds = Mapping[str, Columns]
"""Setting → what was noted → a value for each world."""
Sort = Literal["emerges", "put_in", "not_shown", "cannot"]
SORTS: tuple[Sort, ...] = ("emerges", "put_in", "cannot", "not_shown")
"""From good to bad: a pattern is as good as the worst of its parts."""
COACH_CENTRAL, LEADER_CENTRAL = (0.492, 0.953), (0.047, 0.508)
"""95 % intervals (Clopper & Pearson) of coach-teachers central in 11 of 14 Dutch teams, and principals in 3 of 14 (A. de Jong)."""
DRAWS = 1_000
"""Bootstrap samples of worlds, where a ratio of sums is measured."""


@dataclass(frozen=True)
class Part:
    """One thing a pattern says.

    Attributes:
        found: mean over worlds, with the 95 % interval, as mean, low, high, n; None where it cannot be measured.
        rule: bounds between which the interval must lie.
        without: the same with the terms that name it at zero; None where no term names it.
        terms: the setting in which they are.
    """

    id: str
    found: Mapping[str, float] | None = None
    rule: tuple[float, float] = (-math.inf, math.inf)
    without: Mapping[str, float] | None = None
    terms: str = ""

    @property
    def sort(self) -> Sort:
        """Where the part belongs."""
        if self.found is None:
            return "cannot"
        if not _inside(self.found, self.rule):
            return "not_shown"
        return "put_in" if self.without is not None and not _inside(self.without, self.rule) else "emerges"

    def plain(self) -> dict[str, Any]:
        """Plain types, open bounds as None."""
        low, high = (bound if math.isfinite(bound) else None for bound in self.rule)
        kept = None if self.without is None else _plain(self.without)
        found = None if self.found is None else _plain(self.found)
        return {"part": self.id, "sort": self.sort, "found": found, "low": low, "high": high, "without": kept, "terms": self.terms or None}


def _plain(found: Mapping[str, float]) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in found.items()}


def _inside(found: Mapping[str, float], rule: tuple[float, float]) -> bool:
    return rule[0] < found["low"] and found["high"] < rule[1]


def sort_of(parts: Sequence[Part]) -> Sort:
    """A pattern is as good as the worst of its parts."""
    return max((part.sort for part in parts), key=SORTS.index)


# --- estimates --------------------------------------------------------------------------------------------------------


def mean_of(values: Column) -> dict[str, float]:
    """Mean over the worlds that have a value, with Student's 95 % interval; open where fewer than two have one."""
    from scipy.special import stdtrit

    there = values[~np.isnan(values)]
    n = len(there)
    if n < 2:
        return {"mean": float(there.mean()) if n else math.nan, "low": -math.inf, "high": math.inf, "n": n}
    reach = float(stdtrit(n - 1, 0.975)) * float(there.std(ddof=1)) / math.sqrt(n)
    return {"mean": float(there.mean()), "low": float(there.mean()) - reach, "high": float(there.mean()) + reach, "n": n}


def of_sums(columns: Sequence[Column], how: Callable[..., Any]) -> dict[str, float]:
    """A number made from sums over worlds, with the 95 % interval of a bootstrap of worlds."""
    data = np.stack(columns)
    n = data.shape[1]
    rows = np.random.default_rng([n, 1]).integers(n, size=(DRAWS, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = np.array([how(*data[:, row].sum(axis=1)) for row in rows])
        value = float(how(*data.sum(axis=1)))
    if np.isnan(drawn).any() or not math.isfinite(value):
        return {"mean": value, "low": -math.inf, "high": math.inf, "n": n}
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"mean": value, "low": float(low), "high": float(high), "n": n}


def log_odds(ties: float, pairs: float, all_ties: float, all_pairs: float) -> float:
    """Log odds of a tie among some pairs against the others, half a tie added to each cell."""
    other_ties, other_pairs = all_ties - ties, all_pairs - pairs
    return math.log((ties + 0.5) / (pairs - ties + 0.5)) - math.log((other_ties + 0.5) / (other_pairs - other_ties + 0.5))


def _difference(worlds: Worlds, setting: str, what: str, more: str, less: str) -> dict[str, float]:
    return mean_of(worlds[setting][f"{what}:{more}"] - worlds[setting][f"{what}:{less}"])


def _both(worlds: Worlds, off: str, how: Callable[[Columns], dict[str, float]]) -> tuple[dict[str, float], dict[str, float]]:
    """The same number at the defaults and without the terms."""
    return how(worlds["defaults"]), how(worlds[off])


# --- the patterns -----------------------------------------------------------------------------------------------------


def pull_under_sanctions(worlds: Worlds) -> list[Part]:
    """P1: more weak ties, as many strong ones (within 10 %), more centralised. Named by crowding, which is 0 at the defaults."""

    def change(what: str, setting: str) -> dict[str, float]:
        return _difference(worlds, setting, what, PULL, OWN_STOP)

    def relative(setting: str) -> dict[str, float]:
        pull, own = worlds[setting][f"strong:{PULL}"], worlds[setting][f"strong:{OWN_STOP}"]
        return of_sums([pull, own], lambda more, less: more / less - 1)

    more = (0.0, math.inf)
    return [
        Part("weak", change("weak", "sanctions"), more, change("weak", "defaults"), "defaults"),
        Part("frequent", relative("sanctions"), (-0.1, 0.1), relative("defaults"), "defaults"),
        Part("centralised", change("centralisation", "sanctions"), more, change("centralisation", "defaults"), "defaults"),
    ]


OWN_STOP = OWN
"""Growth on its own is looked at in the same week in which the leading stops."""


def mandated_communities(worlds: Worlds) -> list[Part]:
    """P2: at least five times denser inside; under half of the pairs put together have a tie; a third of role holders outside the core."""

    def denser(one: Columns) -> dict[str, float]:
        names = ("ties_inside", "pairs_inside", "ties_outside", "pairs_outside")
        return of_sums([one[f"{name}:{MANDATE}"] for name in names], lambda a, b, c, d: (a / b) / (max(c, 0.5) / d))

    dense, anywhere = _both(worlds, "met_anywhere", denser)
    became, flat_became = _both(worlds, "flat", lambda one: mean_of(one[f"became_ties:{MANDATE}"]))
    return [
        Part("denser_inside", dense, (5.0, math.inf), anywhere, "met_anywhere"),
        Part("fewer_than_intended", became, (-math.inf, 0.5), flat_became, "flat"),
        Part("formal_outside", mean_of(worlds["defaults"][f"formal_outside:{MANDATE}"]), (1 / 3, math.inf)),
    ]


def ties_inside_teams(worlds: Worlds) -> list[Part]:
    """P3: more than half of the ties of teachers lie inside the team, where nobody leads."""
    share, off = _both(worlds, "no_team", lambda one: mean_of(one[f"in_team:{OWN}"]))
    odds, odds_off = _both(worlds, "no_team", lambda one: mean_of(one[f"team_log_odds:{OWN}"]))
    return [Part("most_in_team", share, (0.5, math.inf), off, "no_team"), Part("team_odds", odds, (0.0, math.inf), odds_off, "no_team")]


_SHARED = ("hat", "coaches", "leaders", "to_coach", "town")


def hat_odds(columns: Columns, way: str, what: str = "hat") -> dict[str, float]:
    """Log odds of a tie across schools where two people share `what`, over all worlds together."""
    names = (f"{what}_ties", f"{what}_pairs", "across_ties", "across_pairs")
    return of_sums([columns[f"{name}:{way}"] for name in names], log_odds)


def _hat_ahead(columns: Columns, way: str) -> dict[str, float]:
    """Log odds of the hat minus those of the next best predictor."""
    names = [f"{what}_{kind}" for what in _SHARED for kind in ("ties", "pairs")] + ["across_ties", "across_pairs"]

    def ahead(*sums: float) -> float:
        odds = [log_odds(sums[2 * at], sums[2 * at + 1], sums[-2], sums[-1]) for at in range(len(_SHARED))]
        return odds[0] - max(odds[1:])

    return of_sums([columns[f"{name}:{way}"] for name in names], ahead)


def hats_across_schools(worlds: Worlds) -> list[Part]:
    """P4: the same subject's hat goes with ties across schools, more than any other position; in role clubs also without its term."""
    odds, off = _both(worlds, "hats_off", lambda one: hat_odds(one, OWN))
    ahead, ahead_off = _both(worlds, "hats_off", lambda one: _hat_ahead(one, OWN))
    clubs, clubs_off = _both(worlds, "hats_off", lambda one: _hat_ahead(one, CLUBS))
    more = (0.0, math.inf)
    return [
        Part("hat_odds", odds, more, off, "hats_off"), Part("hat_strongest", ahead, more, ahead_off, "hats_off"),
        Part("hat_strongest_in_clubs", clubs, more, clubs_off, "hats_off"),
    ]  # fmt: skip


def role_centrality(worlds: Worlds) -> list[Part]:
    """P5: coaches are asked more than teachers, teachers more than leaders; how often each is central; centralisation 10-30 %."""

    def gap(more: str, less: str) -> Callable[[Columns], dict[str, float]]:
        return lambda one: mean_of(one[f"asked_{more}:{OWN}"] - one[f"asked_{less}:{OWN}"])

    coach, coach_off = _both(worlds, "coach_off", gap("coach", "teacher"))
    central, central_off = _both(worlds, "coach_off", lambda one: mean_of(one[f"central_coach:{OWN}"]))
    own = worlds["defaults"]
    return [
        Part("coach_above_teacher", coach, (0.0, math.inf), coach_off, "coach_off"),
        Part("teacher_above_leader", gap("teacher", "leader")(own), (0.0, math.inf)),
        Part("coach_central", central, COACH_CENTRAL, central_off, "coach_off"),
        Part("leader_central", mean_of(own[f"central_leader:{OWN}"]), LEADER_CENTRAL),
        Part("centralisation", mean_of(own[f"centralisation:{OWN}"]), (0.10, 0.30)),
    ]


def ends_with_change(worlds: Worlds) -> list[Part]:
    """P6: nobody changes grade, so the pattern itself cannot be shown; leaving stands in for it, and ties that ended rarely return."""
    left, nobody = _both(worlds, "nobody_leaves", lambda one: mean_of(one[f"ended_by_leaving:{OWN}"]))
    return [
        Part("ends_with_grade"),
        Part("ended_by_leaving", left, (0.5, math.inf), nobody, "nobody_leaves"),
        Part("returned", mean_of(worlds["defaults"][f"returned:{OWN}"]), (-math.inf, 0.25)),
    ]


def kept_across(columns: Columns, way: str) -> dict[str, float]:
    """Share of strong ties across schools that are still strong one year later, over all worlds together."""
    return of_sums([columns[f"strong_across_{name}:{way}"] for name in ("kept", "n")], _part_of)


def _part_of(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def spanners_keep_less(worlds: Worlds) -> list[Part]:
    """P7: teachers whose ties go outside their team keep strong ties less long; so do ties across schools, after a year of role clubs."""

    def gap(one: Columns) -> dict[str, float]:
        names = [f"strong_{where}_{what}:{CLUBS}" for where in ("across", "inside") for what in ("kept", "n")]
        return of_sums([one[name] for name in names], lambda a, b, c, d: _part_of(a, b) - _part_of(c, d))

    spans, spans_off = _both(worlds, "flat", lambda one: mean_of(one[f"spanners_keep_more:{OWN}"]))
    across, across_off = _both(worlds, "flat", gap)
    less = (-math.inf, 0.0)
    return [Part("spanners", spans, less, spans_off, "flat"), Part("across_kept_less", across, less, across_off, "flat")]


def leaders_central_twice(worlds: Worlds) -> list[Part]:
    """P8: leaders who are asked much in their school have more ties with other schools, where leaders and coaches meet."""
    both, off = _both(worlds, "popularity_off", lambda one: mean_of(one[f"leaders_both:{LEADERS}"]))
    return [Part("central_twice", both, (0.0, math.inf), off, "popularity_off")]


def reform_goes_on(worlds: Worlds) -> list[Part]:
    """P9: a year after learning teams stop, practice went further with strong ties, and with alters who know more."""
    parts = []
    for name in ("ties", "expertise"):
        found, off = _both(worlds, "learning_off", lambda one, name=name: mean_of(one[f"practice_by_{name}:{TEAMS}"]))  # type: ignore[misc]
        parts.append(Part(f"by_{name}", found, (0.0, math.inf), off, "learning_off"))
    return [*parts, Part("by_depth")]


def position_over_traits(worlds: Worlds) -> list[Part]:
    """P10: the same team, and being the coach, go with ties more than any visible trait of the two people does."""
    team, team_off = _both(worlds, "no_team", lambda one: mean_of(one[f"team_beyond_traits:{OWN}"]))
    coach, coach_off = _both(worlds, "coach_off", lambda one: mean_of(one[f"coach_beyond_traits:{OWN}"]))
    more = (0.0, math.inf)
    return [Part("team_beyond_traits", team, more, team_off, "no_team"), Part("coach_beyond_traits", coach, more, coach_off, "coach_off")]


def brought_home(worlds: Worlds) -> list[Part]:
    """P11: role clubs teach others less than half of what they teach who goes; ties across are fewer one year later."""

    def spread(one: Columns) -> dict[str, float]:
        gains = [one[f"knowledge_{who}:{CLUBS}"] - one[f"knowledge_{who}:{OWN}"] for who in ("others", "hats")]
        return of_sums(gains, lambda others, hats: others / hats)

    found, full = _both(worlds, "carry_full", spread)
    later, later_flat = _both(worlds, "flat", lambda one: mean_of(one[f"brokerage_later:{CLUBS}"] - one[f"brokerage:{CLUBS}"]))
    return [
        Part("spreads_by_itself", found, (-math.inf, 0.5), full, "carry_full"),
        Part("brokerage_declines", later, (-math.inf, 0.0), later_flat, "flat"),
    ]


def distance_in_building(worlds: Worlds) -> list[Part]:  # noqa: ARG001 - the form all patterns share
    """P12: there is no building in the model."""
    return [Part("distance")]


PATTERNS: Mapping[str, Callable[[Worlds], list[Part]]] = {
    "P1": pull_under_sanctions, "P2": mandated_communities, "P3": ties_inside_teams, "P4": hats_across_schools, "P5": role_centrality,
    "P6": ends_with_change, "P7": spanners_keep_less, "P8": leaders_central_twice, "P9": reform_goes_on, "P10": position_over_traits,
    "P11": brought_home, "P12": distance_in_building,
}  # fmt: skip
"""Every pattern by id; source and words stand in the texts."""
