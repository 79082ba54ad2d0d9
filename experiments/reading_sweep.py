"""A sweep read back as a comparison: every point and replicate is a world, and differences are paired within it.

What a page says of worlds then holds over the points of the design; nothing on it is at the defaults, and its words say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from experiments.compare import OUTCOMES, Column, Comparison, lines_of, summarise
from experiments.reading import NOTHING, Beside, Findings, ways_from
from experiments.results import ASKED, Results, read_results
from experiments.runs import DATES, SERIES, Source, region_digest
from experiments.texts import Texts
from experiments.tipping import TippingMap, grid_of_levels
from model.parameters import Parameters, contested

NEEDED = ("lasting", "survivors", "born_after", "from_start", "leader_hours", "teacher_hours")
"""Measures without which there is nothing to put on a page."""
SWEPT = "report.sweep."
"""Texts of sweeps stand in for those of comparisons: `report.sweep.answer.world` for `answer.world`."""


def is_sweep(folder: Path) -> bool:
    """Whether a folder holds a sweep."""
    return (folder / ASKED).is_file()


def read_sweep(folder: Path, beside: Beside = NOTHING) -> Findings:
    """The sweep of a folder as a comparison over its points.

    Raises:
        ValueError: where it has one way of leading only, or kept too little for a page.
        StoreError: where it is damaged.
    """
    results = read_results(folder)
    asked, policies = results.asked, tuple(results.asked["policies"])
    _check(results, folder)
    worlds = _whole_worlds(results, policies)
    columns = _columns(results, policies, worlds)
    comparison = Comparison(
        name=str(asked["name"]), policies=policies, pairs=_pairs(policies), equal=policies, seed=int(asked["seed"]),
        source=_source(asked["region"], beside, folder), values=tuple(sorted(asked["values"].items())), ways=ways_from(asked["ways"], {}),
        replicates=len(worlds), worlds=len(worlds), grow_weeks=int(asked["grow_weeks"]), lead_weeks=int(asked["lead_weeks"]),
        after_weeks=int(asked["after_weeks"]), outcomes=tuple(one for one in OUTCOMES if f"{one}_after" in columns[policies[0]]),
    )  # fmt: skip
    summary = summarise(comparison, {"default": columns, "uncertain": columns})
    summary["command"] = f"learnweave sweep {asked['name']}.toml --out {folder.name}"
    summary["sweep"] = {"points": len(results.points), "replicates": int(asked["replicates"]), "names": list(results.points.names)}
    settings = dict(asked) | {"parameters": Parameters().with_values(**dict(asked["values"])).values()}
    lines = _lines(results, policies, worlds)
    return Findings(folder, summary, settings, {"default": columns, "uncertain": columns}, lines, str(asked["model"]), comparison, beside)


def map_of_sweep(folder: Path, pair: tuple[str, str]) -> TippingMap:
    """The first two parameters of a sweep as a map of one difference, a cell a level.

    Raises:
        ValueError: where it lacks one of the two ways of leading, or varies fewer than two parameters.
    """
    results = read_results(folder)
    names = results.points.names
    if missing := [policy for policy in pair if policy not in results.asked["policies"]]:
        raise ValueError(f"{folder}: has no runs of {', '.join(missing)}")
    if len(names) < 2 or "lasting_after" not in results.runs.column_names:
        raise ValueError(f"{folder}: a map takes two parameters that vary, and the outcome lasting")
    columns = _columns(results, pair, _whole_worlds(results, pair))
    defaults = Parameters().with_values(**dict(results.asked["values"])).values()
    return grid_of_levels(pair, (names[0], names[1]), columns, defaults)


def words_of_sweep(words: Texts) -> Texts:
    """The texts with those of sweeps in place of those that speak of defaults."""
    instead = {name.removeprefix(SWEPT): text for name, text in words.templates.items() if name.startswith(SWEPT)}
    return words.with_templates(instead)


def _check(results: Results, folder: Path) -> None:
    kept = set(results.runs.column_names)
    if len(results.asked["policies"]) < 2:
        raise ValueError(f"{folder}: a page compares ways of leading, and this sweep has one only")
    if missing := [name for name in NEEDED if any(f"{name}_{date}" not in kept for date in DATES)]:
        raise ValueError(f"{folder}: this sweep did not keep {', '.join(missing)}, which a page needs; leave `outcomes` out to keep all")


def _pairs(policies: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The usual pairs where they are there, else the first way against each other."""
    usual = tuple(pair for pair in Comparison().pairs if set(pair) <= set(policies))
    return usual or tuple((policies[0], other) for other in policies[1:])


