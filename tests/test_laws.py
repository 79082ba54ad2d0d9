"""What holds of every world, whatever its parameters, its people and its way of leading."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model.choice import choose, take_chance
from model.growth import after_contact
from model.learning_network import YEAR, LearningNetwork
from model.measures import MEASURES, WEEKLY
from model.moves import leader_hours
from model.parameters import SPECS
from model.people import PERIOD
from model.policies import POLICIES, Policy
from model.randomness import world_key
from model.region import Level, Region, Role, SchoolUnit, generate_region, region_from_units
from model.start import STARTS
from model.ties import NEVER, STRONG, add_tie, drop_tie

ALPHA = 1e-4
SMALL = generate_region(schools=3, people_per_school=7, policy_officers=1)
TINY = generate_region(schools=2, people_per_school=5, teams_per_school=2)
NOBODY = np.zeros(0, np.int32)
SHARES = [name for name in WEEKLY if MEASURES[name].unit.startswith("share") or MEASURES[name].unit == "0..1"]


def assert_lawful(model: LearningNetwork) -> None:
    """Everything that must be true of a world in any week."""
    assert_lawful_ties(model)
    assert_lawful_people(model)
    units, notes = model.world.units, model.world.notes
    assert within(units.goal, 0, 1) and within(units.lively, 0, 1) and within(units.waiting, 0, 1) and (units.freed >= 0).all()
    assert within(notes.time, 0, 1) and np.isfinite(notes.capacity).all() and (notes.capacity > 0).all()
    assert not model.world.near.paths.any() and not model.world.near.alter.any() and not notes.here.any()
    assert np.isfinite([*model.measures.values()]).all()
    assert within(np.array([model.measures[name] for name in SHARES]), 0, 1)


def assert_lawful_ties(model: LearningNetwork) -> None:
    ties, week = model.world.ties, model.week
    used = np.arange(ties.alter.shape[1]) < ties.degree[:, None]
    np.testing.assert_array_equal(ties.alter >= 0, used)
    ego, alter = np.nonzero(used)[0], ties.alter[used]
    assert (ego != alter).all(), "a tie to oneself"
    assert len(set(zip(ego.tolist(), alter.tolist(), strict=True))) == len(ego), "the same tie twice"
    np.testing.assert_array_equal(ties.indegree, np.bincount(alter, minlength=model.region.people))
    assert within(ties.strength, 0, 1) and not ties.strength[~used].any()
    assert (ties.born[used] <= week).all()
    since = ties.strong_since[used]
    np.testing.assert_array_equal(since != NEVER, ties.strength[used] >= STRONG)
    strong = since != NEVER
    assert (since[strong] >= ties.born[used][strong]).all() and (since <= week).all()


def assert_lawful_people(model: LearningNetwork) -> None:
    people = model.world.people
    for name in ("energy", "base_energy"):
        assert within(people[name], 0.05 - 1e-6, 0.95 + 1e-6), name
    for name in ("competence", "prescribed", "base_belonging", "belonging", "interest", "knowledge", "practice"):
        assert within(people[name], 0, 1), name
    assert (people.fte > 0).all() and (people.fte <= 1).all()
    np.testing.assert_allclose(people.interest.sum(axis=1), 1, atol=1e-6)
    assert (people.compulsory >= 0).all() and (people.scheduled >= people.compulsory).all()
    assert np.isfinite(people.activity).all() and np.isfinite(people.popularity).all()
    assert (people.reinforced <= 200).all() and (people.spell >= 0).all()


def within(values: np.ndarray, low: float, high: float) -> bool:
    """False where a value is out of bounds or not a number."""
    return bool(((values >= low) & (values <= high)).all())


# --- under every way of leading -------------------------------------------------------------------------------------


def held_ties(model: LearningNetwork) -> dict[tuple[int, int], int]:
    """Until when each tie is held that is held beyond this week."""
    table = model.ties()
    columns = zip(*(table[name].tolist() for name in ("ego", "alter", "held_until")), strict=True)
    return {(ego, alter): until for ego, alter, until in columns if until > model.week}


@pytest.mark.parametrize("policy", sorted(POLICIES))
class TestEveryPolicy:
    def test_a_world_stays_lawful_over_the_end_of_a_year(self, policy):
        model = LearningNetwork(2, region=SMALL, policy=policy, staff_turnover=0.3)
        for _ in range(YEAR + 5):
            model.step()
            assert_lawful(model)

    def test_who_keeps_to_a_commitment_keeps_the_tie(self, policy):
        """Until the end of the commitment, or until one of the two leaves."""
        model, held, kept, paired = LearningNetwork(3, region=SMALL, policy=policy, rate=2.0), {}, 0, 0
        for _ in range(YEAR - 2):
            model.step()
            now = {(ego, alter): until for ego, alter, until in zip(*ends(model), strict=True)}
            assert all(now.get(pair, NEVER) >= until for pair, until in held.items())
            kept, paired = kept + len(held), paired + len(model.agenda.holds)
            held = held_ties(model)
        assert (kept > 0) == (paired > 0), "pairs were made, but no tie was ever held"

    def test_leaders_spend_no_more_than_they_receive(self, policy):
        """Together: one leader may give hours to another."""
        model = LearningNetwork(4, region=SMALL, policy=policy, lead_weeks=20)
        for week in range(1, 26):
            model.step()
            received = min(week, 20) * model.constants.leader_hours / PERIOD * len(model.leaders)
            spent, left = ([getattr(leader, name) for leader in model.leaders] for name in ("spent", "hours"))
            assert min(left) >= -1e-9 and min(spent) >= 0
            assert sum(spent) + sum(left) == pytest.approx(received)
            assert model.measures["leader_hours"] == pytest.approx(np.mean(spent))

    def test_every_hour_of_teachers_is_booked(self, policy):
        model, before = LearningNetwork(5, region=SMALL, policy=policy), 0
        for _ in range(YEAR - 1):
            model.step()
            booked = int(model.world.people.scheduled[:, model.week % PERIOD].sum())
            assert model.agenda.teacher_minutes - before == booked
            before = model.agenda.teacher_minutes
        assert model.measures["teacher_hours"] == pytest.approx(before / 60 / SMALL.people)

    def test_after_the_last_week_of_leading_nothing_is_begun(self, policy):
        model = LearningNetwork(6, region=SMALL, policy=policy, lead_weeks=9)
        for _ in range(9):
            model.step()
        spent = model.measures["leader_hours"]
        for _ in range(15):
            model.step()
            assert (model.agenda.holds["start"] <= 9).all()
            assert not model.world.units.freed.any() and not model.world.units.waiting.any()
        assert model.measures["leader_hours"] == spent


def ends(model: LearningNetwork) -> tuple[list[int], list[int], list[int]]:
    table = model.ties()
    return table["ego"].tolist(), table["alter"].tolist(), table["held_until"].tolist()


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_hours_spent_are_the_prices_of_the_moves_made(policy, monkeypatch):
    paid: list[float] = []
    pay = LearningNetwork(region=TINY).leaders[0].__class__.pay

    def noted(leader, move):
        made = pay(leader, move)
        paid.append(leader_hours(move, leader.constants) if made else 0.0)
        return made

    model = LearningNetwork(7, region=SMALL, policy=policy)
    monkeypatch.setattr(type(model.leaders[0]), "pay", noted)
    for _ in range(16):
        model.step()
    assert sum(leader.spent for leader in model.leaders) == pytest.approx(sum(paid))


def test_a_move_that_is_too_dear_is_not_made():
    model = LearningNetwork(1, region=SMALL, policy="strong_pull", leader_hours=0)
    for _ in range(10):
        model.step()
    assert model.measures["leader_hours"] == model.measures["teacher_hours"] == 0
    assert not len(model.agenda.holds)


ODD_REGIONS = {
    "a leader alone": [[Role.LEADER], [Role.TEACHER] * 4 + [Role.LEADER]],
    "two people": [[Role.TEACHER, Role.LEADER]],
    "the first school has no leader": [[Role.TEACHER] * 5, [Role.TEACHER] * 5 + [Role.LEADER, Role.COACH]],
    "nobody leads": [[Role.TEACHER] * 4, [Role.TEACHER] * 3],
    "no teachers": [[Role.LEADER, Role.COACH], [Role.BOARD]],
    "one person": [[Role.TEACHER]],
}


def odd_region(schools: list[list[Role]]) -> Region:
    """One board of schools with these people; who is not a teacher is in no team."""
    units = {
        s: SchoolUnit(name=f"School {s}", board="De Kring", town="Meerdorp", swv="Noord", office=Role.BOARD in roles)
        for s, roles in enumerate(schools)
    }
    school = [s for s, roles in enumerate(schools) for _ in roles]
    role = [int(one) for roles in schools for one in roles]
    return region_from_units(units, school=school, team=[0 if one == Role.TEACHER else None for one in role], role=role)


@pytest.mark.parametrize("policy", sorted(POLICIES))
@pytest.mark.parametrize("odd", ODD_REGIONS)
def test_every_way_of_leading_runs_in_odd_regions(policy, odd):
    model = LearningNetwork(1, region=odd_region(ODD_REGIONS[odd]), policy=policy)
    for _ in range(12):
        model.step()
        assert_lawful(model)


# --- any start, any parameter ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", STARTS)
def test_every_start_runs_a_year(start):
    model = LearningNetwork(1, region=SMALL, start=start, staff_turnover=0.2)
    many, strength = STARTS[start]
    degree = model.world.ties.degree
    assert degree.max() <= many and (degree.max() > 0) == (many > 0)
    assert set(model.ties()["strength"].tolist()) <= {np.float32(strength)}
    for _ in range(YEAR):
        model.step()
        assert_lawful(model)


@pytest.mark.parametrize("name", SPECS)
def test_every_parameter_may_be_anywhere_in_its_bounds(name):
    for value in (SPECS[name].low, SPECS[name].high):
        for policy in ("strong_pull", "nurtured"):
            model = LearningNetwork(1, region=TINY, policy=policy, start="dense", collect=False, **{name: value})
            for _ in range(10):
                model.step()
            model.measure()
            assert_lawful(model)


@pytest.mark.parametrize("end", ["low", "high"])
def test_all_parameters_may_be_at_the_same_end_of_their_bounds(end):
    values = {name: getattr(spec, end) for name, spec in SPECS.items()}
    model = LearningNetwork(1, region=TINY, policy="strong_pull", start="dense", **values)
    for _ in range(10):
        model.step()
        assert_lawful(model)


@given(st.floats(0, 1), st.floats(0, 50), st.floats(0, 1))
def test_contact_never_weakens_and_never_more_than_fills(strength, units, step):
    after = after_contact(strength, units, step)
    assert strength - 1e-12 <= after <= 1


# --- people ---------------------------------------------------------------------------------------------------------


def test_who_leaves_takes_all_ties_along():
    model = LearningNetwork(8, region=SMALL, start="dense", staff_turnover=0.5, leader_leaves=0.5, collect=False)
    for _ in range(YEAR):
        model.step()
    came = model.world.people.spell > 0
    assert 0 < came.sum() < SMALL.people
    table = model.ties()
    assert not came[table["ego"]].any() and not came[table["alter"]].any()
    assert not model.world.people.scheduled[came].any()


def test_nobody_leaves_or_everybody():
    for chance in (0, 1):
        model = LearningNetwork(8, region=TINY, staff_turnover=chance, leader_leaves=chance, collect=False)
        for _ in range(YEAR):
            model.step()
        assert (model.world.people.spell == chance).all()
        assert model.week == YEAR and (chance == 0 or not model.world.ties.degree.any())


def shuffled(region: Region, seed: int) -> Region:
    """The same schools, teams and roles with people in another order, and so in other rows."""
    order = np.random.default_rng(seed).permutation(region.people)
    units = {
        s: SchoolUnit(
            name=region.school_names[s], board=region.board_names[region.school_board[s]], town=region.town_names[region.school_town[s]],
            swv=region.swv_names[region.school_swv[s]], office=bool(region.school_office[s]),
        )
        for s in reversed(range(region.schools))
    }  # fmt: skip
    return region_from_units(
        units, school=region.school[order].tolist(), team=region.team[order], role=region.role[order], hats=region.hats[order]
    )


@pytest.mark.parametrize("policy", ["on_its_own", "strong_pull"])
def test_in_which_rows_people_stand_changes_nothing_but_noise(policy):
    """Differences of means over 50 worlds each, z < 4 for each of nine outcomes."""
    means = []
    for region in (SMALL, shuffled(SMALL, seed=1)):
        worlds = []
        for replicate in range(50):
            model = LearningNetwork(1, replicate=replicate, region=region, policy=policy, p_meet_outside=0.1, collect=False)
            for _ in range(15):
                model.step()
            now, asked = model.measure(), model.world.ties.indegree
            outcomes = ("ties", "strong", "across", "reciprocity", "closure", "energy", "knowledge")
            worlds.append([*(now[name] for name in outcomes), asked[region.role == Role.COACH].mean(), asked[region.hats > 0].mean()])
        means.append(np.array(worlds))
    error = np.hypot(*(worlds.std(axis=0, ddof=1) / np.sqrt(len(worlds)) for worlds in means))
    z = (means[0].mean(axis=0) - means[1].mean(axis=0)) / error
    assert np.abs(z).max() < 4, z


# --- chance alone ---------------------------------------------------------------------------------------------------


def indifferent(**values: float) -> dict[str, float]:
    """Parameters under which every tie is worth nothing, to anybody."""
    terms = [name for name, spec in SPECS.items() if spec.group == "choice" and "logit" in spec.unit]
    return dict.fromkeys([*terms, "sd_activity", "sd_popularity", "network_effect", "p_meet_outside"], 0.0) | values


def test_random_meetings_give_binomial_degrees():
    """With no preference at all, everybody met, degrees are binomial (alpha = 1e-4, fixed seed).

    Adding any tie, dropping any tie and doing nothing are then equally likely, so that in the long run every set of ties is.
    """
    region = generate_region(schools=1, people_per_school=30, board_members=0)
    model = LearningNetwork(region=region, collect=False, start="empty", **indifferent(universal=1, rate=20))
    degrees: dict[str, list[int]] = {"degree": [], "indegree": []}
    for replicate in range(15):
        for week in range(1, 16):
            choose(model.world, model.constants, world_key(9, replicate), week, np.zeros(1, np.int32), NOBODY)
        for direction in degrees:
            degrees[direction] += getattr(model.world.ties, direction).tolist()
    for direction, counts in degrees.items():
        assert goodness(np.array(counts), stats.binom(region.people - 1, 0.5)) > ALPHA, direction


def goodness(counts: np.ndarray, law: stats.rv_discrete) -> float:
    """Chance of a fit as bad as this (chi-square, cells of five and more expected)."""
    cells = np.unique(law.ppf(np.linspace(0.02, 0.98, 15)))
    edges = np.concatenate(([-1], cells, [np.inf]))
    expected = np.diff(law.cdf(edges)) * len(counts)
    observed = np.array([((counts > low) & (counts <= high)).sum() for low, high in zip(edges[:-1], edges[1:], strict=True)])
    enough = expected >= 5
    observed, expected = np.append(observed[enough], observed[~enough].sum()), np.append(expected[enough], expected[~enough].sum())
    return float(stats.chisquare(observed[expected > 0], expected[expected > 0]).pvalue)


def added(model: LearningNetwork, row: int, times: int) -> np.ndarray:
    """How often each person is added in this many chances, each from the network as it is; ties that are there are held."""
    ties = model.world.ties
    ties.held_until[row] = model.week
    before, counts = int(ties.degree[row]), np.zeros(model.region.people, np.int64)
    for number in range(times):
        take_chance(model.world, model.constants, model.key, model.week, row, number, NOBODY)
        if ties.degree[row] > before:
            counts[ties.alter[row, before]] += 1
            drop_tie(ties, row, before)
    return counts


def test_whom_one_meets_in_school_is_anybody():
    values = indifferent(setting_team=0, setting_friends=0, setting_school=0.4)
    model = LearningNetwork(region=SMALL, start="empty", collect=False, **values)
    counts = added(model, 0, 4_000)
    mates = np.flatnonzero(SMALL.school == SMALL.school[0])[1:]
    assert counts[mates].sum() == counts.sum() > 2_000
    assert stats.chisquare(counts[mates]).pvalue > ALPHA


def test_whom_one_meets_goes_by_team_school_and_friends_of_friends():
    """One candidate at a time: each person's share is the sum of what the three settings give them."""
    values = indifferent(candidates=1, setting_team=0.3, setting_school=0.4, setting_friends=0.3)
    model = LearningNetwork(region=SMALL, start="empty", collect=False, **values)
    places, ties = model.world.places, model.world.ties
    mates = [int(j) for j in np.flatnonzero(SMALL.school == SMALL.school[0]) if j]
    team = [j for j in mates if places.unit[j, Level.TEAM] == places.unit[0, Level.TEAM]]
    friend, far = mates[-1], SMALL.people - 3
    add_tie(ties, 0, friend, 0.2, 0, 0)
    for j in (mates[1], far, far - 1):
        add_tie(ties, friend, j, 0.2, 0, 0)
    weights = np.zeros(SMALL.people)
    weights[mates] += 0.4 / len(mates)
    weights[team] += 0.3 / len(team)
    weights[[mates[1], far, far - 1]] += 0.3 / 3
    weights[friend] = 0
    met = weights > 0
    counts = added(model, 0, 12_000)
    assert counts[met].sum() == counts.sum()
    assert stats.chisquare(counts[met], weights[met] / weights.sum() * counts.sum()).pvalue > ALPHA


def test_nothing_happens_to_ties_where_nobody_gets_a_chance():
    model = LearningNetwork(2, region=SMALL, start="dense", rate=0, p_meet_outside=0, collect=False)
    before = model.ties()
    for _ in range(YEAR - 1):
        model.step()
    after = model.ties()
    assert len(before["ego"]) and all(np.array_equal(before[name], after[name]) for name in ("ego", "alter", "born", "origin"))


def test_a_way_of_leading_must_say_what_its_leaders_do():
    model = LearningNetwork(1, region=TINY, policy=Policy())
    with pytest.raises(TypeError, match="must say what its leaders do"):
        model.step()
