"""The page with one comparison: what is read back, what the figures count, and that the page needs nothing and trusts nobody."""

from __future__ import annotations

import hashlib
import json
import math
import re
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from experiments import designs
from experiments.cli import main
from experiments.compare import Comparison, read_columns, read_lines
from experiments.designs import Factor
from experiments.figures_report import PARTS_OF_GROUPS, share_marks
from experiments.lineup import line_up
from experiments.page import Page, to_svg
from experiments.reading import Beside, comparison_from, read_findings
from experiments.reading_sweep import map_of_sweep, words_of_sweep
from experiments.report import read_any, render, write_pages
from experiments.report_folder import seconds_so_far, write_folder
from experiments.report_parts import firmness, split_chance
from experiments.results import read_results
from experiments.studies.pull_or_grow import answer, settings
from experiments.sweep import Sweep, sweep
from experiments.texts import LANGUAGES, texts
from experiments.tipping import carried_by_group, map_tipping, pairs_to_settle, share_interval, worlds_to_settle
from model.load import GROUPS

SMALL = Comparison(replicates=3, worlds=3, grow_weeks=12, lead_weeks=8, after_weeks=8)
HOSTILE = '<script>alert("1")</script> & {{ 7 * 7 }} {% raw %}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("small")
    answer(SMALL, made, workers=1)
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, str]:
    written = write_pages(folder)
    assert [path.name for path in written] == ["report.nl.html", "report.en.html"]
    return {path.name[7:9]: path.read_text(encoding="utf-8") for path in written}


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


class TestReadingBack:
    def test_what_was_asked_is_known_again(self, folder):
        facts, summary = (json.loads((folder / f"{name}.json").read_text()) for name in ("provenance", "summary"))
        assert comparison_from(facts["settings"], summary) == SMALL

    @pytest.mark.parametrize("names", [("subsidy_ends", "subsidy_together"), ("nurtured", "strong_pull:4, nurtured:4"), ("indispensable",)])
    def test_scenarios_and_timelines_are_known_again(self, names):
        asked = line_up(SMALL, names)
        plain = json.loads(json.dumps(settings(asked)))
        again = comparison_from(plain, {"titles": {way.name: dict(way.titles) for way in asked.ways}})
        first, other = next(asked.jobs()), next(again.jobs())
        assert [first.key(policy) for policy in asked.policies] == [other.key(policy) for policy in again.policies]
        assert [way.titles for way in again.ways] == [way.titles for way in asked.ways]

    def test_runs_are_those_of_the_comparison(self, folder):
        found = read_findings(folder)
        columns, lines = read_columns(SMALL, folder), read_lines(SMALL, folder)
        for kind in ("default", "uncertain"):
            for policy in SMALL.policies:
                assert np.array_equal(found.columns[kind][policy]["lasting_after"], columns[kind][policy]["lasting_after"])
        assert np.array_equal(found.lines["energy"]["nurtured"], lines["energy"]["nurtured"])
        assert found.same_model

    def test_runs_of_another_comparison_in_the_folder_are_left_alone(self, tmp_path):
        few = replace(SMALL, policies=("nurtured", "on_its_own"), replicates=2, worlds=0)
        answer(replace(few, values=(("crowding", 0.3),)), tmp_path, workers=1)
        answer(few, tmp_path, workers=1)
        found = read_findings(tmp_path)
        assert np.array_equal(
            found.columns["default"]["nurtured"]["energy_after"], read_columns(few, tmp_path)["default"]["nurtured"]["energy_after"]
        )

    @pytest.mark.parametrize("spoilt", ["gone", "empty", "bare", "broken", "runs"])
    def test_what_is_missing_is_told(self, folder, tmp_path, spoilt):
        place = tmp_path / "here"
        if spoilt != "gone":
            place.mkdir()
        if spoilt in ("broken", "runs"):
            for name in ("summary.json", "provenance.json"):
                (place / name).write_bytes((folder / name).read_bytes())
        if spoilt == "broken":
            (place / "summary.json").write_text("{")
        if spoilt == "bare":
            for name in ("summary.json", "provenance.json"):
                (place / name).write_text('{"study": "corners"}')
        told = CliRunner().invoke(main, ["report", str(place)])
        word = {
            "gone": "no such folder",
            "empty": "learnweave compare",
            "broken": "damaged",
            "bare": "another kind",
            "runs": "make them again",
        }
        assert told.exit_code == 1 and word[spoilt] in told.output and "Traceback" not in told.output