def _source(told: Mapping[str, Any], beside: Beside, folder: Path) -> Source:
    """Where the region of a sweep comes from: made up as it says, or the data that are at hand.

    Raises:
        ValueError: where it was neither.
    """
    data = Source(network=beside.network, school=told["school"], locations=beside.locations, board=told["board"])
    source = data if beside.network or beside.locations else Source(made=tuple(sorted(told["made"].items())))
    if region_digest(source) != told["digest"]:
        raise ValueError(f"{folder}: this sweep was made from other data; name them with --network or --region")
    return source


def _whole_worlds(results: Results, policies: Sequence[str]) -> list[tuple[int, int]]:
    """Points and replicates that were led in every way, in order."""
    seen: dict[tuple[int, int], set[str]] = {}
    for point, replicate, policy in zip(*(results.runs[name].to_pylist() for name in ("point", "replicate", "policy")), strict=True):
        seen.setdefault((point, replicate), set()).add(policy)
    whole = sorted(world for world, led in seen.items() if set(policies) <= led)
    if not whole:
        raise ValueError(f"{results.folder}: no point of it has run in every way of leading yet")
    return whole


def _rows(results: Results, policy: str, worlds: Sequence[tuple[int, int]]) -> list[int]:
    """The row of each world under one way of leading."""
    names = (results.runs[name].to_pylist() for name in ("point", "replicate", "policy"))
    at = {(point, replicate): row for row, (point, replicate, led) in enumerate(zip(*names, strict=True)) if led == policy}
    return [at[world] for world in worlds]


def _columns(results: Results, policies: Sequence[str], worlds: Sequence[tuple[int, int]]) -> dict[str, dict[str, Column]]:
    """Policy → column over worlds; contested parameters that nothing varied stand at their value, and outcomes that
    the region cannot have are left out.
    """
    numbers = [name for name in results.runs.column_names if name.startswith("p_") or name.endswith(tuple(f"_{date}" for date in DATES))]
    usual = Parameters().with_values(**dict(results.asked["values"])).values()
    columns = {}
    for policy in policies:
        rows = _rows(results, policy, worlds)
        held = {f"p_{spec.name}": np.full(len(rows), float(usual[spec.name])) for spec in contested()}
        columns[policy] = held | {name: np.asarray(results.runs[name])[rows].astype(np.float64) for name in numbers}
    empty = {name for runs in columns.values() for name, column in runs.items() if np.isnan(column).any()}
    return {policy: {name: column for name, column in runs.items() if name not in empty} for policy, runs in columns.items()}


def _lines(results: Results, policies: Sequence[str], worlds: Sequence[tuple[int, int]]) -> dict[str, dict[str, Column]]:
    """Weekly series of the worlds, of the measures that were kept."""
    kept = [name for name in results.asked.get("series", ()) if name in SERIES]
    if not kept:
        return {}
    names = results.runs["key"].to_pylist()
    keys = {policy: [names[row] for row in _rows(results, policy, worlds)] for policy in policies}
    weeks = int(results.asked["lead_weeks"]) + int(results.asked["after_weeks"]) + 1
    return lines_of(results.series(), keys, weeks, kept)
