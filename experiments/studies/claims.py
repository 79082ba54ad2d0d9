"""The claims of a Dutch school adviser's post, put to the test: what is compared for each, what would count against it, what came out.

Each claim is a family of ways of leading at equal leader hours, paired world by world, at the defaults, in settings that bear on it,
and across what we do not know. What counts as showing was written before anything was run (`experiments.studies.claim_rules`). Run it
with ``python -m experiments.studies.claims``; it goes on where it stopped. Change a claim below, and it answers another question.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.compare import Comparison
from experiments.executors import workers_at_hand
from experiments.runs import draw_uncertain
from experiments.studies.answers import check
from experiments.studies.claim_rules import Test, decide, judge, weigh
from experiments.studies.claim_ways import lead_all
from experiments.teacher_hours import fit_hours
from experiments.trials import Trial, run_missing, seconds_of
from model.parameters import Parameters

Values = tuple[tuple[str, float], ...]
TIME = "@time"
"""Ending of ways at equal hours of colleagues."""
CONTROL = "on_its_own"
"""The way that is run in every world, first: nobody leads."""


@dataclass(frozen=True)
class Claim:
    """One claim.

    Attributes:
        tests: what must all show; beside: what is told as well, and decides nothing.
        settings: names of `SETTINGS` in which it is tried too.
    """

    id: str
    tests: tuple[Test, ...]
    beside: tuple[Test, ...] = ()
    settings: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way of leading it needs, the control first."""
        return tuple(dict.fromkeys((CONTROL, *(way for test in (*self.tests, *self.beside) for way in (test.more, test.less)))))


GOAL = ("goal_gives", "goal_takes")
CONTROLLED = ("control_costs", "control_gives")
SHAPES = ("saturating", "linear", "inverted_u", "s_shape")

SETTINGS: Mapping[str, Values] = {
    "goal_gives": (("goal_effect", 0.15),),
    "goal_takes": (("goal_effect", -0.15),),
    "control_costs": (("crowding", 0.2),),
    "control_gives": (("crowding", -0.2),),
    "carry_little": (("carry_back", 0.05),),
    "carry_much": (("carry_back", 0.6),),
    **{f"more_{shape}": (("network_effect", 0.3), ("network_shape", float(at))) for at, shape in enumerate(SHAPES)},
    **{f"less_{shape}": (("network_effect", -0.3), ("network_shape", float(at))) for at, shape in enumerate(SHAPES)},
}
"""Settings in which some claims are tried beside the defaults."""