class TestThePage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_needs_nothing_from_anywhere(self, pages, language):
        tags = Tags(pages[language])
        addresses = [value for _, attributes in tags.found for name, value in attributes.items() if name in ("src", "href", "xlink:href")]
        assert addresses and all(re.match(r"(#|data:|report\.(nl|en)\.html$)", value or "") for value in addresses)
        assert not tags.all("script") and "@import" not in pages[language]
        assert not re.search(r"url\((?!data:|#|'#|\"#)", pages[language])

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_figure_says_what_it_shows(self, pages, language):
        figures = [one for tag in ("div", "figure") for one in Tags(pages[language]).all(tag) if one.get("role") == "img"]
        assert len(figures) >= 8 and all(len(one["aria-label"] or "") > 20 for one in figures)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_says_that_it_is_a_thinking_tool_and_in_which_language(self, pages, language):
        assert texts(language)("general.thinking_tool") in pages[language]
        assert Tags(pages[language]).all("html") == [{"lang": language}]

    def test_numbers_and_settings_can_be_kept(self, pages):
        kept = {one["download"]: one["href"] for one in Tags(pages["nl"]).all("a") if "download" in one}
        assert set(kept) == {"pull_or_grow.csv", "pull_or_grow.json"}

    def test_the_same_runs_give_the_same_page(self, pages, folder):
        assert write_pages(folder, "nl", folder / "again.html")[0].name == "again.html"
        again = (folder / "again.html").read_text(encoding="utf-8")
        assert re.sub(r"<nav.*?</nav>", "", pages["nl"], flags=re.DOTALL).split() == again.split()

    def test_words_of_others_are_never_code(self, folder):
        found = read_findings(folder)
        titles = {"nurtured": dict.fromkeys(LANGUAGES, HOSTILE)}
        summary = {**found.summary, "titles": titles, "asked": dict.fromkeys(LANGUAGES, HOSTILE), "command": HOSTILE}
        page = render(replace(found, summary=summary), texts("nl"), {})
        assert "<script" not in page and "49" not in re.findall(r"<h1>(.*?)</h1>", page)[0]
        assert "&lt;script&gt;" in page and "{{ 7 * 7 }}" in page

    def test_a_comparison_of_defaults_only_has_a_page_too(self, tmp_path):
        answer(replace(SMALL, worlds=0, replicates=2, policies=("nurtured", "on_its_own")), tmp_path, workers=1)
        page = write_pages(tmp_path, "en")[0].read_text(encoding="utf-8")
        assert texts("en")("deciders.no_worlds") in page

    @pytest.mark.parametrize("worlds", [1, 2])
    def test_one_or_two_worlds_have_a_page(self, tmp_path, worlds):
        answer(replace(SMALL, worlds=worlds, replicates=2, policies=("nurtured", "on_its_own")), tmp_path, workers=1)
        page = write_pages(tmp_path, "en")[0].read_text(encoding="utf-8")
        assert ("In the one world" in page) == (worlds == 1) and ">nan" not in page and "inf]" not in page

    def test_policies_of_a_file_are_shown_where_the_file_is_at_hand(self, tmp_path):
        file = tmp_path / "mine.py"
        file.write_text(
            "from model.policies import Policy\n\n\nclass Sharing(Policy):\n    id = 'sharing_only'\n    source = 'test'\n\n"
            "    def act(self, leader):\n        yield self.move('share', leader.colleagues)\n"
        )
        small = replace(SMALL, replicates=2, worlds=0)
        asked = line_up(small, ("sharing_only", "on_its_own"), policy_file=str(file))
        answer(asked, tmp_path / "out", workers=1)
        gone = texts("en")("report.networks.gone")
        assert gone in write_pages(tmp_path / "out", "en")[0].read_text(encoding="utf-8")
        assert gone not in write_pages(tmp_path / "out", "en", beside=Beside(policy_file=str(file)))[0].read_text(encoding="utf-8")
        other = tmp_path / "other.py"
        other.write_text(file.read_text().replace("'test'", "'other'").replace("sharing_only", "sharing_other").replace("Sharing", "Other"))
        with pytest.raises(ValueError, match="has changed since"):
            comparison_from(json.loads((tmp_path / "out" / "provenance.json").read_text())["settings"], {}, Beside(policy_file=str(other)))


