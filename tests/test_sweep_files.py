"""Sweep files: everything wrong is told at once, by file, key, value and rule; and the commands that use them."""

import io
import json
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.csv as pa_csv
import pytest
from click.testing import CliRunner

from experiments import results as results_module
from experiments.cli import main
from experiments.results import read_asked, read_results, write_csv
from experiments.store import RunStore, StoreError, read_runs
from experiments.sweep_files import SweepError, load_sweep
from tests import standins

WHOLE = """
policies = ["nurtured", "on_its_own"]
replicates = 2
seed = 5
grow_weeks = 3
lead_weeks = 4
after_weeks = 2
outcomes = ["lasting", "energy"]
series = ["energy"]

[values]
gain = 0.4

[region]
schools = 2
people_per_school = 6

[design]
kind = "grid"
levels = 2

[design.parameters]
crowding = {}
team_hours = { from = 2, to = 12 }
"""


def write(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text)
    return path


def test_a_file_says_what_is_run(tmp_path):
    asked = load_sweep(write(tmp_path, WHOLE))
    assert (asked.name, asked.policies, asked.replicates, asked.seed) == ("mine", ("nurtured", "on_its_own"), 2, 5)
    assert (asked.grow_weeks, asked.lead_weeks, asked.after_weeks) == (3, 4, 2)
    assert asked.values == (("gain", 0.4),) and asked.outcomes == ("lasting", "energy") and asked.series == ("energy",)
    assert asked.source.made == (("people_per_school", 6), ("schools", 2))
    np.testing.assert_array_equal(asked.points.values, [[-0.4, 2], [-0.4, 12], [0.4, 2], [0.4, 12]])
    assert asked.runs() == 4 * 2 * 2


@pytest.mark.parametrize(
    ("design", "points"),
    [
        ('kind = "one_at_a_time"\nlevels = 3', 1 + 2 * 3),
        ('kind = "latin_hypercube"\npoints = 6', 6),
        ('kind = "latin_hypercube"\npoints = 6\nfirst = 3\nseed = 2', 6),
        ('kind = "sobol"\npoints = 4', 4 * 4),
        ('kind = "sobol"\npoints = 4\nsecond_order = true', 4 * 6),
        ('kind = "morris"\ntrajectories = 3', 3 * 3),
        ('kind = "phase"\nside = 4\nrounds = 2\noutcome = "energy_after"', 4 * 4),
    ],
)
def test_every_kind_of_design_can_be_asked_for(tmp_path, design, points):
    asked = load_sweep(
        write(tmp_path, f'policies = ["nurtured"]\n[design]\n{design}\n[design.parameters]\ncrowding = {{}}\nspill = {{}}\n')
    )
    assert len(asked.points) == points and asked.points.recipe["kind"] in design


