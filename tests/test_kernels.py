"""Every kernel does what its plain twin in `reference.py` does, on small worlds of every kind; networkx is a second judge."""

from dataclasses import dataclass, fields
from typing import Any

import networkx as nx
import numpy as np
import pytest
import reference
from hypothesis import given, settings
from hypothesis import strategies as st

from model import attendance, choice, growth, leading, measures
from model.parameters import SPECS, Parameters
from model.people import PERIOD, TOPICS, UNITS
from model.randomness import Purpose, purpose_key, world_key
from model.region import Level, Region, generate_region
from model.ties import LASTING_WEEKS, NEVER, STRONG, add_tie, drop_everyone_who_left, drop_tie, find_tie, tie_table
from model.world import World, make_world, take_stock

CLOSE = {"rtol": 1e-6, "atol": 1e-7}
"""Kernels store single precision."""
EXAMPLES = settings(max_examples=30)
MANY = settings(max_examples=60)


# --- worlds ---------------------------------------------------------------------------------------------------------


@dataclass(repr=False)
class Case:
    """A world, and the week it is."""

    region: Region
    constants: Any
    key: np.uint64
    week: int
    world: World
    chance: np.random.Generator

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What hypothesis shows of a falsifying world."""
        printer.text(repr(self))

    def __repr__(self) -> str:
        return f"Case(people={len(self.world.people)}, ties={int(self.world.ties.degree.sum())}, week={self.week}, key={self.key})"

    @property
    def twin(self) -> reference.Plain:
        return reference.plain(self.world, int(self.key))


def draw_parameters(chance: np.random.Generator) -> Parameters:
    """Half of all parameters anywhere within their bounds, one in ten of those at a bound; few chances, to save time."""
    values = {}
    for spec in SPECS.values():
        if chance.random() < 0.5:
            value = chance.choice([spec.low, spec.high]) if chance.random() < 0.1 else chance.uniform(spec.low, spec.high)
            values[spec.name] = float(round(value)) if spec.whole else float(value)
    values["universal"] = float(chance.random() < 0.2)
    values["rate"] = float(chance.uniform(0, 2))
    return Parameters().with_values(**values)


def scatter_people(world: World, chance: np.random.Generator, week: int) -> None:
    """People and units in any state they could come into."""
    people, n = world.people, len(world.people)
    for name in ("energy", "base_energy"):
        people[name] = chance.uniform(0.05, 0.95, n)
    for name in ("competence", "prescribed", "base_belonging"):
        people[name] = chance.random(n)
    for name, width in (("belonging", UNITS), ("knowledge", TOPICS), ("practice", TOPICS)):
        people[name] = chance.random((n, width))
    people.reinforced = chance.choice([0, 1, 2, 3, 199, 200], (n, TOPICS), p=[0.4, 0.2, 0.2, 0.1, 0.05, 0.05])
    people.spell = chance.integers(0, 4, n)
    people.scheduled = chance.integers(0, 240, (n, PERIOD)) * (chance.random((n, 1)) < 0.7)
    people.compulsory = people.scheduled * (chance.random((n, PERIOD)) < 0.5)
    world.notes.prescribed[:] = people.scheduled[:, week % PERIOD] * chance.random(n)
    for name in ("goal", "freed", "waiting"):
        world.units[name] = chance.random(len(world.units)) * (chance.random() < 0.7)


def scatter_ties(world: World, chance: np.random.Generator, week: int) -> None:
    """Ties between colleagues and across schools, of every strength, age, origin and commitment."""
    n, density = len(world.people), chance.choice([0.0, 0.1, 0.3, 0.6])
    for i in range(n):
        for j in chance.permutation(n):
            near = world.places.unit[i, Level.SCHOOL] == world.places.unit[j, Level.SCHOOL]
            if i != j and chance.random() < (density if near else density / 5):
                slot = add_tie(world.ties, i, int(j), float(chance.random()), int(chance.integers(0, week + 1)), int(chance.integers(0, 5)))
                if slot >= 0:
                    world.ties.held_until[i, slot] = chance.choice([NEVER, week - 1, week, week + 5])
                    world.contact[i, slot] = chance.choice([0.0, 0.0, chance.uniform(0, 12)])
                    if world.ties.strength[i, slot] >= STRONG:
                        world.ties.strong_since[i, slot] = chance.integers(-20, week + 1)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A small region with random parameters, people and ties, its stock taken."""
    schools = draw(st.integers(1, 3), label="schools")
    towns = draw(st.integers(1, schools), label="towns")
    region = generate_region(
        boards=draw(st.integers(1, 2), label="boards"), schools=schools, people_per_school=draw(st.integers(3, 8), label="people"),
        teams_per_school=draw(st.integers(1, 3), label="teams"), board_members=draw(st.integers(0, 1), label="board members"),
        policy_officers=draw(st.integers(0, 1), label="officers"), towns=towns, swvs=draw(st.integers(1, towns), label="swvs"),
    )  # fmt: skip
    seed, week = draw(st.integers(0, 2**32 - 1), label="seed"), draw(st.integers(0, 60), label="week")
    chance = np.random.default_rng(seed)
    parameters = draw_parameters(chance)
    key = world_key(seed, 0)
    case = Case(region, parameters.constants(), key, week, make_world(region, parameters, key), chance)
    scatter_people(case.world, chance, week)
    scatter_ties(case.world, chance, week)
    take_stock(case.world, case.constants, week)
    return case


