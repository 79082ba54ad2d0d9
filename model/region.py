"""Who works where: boards, schools, teams, towns, roles and hats.

A region is a fixed frame of places; the people in them come and go. Places are sorted by board, school and team, so that
every group is a contiguous range of rows (towns and samenwerkingsverbanden cross boards and keep their own lists).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.names import board_name, school_name, swv_name, town_name
from model.randomness import fold, kernel, uniform, week_key

MAX_PEOPLE = 200_000
"""The largest region: somewhat more than all educators of Dutch primary schools."""


class RegionError(ValueError):
    """A region cannot be made; `problems` holds every rule that was broken, the message the first twenty."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        shown = self.problems[:20]
        more = len(self.problems) - len(shown)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) > 1 else ''}"
        super().__init__("\n".join([f"{count}:", *(f"- {problem}" for problem in shown), *([f"... and {more} more"] if more else [])]))


class Role(IntEnum):
    """What somebody is."""

    TEACHER = 0
    COACH = 1
    LEADER = 2
    BOARD = 3
    POLICY = 4


class Level(IntEnum):
    """The closest unit two people share, from near to far."""

    TEAM = 0
    SCHOOL = 1
    BOARD = 2
    TOWN = 3
    SWV = 4
    ELSEWHERE = 5


HATS = ("language", "maths", "ict", "care")
"""Hats (petjes) a teacher may wear, bit by bit in `Region.hats`."""


@dataclass(frozen=True, eq=False)
class FirstTies:
    """Ties that exist before the first week, as read from a file.

    Attributes:
        ego, alter: rows of the region, shape (ties,).
        strength: 0..1, or nan where it is unknown.
        age: weeks the tie has existed, or -1 where it is unknown.
    """

    ego: NDArray[np.int32]
    alter: NDArray[np.int32]
    strength: NDArray[np.float32]
    age: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Region:
    """A frame of places, sorted by board, school and team.

    Attributes (n people, T teams, S schools, B boards):
        team, school: index of the unit of each person, int32 (n,), never decreasing.
        role: `Role` of each person, int8 (n,).
        hats: bits of `HATS`, uint8 (n,).
        fte: part-time factor, float32 (n,), nan where it is to be drawn.
        ids: what a file calls each person; () for generated people.
        team_start (T+1,), school_start (S+1,), board_start (B+1,): first row of each unit, int32.
        school_board, school_town, school_swv: unit of each school, int32 (S,).
        school_office: True where a "school" is the office of its board (no children, no moves), bool (S,).
        school_names, board_names, town_names, swv_names: as given, or made up.
        unobserved: people whose own ties are unknown (they did not answer), bool (n,).
        first_ties: observed ties to start from, or None to grow from nothing.
        notes: what was assumed when the region was made, one sentence each, as (id, values) for the texts.
        team_names: (T,) as given; () where teams have no names of their own.
    """

    team: NDArray[np.int32]
    school: NDArray[np.int32]
    role: NDArray[np.int8]
    hats: NDArray[np.uint8]
    fte: NDArray[np.float32]
    team_start: NDArray[np.int32]
    school_start: NDArray[np.int32]
    board_start: NDArray[np.int32]
    school_board: NDArray[np.int32]
    school_town: NDArray[np.int32]
    school_swv: NDArray[np.int32]
    school_office: NDArray[np.bool_]
    school_names: tuple[str, ...]
    board_names: tuple[str, ...]
    town_names: tuple[str, ...]
    swv_names: tuple[str, ...]
    unobserved: NDArray[np.bool_]
    ids: tuple[str, ...] = ()
    first_ties: FirstTies | None = None
    notes: tuple[tuple[str, dict[str, object]], ...] = field(default=())
    team_names: tuple[str, ...] = ()

    @property
    def people(self) -> int:
        """Number of people."""
        return len(self.team)

    @property
    def schools(self) -> int:
        """Number of schools, offices of boards included."""
        return len(self.school_board)

    def level(self, i: int, j: int) -> Level:
        """The closest level that rows `i` and `j` share."""
        return Level(int(self.levels(i, j)))

    def levels(self, i: ArrayLike, j: ArrayLike) -> NDArray[np.int8]:
        """The closest level each pair shares, as `Level` numbers in the shape of `i` and `j` broadcast together."""
        i, j = np.asarray(i), np.asarray(j)
        a, b = self.school[i], self.school[j]
        shared = [
            self.team[i] == self.team[j],
            a == b,
            self.school_board[a] == self.school_board[b],
            self.school_town[a] == self.school_town[b],
            self.school_swv[a] == self.school_swv[b],
        ]
        return np.select(shared, [np.int8(level) for level in list(Level)[:5]], np.int8(Level.ELSEWHERE))

    def describe(self) -> dict[str, int]:
        """How many there are of everything; schools are counted without the offices of boards."""
        roles = np.bincount(self.role, minlength=len(Role))
        return {
            "people": self.people,
            "teachers": int(roles[Role.TEACHER]),
            "coaches": int(roles[Role.COACH]),
            "leaders": int(roles[Role.LEADER]),
            "board_members": int(roles[Role.BOARD]),
            "policy_officers": int(roles[Role.POLICY]),
            "teams": len(self.team_start) - 1,
            "schools": int((~self.school_office).sum()),
            "boards": len(self.board_names),
            "towns": len(self.town_names),
            "swvs": len(self.swv_names),
            "first_ties": 0 if self.first_ties is None else len(self.first_ties.ego),
            "unobserved": int(self.unobserved.sum()),
        }


