"""The contract of every policy and every move."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from model.attendance import agree_to_meet
from model.leading import Leader
from model.learning_network import LearningNetwork
from model.moves import MOVES, Move, contacts, leader_hours, price, rhythm, teacher_hours, voluntariness
from model.parameters import Parameters
from model.people import PERIOD
from model.policies import DIALS, POLICIES, Policy, find_policy
from model.region import Level, Region, generate_region
from model.ties import Origin

assert POLICIES, "no policy found: the tests below would pass silently"
WEEKS = 16


@pytest.fixture(scope="module")
def resting() -> LearningNetwork:
    return LearningNetwork(rng=5, region=generate_region(boards=2, schools=3, people_per_school=10), grow_weeks=40, collect=False)


def lead(resting: LearningNetwork, policy: str | Policy, weeks: int = WEEKS) -> tuple[LearningNetwork, list[list[Move]]]:
    """A branch led for some weeks, and the moves of each week."""
    world = resting.branch(policy, weeks)
    made: list[list[Move]] = []
    inner = world.lead
    world.lead = lambda: made.append(inner()) or made[-1]  # type: ignore[func-returns-value, method-assign]
    for _ in range(weeks):
        world.step()
    return world, made


@pytest.fixture(scope="module", params=sorted(POLICIES))
def led(request: pytest.FixtureRequest, resting: LearningNetwork) -> tuple[str, LearningNetwork, list[list[Move]]]:
    return request.param, *lead(resting, request.param)


class TestEveryPolicy:
    def test_says_what_it_is(self, led: tuple[str, LearningNetwork, list[list[Move]]]) -> None:
        policy = POLICIES[led[0]]
        assert policy.__doc__ and len(policy.__doc__) > 30
        assert policy.source
        assert policy.id == led[0]

    def test_spends_no_more_than_its_hours(self, led: tuple[str, LearningNetwork, list[list[Move]]]) -> None:
        _, world, _ = led
        given = len(world.leaders) * WEEKS * world.constants.leader_hours / PERIOD
        spent = sum(leader.spent for leader in world.leaders)
        left = sum(leader.hours for leader in world.leaders)
        assert spent + left == pytest.approx(given)
        assert min(leader.hours for leader in world.leaders) >= -1e-6

    def test_does_the_same_again(self, led: tuple[str, LearningNetwork, list[list[Move]]], resting: LearningNetwork) -> None:
        policy, world, made = led
        again, moves = lead(resting, policy)
        assert moves == made
        np.testing.assert_array_equal(again.world.ties.alter, world.world.ties.alter)

    def test_reaches_only_the_schools_of_its_board(self, led: tuple[str, LearningNetwork, list[list[Move]]]) -> None:
        _, world, made = led
        region: Region = world.region
        board = region.school_board[region.school]
        for move in (move for week in made for move in week):
            rows = [row for group in move.partners for row in group] if MOVES[move.kind].form != "talk" else []
            assert {int(board[row]) for row in rows} <= {int(board[move.organiser])}
            if MOVES[move.kind].reach in ("team", "school"):
                assert {int(region.school[row]) for row in rows} <= {int(region.school[move.organiser])}

    def test_pairs_are_two_different_people(self, led: tuple[str, LearningNetwork, list[list[Move]]]) -> None:
        for move in (move for week in led[2] for move in week if MOVES[move.kind].form == "pairing"):
            assert all(len(pair) == 2 and pair[0] != pair[1] and min(pair) >= 0 for pair in move.partners)

    def test_its_dials_can_be_set(self, led: tuple[str, LearningNetwork, list[list[Move]]], resting: LearningNetwork) -> None:
        policy = find_policy(led[0], compulsion=0.25, intensity=0.9, leader_centrality=0.5, prescription=0.75)
        world, made = lead(resting, policy, 10)
        moves = [move for week in made for move in week]
        assert all((move.compulsion, move.intensity, move.prescription) == (0.25, 0.9, 0.75) for move in moves)
        assert sum(leader.hours for leader in world.leaders) >= -1e-6

    def test_leads_a_board_of_one_school(self, led: tuple[str, LearningNetwork, list[list[Move]]]) -> None:
        small = LearningNetwork(rng=2, region=generate_region(schools=1, people_per_school=6), policy=led[0], collect=False)
        for _ in range(10):
            small.step()
        assert 0 <= small.measure()["energy"] <= 1


def test_a_policy_named_twice_is_refused() -> None:
    with pytest.raises(TypeError, match="on_its_own"):
        type("Impostor", (Policy,), {"id": "on_its_own", "__doc__": "Another."})


def test_an_unknown_policy_or_dial_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="nearest: 'nurtured'"):
        find_policy("nurturd")
    with pytest.raises(ValueError, match=r"compulson: no such dial \(nearest: 'compulsion'\); intensity = 3: must be 0 to 1"):
        find_policy("nurtured", compulson=1, intensity=3)


def test_ten_lines_make_a_policy(resting: LearningNetwork) -> None:
    class Coffee(Policy):
        """Every week, somebody has coffee with a colleague they do not turn to yet."""

        source = "this test"

        def act(self, leader: Leader) -> Iterator[Move]:
            for one in leader.in_turn(leader.colleagues, 1).tolist():
                yield self.move("introduce", (one, leader.match(one, leader.without_tie(one, leader.colleagues))))

    world, made = lead(resting, Coffee(), 4)
    assert sum(len(week) for week in made) == 4 * len(world.leaders)


@pytest.mark.parametrize("kind", MOVES.values(), ids=lambda kind: kind.id)
class TestEveryMove:
    def test_its_hours_and_voluntariness_make_sense(self, kind) -> None:  # noqa: ANN001
        assert 0 < kind.leader_hours <= 20
        assert 0 <= kind.teacher_hours <= 20
        assert 0 <= kind.voluntariness <= 1

    def test_its_price_follows_its_family(self, kind) -> None:  # noqa: ANN001
        usual = Parameters().constants()
        dear = Parameters().with_values(**{kind.price: 2}).constants()
        factor = 1 if kind.per == "hour" else 2
        assert price(kind.id, dear, 3) == factor * price(kind.id, usual, 3)

    def test_compulsion_replaces_voluntariness(self, kind) -> None:  # noqa: ANN001
        assert voluntariness(Move(kind=kind.id)) == kind.voluntariness
        assert voluntariness(Move(kind=kind.id, compulsion=0.25)) == 0.75

    def test_intensity_changes_the_rhythm_and_not_the_hours(self, kind) -> None:  # noqa: ANN001
        often, usual, seldom = (Move(kind=kind.id, partners=((1, 2),), intensity=x) for x in (1.0, 0.5, 0.0))
        assert rhythm(often) <= rhythm(usual) <= rhythm(seldom)
        if kind.form in ("pairing", "group"):
            assert teacher_hours(often) == teacher_hours(seldom) == kind.teacher_hours
            assert contacts(often) >= contacts(seldom)
        if kind.form == "meeting" and kind.leader_hours:
            constants = Parameters().constants()
            assert leader_hours(often, constants) / teacher_hours(often) == leader_hours(seldom, constants) / teacher_hours(seldom)


def test_a_topic_that_is_set_draws_those_it_interests_and_puts_off_others(resting: LearningNetwork) -> None:
    """Where one may refuse; a leader who sets one and names none sets what interests them most."""
    people, number = np.arange(resting.region.people, dtype=np.int32), resting.region.people
    interest = np.asarray(resting.world.people.interest)
    came = np.zeros((2, number))
    for at, share in enumerate((0.0, 1.0)):
        for week in range(200):
            rows, _ = agree_to_meet(resting.world, resting.constants, resting.key, week, 0, people, 1.0, int(Level.SCHOOL), 0, share)
            came[at, rows] += 1
    more = (came[1] - came[0]) / 200
    keen = interest[:, 0] > 1 / 3
    assert more[keen].mean() > 0.02 and more[~keen].mean() < -0.02
    leader = resting.branch("on_its_own").leaders[0]
    leader.begin_week(1)
    paid = leader.pay(Move(kind="watch", prescription=0.5))
    assert paid is not None and paid.topic == np.argmax(interest[leader.row])
    free = leader.pay(Move(kind="watch"))
    assert free is not None and free.topic is None


def test_partners_are_people_or_nobody(resting: LearningNetwork) -> None:
    """A pair with nobody is not made and costs nothing; what is no person is told, before any array is touched."""
    leader = resting.branch("on_its_own").leaders[0]
    leader.begin_week(1)
    leader.hours = 18.0
    assert leader.pay(Move(kind="introduce", partners=((1, -1),))) is None
    assert leader.pay(Move(kind="meet")) is None
    assert leader.hours == 18.0
    some = leader.pay(Move(kind="introduce", partners=((1, -1), (2, 3))))
    assert some is not None and some.partners == ((2, 3),) and leader.hours == 17.0
    meeting = leader.pay(Move(kind="meet", partners=((1, -1, 2),)))
    assert meeting is not None and meeting.partners == ((1, 2),)
    with pytest.raises(ValueError, match=r"row 100000: must be a person.*; pair \(4, 4\): must be two different people"):
        leader.pay(Move(kind="introduce", partners=((1, 100_000), (4, 4))))


def test_a_policy_that_never_ends_is_told(resting: LearningNetwork) -> None:
    class Endless(Policy):
        """Asks again and again for what it cannot pay."""

        def act(self, leader: Leader) -> Iterator[Move]:
            while True:
                yield self.move("meet", leader.colleagues)

    with pytest.raises(ValueError, match="Endless: more than 1000 moves"):
        resting.branch(Endless()).step()


def test_ties_say_whether_they_began_at_a_meeting_of_the_leader() -> None:
    begun = {}
    for policy in ("strong_pull", "on_its_own"):
        world = LearningNetwork(3, policy=policy, collect=False)
        for _ in range(12):
            world.step()
        begun[policy] = int((world.ties()["origin"] == Origin.INVITED).sum())
    assert begun["strong_pull"] > 20 and begun["on_its_own"] == 0


def test_a_move_that_makes_no_sense_is_told_whole() -> None:
    with pytest.raises(ValueError, match=r"kind 'introduc'.*nearest: 'introduce'.*compulsion = 2.*prescription = -1"):
        Move(kind="introduc", compulsion=2, prescription=-1)


def test_the_four_dials_are_named() -> None:
    assert set(DIALS) == {"compulsion", "intensity", "leader_centrality", "prescription"}
