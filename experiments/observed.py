"""Observed schools: who turned to whom, read from a folder, and the shape of a network as a handful of statistics.

The same functions describe what was observed and what was simulated, non-response included, so that the two can be compared.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.region import FirstTies, Region, SchoolUnit, region_from_units
from model.rosters import read_network

Flags = NDArray[np.bool_]

STATISTICS: Mapping[str, float] = {
    "out_degree": 1.0,
    "out_degree_sd": 1.0,
    "names_nobody": 0.5,
    "reciprocity": 1.0,
    "transitivity": 1.0,
    "in_centralisation": 1.0,
    "in_degree_sd": 1.0,
    "in_gini": 0.5,
    "asked_by_nobody": 0.5,
    "ties_in_team": 1.0,
    "team_log_odds": 1.0,
    "geodesic": 0.5,
}
"""Statistics of one school, and their weights in a fit: half where two of them say nearly the same."""


@dataclass(frozen=True, eq=False)
class School:
    """One observed school of n people.

    Attributes:
        ties: whether i turns to j, bool (n, n); rows of people who did not answer say nothing.
        team: team of each person, int64 (n,); -1: no team.
        answered: who answered, bool (n,).
    """

    name: str
    ties: Flags
    team: NDArray[np.int64]
    answered: Flags

    @property
    def people(self) -> int:
        """Number of people."""
        return len(self.team)


def read_schools(folder: Path | str) -> list[School]:
    """Every school of a folder with `people.csv` and `ties.csv`, in the form of a study or of a roster.

    Raises:
        RosterError: with every problem in the files.
    """
    folder = Path(folder)
    keys = _schools_of_study(folder)
    regions = [read_network(folder)] if keys is None else [read_network(folder, key) for key in keys]
    return [school for region in regions for school in _split(region)]


def _schools_of_study(folder: Path) -> list[str] | None:
    """The schools named in a study of advice networks; None for a roster, which is read whole."""
    path = folder / "people.csv"
    if not path.is_file():
        return None  # reading it tells what is missing
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or "grade_group" not in rows[0]:
        return None
    return sorted({row["school"] for row in rows}, key=lambda key: (len(key), key))


def _split(region: Region) -> list[School]:
    first, schools = region.first_ties, []
    for at in np.flatnonzero(~region.school_office):
        rows = slice(int(region.school_start[at]), int(region.school_start[at + 1]))
        n = rows.stop - rows.start
        ties = np.zeros((n, n), np.bool_)
        if first is not None:
            inside = (region.school[first.ego] == at) & (region.school[first.alter] == at)
            ties[first.ego[inside] - rows.start, first.alter[inside] - rows.start] = True
        name = region.school_names[at].removeprefix("School ")
        schools.append(School(name, ties, teams_of(region.team[rows]), ~region.unobserved[rows]))
    return schools


def teams_of(team: NDArray[np.int32]) -> NDArray[np.int64]:
    """Teams of the people of one school from 0, and -1 for who is a team alone."""
    _, number, size = np.unique(team, return_inverse=True, return_counts=True)
    return np.where(size[number] > 1, number, -1)


def region_of(schools: Sequence[School]) -> Region:
    """The schools as one region without ties, each a board of its own, everybody a teacher: only sizes, teams and silence are used."""
    units = {at: SchoolUnit(f"School {one.name}", f"School {one.name}", f"Town {at}", f"Swv {at}") for at, one in enumerate(schools)}
    return region_from_units(
        units,
        school=[at for at, one in enumerate(schools) for _ in range(one.people)],
        team=[int(team) for one in schools for team in one.team],
        unobserved=np.concatenate([~one.answered for one in schools]),
    )


def ties_of(schools: Sequence[School]) -> FirstTies:
    """The observed ties by rows of `region_of`, strength and age unknown."""
    offsets = np.cumsum([0, *(one.people for one in schools)])
    pairs = np.concatenate([np.argwhere(one.ties) + offset for one, offset in zip(schools, offsets, strict=False)])
    ego, alter = pairs.T.astype(np.int32)
    return FirstTies(ego=ego, alter=alter, strength=np.full(len(pairs), np.nan, np.float32), age=np.full(len(pairs), -1, np.int32))


def describe(ties: Flags, team: NDArray[np.integer], answered: Flags) -> dict[str, float]:
    """`STATISTICS` of one school; nan where a network is too small or too empty for one.

    Numbers of ties given are those of everybody who answered, to everybody; all else is taken among those who answered.

    Args:
        ties: bool (n, n). team: (n,), below 0 for no team. answered: bool (n,).
    """
    given = ties[answered].sum(axis=1)
    among = ties[np.ix_(answered, answered)]
    team = np.asarray(team)[answered]
    asked, n, number = among.sum(axis=0), len(among), int(among.sum())
    two_paths = among.astype(np.int64) @ among.astype(np.int64)
    np.fill_diagonal(two_paths, 0)
    return {
        "out_degree": float(given.mean()),
        "out_degree_sd": float(given.std(ddof=1)),
        "names_nobody": float((given == 0).mean()),
        "reciprocity": _share(int((among & among.T).sum()), number),
        "transitivity": _share(int((two_paths * among).sum()), int(two_paths.sum())),
        "in_centralisation": float((asked.max() - asked).sum() / (n - 1) ** 2),
        "in_degree_sd": float(asked.std(ddof=1)),
        "in_gini": _gini(asked),
        "asked_by_nobody": float((asked == 0).mean()),
        **_by_team(among, team),
        "geodesic": _mean_geodesic(among),
    }


def _by_team(among: Flags, team: NDArray[np.integer]) -> dict[str, float]:
    """Share of ties inside teams, and the log odds ratio of a tie inside against outside (half a tie added to each cell)."""
    inside = (team[:, None] == team[None, :]) & (team[:, None] >= 0)
    np.fill_diagonal(inside, False)
    pairs_in, pairs = int(inside.sum()), len(team) * (len(team) - 1)
    ties_in, ties = int(among[inside].sum()), int(among.sum())
    if not pairs_in or pairs_in == pairs:
        return {"ties_in_team": float("nan"), "team_log_odds": float("nan")}
    odds_in = (ties_in + 0.5) / (pairs_in - ties_in + 0.5)
    odds_out = (ties - ties_in + 0.5) / (pairs - pairs_in - ties + ties_in + 0.5)
    return {"ties_in_team": _share(ties_in, ties), "team_log_odds": float(np.log(odds_in / odds_out))}


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _gini(values: NDArray[np.integer]) -> float:
    ordered, n = np.sort(values), len(values)
    if not ordered.sum():
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * ordered.sum()))


def _mean_geodesic(among: Flags) -> float:
    """Mean number of steps along ties, over pairs that can be reached."""
    from scipy.sparse.csgraph import shortest_path

    steps = shortest_path(among.astype(np.float64), unweighted=True)
    reached = np.isfinite(steps) & (steps > 0)
    return float(steps[reached].mean()) if reached.any() else float("nan")
