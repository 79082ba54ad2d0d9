"""Scenarios: each loads, explains itself and runs; files from anybody are checked; the command lists, explains and compares."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from experiments.catalogue import FOLDER, ScenarioError, check_beside, load_scenario, load_shipped, shipped
from experiments.cli import main
from experiments.compare import Comparison, compare
from experiments.explain import as_plain, explain, list_scenarios
from experiments.fields import WORDS, json_schema
from experiments.lineup import LineupError, line_up
from experiments.runs import Job, Source, run
from experiments.store import key, read_runs
from experiments.texts import LANGUAGES, texts
from experiments.ways import at_equal_hours, load_policies, plain_way
from model.parameters import SPECS
from model.policies import POLICIES

SCENARIOS = load_shipped()
assert len(SCENARIOS) >= 10, "too few scenarios found: the tests below would pass silently"

TINY = Comparison(replicates=2, worlds=2, grow_weeks=4, lead_weeks=3, after_weeks=1)
OWN = '''
"""A policy of one's own."""
from model.policies import Policy


class Pairs(Policy):
    """Two people at a time."""

    id = "own_pairs"
    source = "made up"

    def act(self, leader):
        """One pair a week, as far as hours go."""
        yield self.move("introduce", leader.colleagues[:2])
'''


@pytest.fixture
def no_own_policies():
    before = dict(POLICIES)
    yield
    POLICIES.clear()
    POLICIES.update(before)
    load_policies.cache_clear()


def write(folder: Path, content: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return str(path)


def refused(folder: Path, content: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(folder, content))
    return str(caught.value)


BASE = 'question = { en = "What?" }\n[levers]\npolicy = "nurtured"\n'


class TestThoseThatShip:
    @pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.id)
    def test_it_explains_itself_in_both_languages(self, scenario):
        assert scenario.question and scenario.expectation and scenario.sources and scenario.title
        for language in LANGUAGES:
            assert all(any((kind, language) == word[:2] for word in scenario.words) for kind in WORDS)
            told = explain(scenario, texts(language))
            assert scenario.text("story", language)[:40] in told
            assert scenario.text("title", language) in told
            assert all(dict(source)[language][:30] in told for source in scenario.sources)
        assert scenario.text("story", "nl") != scenario.text("story", "en")

    @pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.id)
    def test_it_runs(self, scenario):
        job = Job(Source(made=scenario.made), (scenario.id,), 0, grow_weeks=1, lead_weeks=2, after_weeks=0, ways=(scenario.way,))
        row = run(job).rows[0]
        assert row["policy"] == scenario.id
        assert 0 < row["ties_after"] < 10

    @pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda scenario: scenario.id)
    def test_it_can_be_compared_with_what_stands_beside_it(self, scenario):
        assert not check_beside(scenario)
        comparison = line_up(Comparison(), (scenario.id,))
        assert comparison.policies == (scenario.id, *scenario.beside)
        assert comparison.pairs[0] == (scenario.id, scenario.beside[0])
        assert (comparison.lead_weeks, comparison.after_weeks) == (scenario.weeks, scenario.after)
        assert all(next(comparison.jobs()).key(name) for name in comparison.policies)

    def test_none_is_called_as_a_policy_is(self):
        assert not set(SCENARIOS) & set(POLICIES)

    def test_no_two_decide_the_same_results(self):
        digests = {scenario.digest for scenario in SCENARIOS.values()}
        assert len(digests) == len(SCENARIOS)

    def test_they_are_plain_toml_that_the_schema_knows(self):
        jsonschema = pytest.importorskip("jsonschema")
        schema = json_schema()
        jsonschema.Draft202012Validator.check_schema(schema)
        for path in FOLDER.glob("*.toml"):
            jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"levers": {"polic": "nurtured"}}, schema)

    def test_as_plain_types_they_are_json(self):
        plain = json.loads(json.dumps([as_plain(scenario) for scenario in SCENARIOS.values()], allow_nan=False))
        assert [one["id"] for one in plain] == list(shipped())

    def test_the_list_names_each_in_the_language_asked_for(self):
        told = list_scenarios(SCENARIOS.values(), texts("nl"))
        assert all(f"{name}: {scenario.text('title', 'nl')}" in told for name, scenario in SCENARIOS.items())


class TestAFileOfOnesOwn:
    def test_the_least_is_a_question_and_a_policy(self, tmp_path):
        scenario = load_scenario(write(tmp_path, BASE))
        assert (scenario.id, scenario.title, scenario.weeks, scenario.after) == ("mine", "mine", 40, 40)
        assert "What?" in explain(scenario, texts("nl"))

    def test_it_extends_one_that_ships(self, tmp_path):
        own = load_scenario(write(tmp_path, 'extends = "wednesday"\n[uncertainties]\ncrowding = 0.2\n'))
        parent = SCENARIOS["wednesday"]
        assert dict(own.way.values) == dict(parent.way.values) | {"crowding": 0.2}
        assert own.way.events == parent.way.events
        assert own.text("story", "nl") == parent.text("story", "nl")
        assert own.extends == "wednesday"
        assert own.digest != parent.digest

    def test_it_extends_a_file_beside_it_and_another_policy_drops_the_dials(self, tmp_path):
        write(tmp_path, BASE + "compulsion = 0.4\nweeks = 20\n", "first.toml")
        own = load_scenario(write(tmp_path, 'extends = "first.toml"\n[levers]\npolicy = "strong_pull"\n'))
        assert [stage.describe() for stage in own.way.stages] == [{"policy": "strong_pull", "weeks": 20}]
        kept = load_scenario(write(tmp_path, 'extends = "first.toml"\n[levers]\nintensity = 1\n', "other.toml"))
        assert dict(kept.way.stages[0].dials) == {"compulsion": 0.4, "intensity": 1.0}

    def test_words_alone_leave_the_digest_as_it_is(self, tmp_path):
        one = load_scenario(write(tmp_path, BASE, "one.toml"))
        other = load_scenario(write(tmp_path, BASE.replace("What?", "Why?"), "other.toml"))
        assert one.digest == other.digest

    def test_a_timeline_is_a_text_or_tables(self, tmp_path):
        short = load_scenario(write(tmp_path, 'question.en = "?"\nlevers.timeline = "strong_pull:8, nurtured:8"\n', "short.toml"))
        stages = '{ policy = "strong_pull", weeks = 8 }, { policy = "nurtured", weeks = 8 }'
        long = load_scenario(write(tmp_path, f'question.en = "?"\nlevers.timeline = [{stages}]\n', "long.toml"))
        assert short.digest == long.digest
        assert short.weeks == 16

    def test_a_range_is_drawn_in_uncertain_worlds_only(self, tmp_path):
        own = load_scenario(
            write(tmp_path, BASE + "[uncertainties]\ncrowding = { from = 0.3, to = 0.4 }\ngain = { from = 0.2, to = 0.3 }\n")
        )
        job = Job(Source(), ("mine", "nurtured"), 0, ways=(own.way,))
        uncertain = replace(job, kind="uncertain").parameters("mine").values()
        assert job.parameters("mine").values()["crowding"] == 0.3
        assert 0.3 < uncertain["crowding"] < 0.4
        assert 0.2 < uncertain["gain"] < 0.3
        other = replace(job, kind="uncertain").parameters("nurtured").values()
        share = (other["crowding"] - SPECS["crowding"].sweep[0]) / (SPECS["crowding"].sweep[1] - SPECS["crowding"].sweep[0])
        assert (uncertain["crowding"] - 0.3) / 0.1 == pytest.approx(share)
        assert {name for name in other if other[name] != uncertain[name]} == {"crowding", "gain"}


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (BASE + "wekes = 3", "levers.wekes: no such key (nearest: 'weeks')"),
            ("stroy.en = 'x'\n" + BASE, "stroy: no such key (nearest: 'story')"),
            (BASE.replace("nurtured", "nurturd"), "nearest: 'nurtured'"),
            (BASE + "compulsion = 1.5", "levers.compulsion = 1.5: must be 0 to 1"),
            (BASE + "weeks = 0", "levers.weeks = 0: must be 1 to 2000"),
            (BASE + "weeks = 3.5", "must be a whole number"),
            (BASE + "leader_hours = nan", "must be a finite number"),
            (BASE + "leader_hours = 1e400", "must be a finite number"),
            (BASE + "leader_hours = -inf", "must be a finite number"),
            (BASE + "weeks = 2026-11-23", "must be a finite number"),
            (BASE + "[uncertainties]\ncrowdin = 1", "uncertainties.crowdin: no such parameter (nearest: 'crowding')"),
            (BASE + "[uncertainties]\ncrowding = 7", "must be -1 to 1"),
            (BASE + "[uncertainties]\ncrowding = nan", "must be a finite number"),
            (BASE + "[uncertainties]\ncrowding = true", "must be a number"),
            (BASE + "[uncertainties]\ncrowding = 'high'", "must be a number"),
            (BASE + "[uncertainties]\nthreshold = " + "9" * 4000, "must be a number"),
            (BASE + "[uncertainties]\nleader_hours = 20", "is a lever"),
            (BASE + "[uncertainties]\ncrowding = { from = 0.4, to = 0.3 }", "must be below"),
            (BASE + "[uncertainties]\ncrowding = { from = 0.4 }", "must have from and to"),
            (BASE + "[uncertainties]\ncrowding = { from = 'a', to = nan }", "finite number"),
            (BASE + "[uncertainties]\ncrowding = { from = 0, too = 1 }", "nearest: 'to'"),
            (BASE + "[region]\nschols = 3", "region.schols: no such key (nearest: 'schools')"),
            (BASE + "[region]\nschools = 100000", "must be 1 to 200"),
            (BASE + "[region]\nboards = 100\nschools = 200\npeople_per_school = 200", "people in all"),
            (BASE + "[region]\nunequal_sizes = 1", "must be true or false"),
            (BASE + "[outcomes]\nwatch = ['lastng']", "no such measure (nearest: 'lasting')"),
            (BASE + "[[events]]\nkind = 'coach_il'\nweek = 3", "nearest: 'coach_ill'"),
            (BASE + "[[events]]\nkind = 'leader_leaves'\nweek = 3\nschool = 17", "school = 17: must be a school of the region"),
            (BASE + "[[events]]\nkind = 'coach_ill'\nweek = " + "9" * 4000, "must be a finite number"),
            (BASE + "[[events]]\nweek = 3", "no such event"),
            (BASE + "timeline = 'nurtured:3'", "a policy or a timeline, not both"),
            ("question.en = '?'\n[levers]\ntimeline = 'nurtured:40'\nweeks = 20", "at least the 40 weeks"),
            ("question.en = '?'\n[levers]\ntimeline = 'nurtured:40'\ncompulsion = 1", "belongs in a stage"),
            ("question.en = '?'\n[levers]\ntimeline = [{ polcy = 'nurtured', weeks = 3 }]", "nearest: 'policy'"),
            ("question.en = '?'\n[levers]\ntimeline = []", "1 to 50 tables"),
            ("question.en = '?'\n[levers]\ntimeline = 3", "must be a text"),
            ("[levers]\npolicy = 'nurtured'", "question: must be given"),
            ("question.en = '?'", "must have a policy or a timeline"),
            ("levers = 3", "levers: must be a table"),
            ("events = 3\n" + BASE, "events: must be at most"),
            ("question = 'What?'\n[levers]\npolicy = 'nurtured'", "must be a table with a text for nl and en"),
            ("question.fr = 'Quoi?'\n[levers]\npolicy = 'nurtured'", "question.fr: no such key"),
            ("question.en = \"\\u001b[31m\"\n[levers]\npolicy = 'nurtured'", "no control characters"),
            ("id = 'other'\n" + BASE, "must be the name of the file, 'mine'"),
            ("id = '../x'\n" + BASE, "must be 1 to 64 letters"),
            ("extends = '../wednesday'\n" + BASE, "extends = '../wednesday': must be the id"),
            ("extends = '/etc/passwd.toml'\n" + BASE, "must be the id of a scenario"),
            ("extends = 'wednesdy'\n" + BASE, "nearest: 'wednesday'"),
            ("extends = 'gone.toml'\n" + BASE, "cannot be read"),
            ("extends = 'mine.toml'\n" + BASE, "goes round in a circle"),
            ("sources = 'one'\n" + BASE, "sources: must be a list"),
            ("sources = [{ fr = 'un' }]\n" + BASE, "sources.fr: no such key"),
            ("sources = [' ']\n" + BASE, "sources: must be a text"),
            ("x = " + "[" * 3000 + "]" * 3000, "nested too deeply"),
            ("x = " + "9" * 5000, "is not TOML"),
            ("x = = 3", "is not TOML"),
        ],
    )  # fmt: skip
    def test_a_wrong_file_is_refused_with_its_name_and_the_rule(self, tmp_path, content, told):
        message = refused(tmp_path, content)
        assert told in message
        assert "mine.toml" in message or "gone.toml" in message
        assert len(message) < 10_000

    def test_every_problem_is_told_at_once(self, tmp_path):
        message = refused(
            tmp_path, "stroy = 1\n" + BASE + "weeks = 0\nintensity = 2\n[region]\nschools = 0\n[[events]]\nkind = 'x'\nweek = 1\n"
        )
        assert len(message.splitlines()) == 5

    def test_at_most_twenty_problems_are_listed(self, tmp_path):
        message = refused(tmp_path, BASE + "[uncertainties]\n" + "\n".join(f"x{number} = 1" for number in range(300)))
        assert message.endswith("... and 280 more")

    def test_a_circle_through_two_files_is_found(self, tmp_path):
        write(tmp_path, 'extends = "mine.toml"\n' + BASE, "other.toml")
        assert "mine → other → mine" in refused(tmp_path, 'extends = "other.toml"\n' + BASE)

    def test_a_chain_that_is_too_long_is_refused(self, tmp_path):
        for number in range(14):
            write(tmp_path, f'extends = "s{number + 1}.toml"\n', f"s{number}.toml")
        assert "at most 10 scenarios" in refused(tmp_path, 'extends = "s0.toml"\n' + BASE)

    def test_what_is_no_text_or_too_large_is_refused(self, tmp_path):
        path = tmp_path / "mine.toml"
        path.write_bytes(b'question = "\xff"')
        with pytest.raises(ScenarioError, match="must be text in UTF-8"):
            load_scenario(str(path))
        path.write_bytes(b"#" * 1_000_001)
        with pytest.raises(ScenarioError, match="at most 1,000,000 bytes"):
            load_scenario(str(path))

    @pytest.mark.parametrize("name", ["../ordinary", "/etc/passwd", "ordinary.", "x" * 65, "", "ordinary\x00", "a b.toml", "..toml"])
    def test_a_name_is_never_a_path(self, name):
        with pytest.raises(ScenarioError):
            load_scenario(name)


class TestComparing:
    def test_a_policy_beside_a_scenario_leads_its_world(self):
        comparison = line_up(Comparison(), ("shortage", "strong_pull"))
        scenario, policy = comparison.ways
        assert (policy.values, policy.events) == (scenario.values, scenario.events)
        job = next(comparison.jobs())
        assert job.parameters("strong_pull") == job.parameters("shortage")
        assert job.key("strong_pull") != Job(**(vars(job) | {"ways": ()})).key("strong_pull")

    def test_scenarios_and_policies_are_compared_alike_on_one_worker_and_two(self, tmp_path):
        comparison = replace(line_up(TINY, ("wednesday", "on_its_own", "strong_pull:2, nurtured:2")), lead_weeks=3, after_weeks=1)
        summary = compare(comparison, tmp_path / "one", workers=1)
        assert summary["policies"][0] == "wednesday"
        assert summary["titles"]["wednesday"]["nl"] == "Iedereen verplicht op woensdag"
        assert "survivors" in summary["outcomes"]
        assert not [note for note in summary["notes"] if note[0] == "different_worlds"]
        assert compare(comparison, tmp_path / "two", workers=2) == summary
        assert json.loads(json.dumps(summary, allow_nan=False))

    def test_other_values_in_one_scenario_are_said(self, tmp_path):
        comparison = replace(line_up(TINY, ("ordinary", "wednesday")), lead_weeks=2, after_weeks=1, worlds=0)
        summary = compare(comparison, tmp_path, workers=1)
        assert ["different_worlds", {"parameters": ["match_quality"]}] in summary["notes"]

    def test_without_names_nothing_changes(self):
        assert line_up(Comparison(), ()) == Comparison()

    def test_policies_alone_keep_their_keys(self):
        comparison = line_up(Comparison(), ("strong_pull", "nurtured"))
        assert comparison.ways == ()
        assert comparison.pairs == (("nurtured", "strong_pull"),)
        job, usual = next(comparison.jobs()), next(Comparison().jobs())
        assert [job.key(name) for name in comparison.policies] == [usual.key(name) for name in comparison.policies]

    def test_the_key_of_a_policy_is_what_it_was_before_there_were_scenarios(self):
        job = Job(Source(), ("nurtured",), 3)
        settings = {
            "region": "region", "policy": "nurtured", "replicate": 3, "seed": "1", "kind": "default", "weeks": [400, 40, 40],
            "parameters": job.parameters().values(),
        }  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("experiments.runs.region_digest", lambda _: "region")
            assert job.key("nurtured") == key(settings)

    def test_hours_are_equal_or_each_ones_own(self):
        equal, own = (line_up(Comparison(), ("wait_and_act", "strong_pull"), hours) for hours in ("equal", "own"))
        assert equal.ways[0].hours is None
        assert own.ways[0].hours == 10
        assert equal.equal == ("wait_and_act", "strong_pull")
        assert own.equal == ()
        jobs = [next(comparison.jobs()) for comparison in (equal, own)]
        spent = [run(replace(job, grow_weeks=2, lead_weeks=8, after_weeks=0)).rows[0]["leader_hours_after"] for job in jobs]
        assert 0 < spent[1] <= 10 < spent[0] <= 18

    def test_at_equal_hours_a_timeline_only_moves_hours(self, tmp_path):
        stages = '{ policy = "nurtured", weeks = 10, leader_hours = 3 }, { policy = "nurtured", weeks = 10, leader_hours = 1 }'
        way = load_scenario(write(tmp_path, f'question.en = "?"\nlevers.timeline = [{stages}]\n')).way
        assert [stage.leader_hours for stage in at_equal_hours(way).stages] == [1.5, 0.5]

    def test_a_short_timeline_stops_early(self):
        job = Job(Source(), ("strong_pull:2", "strong_pull"), 0, grow_weeks=1, lead_weeks=6, after_weeks=0)
        short, whole = run(job).rows
        assert 0 < short["leader_hours_after"] < whole["leader_hours_after"]
        assert job.key("strong_pull:2") != job.key("strong_pull")

    @pytest.mark.parametrize(
        ("names", "told"),
        [
            (("wednesday", "our_city"), "different regions"),
            (("wednesday", "clubs"), "differ in levers.weeks"),
            (("wednesday", "wednesday"), "each once"),
            (("nurtured",), "at least two"),
            (("wednesday", "nurtured:90"), "longer than the 40 weeks"),
            (("wensday", "nurturd"), "(?s)nearest: 'wednesday'.*nearest: 'nurtured'"),
            (("nurtured", "nurturd:40"), "nearest: 'nurtured'"),
        ],
    )
    def test_what_cannot_be_paired_is_refused(self, names, told):
        with pytest.raises(LineupError, match=told):
            line_up(Comparison(), names)

    def test_a_region_of_its_own_goes_with_no_network(self):
        with pytest.raises(LineupError, match="leave out --network"):
            line_up(Comparison(source=Source(network="somewhere")), ("our_city", "nurtured"))

    def test_a_timeline_may_be_longer_than_a_year(self):
        comparison = line_up(Comparison(), ("nurtured", "strong_pull:40, nurtured:40"))
        assert comparison.lead_weeks == 80
        assert next(comparison.jobs()).way(comparison.policies[1]) == plain_way("strong_pull:40, nurtured:40", 80)
        assert "/" not in comparison.name and ":" not in comparison.name


@pytest.mark.usefixtures("no_own_policies")
class TestAPolicyOfOnesOwn:
    def test_it_is_compared_and_reaches_the_workers(self, tmp_path):
        comparison = line_up(replace(TINY, worlds=1), (), policy_file=write(tmp_path, OWN, "pairs.py"))
        assert comparison.policies == ("own_pairs", "strong_pull", "on_its_own", "nurtured")
        compare(comparison, tmp_path / "results", workers=2)
        rows = read_runs(tmp_path / "results").to_pylist()
        assert sum(row["policy"] == "own_pairs" for row in rows) == 3
        assert all(row["leader_hours_after"] > 0 for row in rows if row["policy"] == "own_pairs")

    def test_its_results_are_named_by_what_it_says(self, tmp_path):
        names = []
        for folder, content in (("a", OWN), ("b", OWN), ("c", OWN.replace("[:2]", "[1:3]"))):
            (tmp_path / folder).mkdir()
            comparison = line_up(TINY, ("own_pairs", "nurtured"), policy_file=write(tmp_path / folder, content, "pairs.py"))
            names.append([next(comparison.jobs()).key(name) for name in comparison.policies])
        assert names[0] == names[1]
        assert names[0][0] != names[2][0]
        assert names[0][1] == names[2][1]

    def test_a_file_that_changed_meanwhile_is_refused(self, tmp_path):
        path = write(tmp_path, OWN, "pairs.py")
        comparison = line_up(TINY, ("own_pairs", "nurtured"), policy_file=path)
        write(tmp_path, OWN + "\n", "pairs.py")
        load_policies.cache_clear()
        with pytest.raises(ValueError, match="has changed"):
            run(next(comparison.jobs()))

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            ("x = 3\n", "defines no policy"),
            ("x = = 3\n", "line 1: SyntaxError"),
            ("\nraise RuntimeError('no')\n", "line 2: RuntimeError: no"),
            (OWN.replace("own_pairs", "nurtured"), "'nurtured'"),
            (OWN.replace("def act", "def acts"), "has no method act"),
            (OWN.replace("own_pairs", "strong_pull").replace("Pairs", "StrongPull"), "policies that ship"),
        ],
    )
    def test_a_wrong_file_is_refused_and_leaves_nothing_behind(self, tmp_path, content, told):
        before = dict(POLICIES)
        with pytest.raises(ValueError, match=told) as caught:
            load_policies(write(tmp_path, content, "pairs.py"))
        assert "pairs.py" in str(caught.value)
        assert before == POLICIES

    def test_it_must_be_python_and_not_too_large(self, tmp_path):
        with pytest.raises(ValueError, match="must be a Python file"):
            load_policies(write(tmp_path, OWN, "pairs.txt"))
        with pytest.raises(ValueError, match="at most 1,000,000 bytes"):
            load_policies(write(tmp_path, "#" * 1_000_001, "pairs.py"))

    def test_a_scenario_never_brings_one(self, tmp_path):
        write(tmp_path, OWN, "own_pairs.py")
        message = refused(tmp_path, BASE.replace("nurtured", "own_pairs.py"))
        assert "no such policy" in message
        assert "own_pairs" not in POLICIES


class TestTheCommand:
    def call(self, *arguments: str) -> str:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
        return result.output

    def test_it_lists_all_in_both_languages(self):
        told = self.call("scenarios", "--lang", "nl")
        assert all(scenario.text("question", "nl")[:50] in told for scenario in SCENARIOS.values())
        assert "An ordinary foundation" in self.call("scenarios")

    def test_it_explains_one(self, tmp_path):
        assert "Samira" in self.call("scenarios", "indispensable", "--lang", "nl")
        assert "What?" in self.call("scenarios", write(tmp_path, BASE))

    def test_it_prints_json_and_the_schema(self):
        assert [one["id"] for one in json.loads(self.call("scenarios", "--json"))] == list(shipped())
        assert json.loads(self.call("scenarios", "clubs", "--json"))["uncertainties"] == {"carry_back": 0.15}
        assert json.loads(self.call("scenarios", "--schema")) == json_schema()

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (("scenarios", "ordinry"), "nearest: 'ordinary'"),
            (("scenarios", "../ordinary"), "no such scenario"),
            (("compare", "ordinry", "nurtured"), "no such policy or scenario (nearest: 'ordinary'"),
            (("compare", "wednesday", "clubs"), "differ in levers.weeks"),
        ],
    )
    def test_what_is_wrong_is_told_in_one_message(self, arguments, told):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 1
        assert told in result.output
        assert "Traceback" not in result.output

    def test_compare_takes_scenarios_a_policy_file_and_hours(self, tmp_path, monkeypatch, no_own_policies):
        seen = []
        answer = pytest.importorskip("experiments.studies.pull_or_grow")
        monkeypatch.setattr(answer, "answer", lambda comparison, folder, **_: seen.append((comparison, folder)))
        path = write(tmp_path, OWN, "pairs.py")
        self.call("compare", "wait_and_act", "own_pairs", "--hours", "own", "--policy", path, "--replicates", "2", "--worlds", "0")
        comparison, folder = seen[0]
        assert comparison.policies == ("wait_and_act", "own_pairs")
        assert comparison.ways[0].hours == 10
        assert folder == Path("results/compare/wait_and_act-own_pairs-own-hours")