class TestTheFolder:
    def test_question_answer_command_and_cost_stand_in_a_readme(self, folder):
        written = {path.name for path in write_folder(folder)}
        assert written == {"README.md", "report.nl.html", "report.en.html"}
        told = (folder / "README.md").read_text(encoding="utf-8")
        for language in LANGUAGES:
            assert texts(language)("questions.pull_or_grow") in told and f"lines.{language}.png" in told
        assert "learnweave compare --report" in told and "24 runs" in told
        rows = (folder / "numbers.csv").read_text(encoding="utf-8").splitlines()
        assert len(rows) == 1 + 4 * (5 * 3 + 2) + 4 * 5 * 2 * 2

    def test_seconds_add_up_over_the_same_question_only(self, folder):
        facts = json.loads((folder / "provenance.json").read_text())
        assert facts["seconds"] >= 0 and seconds_so_far(folder, facts["settings"]) == facts["seconds"]
        assert seconds_so_far(folder, facts["settings"] | {"seed": 2}) == 0 and seconds_so_far(folder / "none", {}) == 0


class TestWhatTheFiguresCount:
    def test_a_hundred_marks_whatever_the_counts(self):
        assert share_marks([68, 0, 32]) == [68, 0, 32]
        assert sum(share_marks([1, 1, 1])) == 100 and share_marks([137, 3, 60]) == [69, 1, 30]
        assert share_marks([0, 0, 0]) == [0, 0, 0]

    def test_every_group_of_the_model_has_its_place(self):
        assert {group for part in PARTS_OF_GROUPS for group in part} == set(GROUPS)

    def test_load_is_the_mean_of_each_group(self):
        runs = {"a": {"hours_coach_stop": np.array([1.0, 3.0]), "hours_gone_stop": np.ones(2)}}
        assert carried_by_group(runs, "hours", "stop") == {"coach": {"a": 2.0}}

    def test_worlds_fall_into_the_cell_of_their_two_unknowns(self):
        rng = np.random.default_rng(1)
        crowding, hours = rng.uniform(-0.4, 0.4, 200), rng.uniform(0, 16, 200)
        runs = {"p_crowding": crowding, "p_team_hours": hours, "lasting_after": crowding}
        worlds = {"a": runs, "b": {**runs, "lasting_after": np.zeros(200)}}
        grid = map_tipping(("a", "b"), [], worlds, {"crowding": 0.0, "team_hours": 8.0})
        assert grid is not None and (grid.up, grid.across) == ("crowding", "team_hours")
        assert grid.worlds.sum() == 200 and grid.above.sum() == (crowding > 0).sum()
        assert grid.share[0].max() == 0 and grid.share[-1].min() == 1
        assert grid.decided[0].all() and grid.decided[-1].all()

    def test_too_few_worlds_give_no_map(self):
        runs = {"p_crowding": np.arange(4.0), "p_team_hours": np.arange(4.0), "lasting_after": np.zeros(4)}
        assert map_tipping(("a", "b"), [], {"a": runs, "b": runs}, {}) is None

    def test_text_in_a_figure_stays_text_and_is_escaped(self):
        page = Page(100, 40)
        page.write(4, 20, "<b>&")
        svg = to_svg(page.figure)
        assert svg.startswith("<svg") and "&lt;b&gt;&amp;" in svg and "Roboto" in svg