SHIPPED = sorted((Path(__file__).parents[1] / "experiments" / "sweeps").glob("*.toml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_ships_can_be_run(path):
    asked = load_sweep(path)
    assert asked.runs() > 0 and f"learnweave sweep experiments/sweeps/{path.name} " in path.read_text()


def test_a_policy_of_ones_own_is_named_on_the_command_line_only(tmp_path):
    own = write(
        tmp_path,
        'from model.policies import Policy\n\n\nclass SweptCoffee(Policy):\n    """Coffee."""\n\n    id = \'swept_coffee\'\n'
        "    source = 'me'\n\n    def act(self, leader):\n        yield self.move('time', hours=leader.hours)\n",
        "coffee.py",
    )
    asked = write(tmp_path, WHOLE.replace('"nurtured", ', '"swept_coffee", '))
    told = CliRunner().invoke(main, ["sweep", str(asked), "--out", str(tmp_path / "runs"), "--policy", str(own), "--workers", "1"])
    assert told.exit_code == 0, told.output
    assert read_results(tmp_path / "runs").asked["policies"] == ["swept_coffee", "on_its_own"]


def test_a_phase_map_needs_two_parameters(tmp_path):
    text = 'policies = ["nurtured"]\n[design]\nkind = "phase"\n[design.parameters]\nspill = {}\n'
    with pytest.raises(SweepError, match="a phase map has two parameters, not spill"):
        load_sweep(write(tmp_path, text))


def test_a_table_of_ones_own_lies_beside_the_file(tmp_path):
    (tmp_path / "own.csv").write_text("crowding,threshold\n0.1,1\n-0.1,3\n")
    asked = load_sweep(write(tmp_path, 'policies = ["nurtured"]\n[design]\nkind = "table"\nfile = "own.csv"\n'))
    assert asked.points.at(1) == (("crowding", -0.1), ("threshold", 3.0))


def test_all_that_nobody_knows_can_be_varied(tmp_path):
    asked = load_sweep(write(tmp_path, 'policies = ["nurtured"]\n[design]\nkind = "morris"\ntrajectories = 2\nparameters = "contested"\n'))
    from model.parameters import contested

    assert asked.points.names == tuple(spec.name for spec in contested())


def test_a_scenario_brings_its_world_and_is_not_joined_by_others(tmp_path):
    text = 'policies = ["wait_and_act"]\n[design]\nkind = "grid"\n[design.parameters]\ncrowding = {}\n'
    asked = load_sweep(write(tmp_path, text))
    assert asked.policies == ("wait_and_act",) and asked.ways[0].name == "wait_and_act"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("replicates = 2", "replicats = 2"), r"mine.toml: replicats: no such key \(nearest: 'replicates'\)"),
        (("replicates = 2", "replicates = 0"), "mine.toml: replicates = 0: must be a whole number from 1 to"),
        (("replicates = 2", "replicates = true"), "replicates = True: must be a whole number"),
        (("replicates = 2", f"replicates = {'9' * 4000}"), "replicates = a number of many digits: must be a whole number"),
        (('"lasting", "energy"', '"lastin"'), r"outcomes: 'lastin': no such measure \(nearest: 'lasting'\)"),
        (('series = ["energy"]', 'series = ["overloaded"]'), "series: 'overloaded': no such measure of every week"),
        (('series = ["energy"]', 'series = "energy"'), "series: must be a list of texts"),
        (("gain = 0.4", "gain = nan"), "values.gain: gain = nan: must be a finite number"),
        (("gain = 0.4", "gian = 0.4"), r"values.gian: no such parameter \(nearest: 'gain'\)"),
        (("schools = 2", "schools = 1.5"), "region.schools = 1.5: must be a whole number"),
        (("schools = 2", "school = 2"), r"region.school: no such key \(nearest: 'schools'\)"),
        (('kind = "grid"', 'kind = "gird"'), "design.kind = 'gird': must be one of grid, one_at_a_time"),
        (("levels = 2", "points = 2"), "design.points: no such key"),
        (("levels = 2", "levels = 1"), "design: levels = 1: must be 2 or more"),
        (('kind = "grid"\nlevels = 2', 'kind = "phase"\nside = 1'), "design.side = 1: must be a whole number from 2"),
        (
            ('kind = "grid"\nlevels = 2', 'kind = "phase"\noutcome = "lasting_afer"'),
            "must be a measure and a date .nearest: 'lasting_after'",
        ),
        (("crowding = {}", "crowding = 0.1"), "design.parameters.crowding: must be a table"),
        (("crowding = {}", "crowding = { form = 1 }"), r"design.parameters.crowding.form: no such key \(nearest: 'from'\)"),
        (("from = 2", "from = inf"), "design.parameters.team_hours: team_hours = inf: must be a finite number"),
        (("from = 2", "from = 13"), "team_hours: from = 13 must be below to = 12"),
        (("[design]", "[desing]"), r"desing: no such key \(nearest: 'design'\)"),
        (('["nurtured", "on_its_own"]', "[]"), "policies: must be a list of texts, at least one"),
        (('["nurtured", "on_its_own"]', '["nurtured", "nurtured"]'), "policies: must hold each once"),
        (('["nurtured", "on_its_own"]', '["nurturd"]'), "'nurturd': no such policy or scenario .nearest: 'nurtured'"),
        (("[region]", "[source]\nnetwork = 'x'\n[region]"), "region, source: give one"),
        (('"nurtured", ', '"wait_and_act", '), "mine.toml: region: is what the scenarios or timelines in policies say: leave it out"),
        (("policies", "policies = ["), "is not TOML"),
        (("policies", "a = " + "[" * 3000), "not TOML|nested too deeply"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, change, message):
    text = WHOLE.replace(*change, 1)
    assert text != WHOLE
    with pytest.raises(ValueError, match=message):
        load_sweep(write(tmp_path, text))


def test_everything_wrong_is_told_at_once(tmp_path):
    text = WHOLE.replace("replicates = 2", "replicats = 2").replace("gain = 0.4", "gain = 40").replace("levels = 2", "levels = -2")
    with pytest.raises(SweepError) as caught:
        load_sweep(write(tmp_path, text))
    assert len(caught.value.problems) == 3


def test_a_design_and_ways_of_leading_are_needed(tmp_path):
    with pytest.raises(SweepError, match="policies: must be given.*\n.*design: must be given"):
        load_sweep(write(tmp_path, "replicates = 2"))


def test_a_name_is_never_a_path(tmp_path):
    with pytest.raises(SweepError, match="letters, digits"):
        load_sweep(write(tmp_path, WHOLE, "my sweep.toml"))


# --- what lies in the folder ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    standins.run(folder, standins.asked(6, 3))
    return folder


@pytest.fixture
def done(whole, tmp_path):
    """A sweep of 36 runs in 3 parts, to be done with as one likes."""
    shutil.copytree(whole, tmp_path / "done")
    return tmp_path / "done"


def test_any_reader_reads_all_parts_in_one_line(done):
    runs = pl.read_parquet(done / "runs" / "part-*.parquet")
    series = pl.read_parquet(done / "runs" / "series-*.parquet")
    assert runs.shape[0] == 36 and series.shape[0] == 36 * standins.WEEKS
    assert len(list((done / "runs").glob("part-*.parquet"))) > 1
    assert runs.columns[:4] == ["key", "point", "replicate", "policy"] and runs["error"].null_count() == 36
    import pandas as pd

    frames = pd.concat(map(pd.read_parquet, sorted((done / "runs").glob("part-*.parquet"))))
    assert sorted(frames["key"]) == sorted(runs["key"])


def test_a_part_with_only_failures_has_the_columns_of_the_others(tmp_path, monkeypatch):
    monkeypatch.setenv("STANDIN_RAISE", "3,0")
    what = standins.asked(6, 1)
    found = standins.run(tmp_path, what)
    runs = pl.read_parquet(tmp_path / "runs" / "part-*.parquet")
    assert runs["error"].null_count() == 10 and found.failed.num_rows == 2 and found.missing() == 2
    assert found.failed["point"].to_pylist() == [3, 3] and "p_crowding" in found.failed.column_names
    assert "error" not in found.runs.column_names


@pytest.mark.parametrize("name", ["sweep.json", "design.parquet"])
def test_what_is_damaged_is_named_and_mended_by_going_on(done, whole, name):
    content = bytearray((done / name).read_bytes())
    content[len(content) // 2] ^= 1
    (done / name).write_bytes(content)
    with pytest.raises(StoreError, match=rf"{name}: is damaged .*run the sweep once more"):
        read_results(done)
    found = standins.run(done, standins.asked(6, 3))
    assert len(found.messages) == 1 and f"{name}: is damaged" in found.messages[0]
    assert (done / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 2}, "holds another sweep.*seed: 1, now 2.*choose another folder"),
        ({"outcomes": ("energy",)}, "outcomes: .*lasting"),
        ({"series": ()}, "series"),
        ({"lead_weeks": 41}, "lead_weeks: 40, now 41"),
        ({"values": (("gain", 0.5),)}, "values: {}, now {'gain': 0.5}"),
    ],
)
def test_another_sweep_needs_another_folder(done, change, message):
    from dataclasses import replace

    with pytest.raises(StoreError, match=message):
        standins.run(done, replace(standins.asked(6, 3), **change))
    assert read_results(done).missing() == 0