def some_rows(case: Case, at_least: int = 0) -> np.ndarray:
    """Some people, in no order, int32."""
    n = len(case.world.people)
    return case.chance.permutation(n)[: case.chance.integers(at_least, n + 1)].astype(np.int32)


def assert_same_ties(world: World, twin: reference.Plain) -> None:
    now = reference.plain(world, 0).out
    assert [sorted(row) for row in now] == [sorted(row) for row in twin.out]
    for mine, other in zip(now, twin.out, strict=True):
        for j, tie in mine.items():
            assert (tie.born, tie.strong_since, tie.held_until) == (other[j].born, other[j].strong_since, other[j].held_until)
            np.testing.assert_allclose([tie.strength, tie.contact], [other[j].strength, other[j].contact], **CLOSE)


def assert_same_people(world: World, twin: reference.Plain) -> None:
    for mine, other in zip(reference.plain(world, 0).people, twin.people, strict=True):
        for field in fields(mine):
            message = field.name
            np.testing.assert_allclose(getattr(mine, field.name), getattr(other, field.name), err_msg=message, **CLOSE)


def level_in(region: Region, i: int, j: int) -> Level:
    """The closest unit of two people from the region itself, where people know their team and school, and schools everything else."""
    a, b = region.school[i], region.school[j]
    nearest = [(Level.TEAM, region.team[i] == region.team[j]), (Level.SCHOOL, a == b)]
    for level, of in ((Level.BOARD, region.school_board), (Level.TOWN, region.school_town), (Level.SWV, region.school_swv)):
        nearest.append((level, of[a] == of[b]))
    return next((level for level, shared in nearest if shared), Level.ELSEWHERE)


# --- the tie store --------------------------------------------------------------------------------------------------


@EXAMPLES
@given(cases(), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=40))
def test_the_tie_store_is_a_set_of_pairs(case, acts):
    ties, n = case.world.ties, len(case.world.people)
    pairs = {(i, j) for i, row in enumerate(case.twin.out) for j in row}
    for a, b in acts:
        i, j = a % n, b % n
        slot = find_tie(ties, i, j)
        assert (slot >= 0) == ((i, j) in pairs)
        if slot >= 0:
            drop_tie(ties, i, slot)
            pairs.remove((i, j))
        elif i != j and add_tie(ties, i, j, 0.25, 3, 0) >= 0:
            pairs.add((i, j))
    left = np.array([k % 3 == 0 for k in range(n)])
    drop_everyone_who_left(ties, left)
    pairs = {(i, j) for i, j in pairs if not left[i] and not left[j]}
    table = tie_table(ties)
    assert list(zip(table["ego"].tolist(), table["alter"].tolist(), strict=True)) == sorted(pairs)
    assert ties.indegree.tolist() == [sum(j == k for _, j in pairs) for k in range(n)]
    assert (ties.alter >= 0).sum() == len(pairs)


def test_a_full_row_takes_no_tie_and_says_so():
    case = np.random.default_rng(1)
    region = generate_region(schools=2, people_per_school=12)
    world = make_world(region, Parameters(), world_key(1, 0))
    width = world.ties.alter.shape[1]
    others = case.permutation(np.arange(1, region.people))[: width + 3].tolist()
    slots = [add_tie(world.ties, 0, j, 0.1, 1, 0) for j in others]
    assert slots == [*range(width), -1, -1, -1]
    assert world.ties.full[0] == 3
    assert world.ties.indegree[others[width:]].sum() == 0