class TestHowManyMoreRuns:
    def test_a_share_has_the_interval_of_wilson(self):
        low, high = share_interval(68, 100, 1.96)
        assert (low, high) == (pytest.approx(0.5834, abs=2e-3), pytest.approx(0.7630, abs=2e-3))
        assert share_interval(0, 0, 1.96) == pytest.approx((0, 1))

    def test_half_the_width_takes_four_times_the_pairs(self):
        assert pairs_to_settle({"mean": 0.5, "low": -0.5, "high": 1.5, "n": 100}) == pytest.approx(400)
        assert math.isinf(pairs_to_settle({"mean": 0.0, "low": -1.0, "high": 1.0, "n": 100}))
        assert math.isinf(worlds_to_settle(50, 100)) and worlds_to_settle(55, 100) == pytest.approx(384, abs=1)

    @pytest.mark.parametrize(("above", "words"), [(68, "does not change"), (55, "cannot be told"), (50, "evenly divided")])
    def test_it_is_told_in_words(self, folder, above, words):
        summary = json.loads((folder / "summary.json").read_text())
        first = next(one for one in summary["differences"] if one["date"] == "after")
        first["worlds"] = {**first["worlds"], "n": 100, "above": above, "below": 100 - above, "equal": 0}
        assert words in " ".join(firmness(summary, texts("en")))

    def test_the_chance_is_marked(self):
        assert split_chance("In 68 van de 100 werelden") == [("In ", False), ("68 van de 100", True), (" werelden", False)]
        assert split_chance("No chance") == [("No chance", False)]


class TestSweeps:
    @pytest.fixture(scope="class")
    @classmethod
    def swept(cls, tmp_path_factory: pytest.TempPathFactory) -> Path:
        folder = tmp_path_factory.mktemp("swept")
        points = designs.grid((Factor("crowding", -0.4, 0.4), Factor("team_hours", 2, 14)), 2)
        asked = Sweep(
            "swept", points, ("nurtured", "on_its_own"), replicates=2, grow_weeks=4, lead_weeks=8, after_weeks=8, series=("lasting",)
        )
        sweep(asked, folder, workers=1)
        return folder

    def test_every_point_and_replicate_is_a_world(self, swept):
        found = read_any(swept)
        assert found.summary["worlds"] == 8 and found.lines["lasting"]["nurtured"].shape == (8, 17)
        runs = read_results(swept).runs.to_pylist()
        lasting = {(row["policy"], row["point"], row["replicate"]): row["lasting_after"] for row in runs}
        expected = np.mean([lasting["nurtured", point, one] - lasting["on_its_own", point, one] for point in range(4) for one in range(2)])
        assert found.summary["differences"][1]["defaults"]["mean"] == pytest.approx(expected)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_its_page_never_speaks_of_default_values_as_if_it_had_any(self, swept, language):
        words = words_of_sweep(texts(language))
        page = write_pages(swept, language)[0].read_text(encoding="utf-8")
        assert "sweep" in page and words("report.ways.when", date=words("dates.after_weeks", weeks=8)) in page
        sentence = texts(language)("answer.defaults", interval="", unit="", n=8)
        assert sentence.partition("{")[0][:40] not in page

    def test_a_map_has_a_cell_a_level(self, swept):
        grid = map_of_sweep(swept, ("nurtured", "on_its_own"))
        assert grid.worlds.tolist() == [[2, 2], [2, 2]] and (grid.across, grid.up) == ("crowding", "team_hours")
        assert grid.edges_across.tolist() == pytest.approx([-0.8, 0, 0.8])
        with pytest.raises(ValueError, match="no runs of strong_pull"):
            map_of_sweep(swept, ("nurtured", "strong_pull"))

    def test_a_bundle_holds_what_its_checksums_say(self, swept):
        told = CliRunner().invoke(main, ["report", str(swept), "--lang", "nl", "--bundle"])
        assert told.exit_code == 0, told.output
        path = Path(told.output.splitlines()[-1])
        with zipfile.ZipFile(path) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
        assert set(held) == {"SHA256SUMS", "report.nl.html", "runs.csv", "sweep.json", "provenance.json"}
        for line in held["SHA256SUMS"].decode().splitlines():
            digest, name = line.split("  ")
            assert hashlib.sha256(held[name]).hexdigest() == digest
        assert len(held["runs.csv"].splitlines()) == 17