# --- one place where regions are put together -----------------------------------------------------------------------


@dataclass(frozen=True)
class SchoolUnit:
    """Where one school belongs; `office` marks the office of a board."""

    name: str
    board: str
    town: str
    swv: str
    office: bool = False


def region_from_units(
    units: Mapping[Any, SchoolUnit],
    *,
    school: Sequence[Hashable] | NDArray[Any],
    team: Sequence[Hashable] | NDArray[Any],
    role: ArrayLike | None = None,
    hats: ArrayLike | None = None,
    fte: ArrayLike | None = None,
    unobserved: ArrayLike | None = None,
    ids: Sequence[str] = (),
    first_ties: FirstTies | None = None,
    notes: Sequence[tuple[str, dict[str, object]]] = (),
) -> Region:
    """Put a region together from what is known of each person (n) and of each school.

    People are sorted, stably, by board, school and team. Boards, schools and teams come in the order in which they are first
    named, the office of a board as its last school. A team belongs to its school: two schools may use the same name.

    Args:
        units: the schools by key, in the order wanted.
        school: key of each person's school, (n,).
        team: name or number of each person's team, (n,); None, "" or a number below 0: in no team, which makes a team of one.
        role: `Role` of each person (default: teachers).
        hats: bits of `HATS`.
        fte: part-time factors above 0, at most 1; nan where unknown (default: all).
        unobserved: people whose own ties are unknown.
        ids: what a file calls each person, unique.
        first_ties: ties between people, by their place in these lists.
        notes: what was assumed.

    Raises:
        RegionError: naming every rule that is broken.
    """
    columns = _make_columns(len(school), role=role, hats=hats, fte=fte, unobserved=unobserved)
    _check_units(units, school, team, columns, ids, first_ties)
    order, school_of, team_of, team_names = _sort_people(units, school, team)
    frame = _unit_arrays([units[key] for key in _order_units(units)])
    return Region(
        team=team_of,
        school=school_of,
        **{name: values[order] for name, values in columns.items()},  # type: ignore[arg-type]
        **_starts_of(team_of, school_of, frame["school_board"]),
        **frame,
        ids=tuple(ids[i] for i in order) if ids else (),
        first_ties=_move_ties(first_ties, order),
        notes=tuple(notes),
        team_names=team_names,
    )


def _sort_people(
    units: Mapping[Any, SchoolUnit], school: Sequence[Hashable] | NDArray[Any], team: Sequence[Hashable] | NDArray[Any]
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], tuple[str, ...]]:
    """The order of people by school and team, then their schools and teams in that order, and the names of the teams."""
    rank = {key: rank for rank, key in enumerate(_order_units(units))}
    school_row = np.fromiter((rank[key] for key in _plain(school)), np.int64, len(school))
    label, team_row = _number_teams(school_row, _plain(team))
    order = np.lexsort((team_row, school_row))
    keys = team_row[order]
    team_of = np.cumsum(np.diff(keys, prepend=keys[0]) != 0).astype(np.int32)
    first = np.flatnonzero(np.diff(team_of, prepend=-1))
    return order, school_row[order].astype(np.int32), team_of, tuple(label[i] for i in order[first]) if any(label) else ()


