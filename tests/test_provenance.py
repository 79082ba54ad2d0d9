import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from experiments import provenance as subject
from experiments.provenance import PACKAGES, provenance, source_digest, write_json, write_whole

SETTINGS = {"region": {"file": str(Path.home() / "school" / "mensen.csv")}, "policies": ("pull", "grow"), "weeks": 40}


def test_it_says_what_made_a_result():
    facts = provenance(["learnweave", "compare"], SETTINGS)
    assert set(facts["packages"]) == set(PACKAGES) and facts["packages"]["numpy"][0].isdigit()
    assert facts["model"] == source_digest() and len(facts["model"]) == 16
    assert facts["settings"]["weeks"] == 40 and facts["settings"]["policies"] == ["pull", "grow"]
    assert "started" not in facts
    assert json.loads(json.dumps(facts)) == facts


def test_times_are_kept_only_when_given():
    facts = provenance([], {}, started=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert facts["started"] == "2030-01-02T03:04:05+00:00" and "finished" not in facts


def test_no_folder_of_this_computer_is_told():
    here = Path.cwd()
    argv = [
        str(Path.home() / "bin" / "learnweave"),
        f"--into={here}/results/x",
        "/srv/data/region.csv",
        r"C:\Users\Jan\region.csv",
        "a/b.csv",
    ]
    facts = provenance(argv, SETTINGS)
    assert facts["argv"] == ["learnweave", "--into=results/x", "region.csv", "region.csv", "a/b.csv"]
    assert str(Path.home()) not in json.dumps(facts) and str(here) not in json.dumps(facts)


def test_an_address_is_no_path():
    assert provenance(["--scheduler=tcp://localhost:8786"], {})["argv"] == ["--scheduler=tcp://localhost:8786"]


def test_the_commit_is_that_of_our_own_checkout(tmp_path, monkeypatch):
    def git(*arguments):
        who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-q", "-m", "first")
    monkeypatch.setattr(subject, "_ROOT", tmp_path.resolve())
    assert provenance([], {})["git"] == {"commit": git("rev-parse", "HEAD"), "dirty": False}
    (tmp_path / "a").write_text("2")
    assert provenance([], {})["git"]["dirty"] is True
    (tmp_path / "site-packages").mkdir()
    monkeypatch.setattr(subject, "_ROOT", (tmp_path / "site-packages").resolve())
    assert provenance([], {})["git"] == {"commit": "unknown", "dirty": "unknown"}


def test_json_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "facts.json"
    write_json(path, {"naam": "Zoë"})
    with pytest.raises(ValueError, match="nan"):
        write_json(path, {"naam": float("nan")})
    assert json.loads(path.read_text(encoding="utf-8")) == {"naam": "Zoë"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "part"
    write_whole(path, b"old")

    def full_disk(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]


def test_the_version_of_the_model_changes_with_its_lines_and_names_only(tmp_path, monkeypatch):
    def digest(files):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        spec = type("Spec", (), {"origin": str(folder / "__init__.py")})
        monkeypatch.setattr(subject, "find_spec", lambda _name: spec)
        return source_digest.__wrapped__()

    first = digest({"ties.py": b"a = 1\n", "policies/pull.py": b""})
    assert digest({"ties.py": b"a = 1\r\n", "policies/pull.py": b"", "ODD.md": b"words"}) == first
    assert digest({"ties.py": b"a = 2\n", "policies/pull.py": b""}) != first
    assert digest({"ties.py": b"a = 1\n", "policies/grow.py": b""}) != first
