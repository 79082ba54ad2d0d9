"""A scenario in plain words: the story, what its leaders do, what differs from the usual world, and where it comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from experiments.catalogue import Scenario
from experiments.fields import WORDS
from experiments.texts import LANGUAGES, Texts
from experiments.ways import StagePlan
from model.events import Event
from model.parameters import SPECS

WIDTH = 100


def list_scenarios(scenarios: Iterable[Scenario], texts: Texts) -> str:
    """Every scenario with id, title and question."""
    lines = [texts("scenarios.list_title"), ""]
    for scenario in scenarios:
        lines.append(f"{scenario.id}: {scenario.text('title', texts.language) or scenario.id}")
        lines.append(_wrap(scenario.text("question", texts.language), "    "))
    return "\n".join([*lines, "", texts("scenarios.list_hint")])


def explain(scenario: Scenario, texts: Texts) -> str:
    """One scenario: story, levers, what differs, what happens, what to talk about, sources."""
    language = texts.language
    title = scenario.text("title", language) or scenario.id
    parts = [[title, texts("scenarios.thinking_tool")], [_wrap(scenario.text("question", language))]]
    if story := scenario.text("story", language):
        parts.append([_wrap(story)])
    parts.append([texts("scenarios.levers"), *_marked(_levers(scenario, texts))])
    parts.append([texts("scenarios.differs"), *_marked(_differences(scenario, texts))])
    if scenario.way.events:
        parts.append([texts("scenarios.events"), *_marked(tell_event(event, texts) for event in scenario.way.events)])
    for kind in ("expectation", "debrief"):
        if text := scenario.text(kind, language):
            parts.append([texts(f"scenarios.{kind}"), *_marked([text])])
    if scenario.sources:
        parts.append([texts("scenarios.sources"), *_marked(dict(source)[language] for source in scenario.sources)])
    parts.append(
        [
            texts(
                "scenarios.run",
                command=f"learnweave compare {' '.join((scenario.id, *scenario.beside)) if scenario.beside else scenario.id}",
            )
        ]
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _marked(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield textwrap.fill(line, WIDTH, initial_indent="  - ", subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def _levers(scenario: Scenario, texts: Texts) -> Iterator[str]:
    """Each stage with its weeks and dials, then hours, then the weeks that follow."""
    for stage in scenario.way.stages:
        yield texts("scenarios.stage", policy=_policy(stage.policy, texts), weeks=stage.weeks, dials=_dials(stage, texts))
    if scenario.way.hours is not None:
        usual = SPECS["leader_hours"].default
        yield texts("scenarios.leader_hours", hours=_figure(scenario.way.hours, texts), usual=_figure(usual, texts))
    yield texts("scenarios.after", weeks=scenario.after)


def _dials(stage: StagePlan, texts: Texts) -> str:
    told = [f"{texts(f'scenarios.dials.{name}')} {_figure(value, texts)}" for name, value in stage.dials]
    if stage.leader_hours != 1.0:
        told.append(texts("scenarios.factor", factor=_figure(stage.leader_hours, texts)))
    return f" ({', '.join(told)})" if told else ""


def _policy(name: str, texts: Texts) -> str:
    text_id = f"policies.{name}.name"
    return f"{texts(text_id)} ({name})" if text_id in texts else name


def _differences(scenario: Scenario, texts: Texts) -> Iterator[str]:
    """What is set other than by default: the region, then parameters; a line that says so where nothing is."""
    for name, made in scenario.made:
        yield texts("scenarios.region", name=texts(f"scenarios.regions.{name}"), value=_plain(made, texts))
    for name, value in scenario.way.values:
        usual = _figure(SPECS[name].default, texts)
        yield texts("scenarios.value", name=_parameter(name, texts), value=_figure(value, texts), usual=usual)
    for name, low, high in scenario.way.ranges:
        yield texts("scenarios.range", name=_parameter(name, texts), low=_figure(low, texts), high=_figure(high, texts))
    if not scenario.made and not scenario.way.values and not scenario.way.ranges:
        yield texts("scenarios.nothing_differs")


def _parameter(name: str, texts: Texts) -> str:
    text_id = f"parameters.{name}.name"
    return f"{texts(text_id)} ({name})" if text_id in texts else name


def tell_event(event: Event, texts: Texts) -> str:
    """An event in a sentence, with whatever was set beside its week."""
    told = [texts(f"events.{event.kind}", week=event.week)]
    told += [texts(f"events.values.{name}", value=_plain(value, texts)) for name, value in event.values().items() if name != "week"]
    return " ".join(told)


def _plain(value: float, texts: Texts) -> str:
    return texts("scenarios.yes" if value else "scenarios.no") if isinstance(value, bool) else _figure(value, texts)


def _figure(value: float, texts: Texts) -> str:
    """A number with the decimals it has, six at most."""
    decimals = next(digits for digits in range(7) if digits == 6 or abs(round(value, digits) - value) < 1e-12)
    return texts.number(value, decimals)


def as_plain(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain types, for JSON: its texts, and everything that decides its results."""
    words = {kind: {language: scenario.text(kind, language) for language in LANGUAGES} for kind in WORDS}
    lists = {"sources": [dict(source) for source in scenario.sources], "beside": list(scenario.beside), "watch": list(scenario.watch)}
    return {"id": scenario.id, "extends": scenario.extends, "digest": scenario.digest} | words | lists | scenario.describe()