# --- stock ----------------------------------------------------------------------------------------------------------


@EXAMPLES
@given(cases())
def test_stock(case):
    twin = case.twin
    reference.take_stock(twin, case.constants, case.week)
    assert_same_people(case.world, twin)
    np.testing.assert_allclose(case.world.units.lively, [unit.lively for unit in twin.units], rtol=1e-9, atol=1e-12)


@EXAMPLES
@given(cases())
def test_levels_are_those_of_the_region(case):
    twin, rows = case.twin, range(case.region.people)
    assert all(reference.shared_level(twin, i, j) == level_in(case.region, i, j) for i in rows for j in rows)


# --- choice ---------------------------------------------------------------------------------------------------------


@EXAMPLES
@given(cases())
def test_value_of_a_tie(case):
    """Term by term, for ties to begin and to keep; the change of closure against the statistic counted with and without."""
    twin, n = case.twin, len(case.world.people)
    for i, j in case.chance.integers(0, n, (25, 2)).tolist():
        if i != j:
            mine = choice.reasons(case.world, case.constants, i, j, case.week)
            other = reference.terms(twin, case.constants, i, j, case.week)
            assert mine.keys() == other.keys()
            np.testing.assert_allclose([*mine.values()], [*other.values()], rtol=1e-9, atol=1e-9, err_msg=f"{list(mine)}")


@MANY
@given(cases(), st.data())
def test_decide(case, data):
    """The same person does the same with the same chance: whom they meet, what each is worth, and the number drawn."""
    twin, keys = case.twin, tuple(np.uint64(key) for key in choice.choice_keys(case.key, case.week))
    for _ in range(6):
        i, number = int(case.chance.integers(0, len(case.world.people))), int(case.chance.integers(0, 5))
        setting = data.draw(st.sampled_from([-1, -1, -2, 0, 3]))
        present = some_rows(case) if setting >= 0 else np.zeros(0, np.int32)
        action, target = choice.decide(case.world, case.constants, keys, case.week, i, number, setting, present)
        alter = int(case.world.ties.alter[i, target]) if action == 2 else i if action == 0 else target
        expected = reference.decide(twin, case.constants, case.week, i, number, setting, present.tolist())
        assert (("nothing", "add", "drop")[action], alter) == expected
        assert not case.world.near.paths.any() and not case.world.near.alter.any()


@EXAMPLES
@given(cases())
def test_a_week_of_choices(case):
    """Who gets chances, in which order, and what becomes of the network."""
    meetings = [some_rows(case), some_rows(case)] if case.chance.random() < 0.5 else []
    start = np.cumsum([0, *map(len, meetings)]).astype(np.int32)
    people = np.concatenate([np.zeros(0, np.int32), *meetings])
    twin, width = case.twin, case.world.ties.alter.shape[1]
    present, names = [meeting.tolist() for meeting in meetings], case.chance.permutation(9)[: len(meetings)].astype(np.int64)
    offered = case.chance.choice([0.0, 0.3, 1.0, 1.4, 4.2], len(meetings))
    count = choice.choose(case.world, case.constants, case.key, case.week, start, people, names, offered)
    assert count == len(reference.chances(twin, case.constants, case.week, present, names.tolist(), offered))
    reference.choose(twin, case.constants, case.week, present, names.tolist(), offered, width)
    now = reference.plain(case.world, 0).out
    assert [facts_of(row) for row in now] == [facts_of(row) for row in twin.out]
    assert case.world.ties.indegree.tolist() == [twin.indegree(j) for j in twin.rows]


def facts_of(row: dict[int, reference.Tie]) -> dict[int, tuple[float, ...]]:
    """What choosing leaves of the ties of one person."""
    return {j: (float(np.float32(t.strength)), t.born, t.strong_since, t.held_until, t.origin) for j, t in row.items()}


# --- work, learn, feel ----------------------------------------------------------------------------------------------


@EXAMPLES
@given(cases())
def test_work(case):
    twin = case.twin
    reference.work(twin, case.constants, case.week)
    growth.work(case.world, case.constants, case.key, case.week)
    assert_same_ties(case.world, twin)


@EXAMPLES
@given(cases())
def test_learn(case):
    twin = case.twin
    reference.learn(twin, case.constants, case.week)
    growth.learn(case.world, case.constants, case.key, case.week)
    twin_notes = [person.asked for person in twin.people]
    np.testing.assert_allclose(case.world.notes.asked, twin_notes, rtol=1e-9)
    assert_same_people_but_for_notes(case.world, twin)


