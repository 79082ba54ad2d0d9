"""Outcomes beyond the weekly counts: each against a plain twin or networkx, on small worlds of every kind; and what must add up."""

from __future__ import annotations

import copy
import math
import pickle
from dataclasses import dataclass

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.compare import Comparison, hours_per_extra_tie, summarise
from experiments.runs import DATES, Job, Source, run
from experiments.texts import LANGUAGES, texts
from model.dependence import TAKEN, count_abandoned, largest_left, measure_dependence, reach_left, share_lost, taken_away
from model.leading import Leader
from model.learning_network import LearningNetwork
from model.load import FULL_TIME, GROUPS, QUANTITIES, ROLES, largest_small, load_table, mark_groups
from model.measures import MEASURES, WEEKLY, largest_component
from model.meetings import NO_CAP
from model.moves import Move
from model.parameters import SPECS
from model.people import PERIOD
from model.policies import Policy
from model.region import Level, Region, Role, generate_region
from model.ties import LASTING_WEEKS, NEVER, STRONG, Origin, Ties, add_tie, no_ties
from model.world import state_bytes

MANY = settings(max_examples=100)
WORLDS = settings(max_examples=25)


# --- small networks -------------------------------------------------------------------------------------------------


@dataclass
class Drawn:
    """A tie store, the same as a graph, and who is taken away."""

    ties: Ties
    graph: nx.DiGraph
    removed: np.ndarray

    @property
    def left(self) -> set[int]:
        return set(np.flatnonzero(~self.removed).tolist())


@st.composite
def networks(draw: st.DrawFn) -> Drawn:
    """Up to twelve people, any ties among them, any of them taken away."""
    n = draw(st.integers(1, 12))
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density, taken = draw(st.sampled_from([0.0, 0.05, 0.15, 0.4])), draw(st.sampled_from([0.0, 0.2, 0.6, 1.0]))
    ties, graph = no_ties(n), nx.empty_graph(n, nx.DiGraph)
    for i in range(n):
        for j in range(n):
            if i != j and chance.random() < density:
                add_tie(ties, i, j, 0.5, 0, 0)
                graph.add_edge(i, j)
    return Drawn(ties, graph, chance.random(n) < taken)


def groups(graph: nx.DiGraph, among: set[int]) -> list[int]:
    """How many of `among` are in each connected group."""
    return [len(group & among) for group in nx.weakly_connected_components(graph)]


def reach(graph: nx.DiGraph, among: set[int]) -> int:
    """Pairs of people of `among` at one or two steps."""
    return sum(len((set(nx.single_source_shortest_path_length(graph, i, cutoff=2)) & among) - {i}) for i in among)


