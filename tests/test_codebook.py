"""The description of the model says what the code says."""

import csv
import io

import pytest

from experiments import codebook
from model.measures import MEASURES
from model.parameters import SPECS


def test_description_and_codebook_are_what_the_code_says():
    assert codebook.stale() == []


def test_every_parameter_and_outcome_is_described_once():
    text = codebook.ODD.read_text(encoding="utf-8")
    for part, names in {"parameters": SPECS, "outcomes": MEASURES}.items():
        here = text.split(f"<!-- made from the code: {part} -->")[1].split(f"<!-- end of {part} -->")[0]
        assert {name: here.count(f"\n| `{name}` |") for name in names} == dict.fromkeys(names, 1)


def test_columns_are_named_once_and_none_is_without_meaning():
    rows = list(csv.DictReader(io.StringIO(codebook.write_columns())))
    names = [row["column"] for row in rows]
    in_runs = [row["column"] for row in rows if row["kind"] != "outcome of a week"]
    assert len(set(in_runs)) == len(in_runs), "in a table of runs a name means one thing"
    assert all(row["meaning"].strip() and row["unit"] for row in rows)
    assert {"lasting", "lasting_after", "p_crowding", "crowding", "replicate"} <= set(names)


def test_something_old_is_told(tmp_path, monkeypatch, capsys):
    old = tmp_path / "ODD.md"
    old.write_text(codebook.ODD.read_text(encoding="utf-8").replace("| `crowding` |", "| `crowdin` |"), encoding="utf-8")
    monkeypatch.setattr(codebook, "ODD", old)
    assert codebook.main(["--check"]) == 1
    assert "ODD.md" in capsys.readouterr().err


def test_a_lost_marker_is_told():
    with pytest.raises(ValueError, match="parameters"):
        codebook.fill("nothing is marked here")
