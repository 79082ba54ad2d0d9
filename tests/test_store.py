import hashlib
import json
import multiprocessing
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import provenance, store
from experiments.store import RunStore, StoreError, canonical_bytes, key, read_runs, read_series

WEEKS = 3


def run(number, **more):
    return {"key": key({"run": number}), "seed": number, "strong_ties": number / 7, "policy": "grow", **more}


def weeks(*rows):
    return [{"key": row["key"], "week": week, "strong": row["seed"] + week / 10} for row in rows for week in range(WEEKS)]


def fill(folder, numbers, each=4):
    with RunStore(folder) as runs:
        for start in range(0, len(numbers), each):
            rows = [run(number) for number in numbers[start : start + each]]
            runs.append(rows, weeks(*rows))
            runs.flush()


def parts(folder):
    return sorted(path.name for path in (folder / "runs").glob("*.parquet"))


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


class TestKey:
    def test_order_of_names_and_form_of_numbers_do_not_matter(self):
        assert key({"a": 18, "b": [1, 2.5]}) == key({"b": (1.0, np.float64(2.5)), "a": np.int64(18)})

    def test_it_is_32_hex_digits_and_is_the_same_in_another_process(self):
        code = "from experiments.store import key; print(key({'seed': 1, 'x': 0.1}))"
        there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        assert there == key({"seed": 1, "x": 0.1}) and len(there) == 32 and int(there, 16) >= 0

    @pytest.mark.parametrize(
        "other", [{"seed": 2}, {"seed": True}, {"seed": "1"}, {"seed": None}, {"seed": [1]}, {"Seed": 1}, {"seed": 1 + 1e-15}]
    )
    def test_any_difference_shows(self, other):
        assert key({"seed": 1}) != key(other)

    def test_another_version_of_the_model_is_another_run(self, monkeypatch):
        before = key({"seed": 1})
        monkeypatch.setattr(store, "source_digest", lambda: "another")
        assert key({"seed": 1}) != before

    @pytest.mark.parametrize(
        ("payload", "message"),
        [
            ({"levers": {"x": [1, float("nan")]}}, r"payload\.levers\.x\[1\] = nan: must be a finite number"),
            ({"x": np.inf}, r"payload\.x = inf"),
            ({"x": {1: 2}}, r"payload\.x: name 1 must be a text"),
            ({"x": object()}, r"payload\.x is a object"),
            ({"x": np.zeros(2)}, r"payload\.x is a ndarray"),
        ],
    )
    def test_what_has_no_one_form_is_refused_by_its_place(self, payload, message):
        with pytest.raises(ValueError, match=message):
            key(payload)

    @given(
        st.dictionaries(
            st.text(max_size=5), st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5))
        )
    )
    def test_shuffling_changes_nothing(self, payload):
        shuffled = list(payload.items())
        random.Random(1).shuffle(shuffled)
        assert key(dict(shuffled)) == key(payload)


class TestWritingAndReading:
    def test_what_was_written_is_read(self, tmp_path):
        fill(tmp_path, [3, 1, 2])
        table = read_runs(tmp_path)
        assert table.column_names == ["key", "policy", "seed", "strong_ties"]
        assert table.to_pylist() == sorted((run(n) for n in (1, 2, 3)), key=lambda row: row["key"])
        assert read_series(tmp_path).num_rows == 3 * WEEKS

    def test_any_order_and_any_parts_give_the_same_bytes(self, tmp_path):
        numbers = list(range(20))
        fill(tmp_path / "a", numbers, each=20)
        random.Random(3).shuffle(numbers)
        fill(tmp_path / "b", numbers, each=3)
        assert len(parts(tmp_path / "b")) > len(parts(tmp_path / "a"))
        for read in (read_runs, read_series):
            assert canonical_bytes(read(tmp_path / "a")) == canonical_bytes(read(tmp_path / "b"))

    def test_columns_that_some_runs_lack_are_null(self, tmp_path):
        with RunStore(tmp_path) as runs:
            runs.append([run(1)])
            runs.flush()
            runs.append([run(2, error="Traceback \udc80", strong_ties=None)])
            runs.flush()
            runs.append([run(3, strong_ties=2)])
            table = runs.table()
        by_seed = {row["seed"]: row for row in table.to_pylist()}
        assert by_seed[1]["error"] is None and by_seed[2]["error"] == "Traceback ?"
        assert by_seed[2]["strong_ties"] is None and by_seed[3]["strong_ties"] == 2.0

    def test_nan_stays_nan_and_numpy_scalars_become_numbers(self, tmp_path):
        with RunStore(tmp_path) as runs:
            runs.append([run(1, a=float("nan"), b=np.float32(0.5), c=np.bool_(True))])
        row = read_runs(tmp_path).to_pylist()[0]
        assert np.isnan(row["a"]) and row["b"] == 0.5 and row["c"] is True

    def test_a_part_is_written_when_enough_runs_wait_and_at_the_end(self, tmp_path, monkeypatch):
        monkeypatch.setattr(store, "ROWS_A_PART", 3)
        with RunStore(tmp_path) as runs:
            for number in range(4):
                runs.append([run(number)])
            assert parts(tmp_path) == ["part-00001.parquet"]
        assert parts(tmp_path) == ["part-00001.parquet", "part-00002.parquet"]

    def test_runs_that_were_finished_are_kept_when_the_work_breaks_off(self, tmp_path):
        with pytest.raises(KeyboardInterrupt), RunStore(tmp_path) as runs:
            runs.append([run(1)])
            raise KeyboardInterrupt
        assert read_runs(tmp_path).num_rows == 1

    def test_the_manifest_holds_the_hash_of_every_file(self, tmp_path):
        fill(tmp_path, [1, 2])
        files = json.loads((tmp_path / "runs" / "manifest.json").read_text())["files"]
        assert sorted(files) == parts(tmp_path) == ["part-00001.parquet", "series-00001.parquet"]
        for name, facts in files.items():
            content = (tmp_path / "runs" / name).read_bytes()
            assert facts["sha256"] == hashlib.sha256(content).hexdigest() and facts["bytes"] == len(content)

    def test_other_readers_need_nothing_of_ours(self, tmp_path):
        fill(tmp_path, [1, 2])
        table = pq.read_table(tmp_path / "runs" / "part-00001.parquet", page_checksum_verification=True)
        assert sorted(table["seed"].to_pylist()) == [1, 2]

    def test_an_empty_store_reads_as_an_empty_table(self, tmp_path):
        with RunStore(tmp_path) as runs:
            assert runs.keys() == set() and runs.table().num_rows == 0
        assert read_series(tmp_path).column_names == ["key", "week"]

    def test_a_folder_without_runs_is_named(self, tmp_path):
        with pytest.raises(StoreError, match="nothing_here: no runs here"):
            read_runs(tmp_path / "nothing_here")


