"""What is noted of a network when patterns of the literature are looked for: shapes, roles, survival of ties, who knows what.

Every function takes one or more looks at a world and gives numbers by name; nan where there is nothing to count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model.learning_network import LearningNetwork
from model.measures import centralisation
from model.region import HATS, Level, Region, Role
from model.ties import STRONG

Row = dict[str, float]
Column = NDArray[np.float64]
Flags = NDArray[np.bool_]
CENTRAL = 0.75
"""Somebody is central who is asked at least as often as this quantile of the own school, and more than its median."""
_SUBJECTS = sum(1 << bit for bit, hat in enumerate(HATS) if hat != "care")
"""Hats that teachers wear; care is the coach's."""


@dataclass(frozen=True, eq=False)
class Look:
    """One world at one moment: its ties (columns of `tie_table`) and copies of what is known of its people.

    Attributes:
        level: `Level` of each tie.
        knowledge, practice: mean over topics, (n,).
        trait: what is steady about people, by name, (n,) or (n, topics).
    """

    region: Region
    ties: Mapping[str, NDArray[Any]]
    level: NDArray[np.int8]
    spell: NDArray[np.int32]
    knowledge: Column
    practice: Column
    trait: Mapping[str, Column]

    @classmethod
    def of(cls, world: LearningNetwork) -> Look:
        """The world as it is now."""
        ties, people, region = world.ties(), world.world.people, world.region
        knowledge, practice = (np.array(column, np.float64).mean(axis=1) for column in (people.knowledge, people.practice))
        trait = {name: np.array(people[name], np.float64) for name in ("interest", "fte", "activity", "popularity")}
        return cls(region, ties, region.levels(ties["ego"], ties["alter"]), people.spell.copy(), knowledge, practice, trait)

    @property
    def strong(self) -> Flags:
        """Which ties are strong."""
        return np.asarray(self.ties["strength"]) >= STRONG

    def matrix(self, which: Flags | None = None) -> Flags:
        """Who turns to whom, bool (n, n)."""
        found = np.zeros((self.region.people, self.region.people), np.bool_)
        rows = slice(None) if which is None else which
        found[self.ties["ego"][rows], self.ties["alter"][rows]] = True
        return found

    def counts(self, which: Flags, end: str) -> Column:
        """Ties of each person as `ego` or `alter`, (n,)."""
        return np.bincount(self.ties[end][which], minlength=self.region.people).astype(np.float64)


