"""Critical mass: can the same world rest in more than one state, and how long does it remember a push?

The end state is asked of an empty and a dense start, and of pushes of several lengths from an empty one. *Two states* means: empty and
dense start still differ after 800 weeks (z > 5), and the difference is stable over the last 200; anything less is slow memory. Run it
with ``python -m experiments.studies.critical_mass``; it goes on where it stopped.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.compare import paired_difference
from experiments.executors import workers_at_hand
from experiments.studies.answers import check, draw_memory, leave, tell_memory
from experiments.trials import Trial, run_missing, seconds_of
from model.learning_network import LearningNetwork

_LOW = {"baseline": -0.7, "belonging_weight": 1.5, "energy_relatedness": 0.3, "gain": 0.4}
SETTINGS: Mapping[str, Mapping[str, float]] = {
    "defaults": {},
    "linear_02": {"network_shape": 1, "network_effect": 0.2, **_LOW},
    "linear_06": {"network_shape": 1, "network_effect": 0.6, **_LOW},
    "s_shape_06": {"network_shape": 3, "network_effect": 0.6, **_LOW},
    "s_shape_10": {"network_shape": 3, "network_effect": 0.6, "network_effect_scale": 10, "strength_weight": 3, **_LOW},
    "s_shape_stay": {
        "network_shape": 3, "network_effect": 0.6, "network_effect_scale": 10, "strength_weight": 3.5, "contact_participation": 0.6,
        "staff_turnover": 0.05, **_LOW,
    },
}  # fmt: skip
"""Settings by name, inside the sweep ranges: no network effect, a weak one, and four where people take part the more others do, at a low
value of any tie; the last two with a larger scale and strong ties that are kept more, the last also with a unit's liveliness making more
contact and half the turnover of staff."""
PUSHES = ("nurtured", "strong_pull")
EVERY = 10
STARTS = ("empty", "dense")
FAR = 5.0
"""z above which two starts still differ."""
STABLE = 0.1
"""Share of the difference that may go in the last 200 weeks before it counts as shrinking."""


@dataclass(frozen=True)
class CriticalMass:
    """How long and how often: weeks of both starts, weeks on its own before a push, lengths of pushes, weeks after, worlds."""

    weeks: int = 800
    before: int = 200
    pushes: tuple[int, ...] = (20, 40, 80)
    after: int = 240
    worlds: int = 10
    settings: tuple[str, ...] = tuple(SETTINGS)


QUESTION = CriticalMass()


def rest_from(trial: Trial) -> dict[str, float]:
    """Strong ties per person every ten weeks from one start, without leading, as `w10`, `w20`, ..."""
    world = trial.resting()
    return {f"w{world.week}": strong for strong in _watch(world, trial.after_weeks)}


def push_and_leave(trial: Trial) -> dict[str, float]:
    """Strong ties per person every ten weeks after a push of each kind and without one, as `w10:nurtured`, counted from its stop."""
    resting, row = trial.resting(), {}
    for way in ("on_its_own", *trial.what):
        world = resting.branch(way, trial.push_weeks)
        for _ in range(trial.push_weeks):
            world.step()
        row[f"w0:{way}"] = world.measure()["strong"]
        row |= {f"w{EVERY * (at + 1)}:{way}": strong for at, strong in enumerate(_watch(world, trial.after_weeks))}
    return row


def _watch(world: LearningNetwork, weeks: int) -> Any:
    """Strong ties per person after every ten weeks."""
    for _ in range(weeks // EVERY):
        for _ in range(EVERY):
            world.step()
        yield world.measure()["strong"]


def compare_starts(name: str, study: CriticalMass, folder: Path, workers: int, done: list[dict[str, Any]]) -> dict[str, Any]:
    """End states of the empty and the dense start, and whether they are two."""
    values = tuple(sorted(SETTINGS[name].items()))
    courses = []
    for start in STARTS:
        trials = [Trial((), at, 5, values, start, 0, 0, study.weeks) for at in range(study.worlds)]
        rows = run_missing(trials, rest_from, folder, workers)
        done += rows
        courses.append(np.array([[row[f"w{week}"] for week in range(EVERY, study.weeks + 1, EVERY)] for row in rows]))
    empty, dense = courses
    late, early = slice(-5, None), slice(-25, -20)
    gap = paired_difference(dense[:, late].mean(axis=1), empty[:, late].mean(axis=1))
    before = float((dense[:, early] - empty[:, early]).mean())
    z = gap["mean"] / max(1e-12, (gap["high"] - gap["low"]) / 2 / student(study.worlds))
    stable = abs(gap["mean"] - before) < STABLE * abs(gap["mean"])
    return {
        "values": dict(values), "empty": float(empty[:, late].mean()), "dense": float(dense[:, late].mean()), "gap": gap,
        "gap_before": before, "z": z, "stable": stable, "two_states": z > FAR and stable,
        "courses": {"empty": means(empty), "dense": means(dense)},
    }  # fmt: skip


def student(n: int) -> float:
    """Student's t of a 95 % interval over n worlds."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.975)) if n > 1 else math.inf