def test_nobody_reads_with_threads_that_outlive_their_reader():
    """`pyarrow.parquet.read_table` aborts one short process in ten when it ends (Arrow 26): `store.read_parquet` is the way in."""
    sources = (Path(store.__file__).parent).rglob("*.py")
    assert [path.name for path in sources if re.search(r"pq\.read_table\(|read_parquet\(.*use_threads", path.read_text())] == []


class TestResuming:
    def test_done_runs_are_known_again_and_more_can_follow(self, tmp_path):
        fill(tmp_path, [1, 2])
        with RunStore(tmp_path) as runs:
            assert runs.keys() == {run(1)["key"], run(2)["key"]} and runs.messages == []
            runs.append([run(3)])
            assert run(3)["key"] in runs.keys()  # noqa: SIM118
        assert read_runs(tmp_path).num_rows == 3

    @pytest.mark.parametrize("name", ["part-00002.parquet", "series-00002.parquet"])
    def test_a_damaged_part_goes_aside_and_its_runs_are_made_again(self, tmp_path, name):
        fill(tmp_path, [1, 2, 3], each=1)
        whole = canonical_bytes(read_runs(tmp_path)), canonical_bytes(read_series(tmp_path))
        damage(tmp_path / "runs" / name)
        with RunStore(tmp_path) as runs:
            assert runs.keys() == {run(1)["key"], run(3)["key"]}
            assert len(runs.messages) == 1 and f"{name}: is damaged" in runs.messages[0]
            runs.append([run(2)], weeks(run(2)))
        aside = {path.name for path in (tmp_path / "runs" / "quarantine").iterdir()}
        assert aside == {"part-00002.parquet", "series-00002.parquet"}
        assert "part-00004.parquet" in parts(tmp_path)
        assert (canonical_bytes(read_runs(tmp_path)), canonical_bytes(read_series(tmp_path))) == whole

    @pytest.mark.parametrize("bit", range(0, 8 * 2000, 997))
    def test_no_flipped_bit_is_read_as_a_number(self, tmp_path, bit):
        fill(tmp_path, [1, 2])
        path = tmp_path / "runs" / "part-00001.parquet"
        content = bytearray(path.read_bytes())
        content[bit // 8 % len(content)] ^= 1 << bit % 8
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"part-00001\.parquet: is damaged"):
            read_runs(tmp_path)

    def test_a_missing_part_is_made_again(self, tmp_path):
        fill(tmp_path, [1, 2], each=1)
        (tmp_path / "runs" / "part-00001.parquet").unlink()
        with RunStore(tmp_path) as runs:
            assert runs.keys() == {run(2)["key"]}
            assert "cannot be read" in runs.messages[0]

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"files": 3}', b'{"files": {"../../x": {"sha256": ""}}}', b"[" * 100_000])
    def test_a_damaged_manifest_costs_runs_but_no_file(self, tmp_path, content):
        fill(tmp_path, [1])
        (tmp_path / "runs" / "manifest.json").write_bytes(content)
        with pytest.raises(StoreError, match="manifest.json: is damaged"):
            read_runs(tmp_path)
        with RunStore(tmp_path) as runs:
            assert runs.keys() == set() and "manifest.json: is damaged" in runs.messages[0]
            runs.append([run(1)])
        assert read_runs(tmp_path).num_rows == 1
        assert len(list((tmp_path / "runs" / "quarantine").iterdir())) == 3

    def test_a_part_that_was_never_finished_does_not_count(self, tmp_path):
        fill(tmp_path, [1])
        stray = tmp_path / "runs" / "part-00002.parquet"
        stray.write_bytes(b"half")
        (tmp_path / "runs" / ".part-00003.parquet.99").write_bytes(b"half")
        with RunStore(tmp_path) as runs:
            assert runs.keys() == {run(1)["key"]}
        assert not stray.exists() and not list((tmp_path / "runs").glob(".*"))

    def test_two_files_of_one_name_lie_side_by_side_in_quarantine(self, tmp_path):
        fill(tmp_path, [1])
        for _ in range(2):
            (tmp_path / "runs" / "part-00007.parquet").write_bytes(b"half")
            with RunStore(tmp_path):
                pass
        assert len(list((tmp_path / "runs" / "quarantine").iterdir())) == 2


