"""Phase maps: who leaves most where, over the pairs of unknowns that matter most; refined where it tips.

Run it with ``python -m experiments.studies.phase_maps``; it goes on where it stopped.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.designs import Factor, phase
from experiments.executors import workers_at_hand
from experiments.figures_analysis import draw_map, tell_map
from experiments.mapping import map_out, mapped
from experiments.page import save
from experiments.phases import ENDS, Led, PhaseMap, pair_name, shares_of
from experiments.provenance import write_json, write_whole
from experiments.studies.answers import check, table
from experiments.sweep import Sweep, seconds_spent
from experiments.texts import LANGUAGES, texts

STUDY = "phase-maps"
POLICIES = ("strong_pull", "on_its_own", "nurtured")
MAPS: Mapping[str, tuple[str, str, str]] = {
    "crowding-team_hours": ("crowding", "team_hours", "lasting_after"),
    "legitimacy-match_quality": ("legitimacy", "match_quality", "lasting_after"),
    "across": ("level_value_across", "contact_across", "lasting_across_after"),
}
"""The maps by name: across, up, and what is compared."""


@dataclass(frozen=True)
class Maps:
    """How fine: nodes a side of the first lattice, how often it is refined, and worlds at each point."""

    side: int = 5
    rounds: int = 1
    replicates: int = 16
    seed: int = 31


QUESTION = Maps()


def make_map(name: str, study: Maps, folder: Path, workers: int) -> PhaseMap:
    """One map, refined at its border; only what is missing is run."""
    across, up, column = MAPS[name]
    plan = Sweep(
        "phase-map", phase((across, up), study.side, study.rounds, column), POLICIES, replicates=study.replicates, seed=study.seed,
        outcomes=(column.rpartition("_")[0],),
    )  # fmt: skip
    return mapped(map_out(plan, folder, workers=workers))


def study_maps(study: Maps, folder: Path, workers: int, names: tuple[str, ...] = tuple(MAPS)) -> dict[str, Any]:
    """Every map, as plain types, and the numbers to find again: the lead at each point of the first lattice."""
    maps, checks = {}, {}
    for name in names:
        found = make_map(name, study, folder / name, workers)
        maps[name] = found.plain() | {"policies": list(found.policies)}
        for point in range(study.side**2):
            one = found.led[point]
            pair = one.pairs[pair_name(POLICIES[-1], POLICIES[0])]
            checks[f"{name}, point {point}"] = check(dict(pair) | {"n": study.replicates})
    points = sum(len(one["points"]) for one in maps.values())
    facts = {"runs": points * len(POLICIES) * study.replicates, "seconds": sum(seconds_spent(folder / name) for name in names)}
    return {"study": STUDY, **vars(study), **facts, "maps": maps, "checks": checks}


def _read(one: Mapping[str, Any]) -> PhaseMap:
    """A map of a summary, as words and figures take it."""
    specs = [Factor(one[axis]).spec() for axis in ("across", "up")]
    at = np.column_stack([shares_of(spec, np.array([point[spec.name] for point in one["points"]])) for spec in specs])
    led = tuple(
        Led(
            point["first"], point["second"], {name: point[f"lead_{name}"] for name in ("mean", "low", "high")}, point["chance"],
            {name: point[f"mean_{name}"] for name in one["policies"]},
            {pair: {end: point[f"{pair} {end}"] for end in ENDS} for pair in _pairs(one["policies"])},
        )
        for point in one["points"]
    )  # fmt: skip
    return PhaseMap(specs[0], specs[1], one["outcome"], tuple(one["policies"]), at, led, one["replicates"])


def _pairs(policies: list[str]) -> list[str]:
    return [pair_name(more, less) for less, more in itertools.combinations(policies, 2)]


def _readme(summary: Mapping[str, Any]) -> str:
    parts = []
    for language, level in (("en", "#"), ("nl", "##")):
        words = texts(language)
        parts += [f"{level} {words(f'studies.{STUDY}.title')}", words(f"studies.{STUDY}.question")]
        parts.append(words(f"studies.{STUDY}.setup", replicates=summary["replicates"], side=summary["side"], rounds=summary["rounds"]))
        for name, one in summary["maps"].items():
            title, *told = tell_map(_read(one), words)
            parts += [f"{level}# {title}", *told, f"![{title}]({name}.{language}.png)"]
    made = texts("en")("studies.made", study=STUDY, runs=summary["runs"], seconds=summary["seconds"], module="phase_maps")
    return "\n\n".join([*parts, made]) + "\n"


def answer(study: Maps = QUESTION, folder: Path = Path("results") / STUDY, workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, a table and two figures a map, and README in `folder`."""
    summary = study_maps(study, folder, workers or workers_at_hand())
    write_json(folder / "summary.json", summary)
    for name, one in summary["maps"].items():
        write_whole(folder / f"{name}.csv", table(one["points"]).encode())
        for language in LANGUAGES:
            save(draw_map(_read(one), texts(language)), folder / f"{name}.{language}.png")
    write_whole(folder / "README.md", _readme(summary).encode())
    return summary


def try_again(summary: Mapping[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: the corners of the first map, with four worlds."""
    if not quick:
        again = Maps(summary["side"], summary["rounds"], summary["replicates"], summary["seed"])
        return dict(study_maps(again, folder, workers)["checks"])
    few = study_maps(Maps(2, 0, 4, summary["seed"]), folder, workers, tuple(MAPS)[:1])["checks"]
    first, last = next(iter(MAPS)), summary["side"]
    place = {0: 0, 1: last - 1, 2: last * (last - 1), 3: last**2 - 1}
    return {f"{first}, point {place[corner]}": few[f"{first}, point {corner}"] for corner in place}


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