def means(courses: NDArray[np.float64]) -> list[float]:
    """Mean course over worlds."""
    return [round(float(value), 4) for value in courses.mean(axis=0)]


def push_from_empty(name: str, study: CriticalMass, folder: Path, workers: int, done: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is left of a push of each length and kind against none, and after how many weeks half of its gain is gone."""
    values, found = tuple(sorted(SETTINGS[name].items())), []
    for length in study.pushes:
        trials = [Trial(PUSHES, at, 6, values, "empty", study.before, length, study.after) for at in range(study.worlds)]
        rows = run_missing(trials, push_and_leave, folder, workers)
        done += rows
        weeks = list(range(0, study.after + 1, EVERY))
        for way in PUSHES:
            gain = np.array([[row[f"w{week}:{way}"] - row[f"w{week}:on_its_own"] for week in weeks] for row in rows])
            end = paired_difference(gain[:, -5:].mean(axis=1), np.zeros(len(gain)))
            found.append({
                "setting": name, "push": way, "weeks": length, "gain_at_stop": float(gain[:, 0].mean()), "gain_at_end": end,
                "half_life": half_life(weeks, gain.mean(axis=0)), "course": means(gain),
            })  # fmt: skip
    return found


def half_life(weeks: Sequence[int], gain: NDArray[np.float64]) -> float | None:
    """Weeks after the stop until half of the gain is gone for good (linear in between), or None where that was not seen."""
    half = gain[0] / 2
    if half <= 0 or gain[-1] > half:
        return None
    last = int(np.flatnonzero(gain > half)[-1])
    share = (gain[last] - half) / (gain[last] - gain[last + 1])
    return float(weeks[last] + share * (weeks[last + 1] - weeks[last]))


def study_settings(study: CriticalMass, folder: Path, workers: int) -> dict[str, Any]:
    """All settings: end states of both starts, and memory of pushes from the empty one."""
    done: list[dict[str, Any]] = []
    states = {name: compare_starts(name, study, folder, workers, done) for name in study.settings}
    pushes = [one for name in study.settings for one in push_from_empty(name, study, folder, workers, done)]
    runs = len(study.settings) * study.worlds * (len(STARTS) + len(study.pushes) * (1 + len(PUSHES)))
    facts = {"runs": runs, "seconds": seconds_of(done)}
    asked = {"pushes_weeks" if name == "pushes" else name: value for name, value in vars(study).items()}
    summary = {"study": "critical-mass", **asked, **facts, "states": states, "pushes": pushes}
    return summary | {"checks": checks(summary)}


def checks(summary: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """The numbers that somebody who runs the study again should find again, each with its standard error."""
    found = {f"dense minus empty start, {name}": check(state["gap"]) for name, state in summary["states"].items()}
    for one in summary["pushes"]:
        found[f"gain left of {one['weeks']} weeks of {one['push']}, {one['setting']}"] = check(one["gain_at_end"])
    return found


def try_again(summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: two worlds of two settings, without pushes."""
    if quick:
        few = CriticalMass(worlds=2, pushes=(), settings=("defaults", "s_shape_stay"))
    else:
        few = CriticalMass(worlds=summary["worlds"], pushes=tuple(summary["pushes_weeks"]), settings=tuple(summary["settings"]))
    return dict(study_settings(few, folder, workers)["checks"])


def columns(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table of pushes: one row each."""
    rows = []
    for one in summary["pushes"]:
        end = one["gain_at_end"]
        row = {name: one[name] for name in ("setting", "push", "weeks", "gain_at_stop")}
        rows.append(row | {"gain_at_end": end["mean"], "low": end["low"], "high": end["high"], "half_life": one["half_life"]})
    return rows


def answer(study: CriticalMass = QUESTION, folder: Path = Path("results") / "critical-mass", workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure and README in `folder`."""
    summary = study_settings(study, folder, workers or workers_at_hand())
    leave(summary, folder, columns(summary), draw_memory, tell_memory)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
