"""What a name stands for when ways of leading are compared: a policy, a timeline, or the levers of a scenario, resolved.

A `Way` is data: hashable, the same in every process, and describable as plain types, so that results are named by content.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.events import Event
from model.parameters import SPECS
from model.policies import POLICIES, SETTABLE, Policy, find_policy, parse_policy
from model.policies.timeline import Stage, Timeline, parse_timeline

Values = tuple[tuple[str, float], ...]

MOST_BYTES = 1_000_000
"""The largest file with a policy or a scenario."""
_MODULE = "learnweave_policies_"
"""How the modules of users' own files are called, with their digest."""


@dataclass(frozen=True)
class StagePlan:
    """One stage of a way: a policy by id, for some weeks, with dials set and a factor on leaders' hours."""

    policy: str
    weeks: int
    dials: Values = ()
    leader_hours: float = 1.0

    def describe(self) -> dict[str, Any]:
        """The stage as plain types."""
        plain: dict[str, Any] = {"policy": self.policy, "weeks": self.weeks} | dict(self.dials)
        return plain if self.leader_hours == 1.0 else plain | {"leader_hours": self.leader_hours}


@dataclass(frozen=True)
class Way:
    """One way of leading, in its world.

    Attributes:
        name: what it is called in results.
        stages: one, or a timeline.
        events: what happens meanwhile.
        values: parameters that differ from their defaults.
        ranges: parameters that are only known to lie between two values, as (name, from, to).
        hours: leader hours a school and period of its own; None: those of the parameters.
        titles: name in each language, as (language, title); () where the texts know the name.
    """

    name: str
    stages: tuple[StagePlan, ...]
    events: tuple[Event, ...] = ()
    values: Values = ()
    ranges: tuple[tuple[str, float, float], ...] = ()
    hours: float | None = None
    titles: tuple[tuple[str, str], ...] = ()

    def policy(self, leader_hours: float, weeks: int) -> Policy:
        """The policy, or timeline, to lead by.

        Args:
            leader_hours: hours of the parameters, which `hours` is weighed against.
            weeks: weeks of leading; whoever has fewer stops earlier.
        """
        factor = 1.0 if self.hours is None or leader_hours <= 0 else self.hours / leader_hours
        stages = [Stage(find_policy(stage.policy, **dict(stage.dials)), stage.weeks, factor * stage.leader_hours) for stage in self.stages]
        alone = len(stages) == 1 and stages[0].leader_hours == 1.0 and stages[0].weeks >= weeks
        return stages[0].policy if alone else Timeline(stages)

    def describe(self) -> dict[str, Any]:
        """Everything that decides a run under this way, but for the parameters, as plain types."""
        return {
            "stages": [stage.describe() for stage in self.stages],
            "events": [{"kind": event.kind} | event.values() for event in self.events],
            "hours": self.hours,
        }

    def at_defaults(self) -> dict[str, float]:
        """Values of this way's world when nothing is drawn: what is fixed, and a range's value nearest to the default."""
        return dict(self.values) | {name: _usual(name, low, high) for name, low, high in self.ranges}


def _usual(name: str, low: float, high: float) -> float:
    return min(max(SPECS[name].default, low), high)


def plain_way(name: str, weeks: int) -> Way:
    """The way that a policy's id, with or without dials, or the short form of a timeline stands for.

    Raises:
        ValueError: naming the nearest policy, or every stage that breaks a rule.
    """
    if ":" not in name:
        return Way(name, (_plan(parse_policy(name), weeks),))
    return Way(name, tuple(_plan(stage.policy, stage.weeks) for stage in parse_timeline(name).stages))


def _plan(policy: Policy, weeks: int) -> StagePlan:
    return StagePlan(policy.id, weeks, tuple((dial, value) for dial, value in vars(policy).items() if dial in SETTABLE))


def is_plain(name: str) -> bool:
    """Whether a name is meant to be a policy, with or without dials, or a timeline."""
    return ":" in name or "+" in name or name in POLICIES


def at_equal_hours(way: Way) -> Way:
    """The same way with the hours of the parameters: its own are left out, and a timeline only moves hours from week to week."""
    weeks = sum(stage.weeks for stage in way.stages)
    mean = sum(stage.leader_hours * stage.weeks for stage in way.stages) / weeks
    if mean == 0:
        return replace(way, hours=None)
    stages = tuple(replace(stage, leader_hours=stage.leader_hours / mean) for stage in way.stages)
    return replace(way, hours=None, stages=stages)


def at_own_hours(way: Way) -> Way:
    """The same way with hours of its own: those it names, else those that suit its policy, where there is one."""
    known = {POLICIES[stage.policy].leader_hours for stage in way.stages}
    return replace(way, hours=known.pop()) if way.hours is None and len(known) == 1 else way


@dataclass(frozen=True)
class PolicyFile:
    """A file with policies of a user's own, as it was when the question was asked.

    Attributes:
        digest: hash of its lines; results are named by it, never by the path.
        ids: policies it defines.
    """

    path: str
    digest: str
    ids: tuple[str, ...]


@functools.cache
def load_policies(path: str) -> PolicyFile:
    """Run a Python file that defines policies, and register them; once per process.

    The file is code and runs with all rights of whoever asked for it: it may only ever be named on the command line.

    Raises:
        ValueError: naming the file and what is wrong with it.
    """
    content = _read_policy_file(Path(path))
    digest = hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]
    before = dict(POLICIES)
    name = f"{_MODULE}{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path}: must be a Python file (.py)")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        return PolicyFile(path, digest, _defined(before))
    except Exception as error:  # noqa: BLE001 - whatever a user's own file raises is told as a problem of that file
        POLICIES.clear()
        POLICIES.update(before)
        del sys.modules[name]
        raise ValueError(f"{path}{_line_of(error, path)}: {error if isinstance(error, ValueError) else _told(error)}") from error


def _read_policy_file(path: Path) -> bytes:
    if path.suffix != ".py":
        raise ValueError(f"{path}: must be a Python file (.py)")
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"{path}: must be at most {MOST_BYTES:,} bytes")
    return content


def _defined(before: dict[str, type[Policy]]) -> tuple[str, ...]:
    """The ids a file has defined, each checked."""
    new = [name for name, policy in POLICIES.items() if before.get(name) is not policy]
    taken = [name for name in new if name in before and not before[name].__module__.startswith(_MODULE)]
    problems = [f"policy id {name!r} is one of the policies that ship: choose another" for name in taken]
    problems += [f"policy {name!r}: has no method act(self, leader)" for name in new if POLICIES[name].act is Policy.act]
    if not new:
        problems.append("defines no policy: a policy is a subclass of model.policies.Policy with an id")
    if problems:
        raise ValueError("; ".join(problems))
    return tuple(new)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _line_of(error: Exception, path: str) -> str:
    """The last line of the file itself that an error came through."""
    line, trace = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return "" if line is None else f", line {line}"


def make_sure_loaded(files: Iterable[PolicyFile]) -> None:
    """Have a worker know the policies of a user's own files.

    Raises:
        ValueError: where a file has changed since the question was asked.
    """
    for file in files:
        if load_policies(file.path).digest != file.digest:
            raise ValueError(f"{file.path}: has changed since the comparison began; start it again")
