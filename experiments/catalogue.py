"""Scenarios: a question, a story in two languages, and the world they are about, read from TOML.

Those that ship lie in `experiments/scenarios/`; a user's own is a file anywhere. A scenario is data and never code: it names
policies, it brings none.
"""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.fields import ID, LEVERS, WORDS, Problem, check, check_id, nearest
from experiments.texts import LANGUAGES
from experiments.ways import MOST_BYTES, StagePlan, Values, Way
from model.events import Event, check_places, make_event
from model.policies import POLICIES, SETTABLE
from model.policies.timeline import MOST_WEEKS, parse_timeline
from model.region import RegionError, generate_region

FOLDER = Path(__file__).parent / "scenarios"
MOST_PARENTS = 10
WEEKS, AFTER = 40, 40
"""Weeks of leading, and weeks without, where a scenario says nothing: a school year each."""


class ScenarioError(ValueError):
    """A scenario cannot be used; `problems` holds every rule that was broken, the message the first twenty."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        more = len(self.problems) - 20
        super().__init__("\n".join([*self.problems[:20], *([f"... and {more} more"] if more > 0 else [])]))


@dataclass(frozen=True)
class Scenario:
    """One scenario, with everything it extends filled in.

    Attributes:
        way: policy or timeline, dials, events and parameters.
        weeks, after: weeks of leading, and weeks without that follow.
        made: arguments of the region that differ from the defaults, as (name, value).
        watch: measures to look at beside the usual ones.
        beside: scenarios or policies to compare it with where none are named.
        sources: where it comes from, each as (language, text) in every language.
        extends: id of the scenario it builds on, or "".
        words: its texts, as (kind, language, text).
    """

    id: str
    way: Way
    weeks: int
    after: int
    made: tuple[tuple[str, int], ...]
    watch: tuple[str, ...]
    beside: tuple[str, ...]
    sources: tuple[tuple[tuple[str, str], ...], ...]
    extends: str
    words: tuple[tuple[str, str, str], ...]

    def text(self, kind: str, language: str) -> str:
        """A text in a language, or in another where there is none; "" where it was never written."""
        texts = {tongue: text for name, tongue, text in self.words if name == kind}
        return texts.get(language) or next(iter(texts.values()), "")

    @property
    def title(self) -> str:
        """What it is called, in English where it has an English title."""
        return self.text("title", "en") or self.id

    @property
    def question(self) -> str:
        """What one wants to know, in English where it is asked in English."""
        return self.text("question", "en")

    @property
    def expectation(self) -> str:
        """What one might think will happen."""
        return self.text("expectation", "en")

    def describe(self) -> dict[str, Any]:
        """Everything that decides its results, as plain types."""
        ranges = {name: {"from": low, "to": high} for name, low, high in self.way.ranges}
        return self.way.describe() | {
            "weeks": self.weeks, "after": self.after, "region": dict(self.made), "uncertainties": dict(self.way.values) | ranges,
        }  # fmt: skip

    @property
    def digest(self) -> str:
        """Hash of what decides its results: two scenarios that differ in words alone share it."""
        return hashlib.sha256(json.dumps(self.describe(), sort_keys=True).encode()).hexdigest()[:16]


@functools.cache
def shipped() -> tuple[str, ...]:
    """Ids of the scenarios that ship, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@functools.cache
def load_shipped() -> Mapping[str, Scenario]:
    """Every scenario that ships, by id."""
    return {name: load_scenario(name) for name in shipped()}


def is_scenario(name: str) -> bool:
    """Whether a name is that of a scenario: one that ships, or a .toml file."""
    return name.endswith(".toml") or name in shipped()


def load_scenario(name: str) -> Scenario:
    """A scenario that ships, by id, or a user's own, by the path of its .toml file.

    Raises:
        ScenarioError: naming every problem with file, key, value and rule.
    """
    chain = _read_chain(find_file(name, None))
    path, data = chain[0][0], _merge([part for _, part in chain])
    if problems := [_tell(path, problem) for problem in _check_whole(data)]:
        raise ScenarioError(problems)
    scenario = _make(path.stem, data, chain[1][0].stem if len(chain) > 1 else "")
    if wrong := check_places(scenario.way.events, _region(scenario.made)):
        raise ScenarioError([f"{path.name}: events: {rule}" for rule in wrong])
    return scenario


