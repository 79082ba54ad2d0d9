"""Keyed draws: what they are named by, that nothing else touches them, and that they are as random as they should be.

Statistical tests run on fixed keys and allow a false alarm in one of ten thousand (`ALPHA`).
"""

import copy
import itertools

import numpy as np
import pytest
import reference
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from model import randomness
from model.choice import choice_keys, decide
from model.learning_network import LearningNetwork
from model.people import make_people, make_places
from model.randomness import Purpose, draw_each, purpose_key, uniform, world_key
from model.region import generate_region

ALPHA = 1e-4
SMALL = generate_region(boards=2, schools=2, people_per_school=7)
WORDS = st.integers(0, 2**64 - 1)


def draws(keys: list[int]) -> np.ndarray:
    """The uniform number of each key, by the plain twin (the same numbers, see below)."""
    return np.array([reference.uniform(key) for key in keys])


def key_of(world: int = 1, purpose: Purpose = Purpose.CHOICE, week: int = 3, row: int = 5, spell: int = 0, number: int = 0) -> int:
    key = reference.week_key(int(world_key(world, 0)), purpose, week)
    return reference.fold(reference.fold(key, row * 65536 + spell), number)


class TestTheHash:
    @given(WORDS, st.integers(0, 2**62))
    def test_compiled_and_plain_are_the_same(self, key, part):
        assert randomness.fold(np.uint64(key), part) == reference.fold(key, part)
        assert uniform(np.uint64(key)) == reference.uniform(key)
        assert randomness.gumbel(np.uint64(key)) == pytest.approx(reference.gumbel(key), rel=1e-12)

    def test_splitmix_as_published(self):
        """The finaliser on the first states of the generator started at 0 (Vigna's reference output)."""
        assert [reference.fold(0, 0), reference.fold(0x9E3779B97F4A7C15, 0)] == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4]

    @pytest.mark.parametrize("key", [0, 1, 2**63, 2**64 - 1, 2**64 - 2**11, 2**64 - 2**12])
    def test_numbers_are_strictly_between_0_and_1(self, key):
        assert 0.0 < uniform(np.uint64(key)) < 1.0
        assert np.isfinite(randomness.gumbel(np.uint64(key)))

    def test_every_name_has_a_number_of_its_own(self):
        parts = itertools.product(range(1, 4), list(Purpose)[:6], range(12), range(12), range(3), (0, 1, 500, 1000))
        keys = [key_of(*part) for part in parts]
        assert len(set(keys)) == len(keys) > 30_000

    def test_ego_and_alter_are_not_exchanged(self):
        key = purpose_key(world_key(1, 0), Purpose.CONTACT, 1)
        one = randomness.person_key(np.uint64(randomness.person_key(key, 3, 0)), 4, 0)
        assert one != randomness.person_key(np.uint64(randomness.person_key(key, 4, 0)), 3, 0)


class TestNames:
    @given(st.permutations(range(40)))
    def test_a_number_does_not_depend_on_what_was_drawn_before(self, order):
        key = purpose_key(world_key(1, 0), Purpose.COMPLY, 7)
        drawn = {row: uniform(np.uint64(randomness.person_key(key, row, 0))) for row in order}
        assert [drawn[row] for row in range(40)] == draw_each(key, np.zeros(40, np.int32)).tolist()

    @given(st.integers(1, 40))
    def test_a_number_does_not_depend_on_how_many_are_drawn(self, many):
        key = purpose_key(world_key(1, 0), Purpose.TURNOVER, 40)
        assert draw_each(key, np.zeros(many, np.int32)).tolist() == draw_each(key, np.zeros(40, np.int32))[:many].tolist()

    def test_people_are_the_same_in_a_larger_region(self):
        """Who someone is depends on their place alone, not on who else there is."""
        parameters, key = LearningNetwork(region=SMALL).constants, world_key(4, 0)
        larger = generate_region(boards=4, schools=2, people_per_school=7)
        few, many = (make_people(make_places(region)[0], parameters, key) for region in (SMALL, larger))
        np.testing.assert_array_equal(few.interest, many.interest[: len(few)])
        np.testing.assert_array_equal(few.activity, many.activity[: len(few)])

    @pytest.mark.parametrize("bad", [-1, 2**63, 1.0, True, "1", None])
    @pytest.mark.parametrize("name", ["seed", "replicate"])
    def test_a_bad_seed_or_replicate_is_named(self, name, bad):
        arguments = {"seed": 1, "replicate": 0, name: bad}
        with pytest.raises(ValueError, match=rf"{name} = .*must be a whole number from 0 to 2\^63 - 1"):
            world_key(**arguments)


