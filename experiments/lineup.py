"""Who is compared with whom: names on the command line become ways of leading that can be paired.

A name is a policy, the short form of a timeline, a scenario that ships, or the path of a scenario's .toml file. A policy named
beside scenarios leads the world of the first of them: same people, same events, same unknowns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from experiments.catalogue import Scenario, ScenarioError, is_scenario, load_scenario, shipped
from experiments.compare import OUTCOMES, Comparison, Hours
from experiments.fields import nearest
from experiments.runs import Source
from experiments.texts import LANGUAGES
from experiments.ways import PolicyFile, Way, at_equal_hours, at_own_hours, is_plain, load_policies, plain_way
from model.policies import POLICIES

USUAL = ("strong_pull", "on_its_own", "nurtured")
"""Policies that a user's own is compared with where no others are named."""


class LineupError(ValueError):
    """Names that stand for nothing, or that cannot be paired; the message tells every problem."""


def line_up(
    comparison: Comparison, names: Sequence[str], hours: Hours = "equal", policy_file: str | None = None, *, alone: bool = False
) -> Comparison:
    """The comparison of the ways of leading that `names` stand for; without names and file, of those that it names.

    Args:
        comparison: region, replicates, seed and values to compare with.
        hours: "equal": every way has the same leader hours; "teacher": as many as make the hours of colleagues equal (what is compared
            here gets them when it runs); "own": those that its scenario names, or that suit its policy.
        policy_file: path of a Python file with policies of the user's own.
        alone: one name will do, and a scenario brings no others with it.

    Raises:
        LineupError: naming everything that stands for nothing or cannot be paired.
        ScenarioError, ValueError: what is wrong with a scenario or a policy file.
    """
    files = () if policy_file is None else (load_policies(policy_file),)
    names = _with_own(names, files)
    if not names and hours == "equal":
        return comparison
    usual, names = not names, names or comparison.policies
    scenarios, names = _read_scenarios(names, alone)
    _check_pairing(names, scenarios, comparison.source, fewest=1 if alone else 2)
    first = next(iter(scenarios.values()), None)
    weeks = first.weeks if first else max(comparison.lead_weeks, *(_length(name, comparison.lead_weeks) for name in names))
    ways = [scenarios[name].way if name in scenarios else _beside(plain_way(name, weeks), first) for name in names]
    ways = [at_own_hours(way) if hours == "own" else at_equal_hours(way) for way in ways]
    known = tuple(way.name for way in ways)
    watched = [one for scenario in scenarios.values() for one in scenario.watch]
    return replace(
        comparison, name=_folder((comparison.name,) if usual else known, hours), policies=known, policy_files=files, hours=hours,
        pairs=comparison.pairs if usual else _pairs(known, bool(scenarios)),
        ways=tuple(way for way in ways if way != plain_way_or_none(way.name, weeks)),
        equal=() if hours == "own" else comparison.equal if usual else known,
        source=replace(comparison.source, made=first.made) if first else comparison.source, lead_weeks=weeks,
        asked=tuple((language, first.text("question", language)) for language in LANGUAGES) if first else (),
        after_weeks=first.after if first else comparison.after_weeks, outcomes=tuple(dict.fromkeys((*OUTCOMES, *watched))),
    )  # fmt: skip


def plain_way_or_none(name: str, weeks: int) -> Way | None:
    """What a name stands for by itself, where it does."""
    return plain_way(name, weeks) if is_plain(name) else None


def _with_own(names: Sequence[str], files: Sequence[PolicyFile]) -> tuple[str, ...]:
    """The names, with the policies of a user's own file in front where none of them is named."""
    own = tuple(name for file in files for name in file.ids)
    if set(own) & set(names):
        return tuple(names)
    return (*own, *(names or (USUAL if own else ())))


def _read_scenarios(names: Sequence[str], alone: bool) -> tuple[dict[str, Scenario], tuple[str, ...]]:
    """The scenarios among the names, and all names with the id for a path; one scenario alone brings what it is compared with."""
    problems = [problem for name in names if (problem := _unknown(name))]
    scenarios: dict[str, Scenario] = {}
    resolved: list[str] = []
    for name in names:
        if not is_scenario(name):
            resolved.append(name)
            continue
        try:
            scenario = load_scenario(name)
        except ScenarioError as error:
            problems += error.problems
            continue
        if name.endswith(".toml") and (scenario.id in shipped() or scenario.id in POLICIES):
            problems.append(f"{name}: {scenario.id!r} is the name of something that ships: give the file another name")
        scenarios[scenario.id] = scenario
        resolved.append(scenario.id)
    if problems:
        raise LineupError("\n".join(problems))
    if not alone and len(resolved) == 1 and scenarios and (others := scenarios[resolved[0]].beside):
        more, rest = _read_scenarios(others, alone)
        return scenarios | more, (resolved[0], *rest)
    return scenarios, tuple(resolved)


def _unknown(name: str) -> str | None:
    if is_scenario(name) or name in POLICIES:
        return None
    if is_plain(name):
        try:
            plain_way(name, 1)
        except ValueError as error:
            return str(error)
        return None
    every = [*POLICIES, *shipped()]
    return f"policy {name[:80]!r}: no such policy or scenario (nearest: {nearest(name, every)!r}; all: {', '.join(sorted(every))})"


def _check_pairing(names: Sequence[str], scenarios: dict[str, Scenario], source: Source, fewest: int) -> None:
    """What cannot be paired: the same way twice, other regions, other weeks."""
    problems = []
    if len(set(names)) < len(names) or len(names) < fewest:
        problems.append("name at least two different ways of leading, each once, or none for the usual four")
    worlds = {name: scenario.made for name, scenario in scenarios.items()}
    if len(set(worlds.values())) > 1:
        told = "; ".join(f"{name}: {_told(dict(made))}" for name, made in worlds.items())
        problems.append(f"these scenarios have different regions, and only worlds with the same people can be paired ({told})")
    if (source.network or source.locations) and any(worlds.values()):
        problems.append("these scenarios bring a region of their own: leave out --network and --region")
    for what in ("weeks", "after"):
        lengths = {name: getattr(scenario, what) for name, scenario in scenarios.items()}
        if len(set(lengths.values())) > 1:
            problems.append(f"these scenarios differ in levers.{what}, and only equal dates can be paired ({_told(lengths)})")
    for name in names:
        if name not in scenarios and scenarios and _length(name, 1) > (most := next(iter(scenarios.values())).weeks):
            problems.append(f"{name!r} is longer than the {most} weeks of leading of the scenarios")
    if problems:
        raise LineupError("\n".join(problems))


def _told(values: dict[str, int]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "the usual one"


def _length(name: str, weeks: int) -> int:
    return sum(stage.weeks for stage in plain_way(name, weeks).stages)


def _beside(way: Way, scenario: Scenario | None) -> Way:
    """A policy or timeline in the world of a scenario."""
    if scenario is None:
        return way
    return replace(way, events=scenario.way.events, values=scenario.way.values, ranges=scenario.way.ranges)


def _pairs(names: Sequence[str], scenarios: bool) -> tuple[tuple[str, str], ...]:
    """Every two: scenarios against what is named after them, policies against what is named before them."""
    pairs = tuple((one, other) for at, one in enumerate(names) for other in names[at + 1 :])
    return pairs if scenarios else tuple((later, earlier) for earlier, later in pairs)


def _folder(names: Sequence[str], hours: Hours) -> str:
    """Folder of a comparison: what it is of, never a path."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", "-".join([*names, *([f"{hours}-hours"] if hours != "equal" else [])]))[:100]