def _share(part: Any, whole: Any) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _mean(values: NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _schools(region: Region) -> list[slice]:
    """Rows of each school, offices of boards left out."""
    starts = region.school_start.tolist()
    return [slice(starts[at], starts[at + 1]) for at in range(region.schools) if not region.school_office[at]]


def _has(region: Region, role: Role) -> Flags:
    return np.asarray((region.role == role) & ~region.school_office[region.school])


# --- shapes -----------------------------------------------------------------------------------------------------------


def shape(look: Look) -> Row:
    """Ties a person, weak and strong; density inside and across schools; ties of teachers inside their team; centralisation; closure."""
    region, matrix = look.region, look.matrix()
    n, pairs_in = region.people, sum((s.stop - s.start) * (s.stop - s.start - 1) for s in _schools(region))
    inside, teacher = look.level <= Level.SCHOOL, _has(region, Role.TEACHER)[look.ties["ego"]]
    paths = matrix.astype(np.int64) @ matrix.astype(np.int64)
    np.fill_diagonal(paths, 0)
    return {
        "weak": _share((~look.strong).sum(), n), "strong": _share(look.strong.sum(), n), "across": _share((~inside).sum(), n),
        "strong_across": _share((~inside & look.strong).sum(), n),
        "ties_inside": float(inside.sum()), "pairs_inside": float(pairs_in),
        "ties_outside": float((~inside).sum()), "pairs_outside": float(n * (n - 1) - pairs_in),
        "in_team": _share((teacher & (look.level == Level.TEAM)).sum(), teacher.sum()),
        "team_log_odds": _team_log_odds(look), "transitivity": _share((paths * matrix).sum(), paths.sum()),
        "centralisation": float(np.mean([centralisation(matrix[s, s].sum(axis=0, dtype=np.int32)) for s in _schools(region)])),
    }  # fmt: skip


def _team_log_odds(look: Look) -> float:
    """Log odds of a tie from teacher to teacher inside against outside the team, in one school (half a tie added to each cell)."""
    region, teacher, matrix = look.region, _has(look.region, Role.TEACHER), look.matrix()
    inside_school = (region.school[:, None] == region.school) & teacher[:, None] & teacher & ~np.eye(region.people, dtype=bool)
    team = (region.team[:, None] == region.team) & inside_school
    return _log_odds(matrix[team].sum(), team.sum(), matrix[inside_school & ~team].sum(), (inside_school & ~team).sum())


def _log_odds(ties: float, pairs: float, other_ties: float, other_pairs: float) -> float:
    return float(np.log((ties + 0.5) / (pairs - ties + 0.5)) - np.log((other_ties + 0.5) / (other_pairs - other_ties + 0.5)))


def in_core(look: Look) -> Row:
    """Share of school leaders and coaches, and of teachers, who are outside the main core (k-core of ties either way)."""
    region = look.region
    graph = nx.from_numpy_array(look.matrix() | look.matrix().T)
    number = np.array(list(nx.core_number(graph).values()))
    outside = number < number.max()
    formal = _has(region, Role.LEADER) | _has(region, Role.COACH)
    return {"formal_outside": _mean(outside[formal]), "teachers_outside": _mean(outside[_has(region, Role.TEACHER)])}


# --- roles and hats ---------------------------------------------------------------------------------------------------


def roles(look: Look) -> Row:
    """How often people of each role are asked in their own school, and how often coach and leader are central there."""
    region = look.region
    asked = look.counts(look.level <= Level.SCHOOL, "alter")
    row = {f"asked_{role.name.lower()}": _mean(asked[_has(region, role)]) for role in (Role.TEACHER, Role.COACH, Role.LEADER)}
    for role in (Role.COACH, Role.LEADER):
        central = [_is_central(asked[s])[region.role[s] == role] for s in _schools(region)]
        row[f"central_{role.name.lower()}"] = _mean(np.concatenate(central))
    return row


def _is_central(asked: Column) -> Flags:
    return np.asarray((asked >= np.quantile(asked, CENTRAL)) & (asked > np.median(asked)))


def hats_across(look: Look) -> Row:
    """Ties and pairs across schools by what the two share: a subject's hat, being coach or leader, a coach to turn to, the town."""
    region, matrix = look.region, look.matrix()
    school = ~region.school_office[region.school]
    across = (region.school[:, None] != region.school) & school[:, None] & school
    hats = (region.hats & _SUBJECTS)[:, None] & region.hats
    town = region.school_town[region.school]
    coach, leader = region.role == Role.COACH, region.role == Role.LEADER
    shares = {
        "hat": hats > 0, "coaches": coach[:, None] & coach, "leaders": leader[:, None] & leader,
        "to_coach": np.broadcast_to(coach, across.shape), "town": town[:, None] == town,
    }  # fmt: skip
    row = {"across_ties": float(matrix[across].sum()), "across_pairs": float(across.sum())}
    for name, shared in shares.items():
        row |= {f"{name}_ties": float(matrix[across & shared].sum()), f"{name}_pairs": float((across & shared).sum())}
    return row


def leaders_outside(look: Look) -> Row:
    """Rank correlation over school leaders: how many ask them in their own school, and how many ties they have with other schools."""
    from scipy.stats import rankdata

    leaders = _has(look.region, Role.LEADER)
    inside, across = look.level <= Level.SCHOOL, look.level > Level.SCHOOL
    asked, outside = look.counts(inside, "alter")[leaders], (look.counts(across, "alter") + look.counts(across, "ego"))[leaders]
    if np.ptp(asked) == 0 or np.ptp(outside) == 0:
        return {"leaders_both": float("nan")}
    return {"leaders_both": float(np.corrcoef(rankdata(asked), rankdata(outside))[0, 1])}


def dyads(look: Look) -> Row:
    """Coefficients of a logistic regression of ties between people of one school on position and traits, made comparable.

    Yes-or-no inputs are as they are, others divided by two standard deviations (Gelman 2008, Statistics in Medicine 27).
    """
    region = look.region
    same = (region.school[:, None] == region.school) & ~np.eye(region.people, dtype=bool) & ~region.school_office[region.school]
    ego, alter = np.nonzero(same)
    interest = look.trait["interest"]
    inputs = {
        "team": (region.team[ego] == region.team[alter]).astype(np.float64), "coach": (region.role[alter] == Role.COACH).astype(np.float64),
        "gap": look.knowledge[alter] - look.knowledge[ego], "interest": (interest[ego] * interest[alter]).sum(axis=1),
        "fte_ego": look.trait["fte"][ego], "fte_alter": look.trait["fte"][alter],
        "activity": look.trait["activity"][ego], "popularity": look.trait["popularity"][alter],
    }  # fmt: skip
    scaled = np.column_stack([np.ones(len(ego)), *(v if name in ("team", "coach") else _two_sd(v) for name, v in inputs.items())])
    found = dict(zip(inputs, _logistic(scaled, look.matrix()[ego, alter].astype(np.float64))[1:], strict=True))
    visible = max(abs(found[name]) for name in ("gap", "interest", "fte_ego", "fte_alter"))
    hidden = max(abs(found[name]) for name in ("activity", "popularity"))
    coefficients = {f"logit_{name}": float(value) for name, value in found.items()}
    return {
        **coefficients, "team_beyond_traits": found["team"] - visible, "coach_beyond_traits": found["coach"] - visible,
        "team_beyond_hidden": found["team"] - hidden,
    }  # fmt: skip


def _two_sd(values: Column) -> Column:
    spread = float(values.std())
    return np.asarray((values - values.mean()) / (2 * spread)) if spread > 0 else np.zeros_like(values)


def _logistic(inputs: Column, ties: Column, steps: int = 30) -> Column:
    """Maximum of the likelihood by Newton's method, with a touch of ridge (0.01) that keeps separable data finite."""
    at = np.zeros(inputs.shape[1])
    ridge = 0.01 * np.eye(inputs.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-inputs @ at))
        slope = inputs.T @ (ties - chance) - ridge @ at
        at = at + np.linalg.solve((inputs.T * (chance * (1 - chance))) @ inputs + ridge, slope)
    return np.asarray(at)