class TestUniform:
    @pytest.mark.parametrize("part", ["world", "week", "row", "spell", "number"])
    def test_numbers_are_uniform_along_every_part_of_a_name(self, part):
        drawn = draws([key_of(**{part: k}) for k in range(20_000)])
        assert stats.kstest(drawn, "uniform").pvalue > ALPHA
        counts = np.bincount((drawn * 100).astype(int), minlength=100)
        assert stats.chisquare(counts).pvalue > ALPHA

    @pytest.mark.parametrize("part", ["world", "week", "row", "spell", "number"])
    def test_neighbours_have_nothing_to_do_with_each_other(self, part):
        """Correlation of next and second neighbours, and the joint distribution of neighbours in 10 x 10 cells."""
        drawn = draws([key_of(**{part: k}) for k in range(20_000)])
        for lag in (1, 2):
            assert stats.pearsonr(drawn[:-lag], drawn[lag:]).pvalue > ALPHA
        pairs = (drawn.reshape(-1, 2) * 10).astype(int)
        assert stats.chisquare(np.bincount(pairs[:, 0] * 10 + pairs[:, 1], minlength=100)).pvalue > ALPHA

    def test_purposes_have_nothing_to_do_with_each_other(self):
        columns = [draws([key_of(purpose=purpose, row=row) for row in range(4_000)]) for purpose in list(Purpose)]
        pairs = itertools.combinations(columns, 2)
        smallest = min(stats.pearsonr(a, b).pvalue for a, b in pairs)
        assert smallest > ALPHA / len(Purpose) ** 2

    def test_every_bit_is_set_half_the_time(self):
        keys = np.array([key_of(row=row) for row in range(20_000)], np.uint64)
        shares = [(keys >> np.uint64(bit) & np.uint64(1)).mean() for bit in range(64)]
        assert np.abs(shares - np.float64(0.5)).max() < 4.5 * 0.5 / np.sqrt(20_000)

    def test_one_bit_of_a_name_changes_half_the_bits_of_its_key(self):
        changed = [(key_of(row=row) ^ key_of(row=row ^ 1)).bit_count() for row in range(0, 20_000, 2)]
        assert np.mean(changed) == pytest.approx(32, abs=4.5 * 4 / np.sqrt(len(changed)))


class TestShapes:
    @pytest.mark.parametrize("mean", [0.0, 0.3, 2.0, 10.0, 20.0])
    def test_poisson(self, mean):
        drawn = np.array([randomness.poisson(np.uint64(key_of(row=row)), mean) for row in range(20_000)])
        if mean == 0.0:
            assert not drawn.any()
            return
        spread = np.sqrt(mean / len(drawn))
        assert drawn.mean() == pytest.approx(mean, abs=4 * spread)
        assert drawn.var() == pytest.approx(mean, abs=4 * np.sqrt((mean + 2 * mean**2) / len(drawn)))
        most = int(stats.poisson.ppf(0.999, mean))
        expected = np.append(stats.poisson.pmf(np.arange(most), mean), stats.poisson.sf(most - 1, mean))
        observed = np.bincount(np.minimum(drawn, most), minlength=most + 1)
        enough = expected * len(drawn) > 5
        observed, expected = np.append(observed[enough], observed[~enough].sum()), np.append(expected[enough], expected[~enough].sum())
        assert stats.chisquare(observed[expected > 0], expected[expected > 0] * len(drawn)).pvalue > ALPHA

    @given(WORDS, st.floats(0, 20))
    def test_poisson_by_inversion_is_that_of_the_twin(self, key, mean):
        assume(reference.uniform(key) < 1 - 1e-9)
        assert randomness.poisson(np.uint64(key), mean) == reference.poisson(key, mean)

    @pytest.mark.parametrize(("mean", "most"), [(0.0, 0), (1e-9, 4), (0.3, 20), (20.0, 80)])
    def test_poisson_of_the_last_number_below_1_is_not_absurd(self, mean, most):
        assert randomness.poisson(np.uint64(2**64 - 1), mean) <= most

    def test_gumbel(self):
        drawn = [randomness.gumbel(np.uint64(key_of(row=row))) for row in range(20_000)]
        assert stats.kstest(drawn, "gumbel_r").pvalue > ALPHA

    def test_normal(self):
        drawn = [randomness.normal(np.uint64(key_of(row=row))) for row in range(20_000)]
        assert stats.kstest(drawn, "norm").pvalue > ALPHA

    def test_the_largest_of_values_plus_gumbels_is_a_logit_choice(self):
        values = np.array([0.0, 1.0, -0.5, 2.0])
        noise = np.array([[reference.gumbel(key_of(row=row, number=k)) for k in range(4)] for row in range(8_000)])
        chosen = np.bincount((values + noise).argmax(axis=1), minlength=4)
        assert stats.chisquare(chosen, np.exp(values) / np.exp(values).sum() * 8_000).pvalue > ALPHA


