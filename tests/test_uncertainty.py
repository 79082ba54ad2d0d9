"""The uncertainty budget: components of variance against values whose components are known, and the design of blocks."""

import numpy as np
import pytest

from experiments.calibrated import fitted
from experiments.studies.uncertainty import SIDE, SOURCES, Budget, components, divide, take_apart, trials
from experiments.texts import LANGUAGES, texts
from experiments.uncertainty_words import draw_budget, tell_budget
from model.parameters import contested


def made_up(blocks, contested_sd, calibrated_sd, together_sd, chance_sd, seed=5):
    """Values with known components."""
    chance = np.random.default_rng(seed)
    rows = chance.normal(0, contested_sd, (blocks, SIDE, 1, 1))
    columns = chance.normal(0, calibrated_sd, (blocks, 1, SIDE, 1))
    cells = chance.normal(0, together_sd, (blocks, SIDE, SIDE, 1))
    return 3.0 + rows + columns + cells + chance.normal(0, chance_sd, (blocks, SIDE, SIDE, SIDE))


def test_components_are_those_that_made_the_values():
    found = components(made_up(40_000, 2.0, 1.0, 0.5, 1.5))
    np.testing.assert_allclose(found, [4.0, 1.0, 0.25, 2.25], atol=0.1)


def test_all_components_together_are_the_variance_of_independent_values():
    values = made_up(40_000, 2.0, 1.0, 0.5, 1.5)
    assert components(values).sum() == pytest.approx(values[:, 0, 0, 0].var(ddof=1), rel=0.03)


def test_chance_alone_leaves_the_others_at_zero():
    found = divide(made_up(2_000, 0.0, 0.0, 0.0, 1.0))["sources"]
    assert found["chance"]["share"] == pytest.approx(1.0, abs=0.1)
    for source in SOURCES[:3]:
        assert found[source]["low"] < 0.0 < found[source]["high"]
        assert abs(found[source]["share"]) < 4 * found[source]["se"]


def test_intervals_of_shares_hold_the_truth_about_as_often_as_they_should():
    """Share of the contested is 4 / 7.5 here; of 40 intervals over 60 blocks at least 33 should hold it (binomial, one in a hundred)."""
    found = [divide(made_up(60, 2.0, 1.0, 0.5, 1.5, seed))["sources"]["contested"] for seed in range(40)]
    assert sum(one["low"] < 4 / 7.5 < one["high"] for one in found) >= 33


def test_a_block_crosses_two_draws_with_two_members_in_worlds_of_their_own():
    names = {spec.name for spec in contested()}
    assert not names & set(fitted())
    made = trials(3)
    assert len(made) == len({trial.replicate for trial in made}) == 3 * SIDE**3
    first = [dict(trial.values) for trial in made[: SIDE**3]]
    draws = [tuple(sorted((name, value) for name, value in one.items() if name in names)) for one in first]
    members = [tuple(one[name] for name in fitted()) for one in first]
    assert len(set(draws)) == len(set(members)) == SIDE
    assert len(set(zip(draws, members, strict=True))) == SIDE**2
    assert dict(made[SIDE**3].values) not in first


def test_more_blocks_leave_the_first_ones_as_they_were():
    assert trials(3)[: SIDE**3] == trials(1)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two blocks."""
    return take_apart(Budget(blocks=2), tmp_path_factory.mktemp("budget"), 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_small_budget_is_told_and_drawn(small, language):
    assert small["worlds"] == 2 * SIDE**3
    for found in small["numbers"].values():
        assert sum(one["share"] for one in found["sources"].values()) == pytest.approx(1.0)
    words = texts(language)
    told = "\n".join(tell_budget(small, words))
    assert all(words(f"budget.sources.{source}") in told for source in SOURCES)
    assert len(draw_budget(small, words).axes) == 3