def _plain(values: Sequence[Hashable] | NDArray[Any]) -> Sequence[Hashable]:
    """Python values, which a dictionary looks up ten times faster than numpy's."""
    return values.tolist() if isinstance(values, np.ndarray) else values


_COLUMNS: Mapping[str, tuple[float, Any]] = {
    "role": (Role.TEACHER, np.int8),
    "hats": (0, np.uint8),
    "fte": (np.nan, np.float32),
    "unobserved": (False, np.bool_),
}
"""What is known of each person: what it is where nothing is said, and its type."""


def _make_columns(n: int, **given: ArrayLike | None) -> dict[str, NDArray[Any]]:
    columns = {}
    for name, values in given.items():
        default, dtype = _COLUMNS[name]
        columns[name] = np.full(n, default, dtype) if values is None else np.asarray(values, dtype)
    return columns


def _check_units(
    units: Mapping[Any, SchoolUnit],
    school: Sequence[Hashable] | NDArray[Any],
    team: Sequence[Hashable] | NDArray[Any],
    columns: Mapping[str, NDArray[Any]],
    ids: Sequence[str],
    ties: FirstTies | None,
) -> None:
    n = len(school)
    problems = [f"{name}: {len(values)} values for {n} people" for name, values in {**columns, "team": team}.items() if len(values) != n]
    used = set(_plain(school))
    problems += [f"school {key!r} is not among the schools" for key in sorted(used - set(units), key=repr)]
    problems += [f"school {units[key].name!r} has no people" for key in units if key not in used]
    if not 1 <= n <= MAX_PEOPLE:
        problems.append(f"{n} people: must be 1 to {MAX_PEOPLE}")
    fte = columns["fte"]
    if (wrong := ~(np.isnan(fte) | ((fte > 0) & (fte <= 1)))).any():
        problems.append(f"fte = {fte[wrong][0]:g}: must be above 0 and at most 1")
    if (wrong := (columns["role"] < 0) | (columns["role"] >= len(Role))).any():
        problems.append(f"role = {columns['role'][wrong][0]}: must be 0 to {len(Role) - 1}")
    if (columns["hats"] >= 1 << len(HATS)).any():
        problems.append(f"hats: must be bits of {', '.join(HATS)}")
    if ids and (len(ids) != n or len(set(ids)) != n):
        problems.append(f"ids: {len(set(ids))} different ids for {n} people; each needs one of its own")
    if ties is not None:
        problems += _check_ties(ties, n)
    if problems:
        raise RegionError(problems)


def _check_ties(ties: FirstTies, n: int) -> list[str]:
    problems = []
    if not len(ties.ego) == len(ties.alter) == len(ties.strength) == len(ties.age):
        return ["first_ties: ego, alter, strength and age must be equally long"]
    ego, alter = ties.ego.astype(np.int64), ties.alter.astype(np.int64)
    if len(ego) and (min(ego.min(), alter.min()) < 0 or max(ego.max(), alter.max()) >= n):
        problems.append(f"first_ties: rows must be 0 to {n - 1}")
    if (ego == alter).any():
        problems.append("first_ties: nobody has a tie to themselves")
    if len(np.unique(ego * n + alter)) < len(ego):
        problems.append("first_ties: the same tie twice")
    if not (np.isnan(ties.strength) | ((ties.strength >= 0) & (ties.strength <= 1))).all():
        problems.append("first_ties: strength must be 0 to 1, or nan")
    return problems


def _order_units(units: Mapping[Any, SchoolUnit]) -> list[Hashable]:
    """Keys of the schools by board, in the order boards are first named, offices last within a board."""
    board: dict[str, int] = {}
    for unit in units.values():
        board.setdefault(unit.board, len(board))
    return sorted(units, key=lambda key: (board[units[key].board], units[key].office))


