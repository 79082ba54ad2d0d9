"""Regions: what is made has the shape that was asked for, and is sorted as kernels need it."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.names import FIRST_NAMES, board_name, fictional_name, school_name, swv_name, town_name
from model.region import (
    HATS,
    FirstTies,
    Level,
    Region,
    RegionError,
    Role,
    SchoolUnit,
    draw_shares,
    dutch_region,
    generate_region,
    region_from_units,
)


def assert_sound(region: Region) -> None:
    """Everything that holds for every region, however it was made."""
    for unit, start in (
        (region.team, region.team_start),
        (region.school, region.school_start),
        (region.school_board[region.school], region.board_start),
    ):
        assert (np.diff(unit) >= 0).all() and (np.diff(start) > 0).all()
        assert start[0] == 0 and start[-1] == region.people
        for i in (0, len(start) // 2 - 1, len(start) - 2):
            assert (unit[start[i] : start[i + 1]] == i).all()
    assert len({(int(t), int(s)) for t, s in zip(region.team, region.school, strict=True)}) == len(region.team_start) - 1
    for kind in ("board", "town", "swv"):
        units = getattr(region, f"school_{kind}")
        assert set(units.tolist()) == set(range(len(getattr(region, f"{kind}_names")))) and units.dtype == np.int32
    lengths = {len(getattr(region, name)) for name in ("team", "school", "role", "hats", "fte", "unobserved")}
    assert lengths == {region.people}
    last = np.append(np.diff(region.school_board) > 0, True)
    assert (last | ~region.school_office).all(), "an office is the last school of its board"


def same(one: Region, other: Region) -> bool:
    def equal(a, b):
        return np.array_equal(a, b, equal_nan=a.dtype.kind == "f") if isinstance(a, np.ndarray) else a == b

    return all(equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(Region))


class TestGenerating:
    def test_default_is_six_schools_of_fourteen_and_an_office(self):
        region = generate_region()
        assert_sound(region)
        assert region.describe() == {
            "people": 85, "teachers": 72, "coaches": 6, "leaders": 6, "board_members": 1, "policy_officers": 0, "teams": 25,
            "schools": 6, "boards": 1, "towns": 2, "swvs": 1, "first_ties": 0, "unobserved": 0,
        }  # fmt: skip
        assert region.schools == 7 and region.school_office.tolist() == [False] * 6 + [True]

    def test_leader_and_coach_are_the_last_team_of_their_school(self):
        region = generate_region(boards=2, schools=3, people_per_school=9)
        for s in np.flatnonzero(~region.school_office):
            rows = slice(region.school_start[s], region.school_start[s + 1])
            assert region.role[rows].tolist() == [Role.TEACHER] * 7 + [Role.LEADER, Role.COACH]
            assert np.bincount(region.team[rows] - region.team[rows][0]).tolist() == [3, 2, 2, 2]

    def test_one_teacher_wears_each_hat_and_the_coach_cares(self):
        region = generate_region(schools=4, people_per_school=14)
        for bit, hat in enumerate(HATS):
            worn = (region.hats >> bit & 1) == 1
            assert np.bincount(region.school[worn], minlength=5).tolist() == [1, 1, 1, 1, 0]
            assert set(region.role[worn].tolist()) == {Role.COACH if hat == "care" else Role.TEACHER}

    def test_the_smallest_school_has_three_people_and_all_hats(self):
        region = generate_region(schools=1, people_per_school=3, teams_per_school=4, board_members=0)
        assert_sound(region)
        assert region.role.tolist() == [Role.TEACHER, Role.LEADER, Role.COACH]
        assert region.hats.tolist() == [7, 0, 8] and region.team.tolist() == [0, 1, 1] and not region.school_office.any()

    def test_towns_cross_boards_and_swvs_hold_whole_towns(self):
        region = generate_region(boards=3, schools=6, towns=4, swvs=2)
        of_board = region.school_town.reshape(3, 7)[:, :6]
        assert of_board.tolist() == [[0, 1, 2, 3, 0, 1]] * 3
        assert len({(t, v) for t, v in zip(region.school_town.tolist(), region.school_swv.tolist(), strict=True)}) == 4

    def test_an_office_holds_board_members_then_policy_officers(self):
        region = generate_region(boards=2, board_members=2, policy_officers=1)
        office = np.flatnonzero(region.school_office)
        assert office.tolist() == [6, 13]
        for s in office:
            rows = slice(region.school_start[s], region.school_start[s + 1])
            assert region.role[rows].tolist() == [Role.BOARD, Role.BOARD, Role.POLICY] and len(set(region.team[rows].tolist())) == 1

    @settings(max_examples=60, deadline=None)
    @given(
        boards=st.integers(1, 4), schools=st.integers(1, 9), people=st.integers(3, 25), teams=st.integers(1, 12),
        members=st.integers(0, 2), officers=st.integers(0, 2), unequal=st.booleans(), data=st.data(),
    )  # fmt: skip
    def test_every_region_is_sound(self, boards, schools, people, teams, members, officers, unequal, data):
        towns = data.draw(st.integers(1, schools))
        swvs = data.draw(st.integers(1, towns))
        region = generate_region(
            boards=boards, schools=schools, people_per_school=people, teams_per_school=teams, board_members=members,
            policy_officers=officers, towns=towns, swvs=swvs, unequal_sizes=unequal,
        )  # fmt: skip
        assert_sound(region)
        assert region.people == boards * (schools * people + members + officers)
        assert (len(region.town_names), len(region.swv_names)) == (towns, swvs)
        assert len(set(region.school_names)) == region.schools

    def test_every_problem_is_named_at_once(self):
        with pytest.raises(RegionError) as error:
            generate_region(boards=0, schools=2.5, people_per_school=2, towns=0, swvs=-1, seed=True)
        assert len(error.value.problems) == 6
        assert "people_per_school = 2: must be 3 to 200" in str(error.value) and "schools = 2.5: must be a whole number" in str(error.value)

    @pytest.mark.parametrize(
        ("asked", "says"),
        [
            ({"boards": 2000, "schools": 200}, "must be at most 200000"),
            ({"towns": 7}, "towns = 7: must be 1 to 6"),
            ({"swvs": 3}, "swvs = 3: must be 1 to 2"),
            ({"seed": -1}, "seed = -1"),
            ({"people_per_school": float("nan")}, "whole number"),
        ],
    )
    def test_what_cannot_be_made_is_refused(self, asked, says):
        with pytest.raises(RegionError, match=says):
            generate_region(**asked)


class TestUnequalSizes:
    def test_sizes_differ_as_schools_do_and_the_total_is_kept(self):
        region = generate_region(boards=40, schools=10, people_per_school=15, board_members=0, unequal_sizes=True)
        sizes = np.diff(region.school_start)
        assert region.people == 40 * 10 * 15 and sizes.min() >= 3
        assert 11 <= np.median(sizes) <= 15 < np.quantile(sizes, 0.9) < 35, "skewed to the right, about 200 pupils in the middle"

    def test_same_seed_same_sizes_other_seed_other_sizes(self):
        one, again, other = (generate_region(unequal_sizes=True, seed=seed) for seed in (1, 1, 2))
        assert same(one, again) and not np.array_equal(one.school_start, other.school_start)

    def test_seed_does_not_matter_where_nothing_is_drawn(self):
        assert same(generate_region(seed=1), generate_region(seed=2))

    def test_draws_are_uniform_and_apart(self):
        shares = draw_shares(5, 1001, 20_000)
        assert abs(shares.mean() - 0.5) < 0.01 and abs(shares.var() - 1 / 12) < 0.003
        assert abs(np.corrcoef(shares, draw_shares(5, 1002, 20_000))[0, 1]) < 0.03
        assert np.array_equal(draw_shares(5, 1001, 3), shares[:3])


@pytest.fixture(scope="module")
def national():
    return dutch_region()


class TestDutchRegion:
    def test_it_has_the_national_shape(self, national):
        region = national
        assert_sound(region)
        schools = np.bincount(region.school_board[~region.school_office])
        sizes = np.diff(region.school_start)[~region.school_office]
        assert region.people == 140_000
        assert np.median(schools) == 5 and 7.7 < schools.mean() < 8.7 and 0.3 < (schools == 1).mean() < 0.4
        assert 14 < sizes.mean() < 16 and sizes.min() >= 3

    def test_its_towns_and_swvs_cross_boards(self, national):
        region = national
        boards_of_town = {(t, b) for t, b in zip(region.school_town.tolist(), region.school_board.tolist(), strict=True)}
        assert len(boards_of_town) > 1.5 * len(region.town_names) and len(region.swv_names) > 50

    @pytest.mark.parametrize("people", [100, 150, 240, 1_001])
    def test_small_ones_have_exactly_the_people_asked_for(self, people):
        region = dutch_region(people, seed=3)
        assert_sound(region)
        assert region.people == people

    def test_problems_are_named(self):
        with pytest.raises(RegionError, match="people = 99: must be 100 to 200000"):
            dutch_region(99)


class TestLevels:
    def test_a_pair_has_the_level_of_the_closest_unit_it_shares(self):
        region = generate_region(boards=2, schools=4, people_per_school=6, towns=4, swvs=2, board_members=0)
        school = region.school_start
        assert region.level(0, 1) is Level.TEAM
        assert region.level(0, 5) is Level.SCHOOL
        assert region.level(0, school[1]) is Level.BOARD
        assert region.level(0, school[4]) is Level.TOWN
        assert region.level(0, school[5]) is Level.SWV
        assert region.level(0, school[6]) is Level.ELSEWHERE

    def test_many_pairs_at_once_agree_with_one_by_one_and_both_ways(self):
        region = generate_region(boards=2, schools=3, people_per_school=5)
        everyone = np.arange(region.people)
        table = region.levels(everyone[:, None], everyone)
        assert np.array_equal(table, table.T) and (np.diag(table) == Level.TEAM).all()
        assert all(table[i, j] == region.level(i, j) for i, j in [(0, 9), (3, 20), (16, 2)])


UNITS = {"w": SchoolUnit("De Wilg", "A", "Lindeveen", "R"), "office": SchoolUnit("A", "A", "Lindeveen", "R", office=True),
         "b": SchoolUnit("De Brink", "B", "Lindeveen", "R"), "k": SchoolUnit("Het Kompas", "A", "Roggebrink", "R")}  # fmt: skip


class TestPuttingTogether:
    def test_people_are_sorted_by_board_school_and_team_and_nobody_is_lost(self):
        region = region_from_units(
            UNITS,
            school=["b", "k", "w", "office", "w", "w", "w"],
            team=["x", None, "upper", "", "lower", "upper", ""],
            role=[0, 0, 0, 3, 0, 1, 0],
            ids=list("abcdefg"),
        )
        assert_sound(region)
        assert region.ids == ("c", "f", "e", "g", "b", "d", "a")
        assert region.team.tolist() == [0, 0, 1, 2, 3, 4, 5] and region.team_names == ("upper", "lower", "", "", "", "x")
        assert region.school_names == ("De Wilg", "Het Kompas", "A", "De Brink") and region.board_names == ("A", "B")
        assert region.role.tolist() == [0, 1, 0, 0, 0, 3, 0] and np.isnan(region.fte).all()

    def test_two_schools_may_use_the_same_name_for_a_team(self):
        region = region_from_units(UNITS, school=["w", "b", "k", "office"], team=["x", "x", "x", "x"])
        assert region.team.tolist() == [0, 1, 2, 3]

    def test_ties_move_along_with_people(self):
        ties = FirstTies(*(np.array(v, t) for v, t in (([0, 3], "i4"), ([3, 2], "i4"), ([0.5, np.nan], "f4"), ([4, -1], "i4"))))
        region = region_from_units(UNITS, school=["b", "k", "office", "w"], team=[""] * 4, ids=list("bkow"), first_ties=ties)
        moved = region.first_ties
        assert [(region.ids[i], region.ids[j]) for i, j in zip(moved.ego, moved.alter, strict=True)] == [("w", "o"), ("b", "w")]
        assert moved.age.tolist() == [-1, 4] and moved.strength[1] == 0.5

    def test_every_broken_rule_is_named(self):
        ties = FirstTies(*(np.array(v) for v in ([0, 0, 0], [0, 9, 9], [2.0, 0.1, 0.1], [0, 0, 0])))
        with pytest.raises(RegionError) as error:
            region_from_units(
                UNITS, school=["w", "w", "z"], team=["", ""], role=[0, 7, 0], hats=[0, 16, 0], fte=[0, 1, 0.5], ids="aab", first_ties=ties
            )
        for says in ("'z' is not among", "'De Brink' has no people", "team: 2 values", "fte = 0", "role = 7", "hats", "ids",
                     "to themselves", "same tie twice", "rows must be", "strength"):  # fmt: skip
            assert says in str(error.value)

    def test_only_twenty_problems_are_shown_and_all_are_kept(self):
        error = RegionError([f"p{i}" for i in range(33)])
        assert len(error.problems) == 33 and "p19" in str(error) and "p20" not in str(error) and "and 13 more" in str(error)

    def test_nobody_is_no_region(self):
        with pytest.raises(RegionError, match="0 people"):
            region_from_units({}, school=[], team=[])


class TestNames:
    def test_first_names_are_many_and_all_different(self):
        assert len(FIRST_NAMES) == len(set(FIRST_NAMES)) >= 200

    def test_colleagues_differ_in_name_newcomers_included(self):
        for first in (0, 250, 13_333):
            names = [fictional_name(row, spell) for row in range(first, first + 80) for spell in (0, 1, 2)]
            assert len(set(names)) == len(names)

    def test_the_same_place_and_spell_always_have_the_same_name(self):
        assert fictional_name(5, 3) == fictional_name(5, 3) != fictional_name(5, 4)

    @pytest.mark.parametrize(("name", "count"), [(school_name, 12_000), (town_name, 900), (board_name, 2_000), (swv_name, 200)])
    def test_units_never_share_a_name(self, name, count):
        assert len({name(i) for i in range(count)}) == count