def assert_same_people_but_for_notes(world: World, twin: reference.Plain) -> None:
    for person in twin.people:
        person.asked = 0.0
    assert_same_people(world, twin)


@EXAMPLES
@given(cases())
def test_feel(case):
    case.world.notes.asked[:] = case.chance.uniform(0, 10, len(case.world.people))
    twin = case.twin
    for person, asked in zip(twin.people, case.world.notes.asked.tolist(), strict=True):
        person.asked = asked
    reference.feel(twin, case.constants, case.week)
    growth.feel(case.world, case.constants, case.week)
    assert_same_people_but_for_notes(case.world, twin)
    np.testing.assert_allclose(case.world.units.goal, [unit.goal for unit in twin.units], rtol=1e-12)


@EXAMPLES
@given(cases())
def test_begin_week_empties_this_week_and_nothing_else(case):
    people, place = case.world.people, case.week % PERIOD
    others = np.arange(PERIOD) != place
    before, goal = people.scheduled[:, others].copy(), case.world.units.goal.copy()
    growth.begin_week(case.world, case.week)
    assert not people.scheduled[:, place].any() and not people.compulsory[:, place].any()
    assert not case.world.contact.any() and not case.world.notes.prescribed.any()
    assert not case.world.units.freed.any() and not case.world.units.waiting.any()
    np.testing.assert_array_equal(people.scheduled[:, others], before)
    np.testing.assert_array_equal(case.world.units.goal, goal)


# --- meetings -------------------------------------------------------------------------------------------------------