# --- survival of ties -------------------------------------------------------------------------------------------------


def _still(first: Look, later: Look, strong: bool) -> tuple[Flags, Flags]:
    """For the strong ties of the first look: which are there later (strong, if so asked), and between whom nobody has left."""
    there = later.matrix(later.strong if strong else None)
    ego, alter = first.ties["ego"][first.strong], first.ties["alter"][first.strong]
    stayed = first.spell == later.spell
    both = stayed[ego] & stayed[alter]
    return there[ego, alter] & both, both


def kept(looks: Sequence[Look]) -> Row:
    """Share of strong ties that are still strong, and still there, one, two, three years later; by level; and among who stayed."""
    first, level = looks[0], looks[0].level[looks[0].strong]
    row: Row = {}
    for year, later in enumerate(looks[1:], 1):
        strong, both = _still(first, later, strong=True)
        there, _ = _still(first, later, strong=False)
        row |= {f"kept_{year}": _mean(strong), f"there_{year}": _mean(there), f"kept_stayed_{year}": _mean(strong[both])}
    strong, _ = _still(first, looks[1], strong=True)
    named = {"team": level == Level.TEAM, "school": level == Level.SCHOOL, "across": level > Level.SCHOOL}
    return row | {f"kept_{name}": _mean(strong[which]) for name, which in named.items()}