@pytest.fixture(scope="module")
def lively() -> LearningNetwork:
    """A small world with ties of all kinds."""
    model = LearningNetwork(3, region=SMALL, start="dense", rate=1.0, baseline=0.5)
    for _ in range(6):
        model.step()
    return model


class TestAddingACandidate:
    """A choice changes only where the candidate that is added is the one chosen."""

    @staticmethod
    def act(model: LearningNetwork, row: int, setting: int, present: list[int], number: int = 1) -> tuple[str, int]:
        keys = tuple(np.uint64(key) for key in choice_keys(model.key, model.week))
        action, target = decide(model.world, model.constants, keys, model.week, row, number, setting, np.array(present, np.int32))
        alter = int(model.world.ties.alter[row, target]) if action == 2 else target
        return ("nothing", "add", "drop")[action], alter

    @given(st.data())
    def test_at_a_meeting(self, lively, data):
        people, most = lively.region.people, int(lively.constants.candidates)
        row, number = data.draw(st.integers(0, people - 1)), data.draw(st.integers(0, 50))
        others = data.draw(st.lists(st.integers(0, people - 1).filter(lambda j: j != row), min_size=1, max_size=most, unique=True))
        without, between = (self.act(lively, row, 0, present, number) for present in (others[1:], others))
        assert between in (without, ("add", others[0]))

    @given(st.data())
    def test_in_whatever_order_people_are_present(self, lively, data):
        row, number = data.draw(st.integers(0, lively.region.people - 1)), data.draw(st.integers(0, 50))
        everybody = list(range(lively.region.people))
        assert self.act(lively, row, 0, everybody, number) == self.act(lively, row, 0, data.draw(st.permutations(everybody)), number)

    @pytest.mark.parametrize("row", range(0, SMALL.people, 3))
    def test_at_a_daily_chance_where_one_more_is_met(self, lively, row):
        """The six people met first are the five met first and one more."""
        changed = 0
        for number in range(40):
            acts = []
            for many in (5, 6):
                one_more = copy.copy(lively)
                one_more.constants = lively.parameters.with_values(candidates=many).constants()
                acts.append(self.act(one_more, row, -1, [], number))
            assert acts[1] == acts[0] or acts[1][0] == "add"
            changed += acts[1] != acts[0]
        assert changed < 40

    def test_candidates_do_change_choices_sometimes(self, lively):
        """Else the tests above would say nothing."""
        others = [j for j in range(SMALL.people) if j != 0][:5]
        acts = {self.act(lively, 0, 0, present, number) for present in ([], others) for number in range(40)}
        assert len({action for action, _ in acts}) > 1


@pytest.fixture(scope="module")
def pair() -> tuple[LearningNetwork, LearningNetwork]:
    """One start led in two ways until just after the end of a school year."""
    start = LearningNetwork(5, region=SMALL, staff_turnover=0.4, leader_leaves=0.4, grow_weeks=3, collect=False)
    pair = start.branch("strong_pull"), start.branch("nurtured")
    for model in pair:
        while model.week < 41:
            model.step()
        model.measure()
    return pair


class TestTwoStrategies:
    """What two ways of leading share: people, first ties, who leaves, who comes."""

    def test_they_do_go_different_ways(self, pair):
        pull, nurtured = pair
        assert pull.measures != nurtured.measures
        assert pull.ties()["alter"].tolist() != nurtured.ties()["alter"].tolist()

    def test_the_same_people_leave(self, pair):
        pull, nurtured = (model.world.people.spell.tolist() for model in pair)
        assert pull == nurtured
        assert 0 < sum(pull) < SMALL.people

    def test_newcomers_are_the_same_people(self, pair):
        pull, nurtured = (model.world.people for model in pair)
        for name in ("fte", "activity", "popularity", "base_energy", "base_belonging", "interest"):
            np.testing.assert_array_equal(pull[name], nurtured[name])

    def test_a_newcomer_is_somebody_else(self, pair):
        before = LearningNetwork(5, region=SMALL).world.people
        after = pair[0].world.people
        same = before.activity == after.activity
        np.testing.assert_array_equal(same, after.spell == 0)

    def test_the_start_is_left_as_it_was(self):
        start = LearningNetwork(5, region=SMALL, grow_weeks=2)
        ties = start.ties()
        start.branch("strong_pull").step()
        assert start.week == 2
        assert all(np.array_equal(column, start.ties()[name]) for name, column in ties.items())