def _number_teams(school: NDArray[np.int64], labels: Sequence[Hashable]) -> tuple[list[str], NDArray[np.int64]]:
    """Names of the teams person by person, and a number per team, rising by first mention; the teamless come after all teams."""
    n = len(labels)
    named: dict[tuple[int, Hashable], int] = {}
    number = np.empty(n, np.int64)
    text = [""] * n
    for i, (unit, label) in enumerate(zip(school.tolist(), labels, strict=True)):
        if label is None or label == "" or (isinstance(label, int) and label < 0):
            number[i] = n + i
            continue
        number[i] = named.setdefault((unit, label), i)
        text[i] = label if isinstance(label, str) else ""
    return text, number


def _starts_of(team: NDArray[np.int32], school: NDArray[np.int32], school_board: NDArray[np.int32]) -> dict[str, Any]:
    """First row of every team, school and board, and the number of people at the end of each list."""
    unit_of = {"team_start": team, "school_start": school, "board_start": school_board[school]}
    return {name: np.searchsorted(unit, np.arange(unit[-1] + 2)).astype(np.int32) for name, unit in unit_of.items()}


def _unit_arrays(units: Sequence[SchoolUnit]) -> dict[str, Any]:
    """The fields of a region that describe schools, and the names of what they belong to."""
    arrays: dict[str, Any] = {
        "school_names": tuple(unit.name for unit in units),
        "school_office": np.array([unit.office for unit in units], np.bool_),
    }
    for kind in ("board", "town", "swv"):
        labels = [getattr(unit, kind) for unit in units]
        index = {label: i for i, label in enumerate(dict.fromkeys(labels))}
        arrays[f"school_{kind}"] = np.array([index[label] for label in labels], np.int32)
        arrays[f"{kind}_names"] = tuple(index)
    return arrays


def _move_ties(ties: FirstTies | None, order: NDArray[np.int64]) -> FirstTies | None:
    """The same ties after people have moved to their sorted rows, themselves sorted by ego and alter."""
    if ties is None:
        return None
    row = np.empty(len(order), np.int32)
    row[order] = np.arange(len(order), dtype=np.int32)
    ego, alter = row[ties.ego], row[ties.alter]
    by = np.lexsort((alter, ego))
    return FirstTies(ego=ego[by], alter=alter[by], strength=ties.strength[by].astype(np.float32), age=ties.age[by].astype(np.int32))


# --- generating -----------------------------------------------------------------------------------------------------

_BOUNDS = {
    "boards": (1, 2_000),
    "schools": (1, 200),
    "people_per_school": (3, 200),
    "teams_per_school": (1, 12),
    "board_members": (0, 20),
    "policy_officers": (0, 20),
    "seed": (0, 2**63 - 1),
}

# Quantiles of Dutch primary schools in 2025 (computed from open data of DUO, 6,122 locations of 749 boards).
_PUPILS = ((0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1), (8, 35, 57, 77, 126, 200, 287, 401, 460, 644, 1673))
_BOARD_SIZES = (
    (0, 0.37, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99, 1),
    (1, 1, 2, 3, 5, 6, 8, 10, 11, 13, 15, 17, 21, 26, 38, 57),
)
_MEAN_BOARD_SIZE = 8.2
_SCHOOLS_PER_TOWN = 18
_TOWNS_PER_SWV = 4.5
_SCHOOLS_PER_OFFICER = 10
PEOPLE_PER_PUPIL = 0.096
"""Persons employed per pupil, on top of `PEOPLE_BASE` (119 schools, open data of DUO 2025, r = 0.89)."""
PEOPLE_BASE = 6.0
"""Persons employed in a school without pupils, as the same line has it."""
SHARE_EDUCATORS = 0.6
"""Share of those persons who are educators; chosen so that a school of 200 pupils has about 15, as in Dutch network studies."""