@EXAMPLES
@given(cases(), st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_agree(case, can_refuse):
    twin, n = case.twin, len(case.world.people)
    for i, j in case.chance.integers(0, n, (10, 2)).tolist():
        if i != j:
            topic, share = int(case.chance.integers(-1, 3)), float(case.chance.random())
            mine = attendance.agree_on_pair(case.world, case.constants, case.key, case.week, i, j, can_refuse, topic, share)
            assert mine == reference.agree(twin, case.constants, case.week, i, j, can_refuse, topic, share)


@EXAMPLES
@given(cases(), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from(list(Level)))
def test_who_comes_to_a_meeting(case, can_refuse, level):
    invited, number = some_rows(case), int(case.chance.integers(0, 2000))
    topic, share = int(case.chance.integers(-1, 3)), float(case.chance.random())
    here, forced = attendance.agree_to_meet(
        case.world, case.constants, case.key, case.week, number, invited, can_refuse, int(level), topic, share
    )
    expected = reference.who_meets(case.twin, case.constants, case.week, number, invited.tolist(), can_refuse, level, topic, share)
    assert (here.tolist(), forced.tolist()) == expected


@EXAMPLES
@given(cases())
def test_what_a_meeting_takes_and_gives(case):
    twin, here = case.twin, some_rows(case)
    forced = case.chance.random(len(here)) < 0.5
    attendance.hold_meeting(case.world, case.constants, case.week, here, forced, 90, 0.25)
    reference.hold_meeting(twin, case.constants, case.week, here.tolist(), forced.tolist(), 90, 0.25)
    assert_same_people(case.world, twin)


@EXAMPLES
@given(cases())
def test_hours_of_pairings_are_booked(case):
    twin, week, n = case.twin, case.week, len(case.world.people)
    ego, alter, minutes = (case.chance.integers(0, most, 5).astype(np.int32) for most in (n, n, 200))
    forced, also, prescription = case.chance.random(5) < 0.5, case.chance.random(5) < 0.5, case.chance.random(5)
    attendance.book_pairs(case.world, week, ego, alter, minutes, forced, also, prescription)
    for rows, compelled in ((ego, forced), (alter, also)):
        for k, row in enumerate(rows.tolist()):
            reference.book(twin, week, row, int(minutes[k]), bool(compelled[k]), float(prescription[k]))
    assert_same_people(case.world, twin)


@EXAMPLES
@given(cases())
def test_hours_together_are_contact(case):
    groups = [some_rows(case), some_rows(case, at_least=1)[:1], some_rows(case)]
    pairs = case.chance.integers(0, len(case.world.people), (4, 2)).astype(np.int32)
    pairs = np.ascontiguousarray(pairs[pairs[:, 0] != pairs[:, 1]])
    hours, pair_hours = case.chance.uniform(0.5, 3, 3), case.chance.uniform(0.5, 3, len(pairs))
    twin = case.twin
    reference.spend_together(twin, case.constants, [g.tolist() for g in groups], hours, pairs.tolist(), pair_hours)
    start = np.cumsum([0, *map(len, groups)]).astype(np.int32)
    attendance.spend_together(case.world, case.constants, start, np.concatenate(groups), hours, pairs, pair_hours)
    assert_same_ties(case.world, twin)
    assert not case.world.notes.here.any()


@EXAMPLES
@given(cases(), st.sampled_from([NEVER, 3, 90]), st.sampled_from([NEVER, 4, 80]))
def test_a_pairing_makes_both_ties_and_holds_each_as_long_as_it_is_kept(case, until, until_back):
    ties, twin = case.world.ties, case.twin
    ego, alter = case.chance.permutation(len(case.world.people))[:2].tolist()
    attendance.begin_pair(case.world, case.week, ego, alter, 3, until, until_back)
    for i, j, last in ((ego, alter, until), (alter, ego, until_back)):
        slot, before = find_tie(ties, i, j), twin.out[i].get(j)
        held, origin = (before.held_until, before.origin) if before else (NEVER, 3)
        full = before is None and len(twin.out[i]) == ties.alter.shape[1]
        assert full or (ties.held_until[i, slot], ties.origin[i, slot]) == (max(held, last), origin)
        assert full == (slot < 0)


# --- leading --------------------------------------------------------------------------------------------------------


@EXAMPLES
@given(cases(), st.sampled_from([0.0, 0.4, 1.0]))
def test_what_a_leader_sees(case, share):
    rows, key = some_rows(case), purpose_key(case.key, Purpose.SIGHT, 0)
    strong, across = leading.see_ties(case.world, key, 0, share, rows)
    assert (strong.tolist(), across.tolist()) == reference.sees(case.twin, int(key), 0, share, rows.tolist())


@EXAMPLES
@given(cases(), st.sampled_from([0.4, 1.0]))
def test_which_open_triads_a_leader_sees(case, share):
    rows, key = some_rows(case), purpose_key(case.key, Purpose.SIGHT, 0)
    one, other = leading.see_open_triads(case.world, key, 0, share, rows)
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == reference.open_triads(case.twin, int(key), 0, share, rows.tolist())


@EXAMPLES
@given(cases(), st.sampled_from([1, 3, 10]))
def test_whom_a_leader_matches(case, tries):
    others, key = some_rows(case), purpose_key(case.key, Purpose.MATCH, case.week)
    others = others[others != 0]
    found = leading.find_match(case.world, case.constants, key, 0, others, tries)
    assert found == reference.match(case.twin, case.constants, int(key), 0, others.tolist(), tries)


@EXAMPLES
@given(cases())
def test_who_lacks_a_strong_tie(case):
    others, out = some_rows(case), case.twin.out[0]
    expected = [j != 0 and not (j in out and out[j].strength >= STRONG) for j in others.tolist()]
    assert leading.lacks_strong_tie(case.world, 0, others).tolist() == expected


# --- measures -------------------------------------------------------------------------------------------------------


def graph_of(case: Case) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(case.world.people)))
    graph.add_edges_from((i, j) for i, row in enumerate(case.twin.out) for j in row)
    return graph


def measured(case: Case, lead_from: int = 10, stop: int = 30) -> dict[str, float]:
    return measures.measure_network(case.world, case.week, lead_from, stop, case.region.role == 0)


@EXAMPLES
@given(cases())
def test_structure_as_networkx_has_it(case):
    graph, now = graph_of(case), measured(case)
    n, edges = len(graph), graph.number_of_edges()
    assert now["ties"] == pytest.approx(edges / n)
    assert now["reciprocity"] == pytest.approx(nx.reciprocity(graph) if edges else 0.0)
    paths = [(i, h, j) for i, h in graph.edges for j in graph.successors(h) if j != i]
    closed = sum(graph.has_edge(i, j) for i, _, j in paths)
    assert now["closure"] == pytest.approx(closed / max(1, len(paths)))
    components = nx.weakly_connected_components(graph)
    assert now["largest"] == pytest.approx(max(map(len, components)) / n)
    two_steps = [len(nx.single_source_shortest_path_length(graph, i, cutoff=2)) - 1 for i in graph]
    assert now["two_steps"] == pytest.approx(np.mean(two_steps))
    assert now["nobody"] == pytest.approx(sum(degree == 0 for _, degree in graph.out_degree) / n)


