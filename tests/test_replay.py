"""A world that plays in the browser: what is recorded is the world, changes give it back, and the page shows it without Python."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from experiments.cli import main
from experiments.compare import Comparison
from experiments.replay import HELD, STRONG_BIT, play_back, record, scene, states_of, write_replay
from experiments.runs import Job, Source, branches, make_region
from experiments.studies.pull_or_grow import answer
from experiments.texts import LANGUAGES, texts
from model.ties import STRONG

JOB = Job(Source(), ("nurtured", "strong_pull"), 0, grow_weeks=20, lead_weeks=20, after_weeks=24)
MOST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def made() -> dict:
    return record(JOB, JOB.policies)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("replay")
    asked = Comparison(
        policies=("nurtured", "strong_pull", "time_freed"), replicates=2, worlds=0, grow_weeks=10, lead_weeks=12, after_weeks=8
    )
    answer(asked, place, workers=1)
    return place


def test_changes_give_back_the_ties_of_every_week(made):
    for policy, world in branches(replace(JOB, policies=("nurtured",))):
        weeks = list(play_back(made[policy], world.region.people))
        assert len(weeks) == 45 and np.array_equal(weeks[0], states_of(world))
        for week in range(1, 45):
            world.step()
            if world.week % 40:  # at the end of a year people leave after the look
                assert np.array_equal(weeks[week], states_of(world))
        strong = np.asarray(world.ties()["strength"]) >= STRONG
        assert (weeks[-1] & STRONG_BIT > 0).sum() == strong.sum()


def test_the_end_of_a_year_is_seen_before_people_leave(made):
    turn = 20  # 20 weeks of growth came before
    weeks = list(play_back(made["nurtured"], make_region(Source()).people))
    left = made["nurtured"]["left"][turn]
    assert left and weeks[turn][left].any() and not weeks[turn + 1][left].sum() > weeks[turn][left].sum()


def test_worlds_share_their_start_and_commitments_show(made):
    people = make_region(Source()).people
    one, other = (list(play_back(made[policy], people)) for policy in JOB.policies)
    assert np.array_equal(one[0], other[0]) and not np.array_equal(one[20], other[20])
    assert (other[10] & HELD).any() and made["nurtured"]["lasting"][0] == made["strong_pull"]["lasting"][0]


def test_everybody_has_a_place_inside_the_box():
    region = make_region(Source())
    drawn = scene(region)
    assert len(drawn["x"]) == len(drawn["role"]) == region.people
    assert min(drawn["x"]) > 0 and max(drawn["x"]) < drawn["width"] and min(drawn["y"]) > 0 and max(drawn["y"]) < drawn["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_and_is_small(folder, language):
    page = write_replay(folder, 1, language)[0].read_text(encoding="utf-8")
    assert len(page.encode()) < MOST_BYTES / 4  # 20 weeks of the 80 that must fit
    assert not re.search(r"(?:src|href)=\"(?!data:|#)|url\((?!data:)|https?://(?!www\.w3\.org)", page)
    assert texts(language)("general.thinking_tool") in page


def test_eighty_weeks_of_eighty_five_people_stay_below_two_megabytes(made):
    bytes_a_week = max(len(one["changes"]) for one in made.values()) * 5 / 44
    assert 4 * bytes_a_week * 80 * 4 / 3 < MOST_BYTES


def test_a_world_that_is_not_there_is_told(folder):
    told = CliRunner().invoke(main, ["report", str(folder), "--replay", "2"])
    assert told.exit_code == 1 and "0 to 1" in told.output


@pytest.mark.browser
def test_a_browser_counts_the_same_ties(folder, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("needs Chromium")
    page = write_replay(folder, 0, "en", tmp_path / "replay.html")[0]
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", f"{page.as_uri()}#12",
    ]  # fmt: skip
    shown = unescape(subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout)
    facts = json.loads(re.findall(r'id="replay-data">(.*?)</script>', shown, re.DOTALL)[0])
    people, job = len(facts["scene"]["x"]), Job(Source(), ("nurtured", "strong_pull"), 0, grow_weeks=10, lead_weeks=12, after_weeks=8)
    for policy, world in record(job, job.policies).items():
        states = list(play_back(world, people))[12]
        pairs = ((states | states.T) & STRONG_BIT > 0) & np.tri(people, k=-1, dtype=bool)
        assert f"{int(pairs.sum())} pairs with a strong tie" in shown, policy
    assert "Week 12 · somebody leads" in shown
