"""The tie engine against RSiena: with every person an alternative and structural terms only, the model is a stochastic actor-oriented
model (Snijders 2001), and its statistics after one period must be those that RSiena finds from the same start.

A reference file is JSON, one case or a list of cases: `people`, `group_size` (person i is in group i // group_size), `rate`, `start` (ties
as pairs of people from 0), `evaluation` (parameters of `EFFECTS`) and `statistics` (mean and standard error of each of `STATISTICS`);
`tag` names a case.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.fields import nearest
from model.choice import choose
from model.learning_network import LearningNetwork
from model.parameters import Parameters
from model.randomness import world_key
from model.region import FirstTies, Region, SchoolUnit, region_from_units

Networks = NDArray[np.bool_]
Column = NDArray[np.float64]

EFFECTS: Mapping[str, str] = {
    "density": "baseline", "recip": "reciprocity", "transTrip": "closure", "inPop": "indegree", "sameX": "level_value_team",
}  # fmt: skip
"""RSiena's effects and the parameters of the model that they are."""
OFF = (
    "cost", "learn", "belonging_weight", "energy_weight", "strength_weight", "sd_activity", "sd_popularity", "same_hat", "role_coach",
    "role_leader", "network_effect", "p_meet_outside",
)  # fmt: skip
"""What the model knows and RSiena's model does not."""
STATISTICS = ("distance", "density", "recip", "transTrip", "inPop", "sameX")
MOST_PEOPLE = 200
MOST_BYTES = 20_000_000
_NOBODY = np.zeros(0, np.int32)


class CaseError(ValueError):
    """A reference file that breaks rules; the message names every one."""


@dataclass(frozen=True, eq=False)
class Reference:
    """What RSiena was given and what it found.

    Attributes:
        start: bool (n, n). group: int64 (n,). evaluation: value of each of `EFFECTS`. rate: chances a person in the period.
        names: statistics found, with their mean and standard error (len(names),).
    """

    tag: str
    start: Networks
    group: NDArray[np.int64]
    evaluation: Mapping[str, float]
    rate: float
    names: tuple[str, ...]
    mean: Column
    error: Column


def read_references(path: Path | str) -> list[Reference]:
    """Every case of a reference file.

    Raises:
        CaseError: naming every case and field that breaks a rule.
    """
    path = Path(path)
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise CaseError(f"{path.name}: larger than {MOST_BYTES // 1_000_000} MB")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"{path.name}: is not JSON ({error})") from None
    cases = found if isinstance(found, list) else [found]
    problems = [f"{path.name}: holds no case"] if not cases else []
    names = [_tag(case, at, path) for at, case in enumerate(cases)]
    for case, name in zip(cases, names, strict=True):
        problems += [f"{path.name}, case {name!r}: {problem}" for problem in _problems(case)]
    if problems:
        raise CaseError("\n".join(problems))
    return [_reference(case, name) for case, name in zip(cases, names, strict=True)]


def _tag(case: Any, at: int, path: Path) -> str:
    named = case.get("tag") if isinstance(case, dict) else None
    return str(named)[:80] if named is not None else path.stem if at == 0 else f"{path.stem}-{at + 1}"


def _problems(case: Any) -> Iterator[str]:
    if not isinstance(case, dict):
        yield f"is a {type(case).__name__}: must be an object"
        return
    needed = ("people", "group_size", "rate", "start", "evaluation", "statistics")
    yield from (f"{name}: is missing" for name in needed if name not in case)
    people = case.get("people")
    for name, least, most in (("people", 2, MOST_PEOPLE), ("group_size", 1, 10**9)):
        value = case.get(name)
        if name in case and not (isinstance(value, int) and not isinstance(value, bool) and least <= value <= most):
            yield f"{name} = {value!r}: must be a whole number, {least} to {most}"
    if "rate" in case and not (_is_number(case["rate"]) and 0 < case["rate"] <= 20):
        yield f"rate = {case['rate']!r}: must be above 0 and at most 20"
    yield from _problems_of_names("evaluation", case.get("evaluation", {}), EFFECTS, _is_number, "a finite number")
    yield from _problems_of_names("statistics", case.get("statistics", {}), STATISTICS, _is_estimate, "[mean, standard error above 0]")
    if isinstance(people, int):
        yield from _problems_of_ties(case.get("start", []), people)


def _problems_of_names(field: str, given: Any, known: Any, right: Any, rule: str) -> Iterator[str]:
    if not isinstance(given, dict) or not given and field == "statistics":
        yield f"{field}: must be an object with {', '.join(known)}"
        return
    for name, value in given.items():
        if name not in known:
            yield f"{field}.{name}: no such name (nearest: {nearest(name, known)!r})"
        elif not right(value):
            yield f"{field}.{name} = {value!r}: must be {rule}"