class TestDependence:
    @MANY
    @given(networks())
    def test_the_largest_group_is_that_of_networkx(self, drawn: Drawn) -> None:
        apart = drawn.graph.subgraph(drawn.left)
        assert largest_left(drawn.ties, drawn.removed, False) == max(groups(drawn.graph, drawn.left), default=0)
        assert largest_left(drawn.ties, drawn.removed, True) == max(groups(apart, drawn.left), default=0)
        assert largest_component(drawn.ties) == max(groups(drawn.graph, set(drawn.graph)))

    @MANY
    @given(networks())
    def test_reach_is_that_of_networkx(self, drawn: Drawn) -> None:
        assert reach_left(drawn.ties, drawn.removed, False) == reach(drawn.graph, drawn.left)
        assert reach_left(drawn.ties, drawn.removed, True) == reach(drawn.graph.subgraph(drawn.left), drawn.left)

    @MANY
    @given(networks())
    def test_those_who_then_have_nobody(self, drawn: Drawn) -> None:
        apart = drawn.graph.subgraph(drawn.left)
        expected = sum(drawn.graph.out_degree(i) > 0 and apart.out_degree(i) == 0 for i in drawn.left)
        assert count_abandoned(drawn.ties, drawn.removed) == expected

    @MANY
    @given(networks())
    def test_what_is_lost_is_a_share_and_nothing_where_nobody_goes(self, drawn: Drawn) -> None:
        nobody = np.zeros_like(drawn.removed)
        for count in (largest_left, reach_left):
            assert 0 <= share_lost(count, drawn.ties, drawn.removed) <= 1
            assert share_lost(count, drawn.ties, nobody) == 0
        assert count_abandoned(drawn.ties, nobody) == 0

    def test_a_star_falls_apart_without_its_centre(self) -> None:
        ties, centre = no_ties(6), np.arange(6) == 0
        for i in range(1, 6):
            add_tie(ties, i, 0, 0.5, 0, 0)
            add_tie(ties, 0, i, 0.5, 0, 0)
        assert share_lost(largest_left, ties, centre) == pytest.approx(4 / 5)
        assert share_lost(reach_left, ties, centre) == 1.0
        assert count_abandoned(ties, centre) == 5

    def test_who_is_taken_away(self) -> None:
        model = LearningNetwork(rng=1, region=generate_region(boards=2, schools=2, people_per_school=5), start="empty", collect=False)
        coaches = np.flatnonzero(model.region.role == Role.COACH)
        for ego, coach in ((0, coaches[1]), (1, coaches[1]), (0, coaches[0])):
            add_tie(model.world.ties, ego, coach, 0.5, 0, 0)
        taken = taken_away(model.world)
        assert list(taken) == list(TAKEN)
        assert np.flatnonzero(taken["coach"]).tolist() == [coaches[1], coaches[2]]
        np.testing.assert_array_equal(taken["leader"], model.region.role == Role.LEADER)

    def test_who_is_not_there_is_left_out(self) -> None:
        model = LearningNetwork(rng=1, region=generate_region(schools=1, board_members=0), collect=False)
        assert not any("board" in name for name in measure_dependence(model.world))
        assert {name for name in measure_dependence(model.world) if "coach" in name} <= set(MEASURES)


# --- worlds ---------------------------------------------------------------------------------------------------------


@st.composite
def worlds(draw: st.DrawFn) -> LearningNetwork:
    """A small region with ties of every level, strength, age and origin."""
    schools = draw(st.integers(1, 4))
    towns = draw(st.integers(1, schools))
    region = generate_region(
        boards=draw(st.integers(1, 3)), schools=schools, people_per_school=draw(st.integers(3, 9)), board_members=draw(st.integers(0, 1)),
        policy_officers=draw(st.integers(0, 1)), towns=towns, swvs=draw(st.integers(1, towns)), unequal_sizes=draw(st.booleans()),
    )  # fmt: skip
    seed = draw(st.integers(0, 2**32 - 1))
    model = LearningNetwork(rng=seed, region=region, start="empty", collect=False)
    chance, ties, n = np.random.default_rng(seed), model.world.ties, region.people
    model.steps = 50
    for i in range(n):
        for j in chance.permutation(n)[: chance.integers(0, 6)]:
            if i != j:
                slot = add_tie(ties, i, int(j), float(chance.random()), int(chance.integers(0, 50)), int(chance.integers(0, len(Origin))))
                if ties.strength[i, slot] >= STRONG:
                    ties.strong_since[i, slot] = chance.integers(30, 51)
                ties.held_until[i, slot] = chance.choice([NEVER, 49, 50, 60])
    model.world.people.given = chance.integers(0, 5000, n)
    model.world.notes.asked[:] = chance.random(n)
    model.newcomers = chance.random(n) < 0.2
    return model


def lasting_pairs(model: LearningNetwork) -> list[tuple[int, int, int]]:
    """Ego, alter and origin of every lasting tie of a teacher."""
    ties = {name: column.tolist() for name, column in model.ties().items()}
    rows = zip(ties["ego"], ties["alter"], ties["origin"], ties["strong_since"], strict=True)
    return [
        (i, j, origin)
        for i, j, origin, since in rows
        if since != NEVER and model.week - since >= LASTING_WEEKS and model.region.role[i] == Role.TEACHER
    ]


