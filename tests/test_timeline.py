"""Timelines: policies strung together by week of leading."""

from __future__ import annotations

import numpy as np
import pytest

from model.learning_network import LearningNetwork
from model.policies import find_policy
from model.policies.timeline import MOST_WEEKS, Stage, Timeline, parse_timeline, read_policy


@pytest.fixture(scope="module")
def resting() -> LearningNetwork:
    return LearningNetwork(5, grow_weeks=10, collect=False)


def run(world: LearningNetwork, weeks: int) -> LearningNetwork:
    for _ in range(weeks):
        world.step()
    return world


def same(one: LearningNetwork, other: LearningNetwork) -> bool:
    mine, theirs = one.ties(), other.ties()
    return all(np.array_equal(mine[name], theirs[name]) for name in mine)


def test_the_short_form_says_policy_and_weeks() -> None:
    timeline = parse_timeline("strong_pull:40, nurtured:30 ,on_its_own:20")
    assert [(type(stage.policy).id, stage.weeks) for stage in timeline.stages] == [
        ("strong_pull", 40),
        ("nurtured", 30),
        ("on_its_own", 20),
    ]
    assert timeline.weeks == 90
    assert isinstance(read_policy("nurtured:3"), Timeline)
    assert not isinstance(read_policy("nurtured"), Timeline)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("strong_pul:40", "nearest: 'strong_pull'"),
        ("nurtured", "must be POLICY:WEEKS"),
        ("nurtured:", "must be POLICY:WEEKS"),
        ("nurtured:-3", "must be POLICY:WEEKS"),
        ("nurtured:0", f"1 to {MOST_WEEKS}"),
        ("nurtured:" + "9" * 5000, "must be POLICY:WEEKS"),
        ("nurtured:1500, nurtured:1500", "at most"),
        ("", "stage 1"),
    ],
)
def test_a_wrong_timeline_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_timeline(text)


def test_every_wrong_stage_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)stage 1: .*stage 3: "):
        parse_timeline("nobody:3, nurtured:3, nurtured:x")


@pytest.mark.parametrize("hours", [-1, 21, float("nan"), True])
def test_a_stage_refuses_wrong_hours(hours: float) -> None:
    with pytest.raises(ValueError, match="leader_hours"):
        Stage(find_policy("nurtured"), 4, hours)


def test_it_leads_as_each_policy_in_turn(resting: LearningNetwork) -> None:
    timeline = parse_timeline("strong_pull:6, on_its_own:6")
    led = run(resting.branch(timeline), 6)
    assert led.lead_until - led.lead_from + 1 == 12
    assert same(led, run(resting.branch("strong_pull", 6), 6))
    spent = [leader.spent for leader in led.leaders]
    run(led, 6)
    assert [leader.spent for leader in led.leaders] == spent
    assert same(led, run(resting.branch("strong_pull", 6), 12))


def test_a_timeline_of_one_stage_is_the_policy(resting: LearningNetwork) -> None:
    assert same(run(resting.branch("nurtured:8"), 12), run(resting.branch("nurtured", 8), 12))


def test_hours_of_a_stage_are_scaled_and_saved(resting: LearningNetwork) -> None:
    late = Timeline([Stage(find_policy("strong_pull"), 8, 0.0), Stage(find_policy("strong_pull"), 8, 2.0)])
    world = run(resting.branch(late), 8)
    assert all(leader.spent == 0 and leader.hours == 0 for leader in world.leaders)
    run(world, 8)
    even = run(resting.branch("strong_pull", 16), 16)
    received = [[leader.spent + leader.hours for leader in one.leaders] for one in (world, even)]
    assert received[0] == pytest.approx(received[1])


def test_a_branch_can_share_a_timeline(resting: LearningNetwork) -> None:
    timeline = parse_timeline("nurtured:4, strong_pull:4")
    one, other = resting.branch(timeline), resting.branch(timeline)
    for _ in range(8):
        one.step()
        other.step()
    assert same(one, other)
