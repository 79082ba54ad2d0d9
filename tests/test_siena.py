"""With every person an alternative and structural terms only, the model is a stochastic actor-oriented model (Snijders 2001).

Six statistics of fifty people after one period are compared with those of RSiena 1.6.5 from the same start. A simulation with a
wrong rule must be found out: the same comparison is made with rules that are wrong on purpose.
"""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import reference
from click.testing import CliRunner

from experiments.cli import main
from experiments.siena import (
    CaseError,
    Reference,
    how_far_off,
    network_of,
    read_references,
    school_of,
    simulate,
    statistics_of,
    structural,
)
from model.choice import reasons
from model.learning_network import LearningNetwork

SIMULATIONS = 1_200
WRONG_SIMULATIONS = 150
LIMIT = 3.0
"""Standard errors, both sides' together, that a statistic may be off."""


@pytest.fixture(scope="module")
def siena(shared_data) -> Reference:
    (one,) = read_references(shared_data / "rsiena_reference" / "fifty_people.json")
    return one


def test_the_six_statistics_are_those_of_rsiena(siena):
    off = how_far_off(siena, simulate(siena, structural(siena), SIMULATIONS))
    assert max(map(abs, off.values())) < LIMIT, off


def test_a_week_of_the_model_makes_the_same_choices(siena):
    """The fast path above is what a week does."""
    parameters = structural(siena)
    model = LearningNetwork(1, region=school_of(siena), parameters=parameters, replicate=3, collect=False)
    np.testing.assert_array_equal(network_of(model), siena.start)
    model.step()
    np.testing.assert_array_equal(network_of(model), simulate(siena, parameters, 4)[3])