def find_file(name: str, beside: Path | None) -> Path:
    """The file of a scenario: an id is one that ships; a name that ends in .toml is a path, for `extends` in the same folder.

    Raises:
        ScenarioError: for an id that is not one, or that nobody ships, naming the nearest.
    """
    if name.endswith(".toml"):
        path = Path(name) if beside is None else beside.parent / name
        if rule := check_id(path.stem):
            raise ScenarioError([f"{path.name}: the name of the file {rule}"])
        return path
    if not ID.fullmatch(name) or name not in shipped():
        where = "" if beside is None else f"{beside.name}: extends = "
        raise ScenarioError(
            [f"{where}{name[:80]!r}: no such scenario (nearest: {nearest(name, shipped())!r}; all: {', '.join(shipped())})"]
        )
    return FOLDER / f"{name}.toml"


def _read_chain(path: Path) -> list[tuple[Path, dict[str, Any]]]:
    """A file and all it extends, the file itself first, each checked by itself."""
    chain: list[tuple[Path, dict[str, Any]]] = []
    problems: list[str] = []
    while True:
        data = read_toml(path)
        own = check(data)
        if "id" in data and data["id"] != path.stem and not any(key.startswith("id =") for key, _ in own):
            own.append((f"id = {data['id']!r}", f"must be the name of the file, {path.stem!r}"))
        problems += [_tell(path, problem) for problem in own]
        chain.append((path, data))
        parent = data.get("extends")
        if parent is None or any(key.startswith("extends") for key, _ in own):
            break
        path = find_file(parent, path)
        if path.resolve() in [seen.resolve() for seen, _ in chain]:
            trail = " → ".join(seen.stem for seen, _ in chain)
            raise ScenarioError([*problems, f"{chain[-1][0].name}: extends = {parent!r}: goes round in a circle ({trail} → {path.stem})"])
        if len(chain) > MOST_PARENTS:
            raise ScenarioError([*problems, f"{chain[0][0].name}: extends: at most {MOST_PARENTS} scenarios may build on each other"])
    if problems:
        raise ScenarioError(problems)
    return chain


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file that may come from anybody.

    Raises:
        ScenarioError: where it cannot be read, is too large, is no text, or no TOML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ScenarioError([f"{path.name}: must be at most {MOST_BYTES:,} bytes"])
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ScenarioError([f"{path}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise ScenarioError([f"{path.name}: must be text in UTF-8 (byte {error.start} is not)"]) from None
    except RecursionError:
        raise ScenarioError([f"{path.name}: is nested too deeply"]) from None
    except ScenarioError:
        raise
    except ValueError as error:  # of TOML, and of whole numbers with thousands of digits
        raise ScenarioError([f"{path.name}: is not TOML: {str(error)[:200]}"]) from None


def _tell(path: Path, problem: Problem) -> str:
    return f"{path.name}: {problem[0]}: {problem[1]}"


def _merge(chain: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What holds: a file's own values, else those of what it extends; another policy begins without the dials of the old one."""
    merged: dict[str, Any] = {}
    for data in reversed(chain):
        levers = dict(merged.get("levers", {}))
        if {"policy", "timeline"} & set(data.get("levers", {})):
            levers = {name: value for name, value in levers.items() if name in LEVERS}
        tables = {name: merged.get(name, {}) | data.get(name, {}) for name in (*WORDS, "uncertainties", "region", "outcomes")}
        merged = merged | {name: value for name, value in data.items() if name not in ("id", "extends")} | tables
        merged["levers"] = levers | data.get("levers", {})
    return merged


def _check_whole(data: Mapping[str, Any]) -> list[Problem]:
    """Rules that need the whole scenario, with what it extends."""
    problems: list[Problem] = []
    levers = data["levers"]
    if not data["question"]:
        problems.append(("question", "must be given: what does one want to know?"))
    if not {"policy", "timeline"} & set(levers):
        problems.append(("levers", "must have a policy or a timeline"))
    elif "timeline" in levers:
        weeks = sum(stage.weeks for stage in _stages(levers, 0))
        if not 1 <= weeks <= MOST_WEEKS:
            problems.append(("levers.timeline", f"lasts {weeks} weeks: must be 1 to {MOST_WEEKS}"))
        if levers.get("weeks", weeks) < weeks:
            problems.append((f"levers.weeks = {levers['weeks']}", f"must be at least the {weeks} weeks of the timeline"))
        problems += [(f"levers.{dial}", "belongs in a stage of the timeline") for dial in SETTABLE if dial in levers]
    try:
        _region(tuple(sorted(data["region"].items())))
    except RegionError as error:
        problems += [("region", rule) for rule in error.problems]
    return problems


@functools.lru_cache(maxsize=16)
def _region(made: tuple[tuple[str, int], ...]) -> Any:
    return generate_region(**dict(made))  # type: ignore[arg-type]


def _stages(levers: Mapping[str, Any], weeks: int) -> tuple[StagePlan, ...]:
    """The policy as one stage, or the timeline as it is written."""
    if "policy" in levers:
        return (StagePlan(levers["policy"], weeks, _dials(levers)),)
    timeline = levers["timeline"]
    if isinstance(timeline, str):
        return tuple(StagePlan(type(stage.policy).id, stage.weeks) for stage in parse_timeline(timeline).stages)
    return tuple(StagePlan(stage["policy"], stage["weeks"], _dials(stage), float(stage.get("leader_hours", 1))) for stage in timeline)


def _dials(table: Mapping[str, Any]) -> Values:
    return tuple((dial, float(table[dial])) for dial in SETTABLE if dial in table)


def _events(data: Mapping[str, Any]) -> tuple[Event, ...]:
    return tuple(make_event(event["kind"], {name: event[name] for name in event if name != "kind"}) for event in data.get("events", []))


def _in_every_language(source: str | Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """A source in each language; in the one it is written in where there is no other."""
    if isinstance(source, str):
        return tuple((language, source) for language in LANGUAGES)
    return tuple((language, source.get(language, next(iter(source.values())))) for language in LANGUAGES)


def _make(name: str, data: Mapping[str, Any], parent: str) -> Scenario:
    levers, unknown = data["levers"], data["uncertainties"]
    stages = _stages(levers, levers.get("weeks", WEEKS))
    titles = tuple((language, data["title"].get(language, name)) for language in LANGUAGES) if data["title"] else ()
    way = Way(
        name=name, stages=stages, events=_events(data), hours=levers.get("leader_hours"), titles=titles,
        values=tuple(sorted((one, value) for one, value in unknown.items() if not isinstance(value, dict))),
        ranges=tuple(sorted((one, value["from"], value["to"]) for one, value in unknown.items() if isinstance(value, dict))),
    )  # fmt: skip
    return Scenario(
        id=name, way=way, weeks=levers.get("weeks", sum(stage.weeks for stage in stages)), after=levers.get("after", AFTER),
        made=tuple(sorted((one, value) for one, value in data["region"].items() if value != _USUAL.get(one))),
        watch=tuple(data["outcomes"].get("watch", ())), beside=tuple(data.get("beside", ())),
        sources=tuple(_in_every_language(one) for one in data.get("sources", ())),
        extends=parent, words=tuple((kind, language, data[kind][language]) for kind in WORDS for language in data[kind]),
    )  # fmt: skip


_USUAL: Mapping[str, Any] = dict(generate_region.__kwdefaults__ or {})


def check_beside(scenario: Scenario) -> list[str]:
    """Names in `beside` that stand for nothing."""
    return [name for name in scenario.beside if not is_scenario(name) and name not in POLICIES and ":" not in name]