@EXAMPLES
@given(cases())
def test_closure_is_the_transitivity_of_networkx_where_all_ties_are_mutual(case):
    """networkx knows transitivity of graphs without direction only; where every tie is returned the two are one."""
    ties = case.world.ties
    for i, row in enumerate(case.twin.out):
        for j in row:
            if find_tie(ties, j, i) < 0 and add_tie(ties, j, i, 0.1, 0, 0) < 0:
                drop_tie(ties, i, find_tie(ties, i, j))
    now = measured(case)
    assert now["reciprocity"] in {0.0, 1.0}
    assert now["closure"] == pytest.approx(nx.transitivity(graph_of(case).to_undirected()))


@EXAMPLES
@given(cases())
def test_centralisation_and_gini(case):
    indegree = [sum(j in row for row in case.twin.out) for j in range(len(case.world.people))]
    n, total = len(indegree), sum(indegree)
    star = sum((n - 1) - asked for asked in [n - 1] + [0] * (n - 1))
    now = measured(case)
    assert now["centralisation"] == pytest.approx(sum(max(indegree) - asked for asked in indegree) / star)
    differences = sum(abs(a - b) for a in indegree for b in indegree)
    assert now["gini"] == pytest.approx(differences / (2 * n * total) if total else 0.0)


def test_centralisation_and_gini_where_the_answer_is_known():
    assert measures.centralisation(np.array([4, 0, 0, 0, 0], np.int32)) == 1.0
    assert measures.centralisation(np.array([2, 2, 2], np.int32)) == 0.0
    assert measures.gini(np.array([0, 0, 0, 8], np.int32)) == pytest.approx(0.75)
    assert measures.gini(np.array([3, 3, 3], np.int32)) == pytest.approx(0.0)
    assert measures.gini(np.array([1, 3], np.int32)) == pytest.approx(0.25)


@EXAMPLES
@given(cases(), st.integers(0, 40), st.integers(0, 60))
def test_ties_by_level_and_age(case, lead_from, stop):
    now, twin, teachers = measured(case, lead_from, stop), case.twin, np.flatnonzero(case.region.role == 0).tolist()
    every = [(i, j, tie) for i, row in enumerate(twin.out) for j, tie in row.items()]
    levels = [level_in(case.region, i, j) for i, j, _ in every]
    count = max(1, len(every))
    assert now["strong"] == pytest.approx(sum(tie.strength >= 0.5 for *_, tie in every) / len(twin.people))
    assert now["across"] == pytest.approx(sum(level > Level.SCHOOL for level in levels) / count)
    assert now["across_teams"] == pytest.approx(sum(level > Level.TEAM for level in levels) / count)
    inside = sum(level <= Level.SCHOOL for level in levels)
    assert now["ei_index"] == pytest.approx((len(every) - 2 * inside) / count)
    lasting = [(i, j, t) for i, j, t in every if i in teachers and t.strong_since != NEVER and t.strong_since + LASTING_WEEKS <= case.week]
    wanted = {
        "lasting": lasting,
        "lasting_across": [1 for i, j, _ in lasting if level_in(case.region, i, j) > Level.SCHOOL],
        "survivors": [1 for *_, tie in lasting if tie.strong_since <= stop],
        "born_after": [1 for *_, tie in lasting if tie.born > stop],
        "from_start": [1 for *_, tie in lasting if tie.born < lead_from],
    }
    assert {name: now[name] for name in wanted} == pytest.approx({name: len(found) / len(teachers) for name, found in wanted.items()})


@EXAMPLES
@given(cases())
def test_measures_of_people(case):
    now, people = measures.measure_people(case.world), case.twin.people
    knowledge = [sum(person.knowledge) / TOPICS for person in people]
    energy = sorted(person.energy for person in people)
    assert now["energy"] == pytest.approx(sum(energy) / len(energy))
    assert sum(value <= now["energy_low"] for value in energy) >= len(energy) / 4
    assert now["energy_low"] == energy[int(np.ceil(len(energy) / 4)) - 1]
    assert now["knowledge"] == pytest.approx(np.mean(knowledge))
    assert now["knowledge_spread"] == pytest.approx(np.std(knowledge))
    practice = [value for person in people if person.role == 0 for value in person.practice]
    assert now["practice"] == pytest.approx(np.mean(practice))