def ends(first: Look, later: Look, last: Look) -> Row:
    """Of the strong ties that ended in a year: share because somebody left; of the others, share there again one year later."""
    there, both = _still(first, later, strong=False)
    again, still_both = _still(first, last, strong=False)
    chosen = ~there & both
    return {"ended_by_leaving": _share((~both).sum(), (~there).sum()), "returned": _mean(again[chosen & still_both])}


def spanners(first: Look, later: Look) -> Row:
    """Teachers with more, and with fewer, of their ties outside their team than the median of their school: strong ties kept for a year.

    Only ties between people who stayed, since that somebody leaves says nothing of spanners.
    """
    region, teachers = first.region, _has(first.region, Role.TEACHER)
    everything = np.ones(len(first.level), np.bool_)
    total, outside = first.counts(everything, "ego"), first.counts(first.level > Level.TEAM, "ego")
    share = np.divide(outside, total, out=np.full(len(total), np.nan), where=total > 0)
    spans = np.zeros(region.people, np.bool_)
    for s in _schools(region):
        known = share[s][teachers[s] & (total[s] > 0)]
        spans[s] = share[s] > (np.median(known) if len(known) else np.inf)
    strong, both = _still(first, later, strong=True)
    ego = first.ties["ego"][first.strong]
    counted = both & teachers[ego]
    row = {"kept_spanners": _mean(strong[counted & spans[ego]]), "kept_others": _mean(strong[counted & ~spans[ego]])}
    return row | {"spanners_keep_more": row["kept_spanners"] - row["kept_others"]}


def across_ties(first: Look, later: Look) -> Row:
    """Strong ties across schools and inside them, and how many of each are still strong one year later, people who left included."""
    strong, _ = _still(first, later, strong=True)
    across = first.level[first.strong] > Level.SCHOOL
    hats = (first.region.hats > 0) & ~first.region.school_office[first.region.school]
    outside = [_mean(one.counts(one.level > Level.SCHOOL, "ego")[hats]) for one in (first, later)]
    return {
        "strong_across_n": float(across.sum()), "strong_across_kept": float(strong[across].sum()),
        "strong_inside_n": float((~across).sum()), "strong_inside_kept": float(strong[~across].sum()),
        "brokerage": outside[0], "brokerage_later": outside[1],
    }  # fmt: skip


# --- what is learnt ---------------------------------------------------------------------------------------------------


def carried_on(stop: Look, after: Look) -> Row:
    """What goes with how much of their practice teachers keep, or add, in the year after the leading stops.

    Least squares over teachers who stayed: change of practice on strong ties at the stop, and on the knowledge of those they turn to
    (mean over strong ties), with practice at the stop held equal; per standard deviation.
    """
    who = _has(stop.region, Role.TEACHER) & (stop.spell == after.spell)
    strong = stop.matrix(stop.strong).astype(np.float64)
    ties = strong.sum(axis=1)
    expertise = np.divide(strong @ stop.knowledge, ties, out=np.full(len(ties), np.nan), where=ties > 0)
    expertise = np.where(np.isnan(expertise), np.nanmean(expertise[who]) if (who & (ties > 0)).any() else 0.0, expertise)
    inputs = [_two_sd(column[who]) * 2 for column in (ties, expertise, stop.practice)]
    change = (after.practice - stop.practice)[who]
    found = np.linalg.lstsq(np.column_stack([np.ones(who.sum()), *inputs]), change, rcond=None)[0]
    return {"practice_by_ties": float(found[1]), "practice_by_expertise": float(found[2]), "practice_change": _mean(change)}


def brought_home(look: Look) -> Row:
    """Knowledge of those who wear a hat (who represent their school in clubs), and of the other teachers."""
    represents = (look.region.hats > 0) & ~look.region.school_office[look.region.school]
    others = _has(look.region, Role.TEACHER) & ~represents
    return {"knowledge_hats": _mean(look.knowledge[represents]), "knowledge_others": _mean(look.knowledge[others])}