CLAIMS = (
    # the question of the whole project: without pulling against pulling and against nothing, at equal hours of leaders, and of colleagues
    Claim(
        "headline",
        (Test("nurtured", "strong_pull", "lasting"), Test("nurtured", "on_its_own", "lasting")),
        (
            Test("nurtured", "strong_pull", "lasting", "during"), Test("nurtured", "on_its_own", "lasting", "during"),
            Test("nurtured", "strong_pull", "lasting", "stop"), Test("nurtured", "on_its_own", "lasting", "stop"),
            Test("strong_pull", "on_its_own", "lasting"), Test("nurtured", "time_freed", "lasting"),
        ),
        CONTROLLED,
    ),
    # the same at equal hours of colleagues: leaders who take much of people's time get fewer hours themselves
    Claim(
        "colleagues",
        (Test("nurtured@time", "strong_pull@time", "lasting"),),
        (
            Test("nurtured@time", "strong_pull@time", "lasting", "during"), Test("nurtured@time", "strong_pull@time", "lasting", "stop"),
            Test("nurtured@time", "strong_pull@time", "energy", "stop"), Test("nurtured@time", "on_its_own", "lasting"),
            Test("strong_pull@time", "on_its_own", "lasting"),
        ),
        CONTROLLED,
    ),
    # own community: the same introductions inside the team, inside the school, or to another school; falsifier: outside teaches more
    Claim(
        "C1",
        (Test("connect_team", "connect_board", "practice"), Test("connect_school", "connect_board", "practice")),
        (
            Test("connect_team", "connect_board", "lasting"), Test("connect_school", "connect_board", "lasting"),
            Test("connect_team", "connect_board", "lasting_across"),
        ),
    ),
    # our children at every scale: asking why on behalf of bouw, school, board; falsifier: no difference, or only at first
    Claim(
        "C2",
        tuple(Test(f"why_{level}", CONTROL, "energy", "stop") for level in ("team", "school", "board")),
        tuple(Test(f"why_{level}", CONTROL, "energy") for level in ("team", "school", "board")),
        GOAL,
    ),
    # generic network against petjes clubs; falsifier: clubs bring more back to class and hang less on one person
    Claim(
        "C3",
        (
            Test("generic_network", "role_clubs", "mixed_across"), Test("generic_network", "role_clubs", "practice"),
            Test("generic_network", "role_clubs", "single_point", sign=-1),
        ),
        (Test("generic_network", "role_clubs", "lasting_across"), Test("generic_network", "role_clubs", "absent_gain")),
        ("carry_little", "carry_much"),
    ),
    # start anywhere: three starts, then the same; falsifier: they differ by more than seeds do
    Claim(
        "C4",
        (
            Test("start_teams", "start_data", "lasting", same=True), Test("start_teams", "start_leaders", "lasting", same=True),
            Test("start_data", "start_leaders", "lasting", same=True),
        ),
        (
            Test("start_teams", "start_data", "practice"), Test("start_teams", "start_leaders", "practice"),
            Test("start_teams", "start_leaders", "two_steps_share"),
        ),
    ),
    # the more people, the stronger: the same hours for a quarter, half, three quarters, all; falsifier: the peak comes before all
    Claim(
        "C5",
        (
            Test("reach_100", "reach_75", "lasting"), Test("reach_75", "reach_50", "lasting"), Test("reach_50", "reach_25", "lasting"),
        ),
        (Test("reach_100", "reach_25", "practice"),),
        (*(f"more_{shape}" for shape in SHAPES), *(f"less_{shape}" for shape in SHAPES)),
    ),
    # lead without pulling; and which of the four dials of pull does the work or the harm
    Claim(
        "C6",
        (Test("nurtured", "strong_pull", "lasting"), Test("nurtured", "strong_pull", "energy")),
        (
            Test("nurtured", "smart_pull", "lasting"), Test("giving_space", "strong_pull", "lasting"),
            Test("pull_may_refuse", "strong_pull", "lasting"), Test("pull_own_topic", "strong_pull", "lasting"),
            Test("pull_seldom", "strong_pull", "lasting"), Test("pull_via_leader", "strong_pull", "lasting"),
        ),
        CONTROLLED,
    ),
    # waiting and acting against the calendar and the lot; falsifier: the calendar does as well
    Claim(
        "C7",
        (Test("nurtured", "scheduled_twin", "lasting"), Test("nurtured", "random_twin", "lasting")),
        (Test("nurtured", "scheduled_twin", "nobody", sign=-1), Test("nurtured", "scheduled_twin", "energy")),
    ),
    # what, with whom, on behalf of whom: topic of one's own or set; a partner one may refuse or not; what reaches those who stayed away
    Claim(
        "C8",
        (
            Test("pull_own_topic", "strong_pull", "energy", "stop"), Test("connect_school", "connect_assigned", "lasting"),
            Test("generic_network", CONTROL, "absent_gain", "stop"),
        ),
        (Test("connect_school", "connect_assigned", "energy", "stop"),),
        (*CONTROLLED, "carry_little", "carry_much"),
    ),
    # a shared goal frees energy: asking why against talks of other kinds; falsifier: energy follows workload, not the goal
    Claim(
        "C9",
        (Test("why_school", "talk_school", "energy", "stop"), Test("why_school", "talk_school", "energy")),
        (Test("why_school", "talk_school", "energy_low"), Test("why_school", "talk_school", "lasting")),
        GOAL,
    ),
    # the map: those who are seen to have few ties, after the map, after watching, or by lot; falsifier: the lot does as well
    Claim(
        "C10",
        (Test("seeing_map", "seeing_nothing", "lasting"),),
        (Test("seeing_watched", "seeing_nothing", "lasting"), Test("seeing_map", "seeing_nothing", "nobody", sign=-1)),
    ),
    # a good start: the same hours early, evenly, late
    Claim(
        "C11",
        (Test("hours_early", "connect_school", "lasting"), Test("hours_early", "hours_late", "lasting")),
        (Test("hours_early", "connect_school", "area"), Test("hours_early", "hours_late", "area")),
    ),
    # the end goal in view: always the school's, or the school's and the board's by turns
    Claim(
        "C12",
        (Test("why_school", "why_in_turn", "energy", "stop"), Test("why_school", "why_in_turn", "lasting")),
        (Test("why_school", "why_in_turn", "energy"),),
        GOAL,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Claims:
    """How many worlds at the defaults, across what we do not know, and in each setting."""

    replicates: int = 40
    worlds: int = 60
    each: int = 15
    grow_weeks: int = 400
    claims: tuple[str, ...] = tuple(claim.id for claim in CLAIMS)

    def chosen(self) -> list[Claim]:
        """The claims that are put to the test."""
        return [claim for claim in CLAIMS if claim.id in self.claims]


QUESTION = Claims()


def put_to_the_test(study: Claims, folder: Path, workers: int, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run what is missing, and judge every claim.

    Args:
        names: ways at hours that were fitted before (see `fitted`); fitted anew without.
    """
    names = fitted(study) if names is None else names
    runs = {
        name: [_under_names(row, names) for row in run_missing(trials, lead_all, folder, workers)]
        for name, trials in plan(study, names).items()
        if trials
    }
    judged = {claim.id: _judge(claim, runs) for claim in study.chosen()}
    ways = dict.fromkeys(way for claim in study.chosen() for way in claim.ways)
    rows = [row for made in runs.values() for row in made]
    facts = {
        "runs": sum(len(trial.what) for trials in plan(study, names).values() for trial in trials), "seconds": seconds_of(rows),
        "hours": {way: {who: _mean(runs["defaults"], f"{who}_hours_after:{way}") for who in ("leader", "teacher")} for way in ways},
        "settings": {name: dict(values) for name, values in SETTINGS.items()}, "fitted": dict(names),
    }  # fmt: skip
    checks = {
        f"{name}: {one['outcome']} {one['date']}, {one['more']} minus {one['less']}": check(one["defaults"])
        for name, claim in judged.items()
        for one in (*claim["tests"], *claim["beside"])
    }
    return {"study": "claims", **vars(study), "claims": judged, **facts, "checks": checks}


def _mean(rows: Sequence[Mapping[str, Any]], name: str) -> float:
    return float(np.mean([row[name] for row in rows]))


def fitted(study: Claims) -> dict[str, str]:
    """Ways at equal hours of colleagues, `strong_pull@time`, with the leader hours fitted to that: `strong_pull@2.5`."""
    ways = [way for claim in study.chosen() for way in claim.ways if way.endswith(TIME)]
    policies = tuple(dict.fromkeys(way.removesuffix(TIME) for way in ways))
    if not policies:
        return {}
    hours = fit_hours(Comparison(policies=policies, pairs=(), equal=policies, grow_weeks=study.grow_weeks))
    usual = Parameters().lead.leader_hours
    return {f"{name}{TIME}": f"{name}@{usual if way.hours is None else way.hours:.3g}" for name, way in hours.items()}


def _under_names(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A row in which ways at fitted hours stand under the names that claims know."""
    known = {hours: name for name, hours in names.items()}
    split = {column: column.partition(":") for column in row}
    return {f"{before}:{known.get(way, way)}" if way else before: row[column] for column, (before, _, way) in split.items()}


def plan(study: Claims, names: Mapping[str, str]) -> dict[str, list[Trial]]:
    """Every world to run: at the defaults, across what we do not know ("worlds"), and in each setting, with the ways it needs."""
    claims = study.chosen()

    def needed_by(asked: Sequence[Claim]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(names.get(way, way) for claim in asked for way in claim.ways))

    ways = needed_by(claims)
    trials = {"defaults": [Trial(ways, at, grow_weeks=study.grow_weeks) for at in range(study.replicates)]}
    trials["worlds"] = [
        Trial(ways, at, 1, tuple(sorted(draw_uncertain(1, at).items())), grow_weeks=study.grow_weeks) for at in range(study.worlds)
    ]
    for name, values in SETTINGS.items():
        needed = needed_by([claim for claim in claims if name in claim.settings])
        trials[name] = [Trial(needed, at, 1, values, grow_weeks=study.grow_weeks) for at in range(study.each if needed else 0)]
    return trials


def _judge(claim: Claim, runs: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """What came out of a claim, and the verdict."""
    weighed = {
        kind: [weigh(test, {name: runs[name] for name in ("defaults", "worlds", *claim.settings) if name in runs}) for test in tests]
        for kind, tests in (("tests", claim.tests), ("beside", claim.beside))
    }
    told = {kind: list(map(judge, found)) for kind, found in weighed.items()}
    return {"id": claim.id, "settings": list(claim.settings), **told, **decide(told["tests"], claim.settings)}


def try_again(summary: dict[str, Any], folder: Path, workers: int, quick: bool) -> dict[str, dict[str, float]]:
    """The checks of a summary again; quickly: three worlds at the defaults, with hours as they were fitted before."""
    few = Claims(replicates=3 if quick else summary["replicates"], worlds=0, each=0, grow_weeks=summary["grow_weeks"])
    return dict(put_to_the_test(few, folder, workers, summary["fitted"] if quick else None)["checks"])


def columns(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The table of tests: one row for each test and setting."""
    return list(_rows(summary))


def _rows(summary: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, claim in summary["claims"].items():
        for kind in ("tests", "beside"):
            for one in claim[kind]:
                labels = {"claim": name, "decides": kind == "tests", **{part: one[part] for part in ("more", "less", "outcome", "date")}}
                found = {"defaults": one["defaults"], "worlds": one["worlds"], **one["settings"]}
                for setting, difference in found.items():
                    if difference:
                        kept = {part: difference[part] for part in ("mean", "low", "high", "n", "shows", "for", "against")}
                        yield labels | {"setting": setting} | kept


def answer(study: Claims = QUESTION, folder: Path = Path("results") / "claims", workers: int | None = None) -> dict[str, Any]:
    """Run what is missing, and leave summary, table, figure, README and a page in each language in `folder`."""
    from experiments.studies.answers import leave
    from experiments.studies.claim_words import draw_claims, tell_claims, write_pages

    summary = put_to_the_test(study, folder, workers or workers_at_hand())
    leave(summary, folder, columns(summary), draw_claims, tell_claims)
    write_pages(summary, folder)
    return summary


if __name__ == "__main__":
    answer(workers=int(sys.argv[1]) if len(sys.argv) > 1 else None)