@WORLDS
@given(worlds())
def test_lasting_ties_by_level_and_origin_and_what_they_add_up_to(model: LearningNetwork) -> None:
    now = model.measure()
    pairs, teachers = lasting_pairs(model), int((model.region.role == Role.TEACHER).sum())
    for level in Level:
        expected = sum(model.region.level(i, j) == level for i, j, _ in pairs) / teachers
        assert now[f"lasting_{level.name.lower()}"] == pytest.approx(expected)
    for origin in Origin:
        assert now[f"lasting_{origin.name.lower()}"] == pytest.approx(sum(how == origin for _, _, how in pairs) / teachers)
    assert sum(now[f"lasting_{level.name.lower()}"] for level in Level) == pytest.approx(now["lasting"])
    assert sum(now[f"lasting_{origin.name.lower()}"] for origin in Origin) == pytest.approx(now["lasting"])
    assert sum(now[f"lasting_{level.name.lower()}"] for level in list(Level)[2:]) == pytest.approx(now["lasting_across"])


@WORLDS
@given(worlds())
def test_ties_across_boards_teams_and_people_without_any(model: LearningNetwork) -> None:
    now, graph, region = model.measure(), model.to_networkx(), model.region
    board, ties = region.school_board[region.school], max(1, graph.number_of_edges())
    outside = sum(board[i] != board[j] for i, j in graph.edges)
    assert now["across_boards"] == pytest.approx(outside / ties)
    between, within = (sum((region.team[i] != region.team[j]) == other for i, j in graph.edges) for other in (True, False))
    assert now["ei_team"] == pytest.approx((between - within) / ties)
    assert now["isolated"] == pytest.approx(len(list(nx.isolates(graph))) / region.people)
    assert now["isolated"] <= now["nobody"]
    assert now["two_steps_share"] == pytest.approx(reach(graph, set(graph)) / region.people / max(1, region.people - 1))


@WORLDS
@given(worlds())
def test_load_of_every_group_is_the_mean_over_its_people(model: LearningNetwork) -> None:
    for row in load_table(model):
        people = members(model, str(row["group"]))
        assert row["people"] == len(people) > 0
        for name in QUANTITIES:
            assert row[name] == pytest.approx(np.mean([load_of(model, i)[name] for i in people]), rel=1e-6), (row["group"], name)


def members(model: LearningNetwork, group: str) -> list[int]:
    """Who is in a group, person by person."""
    region, sizes = model.region, np.bincount(model.region.school).tolist()
    kept = [sizes[school] for school in range(region.schools) if not region.school_office[school]]
    small = best_cut(kept)
    found = []
    for i in range(region.people):
        school = int(region.school[i])
        names = [Role(int(region.role[i])).name.lower(), "fulltime" if model.world.people.fte[i] >= np.float32(FULL_TIME) else "parttime"]
        names.append("new" if model.newcomers[i] else "settled")
        if small is not None and not region.school_office[school]:
            names.append("small_school" if sizes[school] <= small else "large_school")
        found += [i] if group in names else []
    return found


def best_cut(sizes: list[int]) -> int | None:
    """The size up to which a school is small, by trying every one."""
    cuts = sorted(set(sizes))[:-1]
    return min(cuts, key=lambda cut: abs(sum(size <= cut for size in sizes) - len(sizes) / 2), default=None)


def load_of(model: LearningNetwork, i: int) -> dict[str, float]:
    """The load of one person, from the rules."""
    c, ties, people = model.constants, model.world.ties, model.world.people
    free = sum(int(ties.held_until[i, slot]) < model.week for slot in range(int(ties.degree[i])))
    scheduled, pot = people.scheduled[i].sum() / 60 / PERIOD, c.team_hours / PERIOD
    own = c.own_hours * float(people.fte[i]) * (1 + 2 * c.energy_hours * (float(people.energy[i]) - 0.5))
    time = max(0.2, own + c.spill * max(0, pot - scheduled) - max(0, scheduled - pot))
    asked = sum(i in ties.alter[j, : ties.degree[j]] for j in range(len(people)))
    contact = float(model.world.notes.asked[i]) * c.hours_per_tie
    return {"hours": int(people.given[i]) / 60, "asked": asked, "contact": contact, "load": free * c.hours_per_tie / time}