class TestFailingToWrite:
    @pytest.mark.parametrize("failing", range(1, 7))
    def test_an_error_at_any_write_loses_nothing(self, tmp_path, monkeypatch, failing):
        """One flush syncs three files and their folder three times; each of the six may fail."""
        calls = 0
        real = provenance.os.fsync

        def sometimes(descriptor):
            nonlocal calls
            calls += 1
            if calls == failing:
                raise OSError(5, "Input/output error")
            real(descriptor)

        with RunStore(tmp_path) as runs:
            runs.append([run(1)], weeks(run(1)))
            monkeypatch.setattr("os.fsync", sometimes)
            with pytest.raises(OSError, match="Input/output"):
                runs.flush()
            monkeypatch.setattr("os.fsync", real)
        assert calls == failing
        assert read_runs(tmp_path).num_rows == 1 and read_series(tmp_path).num_rows == WEEKS
        with RunStore(tmp_path) as runs:
            assert runs.messages == [] and len(runs.keys()) == 1


class TestRefusing:
    @pytest.mark.parametrize(
        ("rows", "series", "message"),
        [
            ([{"seed": 1}], None, "a run has key None: must be a text"),
            ([run(1), run(1)], None, "is in the store already"),
            ([run(0)], None, "is in the store already"),
            ([run(1, policy=3)], None, "column 'policy' of part: 3 is a number, others hold a text"),
            ([run(1, x=[1])], None, r"column 'x': \[1\] must be a number"),
            ([run(1, x=2**60)], None, "whole ones up to 2\\^53"),
            ([run(1)], weeks(run(2)), "the run itself is not in the same call"),
            ([run(1)], [{"key": run(1)["key"]}], "has no week"),
        ],
    )
    def test_a_row_that_does_not_fit_is_named_and_nothing_is_added(self, tmp_path, rows, series, message):
        with RunStore(tmp_path) as runs:
            runs.append([run(0)])
            with pytest.raises(StoreError, match=message):
                runs.append(rows, series)
            assert runs.keys() == {run(0)["key"]}
        assert read_runs(tmp_path).num_rows == 1

    def test_all_problems_are_told_at_once(self, tmp_path):
        with RunStore(tmp_path) as runs, pytest.raises(StoreError, match=r"'x'.*'y'"):
            runs.append([run(1, x=[1], y={})])

    def test_kinds_of_columns_hold_over_parts_and_openings(self, tmp_path):
        fill(tmp_path, [1])
        with RunStore(tmp_path) as runs, pytest.raises(StoreError, match="others hold a text"):
            runs.append([run(2, policy=True)])

    def test_a_second_writer_is_refused_until_the_first_has_gone(self, tmp_path):
        with RunStore(tmp_path) as runs:
            with pytest.raises(StoreError, match="another process is writing here"), RunStore(tmp_path):
                pass
            runs.append([run(1)])
        with RunStore(tmp_path) as runs:
            assert len(runs.keys()) == 1

    def test_a_second_process_is_refused_too(self, tmp_path):
        with RunStore(tmp_path), multiprocessing.get_context("spawn").Pool(1) as pool:
            assert "another process is writing here" in pool.apply(_try_to_open, [tmp_path])

    def test_a_closed_store_takes_nothing(self, tmp_path):
        runs = RunStore(tmp_path)
        with pytest.raises(StoreError, match="with RunStore"):
            runs.append([run(1)])
        assert not (tmp_path / "runs").exists()


def _try_to_open(folder):
    try:
        with RunStore(folder):
            return "opened"
    except StoreError as error:
        return str(error)
