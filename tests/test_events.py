"""Events: what they do, that they touch nothing else, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from model.events import (
    EVENTS,
    BoardMemberLeaves,
    CoachIll,
    Event,
    HandsOff,
    LeaderLeaves,
    SubsidyStops,
    WorkloadShock,
    check_event,
    make_event,
)
from model.learning_network import LearningNetwork
from model.people import PERIOD
from model.region import Role


@pytest.fixture(scope="module")
def resting() -> LearningNetwork:
    return LearningNetwork(5, grow_weeks=15, collect=False)


def run(resting: LearningNetwork, weeks: int, *events: Event, policy: str = "strong_pull") -> LearningNetwork:
    world = resting.branch(policy, 40, events)
    for _ in range(weeks):
        world.step()
    return world


def state(world: LearningNetwork) -> list[bytes]:
    people = world.world.people
    return [*(column.tobytes() for column in world.ties().values()), people.energy.tobytes(), people.knowledge.tobytes()]


def hours(world: LearningNetwork) -> list[float]:
    return [leader.spent for leader in world.leaders]


def busiest(world: LearningNetwork) -> int:
    coaches = np.flatnonzero(world.region.role == Role.COACH)
    return int(coaches[np.argmax(world.world.ties.indegree[coaches])])


@pytest.mark.parametrize("policy", ["strong_pull", "network_weaving", "time_freed"])
def test_an_event_to_come_changes_nothing_yet(resting: LearningNetwork, policy: str) -> None:
    later = [CoachIll(week=9), LeaderLeaves(week=9), WorkloadShock(week=9, own_hours=0.5), SubsidyStops(week=9)]
    assert state(run(resting, 8, *later, policy=policy)) == state(run(resting, 8, policy=policy))
    assert state(run(resting, 9, *later, policy=policy)) != state(run(resting, 9, policy=policy))


def test_a_leader_who_leaves_is_replaced_and_leads_no_more_for_a_while(resting: LearningNetwork) -> None:
    event = LeaderLeaves(week=3, school=1, pause=4)
    before, gone = run(resting, 2, event), run(resting, 3, event)
    row = gone.leaders[1].row
    assert gone.world.people.spell[row] == before.world.people.spell[row] + 1
    assert gone.at(row).spell == gone.world.people.spell[row]
    assert (gone.world.people.spell != before.world.people.spell).sum() == 1
    assert run(resting, 6, event).leaders[1].spent == before.leaders[1].spent
    back = run(resting, 12, event)
    assert back.leaders[1].spent > before.leaders[1].spent
    assert hours(back)[0] == hours(run(resting, 12))[0]
    assert back.leaders[1].weeks_led == 12


def test_without_a_pause_of_its_own_nobody_leads_any_more(resting: LearningNetwork) -> None:
    assert hours(run(resting, 20, LeaderLeaves(week=3))) == hours(run(resting, 2))


def test_a_board_member_who_leaves_takes_the_leading_along(resting: LearningNetwork) -> None:
    world = run(resting, 10, BoardMemberLeaves(week=5))
    board = world.region.role == Role.BOARD
    assert (world.world.people.spell[board] == resting.world.people.spell[board] + 1).all()
    assert hours(world) == hours(run(resting, 4))


def test_when_the_subsidy_stops_saved_hours_are_lost(resting: LearningNetwork) -> None:
    world = run(resting, 10, SubsidyStops(week=4), policy="nurtured")
    assert all(leader.hours == 0 for leader in world.leaders)
    assert hours(world) == hours(run(resting, 3, policy="nurtured"))
    freed = run(resting, 4, SubsidyStops(week=4), policy="time_freed")
    assert not freed.world.units.freed.any()
    assert run(resting, 4, policy="time_freed").world.units.freed.any()


def test_hands_off_keeps_saved_hours_and_may_end(resting: LearningNetwork) -> None:
    world = run(resting, 6, HandsOff(week=4, weeks=3))
    assert hours(world) == hours(run(resting, 3))
    assert [leader.hours for leader in world.leaders] == [leader.hours for leader in run(resting, 3).leaders]
    assert sum(hours(run(resting, 12, HandsOff(week=4, weeks=3)))) > sum(hours(world))
    one = run(resting, 8, HandsOff(week=4, school=2))
    assert hours(one)[2] == hours(run(resting, 3))[2]
    assert hours(one)[0] == hours(run(resting, 8))[0]


def test_a_workload_shock_takes_own_time_at_one_school_for_some_weeks(resting: LearningNetwork) -> None:
    event = WorkloadShock(week=2, weeks=3, own_hours=0.5, minutes=60, school=0)
    during, usual = run(resting, 3, event, policy="on_its_own"), run(resting, 3, policy="on_its_own")
    there = during.region.school == 0
    assert (during.world.notes.own_share[there] == 0.5).all()
    assert (during.world.notes.own_share[~there] == 1).all()
    assert (during.world.people.scheduled[there, during.week % PERIOD] == 60).all()
    assert (during.world.notes.capacity[there] < usual.world.notes.capacity[there]).all()
    assert (run(resting, 5, event, policy="on_its_own").world.notes.own_share == 1).all()


def test_shocks_add_up(resting: LearningNetwork) -> None:
    world = run(resting, 2, WorkloadShock(week=1, own_hours=0.5), WorkloadShock(week=2, own_hours=0.5))
    assert (world.world.notes.own_share == 0.25).all()


def test_the_busiest_coach_falls_ill_and_has_no_contact_no_chance_and_no_meeting(resting: LearningNetwork) -> None:
    event = CoachIll(week=3, weeks=5)
    row = busiest(run(resting, 2, event))
    before, ill = run(resting, 2, event), run(resting, 7, event)
    assert np.flatnonzero(ill.world.notes.absent).tolist() == [row]
    assert (ill.world.contact[row] == 0).all()
    mine, ties = set(before.world.ties.alter[row].tolist()), ill.world.ties
    assert set(ties.alter[row, : ties.degree[row]].tolist()) <= mine
    assert ill.world.people.scheduled[row, ill.week % PERIOD] == 0
    column, then = ill.ties(), before.ties()
    new = set(column["ego"][column["alter"] == row].tolist()) - set(then["ego"][then["alter"] == row].tolist())
    assert not new
    assert (ill.world.contact[ties.alter == row] == 0).all()


def test_who_was_ill_comes_back_and_a_newcomer_is_well(resting: LearningNetwork) -> None:
    assert not run(resting, 8, CoachIll(week=3, weeks=5)).world.notes.absent.any()
    year = run(resting, 26, CoachIll(week=3))
    ill = year.world.notes.absent.copy()
    year.replace_people(ill.astype(bool))
    year.step()
    assert ill.any()
    assert not year.world.notes.absent.any()


def test_others_share_their_chance_with_the_world_where_nobody_is_ill(resting: LearningNetwork) -> None:
    """Whoever has nothing to do with the one who is ill does exactly the same in that week."""
    ill, well = run(resting, 3, CoachIll(week=3)), run(resting, 3)
    row = int(np.flatnonzero(ill.world.notes.absent)[0])
    far = ill.region.school != ill.region.school[row]
    assert np.array_equal(ill.world.ties.degree[far], well.world.ties.degree[far])


def test_a_branch_from_a_world_with_events_begins_without(resting: LearningNetwork) -> None:
    world = run(resting, 4, CoachIll(week=2), WorkloadShock(week=2, own_hours=0.5)).branch("on_its_own")
    world.step()
    assert not world.world.notes.absent.any()
    assert (world.world.notes.own_share == 1).all()


def test_every_kind_has_an_id_and_a_story() -> None:
    assert len(EVENTS) >= 6
    assert all(kind == event.kind and event.__doc__ for kind, event in EVENTS.items())


@pytest.mark.parametrize(
    ("kind", "values", "told"),
    [
        ("coach_il", {"week": 3}, "nearest: 'coach_ill'"),
        ("coach_ill", {}, "week: coach_ill needs it"),
        ("coach_ill", {"week": 0}, "1 to 4000"),
        ("coach_ill", {"week": 3.5}, "whole number"),
        ("coach_ill", {"week": True}, "finite number"),
        ("coach_ill", {"week": float("nan")}, "finite number"),
        ("coach_ill", {"week": 3, "wek": 1}, "nearest: 'week"),
        ("workload_shock", {"week": 3, "own_hours": float("inf")}, "finite number"),
        ("workload_shock", {"week": 3, "minutes": 10**6}, "0 to 2400"),
    ],
)
def test_a_wrong_event_is_refused(kind: str, values: dict[str, float], told: str) -> None:
    assert told in "; ".join(check_event(kind, values))
    with pytest.raises(ValueError, match=told):
        make_event(kind, values)


def test_a_school_that_is_not_there_is_refused(resting: LearningNetwork) -> None:
    with pytest.raises(ValueError, match="school = 99: must be a school of the region, 0 to 5"):
        resting.branch("nurtured", 4, [LeaderLeaves(week=1, school=99)])
    with pytest.raises(ValueError, match="school = 6"):
        resting.branch("nurtured", 4, [LeaderLeaves(week=1, school=6)])
    with pytest.raises(ValueError, match="board = 1"):
        resting.branch("nurtured", 4, [BoardMemberLeaves(week=1, board=1)])