@given(st.lists(st.integers(3, 9), min_size=1, max_size=9))
def test_schools_of_one_size_are_never_divided(sizes: list[int]) -> None:
    assert largest_small(np.array(sizes, np.int32)) == best_cut(sizes)


@WORLDS
@given(worlds())
def test_every_outcome_is_told_what_it_is_and_is_a_number(model: LearningNetwork) -> None:
    now = model.measure_fully()
    assert set(now) <= set(MEASURES) and set(WEEKLY) <= set(now)
    assert all(type(value) is float and math.isfinite(value) for value in now.values())
    for name, value in now.items():
        if MEASURES[name].unit.startswith(("share of people", "share of ties", "share of reach", "0..1")):
            assert 0 <= value <= 1, name
    missing = {name for name in MEASURES if name not in now}
    gone = {role.name.lower() for role in Role if not (model.region.role == role).any()} | {"small_school", "large_school"}
    assert all(any(name.endswith(f"_{group}") or f"_{group}_" in name for group in gone) for name in missing), missing


def test_ids_and_groups_are_all_described() -> None:
    assert {f"{name}_{group}" for name in QUANTITIES for group in GROUPS} <= set(MEASURES)
    assert all(measure.unit and measure.meaning and measure.source for measure in MEASURES.values())
    assert len(WEEKLY) < len(MEASURES)


# --- a world that is led --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def led() -> LearningNetwork:
    """A year of strong pull after two years of growth, with schools of unequal size; before anybody leaves."""
    region = generate_region(schools=4, people_per_school=10, policy_officers=1, unequal_sizes=True)
    return LearningNetwork(rng=5, region=region, policy="strong_pull", grow_weeks=80, lead_weeks=80, collect=False)


def test_hours_by_group_add_up_to_those_of_everybody_also_after_people_left(led: LearningNetwork) -> None:
    world = copy.deepcopy(led)
    for weeks in (0, 39, 1, 10):  # the last week of the year ends with people leaving
        for _ in range(weeks):
            world.step()
        now, marks = world.measure_fully(), mark_groups(world.world, world.region, world.newcomers)
        everybody = now["teacher_hours"] * world.region.people
        for division in (ROLES.values(), ("parttime", "fulltime"), ("new", "settled")):
            by_group = sum(now[f"hours_{name}"] * marks[name].sum() for name in division if name in marks)
            assert by_group + now["hours_gone"] * world.region.people == pytest.approx(everybody)
        assert world.world.people.given.sum() + world.agenda.gone_minutes == world.agenda.teacher_minutes
    assert now["hours_gone"] > 0
    assert now["hours_teacher"] > 20
    assert (world.world.people.given[world.newcomers] <= 10 * 60 * 6).all()


def test_hours_per_lasting_tie(led: LearningNetwork) -> None:
    world = copy.deepcopy(led)
    assert (world.measure_fully()["leader_hours_per_tie"], world.measures["teacher_hours_per_tie"]) == (0, 0)
    for _ in range(24):
        world.step()
    now, ties = world.measure_fully(), len(lasting_pairs(world))
    assert ties > 1
    assert now["leader_hours_per_tie"] == pytest.approx(sum(leader.spent for leader in world.leaders) / ties)
    assert now["teacher_hours_per_tie"] == pytest.approx(now["teacher_hours"] * world.region.people / ties)
    world.world.ties.strong_since[:] = NEVER
    assert world.measure_fully()["leader_hours_per_tie"] == pytest.approx(sum(leader.spent for leader in world.leaders))


def test_newcomers_are_those_of_this_year_and_start_without_hours(led: LearningNetwork) -> None:
    world = copy.deepcopy(led)
    before = world.world.people.spell.copy()
    for _ in range(40):
        world.step()
    came = world.world.people.spell > before
    np.testing.assert_array_equal(world.newcomers, came)
    assert 0 < came.sum() < len(came)
    assert (world.world.people.given[came] == 0).all()
    assert (world.world.notes.asked[came] == 0).all()