def test_another_version_of_the_model_needs_another_folder(done, monkeypatch):
    monkeypatch.setattr("experiments.sweep.source_digest", lambda: "another")
    with pytest.raises(StoreError, match="another version of the model"):
        standins.run(done, standins.asked(6, 3))


def test_it_may_grow_and_what_was_asked_before_stays_asked(done):
    from dataclasses import replace

    more = replace(standins.asked(6, 4), policies=("nurtured", "strong_pull"))
    found = standins.run(done, more)
    assert found.asked["policies"] == ["nurtured", "on_its_own", "strong_pull"] and found.asked["replicates"] == 4
    assert found.runs.num_rows == 36 + 6 * (1 + 4) and found.missing() == 6
    fewer = standins.run(done, standins.asked(6, 2))
    assert fewer.asked["replicates"] == 4 and fewer.runs.equals(found.runs)


def test_failed_runs_are_made_again_when_asked_and_parts_keep_the_rest(tmp_path, monkeypatch, whole):
    what = standins.asked(6, 3)
    monkeypatch.setenv("STANDIN_RAISE", "3,0")
    assert standins.run(tmp_path, what).failed.num_rows == 2
    monkeypatch.delenv("STANDIN_RAISE")
    assert standins.run(tmp_path, what).failed.num_rows == 2
    found = standins.run(tmp_path, what, retry=True)
    assert found.failed.num_rows == 0 and read_runs(tmp_path).equals(read_runs(whole))
    assert found.series().equals(read_results(whole).series())
    assert list((tmp_path / "runs" / "quarantine").iterdir())


def test_where_it_comes_from_is_kept_of_every_sitting(done):
    standins.run(done, standins.asked(6, 4), argv=["sweep", "/somewhere/mine.toml"])
    sittings = json.loads((done / "provenance.json").read_text())["sittings"]
    assert len(sittings) == 2 and sittings[1]["argv"] == ["sweep", "mine.toml"]
    assert {"started", "finished", "git", "packages", "model", "settings"} <= set(sittings[1])
    assert sittings[1]["settings"]["defaults"]["crowding"] is not None