def generate_region(
    *,
    boards: int = 1,
    schools: int = 6,
    people_per_school: int = 14,
    teams_per_school: int = 3,
    board_members: int = 1,
    policy_officers: int = 0,
    towns: int | None = None,
    swvs: int = 1,
    seed: int = 1,
    unequal_sizes: bool = False,
) -> Region:
    """A made-up region of boards that are all alike.

    A school has one school leader and one internal coach, its last team; the others are teachers in teams (bouwen) of near-equal
    size. One teacher a school wears each hat, the coach wears care. The office of a board is its last "school".

    Args:
        boards: number of boards.
        schools: schools per board; school s of every board lies in town s % towns.
        people_per_school: people in each school, or their mean with `unequal_sizes`.
        teams_per_school: teams of teachers, fewer where there are fewer teachers.
        board_members: board members per board, in its office.
        policy_officers: the same for policy officers.
        towns: number of towns (default: a third of `schools`).
        swvs: number of samenwerkingsverbanden, each a number of towns.
        seed: of the sizes, where they are unequal.
        unequal_sizes: give schools sizes that differ as those of Dutch primary schools do.

    Raises:
        RegionError: naming every argument out of bounds.
    """
    asked = {"boards": boards, "schools": schools, "people_per_school": people_per_school, "teams_per_school": teams_per_school}
    asked |= {"board_members": board_members, "policy_officers": policy_officers, "seed": seed}
    problems = _check_numbers(asked, _BOUNDS)
    most = _BOUNDS["schools"][1] if problems else schools
    towns = max(1, most // 3) if towns is None else towns
    problems += _check_numbers({"towns": towns}, {"towns": (1, most)})
    problems += _check_numbers({"swvs": swvs}, {"swvs": (1, most if problems else towns)})
    if not problems and (people := boards * (schools * people_per_school + board_members + policy_officers)) > MAX_PEOPLE:
        problems.append(f"{people} people in all: must be at most {MAX_PEOPLE}")
    if problems:
        raise RegionError(problems)
    count = boards * schools
    sizes = _unequal_sizes(count * people_per_school, count, seed) if unequal_sizes else np.full(count, people_per_school)
    school_town = np.arange(count) % schools % towns
    office = np.tile([board_members, policy_officers], (boards, 1))
    board, swv = np.arange(count) // schools, school_town * swvs // towns
    return build_region(sizes, board, school_town, swv, office, teams_per_school=teams_per_school)


def dutch_region(people: int = 140_000, seed: int = 1) -> Region:
    """A region of the shape of Dutch primary education: boards and schools as unequal as they are, about 15 educators a school.

    Schools per board (median 5, mean 8, over a third of the boards with one school) and pupils per school follow the
    distributions of 2025; towns and samenwerkingsverbanden come in national proportion. Nobody and nothing in it is real.

    Raises:
        RegionError: if `people` is not between 100 and 200,000, or the seed is not a whole number from 0.
    """
    problems = _check_numbers({"people": people, "seed": seed}, {"people": (100, MAX_PEOPLE), "seed": _BOUNDS["seed"]})
    if problems:
        raise RegionError(problems)
    boards = max(1, round(people / (15 * _MEAN_BOARD_SIZE + 2)))
    # Evenly spaced shares in random order: every national region then has the national distribution, not a draw from it.
    shares = (np.argsort(draw_shares(seed, Draw.BOARD_SIZE, boards)) + 0.5) / boards
    board_sizes = np.rint(np.interp(shares, *_BOARD_SIZES)).astype(int)
    office = np.column_stack([np.ones(boards, int), board_sizes // _SCHOOLS_PER_OFFICER])
    count = int(board_sizes.sum())
    school_board = np.repeat(np.arange(boards), board_sizes)
    towns = max(1, count // _SCHOOLS_PER_TOWN)
    swvs = max(1, round(towns / _TOWNS_PER_SWV))
    within = np.arange(count) - np.repeat(np.cumsum(board_sizes) - board_sizes, board_sizes)
    home = np.floor(draw_shares(seed, Draw.BOARD_HOME, boards) * towns).astype(int)
    school_town = (home[school_board] + within // 3) % towns
    sizes = _unequal_sizes(people - int(office.sum()), count, seed)
    return build_region(sizes, school_board, school_town, school_town * swvs // towns, office)


def build_region(
    sizes: NDArray[Any],
    school_board: NDArray[Any],
    school_town: NDArray[Any],
    school_swv: NDArray[Any],
    office: NDArray[Any],
    *,
    teams_per_school: int = 3,
    units: Sequence[SchoolUnit] | None = None,
    notes: Sequence[tuple[str, dict[str, object]]] = (),
) -> Region:
    """A region with made-up people in schools of given size and place.

    Args:
        sizes: people per school, at least 3, (S,).
        school_board: index of the board of each school, (S,).
        school_town: index of its town, (S,).
        school_swv: index of its samenwerkingsverband, (S,).
        office: board members and policy officers of each board, (B, 2).
        teams_per_school: teams of teachers.
        units: the schools with their names (default: fictional ones).
        notes: what was assumed.
    """
    count = len(sizes)
    if units is None:
        places = zip(school_board.tolist(), school_town.tolist(), school_swv.tolist(), strict=True)
        units = [SchoolUnit(school_name(s), board_name(b), town_name(t), swv_name(v)) for s, (b, t, v) in enumerate(places)]
    staffed = np.flatnonzero(office.sum(axis=1))
    first = np.unique(school_board, return_index=True)[1]
    homes = [units[first[b]] for b in staffed]
    everything = {
        **dict(enumerate(units)),
        **{count + i: SchoolUnit(home.board, home.board, home.town, home.swv, office=True) for i, home in enumerate(homes)},
    }
    school, team, role, hats = _staff(sizes, teams_per_school)
    members, officers = office[staffed].T
    in_office = np.repeat(count + np.arange(len(staffed)), members + officers)
    place = np.arange(len(in_office)) - np.repeat(np.cumsum(members + officers) - members - officers, members + officers)
    office_role = np.where(place < np.repeat(members, members + officers), Role.BOARD, Role.POLICY)
    return region_from_units(
        everything,
        school=np.concatenate([school, in_office]),
        team=np.concatenate([team, np.zeros_like(in_office)]),
        role=np.concatenate([role, office_role]),
        hats=np.concatenate([hats, np.zeros_like(in_office)]),
        notes=notes,
    )


def _staff(sizes: NDArray[Any], teams_per_school: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """School, team, role and hats of everybody in schools of these sizes; the leader and the coach are the last two."""
    school = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(school)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    teachers = (sizes - 2)[school]
    teams = np.minimum(teams_per_school, teachers)
    leads, coaches = place == teachers, place == teachers + 1
    team = np.where(place < teachers, place * teams // teachers, teams)
    role = np.select([leads, coaches], [Role.LEADER, Role.COACH], Role.TEACHER)
    hats = np.where(coaches, 1 << HATS.index("care"), 0)
    for bit in range(3):
        hats |= (place == bit * teachers // 3) << bit
    return school, team, role, hats


def _unequal_sizes(people: int, schools: int, seed: int) -> NDArray[np.int64]:
    """Sizes of schools, adding up to `people`: three each, the rest in proportion to what pupil numbers of Dutch schools ask."""
    pupils = np.interp(draw_shares(seed, Draw.PUPILS, schools), *_PUPILS)
    wanted = (PEOPLE_BASE + PEOPLE_PER_PUPIL * pupils) * SHARE_EDUCATORS - 3
    exact = (people - 3 * schools) * wanted / wanted.sum()
    sizes = 3 + np.floor(exact).astype(np.int64)
    left = people - int(sizes.sum())
    sizes[np.argsort(np.floor(exact) - exact, kind="stable")[:left]] += 1
    return sizes


class Draw(IntEnum):
    """What a draw in making a region is for; numbers far from `Purpose`, whose draws belong to worlds."""

    PUPILS = 1001
    BOARD_SIZE = 1002
    BOARD_HOME = 1003
    NAMES = 1004


def draw_shares(seed: int, draw: Draw, count: int, part: int = 0) -> NDArray[np.float64]:
    """Shares between 0 and 1, keyed by seed, what they are for, part and number, (count,)."""
    shares = np.empty(count)
    _fill_shares(seed, int(draw), part, shares)
    return shares


@kernel
def _fill_shares(seed, draw, part, shares):
    key = week_key(fold(np.uint64(0), seed), draw, part)
    for i in range(len(shares)):
        shares[i] = uniform(fold(key, i))


def _check_numbers(asked: Mapping[str, object], bounds: Mapping[str, tuple[int, int]]) -> list[str]:
    problems = []
    for name, value in asked.items():
        low, high = bounds[name]
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            problems.append(f"{name} = {value!r}: must be a whole number")
        elif not low <= value <= high:
            problems.append(f"{name} = {value}: must be {low} to {high}")
    return problems