def test_following_another_policy_counts_hours_from_there(led: LearningNetwork) -> None:
    world = copy.deepcopy(led)
    for _ in range(5):
        world.step()
    assert world.world.people.given.sum() > 0
    other = world.branch("nurtured")
    assert other.world.people.given.sum() == 0
    assert world.world.people.given.sum() > 0


def test_every_outcome_is_taken_only_in_the_weeks_that_ask_for_it(led: LearningNetwork) -> None:
    world = pickle.loads(pickle.dumps(led))
    world.collect, world.fully_at = True, frozenset({world.week + 2})
    full = []
    for _ in range(3):
        world.step()
        full.append("dependence_coach" in world.measures)
    assert full == [False, True, False]
    assert set(WEEKLY) == set(world.datacollector.get_model_vars_dataframe().columns)


def test_a_person_takes_at_most_four_hundred_bytes() -> None:
    model = LearningNetwork(rng=1, collect=False)
    assert state_bytes(model.world) / model.region.people <= 400


# --- equal teacher hours --------------------------------------------------------------------------------------------


class EverythingAtOnce(Policy):
    """Pairs, groups, meetings, invitations and a weaving colleague in every week, paid for or not."""

    compulsion = 0.7

    def act(self, leader: Leader):  # noqa: ANN201
        """As many moves as there are kinds, each week."""
        leader.hours = 1000.0
        colleagues = tuple(leader.colleagues.tolist())
        yield Move(kind="pair", partners=leader.pair_up(leader.colleagues), compulsion=self.compulsion)
        yield Move(kind="introduce", partners=((colleagues[0], colleagues[1]),))
        yield Move(kind="team", partners=(colleagues[:5],), compulsion=self.compulsion)
        yield Move(kind="weaver", partners=((colleagues[2], colleagues[3]),), by=colleagues[4])
        yield Move(kind="meet", partners=(colleagues,), compulsion=self.compulsion)
        yield Move(kind="invite", partners=(colleagues[:4],))


SMALL_BOARD = {"schools": 2, "people_per_school": 7}


def busiest_weeks(cap: float, weeks: int = 39, policy: Policy | str | None = None) -> tuple[np.ndarray, LearningNetwork]:
    """Hours of every person in each 8 weeks in a row, (weeks - 7, n); the year is not over, so a row is one person."""
    region = generate_region(**SMALL_BOARD)
    model = LearningNetwork(
        rng=3, region=region, policy=policy or EverythingAtOnce(), lead_weeks=weeks, collect=False, teacher_hours_cap=cap, compliance=0.9
    )
    minutes = []
    for _ in range(weeks):
        model.step()
        minutes.append(model.world.people.scheduled[:, model.week % PERIOD].astype(int))
    sums = np.cumsum(np.vstack([np.zeros(region.people, int), *minutes]), axis=0)
    return (sums[PERIOD:] - sums[:-PERIOD]) / 60, model


@pytest.mark.parametrize("cap", [0.0, 1.0, 3.5, 4.0, 6.0, 11.0])
def test_nobody_spends_more_than_the_cap_in_any_eight_weeks(cap: float) -> None:
    hours, model = busiest_weeks(cap)
    assert hours.max() <= cap
    # nearly all of it is used: what is left is less than the shortest move takes, an hour
    colleagues = ~np.isin(model.region.role, (Role.LEADER, Role.BOARD))
    assert hours[:, colleagues].max(axis=0).min() > cap - 2


def test_without_a_cap_they_would_have_spent_more() -> None:
    hours, _ = busiest_weeks(NO_CAP)
    assert hours.max() > 30


def test_a_cap_that_binds_nobody_changes_nothing() -> None:
    free, capped = (busiest_weeks(cap, policy="strong_pull")[1] for cap in (NO_CAP, NO_CAP - 1))
    assert free.world.people.given.max() > 600
    assert free.world.people.given.tobytes() == capped.world.people.given.tobytes()
    for name in Ties._fields:
        assert getattr(free.world.ties, name).tobytes() == getattr(capped.world.ties, name).tobytes(), name