@pytest.mark.parametrize(
    ("wrong", "shows"),
    [
        ({"closure": 0}, "transTrip"),
        ({"closure_linear": 0}, "transTrip"),
        ({"reciprocity": 0.8}, "recip"),
        ({"level_value_team": 0}, "sameX"),
        ({"indegree": 0.1}, "inPop"),
        ({"indegree_power": 0}, "inPop"),
        ({"baseline": -2.2}, "density"),
        ({"rate": 7}, "distance"),
        ({"universal": 0}, "distance"),
        ({"cost": 0.5}, "density"),
        ({"sd_activity": 1.0}, "density"),
        ({"strength_weight": 2.0}, "distance"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else value,
)
def test_a_wrong_parameter_is_found_out(siena, wrong, shows):
    off = how_far_off(siena, simulate(siena, structural(siena, **wrong), WRONG_SIMULATIONS))
    assert abs(off[shows]) > LIMIT, off


# --- the rules themselves, right and wrong --------------------------------------------------------------------------


def effects_of(x: np.ndarray, i: int, group: np.ndarray) -> dict[str, float]:
    """The statistics that the actor `i` weighs, as RSiena's manual writes them."""
    mine = x[i]
    return {
        "density": mine.sum(),
        "recip": mine @ x[:, i],
        "transTrip": mine @ x @ mine,
        "inPop": mine @ x.sum(axis=0),
        "sameX": mine @ (group == group[i]),
    }


TERMS = {"density": "baseline", "recip": "reciprocity", "transTrip": "closure", "inPop": "indegree", "sameX": "level"}
"""What the model calls each effect."""


@pytest.mark.parametrize("seed", range(5))
def test_change_statistics_are_differences_of_statistics(siena, seed):
    """On random networks, for ties that exist and for ties that do not."""
    chance = np.random.default_rng(seed)
    network = chance.random(siena.start.shape) < chance.choice([0.02, 0.08, 0.2])
    np.fill_diagonal(network, False)
    drawn = Reference(**{**vars(siena), "start": network})
    model = LearningNetwork(region=school_of(drawn), parameters=structural(drawn), collect=False)
    for i, j in chance.integers(0, len(network), (60, 2)).tolist():
        if i == j:
            continue
        without, between = network.astype(np.float64), network.astype(np.float64)
        without[i, j], between[i, j] = 0, 1
        less, more = (effects_of(x, i, siena.group) for x in (without, between))
        terms = reasons(model.world, model.constants, i, j, 1)
        wanted = {TERMS[name]: siena.evaluation[name] * (more[name] - less[name]) for name in TERMS}
        assert {name: terms[name] for name in wanted} == pytest.approx(wanted)
        assert sum(terms.values()) == pytest.approx(sum(wanted.values())), "a term that should be off is on"


@dataclass(frozen=True)
class Rule:
    """A process written out for many networks at once, right, or wrong in one of the ways people get it wrong."""

    ends_with_two_paths: bool = True
    begins_with_two_paths: bool = True

    def values(self, siena: Reference, x: np.ndarray, actor: np.ndarray) -> np.ndarray:
        """Value of changing each tie of each network's actor, (simulations, n); 0 for no change, in the actor's own place."""
        effects, every = siena.evaluation, np.arange(len(x))
        mine = x[every, actor]
        closed = np.zeros_like(mine)
        if self.ends_with_two_paths:
            closed += (mine[:, None] @ x)[:, 0]
        if self.begins_with_two_paths:
            closed += (x @ mine[:, :, None])[:, :, 0]
        value = effects["density"] + effects["recip"] * x[every, :, actor] + effects["transTrip"] * closed
        value += effects["inPop"] * (x.sum(axis=1) + 1 - mine) + effects["sameX"] * (siena.group == siena.group[actor][:, None])
        value *= 1 - 2 * mine
        value[every, actor] = 0
        return value

    def simulate(self, siena: Reference, simulations: int, seed: int) -> np.ndarray:
        chance, n = np.random.default_rng(seed), len(siena.start)
        x = np.repeat(siena.start[None].astype(np.float32), simulations, axis=0)
        steps = chance.poisson(siena.rate * n, simulations)
        for step in range(steps.max()):
            actor = chance.integers(0, n, simulations)
            chosen = (self.values(siena, x, actor) + chance.gumbel(size=(simulations, n))).argmax(axis=1)
            going = np.flatnonzero((chosen != actor) & (step < steps))
            place = going, actor[going], chosen[going]
            x[place] = 1 - x[place]
        return x.astype(np.bool_)


def test_the_process_written_out_is_that_of_rsiena_too(siena):
    off = how_far_off(siena, Rule().simulate(siena, WRONG_SIMULATIONS, seed=1))
    assert max(map(abs, off.values())) < LIMIT, off


@pytest.mark.parametrize("rule", [Rule(begins_with_two_paths=False), Rule(ends_with_two_paths=False)], ids=["only i→h→j", "only j→h"])
def test_a_wrong_rule_of_closure_is_found_out(siena, rule):
    off = how_far_off(siena, rule.simulate(siena, WRONG_SIMULATIONS, seed=1))
    assert abs(off["transTrip"]) > LIMIT, off


def test_the_statistics_are_counted_as_rsiena_counts_them(siena):
    """On the start itself, tie by tie."""
    ties = {(int(i), int(j)) for i, j in np.argwhere(siena.start)}
    counted = {
        "distance": 0,
        "density": len(ties),
        "recip": sum((j, i) in ties for i, j in ties),
        "transTrip": sum((i, j) in ties for i, h in ties for j in range(50) if (h, j) in ties),
        "inPop": sum(sum((k, j) in ties for k in range(50)) for _, j in ties),
        "sameX": sum(siena.group[i] == siena.group[j] for i, j in ties),
    }
    assert dict(zip(siena.names, statistics_of(siena, siena.start[None])[0].tolist(), strict=True)) == counted


def test_closure_of_the_twin_is_the_statistic_of_rsiena(siena):
    """The statistic in `reference.py`, whose differences the kernels are tested against, is transTrip where it is linear."""
    out = [{int(j): reference.Tie(0, 0, 0, 0, 0) for j in np.flatnonzero(row)} for row in siena.start]
    constants = structural(siena).constants()
    total = sum(reference.closure_of(out, constants, i) for i in range(len(out)))
    assert total == statistics_of(siena, siena.start[None])[0][siena.names.index("transTrip")]


# --- reference files and the command --------------------------------------------------------------------------------

SMALL = {
    "tag": "ten people", "people": 10, "group_size": 5, "rate": 3.0, "start": [[0, 1], [2, 3]],
    "evaluation": {"density": -1.0, "recip": 1.0},
    "statistics": {"density": [20.0, 0.5], "recip": [6.0, 0.4]},
}  # fmt: skip


def ask(folder, cases, *options):
    path = folder / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    return CliRunner().invoke(main, ["validate", "siena", str(path), "--simulations", "50", *options])


def test_the_command_gives_z_of_every_case(tmp_path):
    told = json.loads(ask(tmp_path, [SMALL, {**SMALL, "tag": "again"}], "--json").output)
    assert [one["tag"] for one in told] == ["ten people", "again"]
    assert told[0]["z"] == told[1]["z"]
    assert set(told[0]["z"]) == {"density", "recip"}
    (alone,) = json.loads(ask(tmp_path, SMALL, "--json").output)
    assert alone == told[0]


def test_all_problems_of_a_file_are_told_at_once(tmp_path):
    bad = SMALL | {"people": 1, "rate": "fast", "evaluation": {"recipp": 1, "density": float("nan")}, "start": [[0, 0], [0, 1], [0, 1]]}
    told = ask(tmp_path, [bad, 3]).output
    for part in ("people = 1", "rate = 'fast'", "recipp", "'recip'", "density = nan", "start[0]", "is a int"):
        assert part in told, told


def test_what_is_no_reference_file_is_refused(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("[" * 10_000)
    with pytest.raises(CaseError, match="not JSON"):
        read_references(path)
