"""Every number of the model, once: with its unit, bounds, sweep range, source and grade of evidence.

Sliders, sweep bounds, tables of assumptions and the kernels all read this file, so no range is written twice.
Parameters come in frozen groups by the phase of the week that uses them; names are unique across groups, so that one
flat name (``crowding``) is enough everywhere outside.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, TypeAlias, cast

from model.columns import one_record

Grade = Literal["measured", "plausible", "guess"]


Constants: TypeAlias = Any
"""All parameters as one record of float64; the kernels read `c.crowding` (which type checkers do not see)."""


class ParameterError(ValueError):
    """One or more parameters break a rule; the message names each of them."""


@dataclass(frozen=True)
class Spec:
    """What is known about one parameter."""

    name: str
    group: str
    default: float
    meaning: str
    unit: str
    low: float
    high: float
    sweep: tuple[float, float]
    log: bool
    whole: bool
    neutral: float | None
    contested: bool
    source: str
    grade: Grade

    def check(self, value: Any) -> str | None:
        """The rule that `value` breaks, in words, or None."""
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            return f"{self.name} = {value!r}: must be a finite number"
        if not self.low <= value <= self.high:
            return f"{self.name} = {value:g}: must be {self.low:g} to {self.high:g} ({self.unit})"
        if self.whole and value != int(value):
            return f"{self.name} = {value:g}: must be a whole number"
        return None

    def at(self, share: float) -> float:
        """The value at a share 0..1 of the sweep range (on a log scale where the spec says so)."""
        low, high = self.sweep
        value = low * (high / low) ** share if self.log else low + share * (high - low)
        return float(min(int(value + 0.5), high)) if self.whole else value

    def between(self, low: float, high: float) -> Spec:
        """The same parameter with another sweep range (on a log scale only above zero)."""
        return replace(self, sweep=(low, high), log=self.log and low > 0)


def _parameter(
    default: float,
    meaning: str,
    *,
    unit: str = "–",
    bounds: tuple[float, float],
    sweep: tuple[float, float] | None = None,
    log: bool = False,
    whole: bool = False,
    neutral: float | None = None,
    contested: bool = False,
    source: str = "no source: a guess",
    grade: Grade = "guess",
) -> Any:
    """A dataclass field that carries its own metadata."""
    facts = {
        "meaning": meaning,
        "unit": unit,
        "low": bounds[0],
        "high": bounds[1],
        "sweep": sweep or bounds,
        "log": log,
        "whole": whole,
        "neutral": neutral,
        "contested": contested,
        "source": source,
        "grade": grade,
    }
    return field(default=default, metadata=facts)


_FITTED = "calibrated on ten observed schools (Pitts & Spillane 2009, computed)"


@dataclass(frozen=True, kw_only=True)
class PeopleParameters:
    """How people differ."""

    sd_activity: float = _parameter(
        1.21, "lasting differences in how readily people turn to others", unit="logit, SD", bounds=(0, 3),
        sweep=(0.7, 1.7), source=_FITTED, grade="plausible",
    )
    sd_popularity: float = _parameter(
        0.39, "lasting differences in how readily people are turned to", unit="logit, SD", bounds=(0, 3),
        sweep=(0.15, 0.7), source=_FITTED, grade="plausible",
    )
    energy_mean: float = _parameter(0.5, "energy (own motivation) people start with", bounds=(0.05, 0.95), sweep=(0.4, 0.6))
    energy_sd: float = _parameter(0.15, "differences in energy", unit="SD", bounds=(0, 0.4), sweep=(0.05, 0.25))
    fte_mean: float = _parameter(
        0.71, "part-time factor", unit="fte", bounds=(0.2, 1), sweep=(0.6, 0.85), source="PO-Raad (read)", grade="measured",
    )
    fte_sd: float = _parameter(0.2, "differences in part-time factor", unit="fte, SD", bounds=(0, 0.4), sweep=(0.1, 0.3))
    knowledge_mean: float = _parameter(0.4, "knowledge of a topic at the start", bounds=(0, 1), sweep=(0.3, 0.5))
    knowledge_sd: float = _parameter(0.2, "differences in knowledge", unit="SD", bounds=(0, 0.5), sweep=(0.1, 0.3))
    belonging_base: float = _parameter(0.5, "belonging people start with", bounds=(0, 1), sweep=(0.4, 0.6))
    belonging_sd: float = _parameter(0.15, "differences in belonging", unit="SD", bounds=(0, 0.4), sweep=(0.05, 0.25))


@dataclass(frozen=True, kw_only=True)
class ChoiceParameters:
    """How ties are chosen: the evaluation function, its settings, and how often."""

    rate: float = _parameter(
        0.3, "chances to change one tie", unit="per person per week", bounds=(0, 20), sweep=(0.1, 1), log=True,
        source="not identified by one wave; 0.3 keeps about 75 % of strong ties a year", grade="guess",
    )
    candidates: float = _parameter(
        5, "people met at one chance", unit="people", bounds=(1, 16), sweep=(3, 8), whole=True,
        source="a fixed number keeps out-degree independent of school size", grade="plausible",
    )
    setting_team: float = _parameter(0.3, "weight of the own team among whom one meets", bounds=(0, 1), sweep=(0.1, 0.5))
    setting_school: float = _parameter(0.4, "weight of the school among whom one meets", bounds=(0, 1), sweep=(0.2, 0.6))
    setting_friends: float = _parameter(0.2, "weight of friends of friends", bounds=(0, 1), sweep=(0, 0.4))
    p_meet_outside: float = _parameter(
        0.008, "chance to meet somebody outside the own school", unit="per week", bounds=(0, 0.5), sweep=(0.001, 0.05),
        log=True, contested=True, neutral=0.008,
    )
    outside_amplifier: float = _parameter(4, "how much a lively board raises those encounters", bounds=(0, 20), sweep=(0, 10))
    outside_board: float = _parameter(0.6, "share of encounters outside school that fall within the board", bounds=(0, 1), sweep=(0.3, 0.8))
    outside_town: float = _parameter(0.2, "share of encounters outside school that fall within the town", bounds=(0, 1), sweep=(0, 0.4))
    outside_swv: float = _parameter(0.1, "share of encounters outside school within the samenwerkingsverband", bounds=(0, 1), sweep=(0, 0.3))
    outside_elsewhere: float = _parameter(0.1, "share of encounters outside school with anybody", bounds=(0, 1), sweep=(0, 0.3))
    universal: float = _parameter(
        0, "1: every other person is an alternative (the standard actor-oriented model)", bounds=(0, 1), whole=True,
        source="Snijders (2001)", grade="measured",
    )
    baseline: float = _parameter(-0.13, "value of any tie", unit="logit", bounds=(-10, 5), sweep=(-0.85, 0.6), source=_FITTED, grade="plausible")
    cost: float = _parameter(
        2.18, "cost of time, convex in load", unit="logit at full capacity", bounds=(0, 5), sweep=(1.1, 2.9), source=_FITTED, grade="plausible",
    )
    reciprocity: float = _parameter(
        0.71, "a tie back to who turns to me", unit="logit", bounds=(-5, 5), sweep=(0.3, 1.3), source=_FITTED, grade="plausible",
    )
    closure: float = _parameter(
        0.17, "a tie to a friend of a friend", unit="logit", bounds=(-5, 5), sweep=(0, 0.43),
        source=_FITTED + "; not identified next to settings", grade="guess",
    )
    closure_linear: float = _parameter(
        0, "0: each further two-path counts half the one before; 1: all alike", bounds=(0, 1), whole=True,
        source="Snijders, Pattison, Robins & Handcock (2006)", grade="plausible",
    )
    indegree: float = _parameter(
        0.13, "a tie to who is already asked by many", unit="logit", bounds=(-2, 2), sweep=(0, 0.27), source=_FITTED, grade="plausible",
    )
    indegree_power: float = _parameter(
        0.5, "power of the in-degree (0.5: square root)", bounds=(0, 1), sweep=(0.5, 1), source="Snijders, van de Bunt & Steglich (2010)", grade="plausible",
    )
    level_value_team: float = _parameter(
        0.75, "same team, against same school", unit="logit", bounds=(-3, 5), sweep=(0.25, 1.35), source=_FITTED, grade="plausible",
    )
    level_value_across: float = _parameter(
        -0.4, "another school of the board, against same school", unit="logit", bounds=(-3, 3), sweep=(-1, 0.6), contested=True, neutral=-0.4,
    )
    level_step_town: float = _parameter(-0.1, "another board in the same town, against the own board", unit="logit", bounds=(-2, 2), sweep=(-0.5, 0.5))
    level_step_swv: float = _parameter(-0.2, "another board in the same samenwerkingsverband, against the own board", unit="logit", bounds=(-2, 2), sweep=(-0.6, 0.2))
    level_step_elsewhere: float = _parameter(-0.3, "anywhere else, against the own board", unit="logit", bounds=(-2, 2), sweep=(-0.8, 0.2))
    same_hat: float = _parameter(
        0.3, "the same hat (petje)", unit="logit", bounds=(-3, 3), sweep=(0, 1), source="direction: Spillane, Hopkins & Sweet (2015), abstract", grade="plausible",
    )
    role_coach: float = _parameter(
        0.3, "a tie to an internal coach", unit="logit", bounds=(-3, 3), sweep=(0, 0.6), source="direction: Berebitsky & Andrews-Larson, excerpt", grade="plausible",
    )
    role_leader: float = _parameter(0, "a tie to a school leader or board member", unit="logit", bounds=(-3, 3), sweep=(-0.4, 0.4))
    learn: float = _parameter(1.5, "what there is to learn from the other", unit="logit per unit gap", bounds=(0, 10), sweep=(0, 3))
    belonging_weight: float = _parameter(1, "belonging at the level of the pair", unit="logit", bounds=(0, 5), sweep=(0, 3))
    energy_weight: float = _parameter(1, "own energy", unit="logit", bounds=(0, 5), sweep=(0, 3))
    strength_weight: float = _parameter(
        2, "a strong tie is kept", unit="logit at full strength", bounds=(0, 10), sweep=(0.5, 4), contested=True, neutral=2,
    )
    network_effect: float = _parameter(
        0, "the more people take part, the more (or less) a tie is worth", bounds=(-1, 1), sweep=(-0.6, 0.6), contested=True, neutral=0,
    )
    network_effect_scale: float = _parameter(7.5, "logits at full network effect", unit="logit", bounds=(0, 20), sweep=(3.75, 15), log=True)
    network_shape: float = _parameter(
        0, "shape of the network effect: 0 saturating, 1 linear, 2 inverted U, 3 S (critical mass)", bounds=(0, 3), whole=True,
    )


@dataclass(frozen=True, kw_only=True)
class WorkParameters:
    """When a tie is in contact, and what contact does to its strength."""

    contact_team: float = _parameter(0.7, "contact inside the team", unit="chance per week", bounds=(0, 1), sweep=(0.5, 0.9))
    contact_school: float = _parameter(0.45, "contact inside the school", unit="chance per week", bounds=(0, 1), sweep=(0.3, 0.6))
    contact_across: float = _parameter(
        0.15, "contact between schools of a board", unit="chance per week", bounds=(0, 1), sweep=(0.05, 0.4), contested=True, neutral=0.15,
    )
    contact_elsewhere: float = _parameter(0.1, "contact beyond the board", unit="chance per week", bounds=(0, 1), sweep=(0.03, 0.3))
    contact_strength: float = _parameter(0.5, "how far a strong tie makes its own contact", unit="share", bounds=(0, 1), sweep=(0, 0.8))
    contact_participation: float = _parameter(0.3, "how far a lively unit makes contact", unit="share", bounds=(0, 1), sweep=(0, 0.6))
    gain: float = _parameter(0.35, "growth of strength in one contact at full engagement", unit="share", bounds=(0, 1), sweep=(0.15, 0.6))
    engagement_floor: float = _parameter(
        0.2, "what somebody without energy still contributes", unit="share", bounds=(0, 1), sweep=(0, 0.6), contested=True, neutral=0.2,
    )
    fit_floor: float = _parameter(0.3, "fit of two people without a shared interest", unit="share", bounds=(0, 1), sweep=(0.1, 0.7))
    decay_weak: float = _parameter(0.06, "loss of a weak tie without contact", unit="per week", bounds=(0, 1), sweep=(0.03, 0.12))
    decay_strong: float = _parameter(0.01, "loss of a strong tie without contact", unit="per week", bounds=(0, 1), sweep=(0.005, 0.03))
    pulled_decay_mult: float = _parameter(
        1, "loss of an assigned tie, once released, against a chosen one", unit="ratio", bounds=(0.25, 4), sweep=(0.5, 2), log=True, contested=True, neutral=1,
    )
    hours_per_tie: float = _parameter(0.2, "time one tie takes", unit="hours per week", bounds=(0.05, 2), sweep=(0.1, 0.4))
    own_hours: float = _parameter(
        1.2, "own time for learning together, full-time", unit="hours per week", bounds=(0, 5), sweep=(0.75, 2.25), contested=True, neutral=1.2,
        source="collective agreement PO: 2 h a week for own development (AVS, read)", grade="plausible",
    )
    energy_hours: float = _parameter(0.4, "how far energy stretches own time", unit="share", bounds=(0, 1), sweep=(0, 0.8))
    team_hours: float = _parameter(
        8, "paid team time", unit="hours per person per period of 8 weeks", bounds=(0, 40), sweep=(0, 16), contested=True, neutral=8,
    )
    meeting_split: float = _parameter(
        0.5, "how far an hour in a group is divided among those present (0: everybody shares it fully, 1: not at all)",
        unit="power of the others present", bounds=(0, 1), sweep=(0, 1), contested=True, neutral=0.5,
    )
    meeting_chances: float = _parameter(
        0.7, "chances to begin a tie that an hour of a meeting gives everybody present", unit="per hour", bounds=(0, 4), sweep=(0.35, 1.4),
        log=True, contested=True, neutral=0.7,
        source="no source: a guess; about one in a meeting of usual length, the mean over the catalogue being an hour and a half",
    )
    spill: float = _parameter(0.5, "share of unused team time that becomes own time", unit="share", bounds=(0, 1), sweep=(0, 1), contested=True, neutral=0.5)


@dataclass(frozen=True, kw_only=True)
class LearnParameters:
    """How knowledge flows and practice changes."""

    learning: float = _parameter(0.08, "share of the gap learnt in one contact over a full tie", unit="share", bounds=(0, 1), sweep=(0.04, 0.16), log=True)
    own_practice: float = _parameter(0.004, "knowledge gained from own work", unit="per week", bounds=(0, 0.1), sweep=(0.002, 0.008))
    obsolescence: float = _parameter(0.006, "knowledge that goes out of date", unit="per week", bounds=(0, 0.1), sweep=(0.003, 0.012))
    threshold: float = _parameter(
        2, "reinforcing contacts before practice changes", unit="contacts", bounds=(1, 5), sweep=(1, 3), whole=True, contested=True, neutral=2,
        source="form: Centola & Macy (2007), abstract", grade="plausible",
    )
    practice_step: float = _parameter(0.25, "how far practice moves to knowledge when it changes", unit="share", bounds=(0, 1), sweep=(0.1, 0.5))
    carry_back: float = _parameter(
        0.2, "chance that what was learnt outside reaches the own team", unit="per week", bounds=(0, 1), sweep=(0.05, 0.6), contested=True, neutral=0.2,
        source="direction: Hubers et al. (2018), abstract", grade="plausible",
    )


@dataclass(frozen=True, kw_only=True)
class FeelParameters:
    """What makes energy and belonging rise and fall."""

    energy_speed: float = _parameter(0.06, "how fast energy moves to its target", unit="per week", bounds=(0, 1), sweep=(0.03, 0.12))
    energy_relatedness: float = _parameter(0.2, "energy from good ties", unit="energy", bounds=(0, 1), sweep=(0, 0.4))
    energy_competence: float = _parameter(0.1, "energy from learning and being asked", unit="energy", bounds=(0, 1), sweep=(0, 0.2))
    goal_effect: float = _parameter(
        0, "energy at a fully shared goal", unit="energy", bounds=(-0.5, 0.5), sweep=(-0.15, 0.15), contested=True, neutral=0,
    )
    goal_gain: float = _parameter(0.08, "how far one activity on behalf of a unit makes its goal shared", unit="share", bounds=(0, 1), sweep=(0.04, 0.16))
    goal_decay: float = _parameter(0.02, "how fast a goal without activities fades", unit="per week", bounds=(0, 1), sweep=(0.01, 0.04))
    crowding: float = _parameter(
        0, "energy lost per unit of perceived control (below 0: gained)", unit="energy per unit", bounds=(-1, 1), sweep=(-0.4, 0.4), contested=True, neutral=0,
        source="disputed: Deci, Koestner & Ryan (1999), abstract", grade="guess",
    )
    crowding_form: float = _parameter(
        0, "0: 1 − legitimacy scales crowding of either sign; 1: legitimacy does so below zero", bounds=(0, 1), whole=True,
    )
    legitimacy: float = _parameter(0.5, "how far compulsion is seen as justified", unit="share", bounds=(0, 1), sweep=(0, 1), contested=True, neutral=0.5)
    internalisation: float = _parameter(
        0, "energy gained (below 0: lost) in a good compulsory meeting of two hours", unit="energy per two hours", bounds=(-0.5, 0.5), sweep=(-0.2, 0.2), contested=True, neutral=0,
    )
    wait_signal: float = _parameter(
        0, "energy when the leader visibly waits (trust or neglect)", unit="energy", bounds=(-0.2, 0.2), sweep=(-0.1, 0.1), contested=True, neutral=0,
    )
    overload_slope: float = _parameter(
        0.1, "energy lost per unit of load above 1", unit="energy", bounds=(0, 1), sweep=(0, 0.3), contested=True, neutral=0.1,
    )
    belonging_speed: float = _parameter(0.02, "how fast belonging moves", unit="per week", bounds=(0, 1), sweep=(0.01, 0.04))
    belonging_mix: float = _parameter(0.4, "how far good ties make belonging", unit="share", bounds=(0, 1), sweep=(0.2, 0.7))


@dataclass(frozen=True, kw_only=True)
class LeadParameters:
    """What leaders have, see and pay, and who leaves."""

    leader_hours: float = _parameter(18, "hours a school's leader has for leading", unit="hours per period of 8 weeks", bounds=(0, 200), sweep=(9, 36), log=True)
    leader_knowledge: float = _parameter(
        0.4, "share of true ties a leader sees", unit="share", bounds=(0, 1), sweep=(0.1, 1), contested=True, neutral=0.4,
    )
    match_quality: float = _parameter(
        0.3, "fit of proposed or assigned partners when the leader looked first (0: at random)", unit="share", bounds=(0, 1), sweep=(0, 1), contested=True, neutral=0.3,
    )
    compliance: float = _parameter(
        0.85, "chance to keep to what was agreed or imposed", unit="share", bounds=(0, 1), sweep=(0.5, 1), contested=True, neutral=0.85,
    )
    accept_base: float = _parameter(
        0.25, "readiness to accept an invitation (5: everybody accepts)", unit="logit", bounds=(-5, 5), sweep=(-1, 1.5), contested=True, neutral=0.25,
    )
    price_meet: float = _parameter(1, "factor on the leader's hours for meetings", unit="ratio", bounds=(0.25, 4), sweep=(0.5, 2), log=True, contested=True, neutral=1)
    price_assign: float = _parameter(1, "factor on the leader's hours for assigning", unit="ratio", bounds=(0.25, 4), sweep=(0.5, 2), log=True, contested=True, neutral=1)
    price_connect: float = _parameter(1, "factor on the leader's hours for inviting and introducing", unit="ratio", bounds=(0.25, 4), sweep=(0.5, 2), log=True, contested=True, neutral=1)
    price_look: float = _parameter(1, "factor on the leader's hours for watching", unit="ratio", bounds=(0.25, 4), sweep=(0.5, 2), log=True, contested=True, neutral=1)
    teacher_hours_cap: float = _parameter(
        80, "most hours of moves per person in any 8 weeks; a move that would go over it is not made for them (80: no cap)",
        unit="hours per person per period of 8 weeks", bounds=(0, 80), sweep=(2, 16), log=True,
    )
    freed_per_leader_hour: float = _parameter(
        1, "hours freed for colleagues per leader hour", unit="ratio", bounds=(0, 10), sweep=(0.5, 8), log=True, contested=True, neutral=1,
    )
    staff_turnover: float = _parameter(
        0.1, "staff who leave", unit="per year", bounds=(0, 1), sweep=(0.03, 0.2), contested=True, neutral=0.1, source="Centerdata 2017-18: 9.6 % (read)", grade="measured",
    )
    leader_leaves: float = _parameter(
        0.15, "leaders who leave", unit="per year", bounds=(0, 1), sweep=(0, 0.4), contested=True, neutral=0.15,
    )


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """All parameters of one world, in groups; change some with `with_values`."""

    people: PeopleParameters = PeopleParameters()
    choice: ChoiceParameters = ChoiceParameters()
    work: WorkParameters = WorkParameters()
    learn: LearnParameters = LearnParameters()
    feel: FeelParameters = FeelParameters()
    lead: LeadParameters = LeadParameters()

    def __post_init__(self) -> None:
        problems = [p for name, value in self.values().items() if (p := SPECS[name].check(value))]
        if problems:
            raise ParameterError("; ".join(problems))

    def values(self) -> dict[str, float]:
        """Every parameter by its flat name."""
        return {f.name: getattr(group, f.name) for group in self._groups() for f in fields(group)}

    def with_values(self, **values: float) -> Parameters:
        """A copy with some parameters changed.

        Raises:
            ParameterError: naming every unknown name (with the nearest valid one) and every value out of bounds.
        """
        problems = [_unknown(name) for name in values if name not in SPECS]
        problems += [p for name, value in values.items() if name in SPECS and (p := SPECS[name].check(value))]
        if problems:
            raise ParameterError("; ".join(problems))
        groups: dict[str, Any] = {}
        for name, value in values.items():
            groups.setdefault(SPECS[name].group, {})[name] = value
        return replace(self, **{group: replace(getattr(self, group), **changed) for group, changed in groups.items()})

    def constants(self) -> Constants:
        """The same numbers as one record of float64, the form the kernels take."""
        return one_record(self.values())

    def _groups(self) -> Iterator[Any]:
        return (getattr(self, f.name) for f in fields(self))


def _unknown(name: str) -> str:
    nearest = difflib.get_close_matches(name, SPECS, n=1, cutoff=0.0)
    return f"{name}: no such parameter (nearest: {nearest[0]})"


_GROUPS: Mapping[str, type] = {
    "people": PeopleParameters,
    "choice": ChoiceParameters,
    "work": WorkParameters,
    "learn": LearnParameters,
    "feel": FeelParameters,
    "lead": LeadParameters,
}

SPECS: Mapping[str, Spec] = {
    f.name: Spec(name=f.name, group=group, default=cast(float, f.default), **f.metadata)
    for group, cls in _GROUPS.items()
    for f in fields(cls)
}
"""Metadata of every parameter by name."""

def contested() -> list[Spec]:
    """The parameters whose value nobody knows: the ones an uncertain world draws from their sweep range."""
    return [spec for spec in SPECS.values() if spec.contested]