def test_csv_is_sorted_and_harmless_to_spreadsheets(tmp_path, monkeypatch):
    monkeypatch.setenv("STANDIN_RAISE", "3,0")
    standins.run(tmp_path, standins.asked(6, 1))
    runs = read_runs(tmp_path)
    at = runs.column_names.index("error")
    tricky = [f"{sign}1+1" for sign in "=+-@\t"] + [None] * (runs.num_rows - 5)
    monkeypatch.setattr(results_module, "read_runs", lambda _: runs.set_column(at, "error", [tricky]))
    file = io.BytesIO()
    write_csv(tmp_path, file)
    table = pa_csv.read_csv(io.BytesIO(file.getvalue()))
    assert table.column_names[:4] == ["key", "point", "replicate", "policy"] and table.column_names[-1] == "error"
    assert table["key"].to_pylist() == sorted(table["key"].to_pylist())
    assert table["error"].to_pylist()[:5] == [f"'{sign}1+1" for sign in "=+-@\t"]
    assert min(table["p_crowding"].to_pylist()) < 0, "numbers below zero stay numbers"


def test_nothing_there_is_said(tmp_path):
    with pytest.raises(StoreError, match="no sweep here"):
        read_asked(tmp_path)


def test_dropping_runs_leaves_the_others(tmp_path):
    with RunStore(tmp_path) as store:
        store.append([{"key": name, "x": 1.0} for name in "abc"], [{"key": name, "week": 0} for name in "abc"])
        store.drop({"b"})
        assert store.keys() == {"a", "c"}
        store.append([{"key": "b", "x": 2.0}])
    assert read_runs(tmp_path)["x"].to_pylist() == [1.0, 2.0, 1.0]


# --- the commands -----------------------------------------------------------------------------------------------------


def learnweave(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_sweep_and_analyse_from_the_command_line(tmp_path):
    path, out = write(tmp_path, WHOLE), tmp_path / "out"
    first = learnweave("sweep", path, "--out", out, "--workers", 1)
    assert first.exit_code == 0, first.output
    assert "16 runs are in" in first.stdout and "16/16" in first.stderr
    told = learnweave("analyse", out)
    assert "A thinking tool, not a forecast" in told.stdout and "16 runs at 4 points of a grid design" in told.stdout
    assert "Denkmodel, geen voorspelling" in learnweave("analyse", out, "--lang", "nl").stdout
    found = json.loads(learnweave("analyse", out, "--json").stdout)
    rows = read_results(out).runs.to_pylist()
    energy = {(row["point"], row["replicate"], row["policy"]): row["energy_after"] for row in rows}
    pairs = [energy[point, world, "on_its_own"] - energy[point, world, "nurtured"] for point in range(4) for world in range(2)]
    difference = next(one for one in found["differences"] if (one["outcome"], one["date"]) == ("energy", "after"))
    assert difference["mean"] == pytest.approx(np.mean(pairs)) and difference["n"] == 8 and found["missing"] == 0
    assert learnweave("analyse", out, "--csv").stdout.count("\n") == 17
    once = learnweave("sweep", path, "--out", out, "--only", rows[3]["key"][:12])
    assert f"energy_after = {rows[3]['energy_after']}" in once.stdout


def test_a_sweep_with_failures_says_how_many_and_how_to_repeat_one(tmp_path, monkeypatch):
    from experiments import sweep as module

    monkeypatch.setenv("STANDIN_RAISE", "1,0")
    real = module.sweep
    monkeypatch.setattr(module, "sweep", lambda *a, **k: real(*a, **(k | {"how": standins.attempt, "place": None, "workers": 1})))
    path, out = write(tmp_path, WHOLE), tmp_path / "out"
    told = learnweave("sweep", path, "--out", out)
    assert told.exit_code == 1
    assert "2 of 16 runs failed" in told.stderr and "=trouble on order" in told.stderr
    key = read_results(out).failed["key"][0].as_py()
    assert f"learnweave sweep {path} --out {out} --only {key}" in told.stderr and "--retry" in told.stderr
    assert "2 runs are missing, 2 of them because they failed" in learnweave("analyse", out).stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--workers", 2, "--scheduler", "tcp://127.0.0.1:1"], "give one of the two"),
        (["--only", "zz"], "zz: no run of this sweep has a key that begins so"),
        (["--only", ""], "more than one run of this sweep"),
    ],
)
def test_what_cannot_be_asked_is_told(tmp_path, arguments, message):
    told = learnweave("sweep", write(tmp_path, WHOLE), "--out", tmp_path / "out", *arguments)
    assert told.exit_code == 1 and message in told.stderr and "Traceback" not in told.output
