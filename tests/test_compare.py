"""The main job: the same numbers on one worker and two, resumed runs, paired statistics, real input."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.compare import Comparison, compare, paired_difference, read_columns, read_lines
from experiments.runs import Job, Source, draw_uncertain, run
from experiments.store import canonical_bytes, read_runs, read_series
from model.parameters import contested

SMALL = Comparison(replicates=2, worlds=2, grow_weeks=12, lead_weeks=8, after_weeks=8)
"""A comparison that takes a second: it has every part of the real one."""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("compare")
    return folder, compare(SMALL, folder, workers=1)


def test_one_worker_and_two_give_the_same_bytes(done: tuple[Path, dict], tmp_path: Path) -> None:
    folder, summary = done
    assert compare(SMALL, tmp_path, workers=2) == summary
    assert canonical_bytes(read_runs(tmp_path)) == canonical_bytes(read_runs(folder))
    assert canonical_bytes(read_series(tmp_path)) == canonical_bytes(read_series(folder))


def test_what_is_done_is_not_done_again(done: tuple[Path, dict], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, summary = done

    def refuse(jobs: list[Job], workers: int, how: object) -> list:  # noqa: ARG001
        assert jobs == []
        return []

    monkeypatch.setattr("experiments.compare.run_all", refuse)
    assert compare(SMALL, folder, workers=1) == summary


def test_a_larger_comparison_goes_on_from_a_smaller_one(tmp_path: Path) -> None:
    compare(SMALL, tmp_path, workers=1)
    more = replace(SMALL, replicates=3)
    seen: list[Job] = []

    def spy(jobs: list[Job], workers: int, how: object):  # noqa: ANN202, ARG001
        seen.extend(jobs)
        yield from ((job, run(job)) for job in jobs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.compare.run_all", spy)
        summary = compare(more, tmp_path, workers=1)
    assert [(job.kind, job.replicate) for job in seen] == [("default", 2)]
    assert summary["differences"][0]["defaults"]["n"] == 3


def test_policies_share_start_and_chance() -> None:
    rows = run(Job(Source(), ("strong_pull", "on_its_own", "nurtured"), 0, grow_weeks=12, lead_weeks=4, after_weeks=0)).rows
    starts = [{name: value for name, value in row.items() if name.endswith("_start")} for row in rows]
    assert starts[0] == starts[1] == starts[2]
    assert rows[0]["lasting_across_after"] is not None


def test_a_policy_alone_is_the_same_as_among_others() -> None:
    job = Job(Source(), ("on_its_own", "nurtured"), 0, grow_weeks=12, lead_weeks=8, after_weeks=8)
    alone = replace(job, policies=("nurtured",))
    assert run(alone).rows == run(job).rows[1:]


def test_every_uncertain_world_draws_within_the_sweep_ranges_and_evenly() -> None:
    drawn = [draw_uncertain(1, replicate) for replicate in range(400)]
    for spec in contested():
        values = np.array([world[spec.name] for world in drawn])
        assert spec.sweep[0] <= values.min() and values.max() <= spec.sweep[1]
        if not spec.whole:
            half = spec.at(0.5)
            below = int((values < half).sum())
            assert abs(below - 200) < 4 * 10, f"{spec.name}: {below} of 400 below the middle (4 standard deviations are 40)"


def test_a_paired_difference_has_the_interval_of_student() -> None:
    more, less = np.array([3.0, 4.0, 6.0, 5.0]), np.array([1.0, 2.0, 3.0, 5.0])
    found = paired_difference(more, less)
    assert found["mean"] == 1.75
    half = 3.182446 * math.sqrt(1.5833333 / 4)  # t quantile of 3 degrees of freedom, variance of 2, 2, 3, 0
    assert found["high"] - found["mean"] == pytest.approx(half, rel=1e-5)
    assert (found["above"], found["below"], found["equal"], found["n"]) == (3, 0, 1, 4)


def test_columns_and_lines_are_those_of_the_runs(done: tuple[Path, dict]) -> None:
    folder, _ = done
    columns, lines = read_columns(SMALL, folder), read_lines(SMALL, folder)
    assert lines["lasting"]["nurtured"].shape == (2, 17)
    np.testing.assert_array_equal(lines["lasting"]["nurtured"][:, -1], columns["default"]["nurtured"]["lasting_after"])
    np.testing.assert_array_equal(lines["energy"]["strong_pull"][:, 8], columns["default"]["strong_pull"]["energy_stop"])


def test_leader_hours_are_equal_where_they_are_said_to_be() -> None:
    job = Job(Source(), ("strong_pull", "nurtured", "time_freed", "on_its_own"), 0, grow_weeks=80)
    spent = {row["policy"]: row["leader_hours_after"] for row in run(job).rows}
    most = max(spent.values())
    assert spent["on_its_own"] == 0
    assert all(spent[policy] >= 0.98 * most for policy in ("strong_pull", "nurtured", "time_freed")), spent


def test_an_observed_school_keeps_its_ties_at_the_start(shared_data: Path) -> None:
    source = Source(network=str(shared_data / "school_advice"), school=8)
    row = run(Job(source, ("on_its_own",), 0, grow_weeks=40, lead_weeks=1, after_weeks=0)).rows[0]
    assert row["ties_start"] == pytest.approx(4.19, abs=1.5)
    assert row["across_after"] == 0


def test_a_real_board_runs(shared_data: Path, tmp_path: Path) -> None:
    source = Source(locations=str(shared_data / "dutch_primary_schools"), board=55238)
    summary = compare(replace(SMALL, source=source, replicates=2, worlds=0, grow_weeks=4), tmp_path, workers=1)
    assert summary["schools"] == 41
    assert [note[0] for note in summary["notes"]][:2] == ["staff_from_pupils", "rmc_for_swv"]
    assert summary["differences"][0]["worlds"] is None