def test_the_default_is_no_cap_and_nobody_contests_it() -> None:
    spec = SPECS["teacher_hours_cap"]
    assert (spec.default, spec.high, spec.contested, spec.grade) == (NO_CAP, NO_CAP, False, "guess")


def test_a_capped_pairing_leaves_no_tie_behind() -> None:
    _, model = busiest_weeks(3.5, weeks=8)
    origins = model.ties()["origin"]
    assert not np.isin(origins, (Origin.ASSIGNED, Origin.INTRODUCED)).any()
    _, model = busiest_weeks(4.0, weeks=8)
    assert np.isin(model.ties()["origin"], (Origin.ASSIGNED, Origin.INTRODUCED)).any()


# --- runs and comparisons -------------------------------------------------------------------------------------------


def test_a_run_has_every_outcome_at_the_three_dates_and_measures_before_people_leave() -> None:
    row = run(Job(Source(), ("strong_pull",), 0, grow_weeks=40, lead_weeks=40, after_weeks=3)).rows[0]
    missing = {f"{name}_{date}" for name in MEASURES for date in DATES} - set(row)
    assert {name.rpartition("_")[0] for name in missing} == {
        f"{name}_{group}" for name in QUANTITIES for group in ("policy", "small_school", "large_school")
    }
    assert row["hours_gone_stop"] == 0 < row["hours_gone_after"]
    assert row["hours_teacher_start"] == row["hours_settled_start"] == 0
    assert row["hours_teacher_stop"] > 10


def test_hours_per_extra_tie() -> None:
    price = hours_per_extra_tie(np.full(4, 90.0), np.array([30.0, 40.0, 60.0, 50.0]))
    assert price["mean"] == 2.0
    assert price["low"] is not None and price["high"] is not None and price["low"] < 2.0 < price["high"]
    reach = 3.182446 * math.sqrt(500 / 3 / 4)  # t quantile of 3 degrees of freedom, variance of 30, 40, 60, 50
    assert (price["low"], price["high"]) == pytest.approx((90 / (45 + reach), 90 / (45 - reach)), rel=1e-5)


@pytest.mark.parametrize(
    ("ties", "known"),
    [([-1.0, 2.0, 3.0], {"mean", "low"}), ([-1.0, -2.0, 1.0], set()), ([4.0], {"mean"}), ([0.0, 0.0], set())],
)
def test_a_price_without_a_bound_says_so(ties: list[float], known: set[str]) -> None:
    price = hours_per_extra_tie(np.full(len(ties), 10.0), np.array(ties))
    assert {name for name, value in price.items() if value is not None} == known


def test_a_comparison_prices_every_way_of_leading_against_its_twin() -> None:
    names = (
        "lasting",
        "lasting_across",
        "nobody",
        "energy",
        "practice",
        "leader_hours",
        "teacher_hours",
        "survivors",
        "born_after",
        "from_start",
    )
    base = {f"{name}_{date}": np.zeros(3) for name in names for date in DATES}
    led = base | {"lasting_after": np.full(3, 0.5), "leader_hours_after": np.full(3, 90.0), "teacher_hours_after": np.full(3, 12.0)}
    comparison = Comparison(policies=("strong_pull", "on_its_own"), replicates=3, worlds=0)
    columns = {"default": {"strong_pull": led, "on_its_own": base}, "uncertain": {"strong_pull": {}, "on_its_own": {}}}
    prices = summarise(comparison, columns)["prices"]
    region: Region = generate_region()
    assert set(prices) == {"strong_pull"}
    assert prices["strong_pull"]["leader"]["mean"] == pytest.approx(90 * 6 / (0.5 * 72))
    assert prices["strong_pull"]["teacher"]["mean"] == pytest.approx(12 * region.people / (0.5 * 72))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_at_the_dates_has_a_name_a_unit_and_words(language: str) -> None:
    words = texts(language)
    asked = [f"outcomes.{name}.{part}" for name in MEASURES if name not in WEEKLY for part in ("name", "unit", "explain")]
    assert [one for one in asked if one not in words] == []