def _problems_of_ties(ties: Any, people: int) -> Iterator[str]:
    if not isinstance(ties, list):
        yield "start: must be a list of pairs"
        return
    seen: set[tuple[int, int]] = set()
    for at, tie in enumerate(ties):
        whole = isinstance(tie, list) and len(tie) == 2 and all(type(end) is int and 0 <= end < people for end in tie)
        if not whole or tie[0] == tie[1]:
            yield f"start[{at}] = {tie!r}: must be two different people, 0 to {people - 1}"
        elif tuple(tie) in seen:
            yield f"start[{at}] = {tie!r}: the same tie twice"
        else:
            seen.add((tie[0], tie[1]))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_estimate(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[1] > 0


def _reference(case: Mapping[str, Any], tag: str) -> Reference:
    start = np.zeros((case["people"], case["people"]), np.bool_)
    for ego, alter in case["start"]:
        start[ego, alter] = True
    found = np.array([*case["statistics"].values()], np.float64)
    return Reference(
        tag, start, np.arange(case["people"]) // case["group_size"], {name: float(case["evaluation"].get(name, 0)) for name in EFFECTS},
        float(case["rate"]), tuple(case["statistics"]), found[:, 0], found[:, 1],
    )  # fmt: skip


def structural(reference: Reference, **values: float) -> Parameters:
    """The parameters of a case: only its effects are on, everything else is 0."""
    on = {"universal": 1, "closure_linear": 1, "indegree_power": 1, "rate": reference.rate}
    on |= {ours: reference.evaluation[theirs] for theirs, ours in EFFECTS.items()}
    return Parameters().with_values(**(dict.fromkeys(OFF, 0) | on | values))


def school_of(reference: Reference) -> Region:
    """One school whose teams are the groups, with the ties of the start."""
    ego, alter = (rows.astype(np.int32) for rows in np.nonzero(reference.start))
    first = FirstTies(ego=ego, alter=alter, strength=np.full(len(ego), 0.3, np.float32), age=np.zeros(len(ego), np.int32))
    unit = SchoolUnit(name="De Linde", board="De Kring", town="Meerdorp", swv="Noord")
    return region_from_units({0: unit}, school=[0] * len(reference.group), team=reference.group, first_ties=first)


def simulate(reference: Reference, parameters: Parameters, simulations: int, seed: int = 1) -> Networks:
    """Networks after one period, (simulations, n, n): the choices of one week, again and again from the same start."""
    model = LearningNetwork(region=school_of(reference), parameters=parameters, collect=False)
    ties: list[NDArray[Any]] = list(model.world.ties)
    start = [array.copy() for array in ties]
    networks = []
    for replicate in range(simulations):
        for array, first in zip(ties, start, strict=True):
            array[...] = first
        choose(model.world, model.constants, world_key(seed, replicate), 1, np.zeros(1, np.int32), _NOBODY)
        networks.append(network_of(model))
    return np.array(networks)


def network_of(model: LearningNetwork) -> Networks:
    """Who turns to whom, bool (n, n)."""
    network = np.zeros((model.region.people, model.region.people), np.bool_)
    ties = model.world.ties
    used = ties.alter >= 0
    network[np.nonzero(used)[0], ties.alter[used]] = True
    return network


def statistics_of(reference: Reference, networks: Networks) -> Column:
    """The statistics of each network in the order of the case, (simulations, names), as RSiena counts them."""
    x = networks.astype(np.float64)
    indegree = x.sum(axis=1)
    found = {
        "distance": (networks != reference.start).sum(axis=(1, 2)),
        "density": x.sum(axis=(1, 2)),
        "recip": (x * x.transpose(0, 2, 1)).sum(axis=(1, 2)),
        "transTrip": (x * (x @ x)).sum(axis=(1, 2)),
        "inPop": (indegree**2).sum(axis=1),
        "sameX": (x * (reference.group[:, None] == reference.group)).sum(axis=(1, 2)),
    }
    return np.stack([found[name] for name in reference.names], axis=1)


def how_far_off(reference: Reference, networks: Networks) -> dict[str, float]:
    """Each statistic's distance from RSiena's, in standard errors of both."""
    found = statistics_of(reference, networks)
    error = np.hypot(found.std(axis=0, ddof=1) / np.sqrt(len(found)), reference.error)
    return dict(zip(reference.names, ((found.mean(axis=0) - reference.mean) / error).round(2).tolist(), strict=True))


def validate_siena(references: Sequence[Reference], simulations: int = 1_000) -> list[dict[str, Any]]:
    """For every case its tag and z of each statistic."""
    return [{"tag": one.tag, "z": how_far_off(one, simulate(one, structural(one), simulations))} for one in references]
