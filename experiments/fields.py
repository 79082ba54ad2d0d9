"""What a scenario file may hold: one description of every field, read by the check, by the JSON schema and by the explanation."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from experiments.texts import LANGUAGES
from model.events import EVENTS, LAST_WEEK, check_event
from model.measures import MEASURES
from model.parameters import SPECS
from model.policies import POLICIES, SETTABLE, TRIGGERS, find_policy
from model.policies.timeline import MOST_STAGES, MOST_WEEKS, parse_timeline

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
"""What a scenario may be called; so that a name is never a path."""
MOST_EVENTS, MOST_SOURCES, MOST_LETTERS, MOST_BESIDE = 50, 30, 5_000, 8

WORDS = {
    "title": "what it is called",
    "question": "what one wants to know",
    "story": "what is going on, for people who will talk about it",
    "expectation": "what one might think will happen",
    "debrief": "what to talk about afterwards",
}
"""Texts by language."""
REGION = {
    "boards": ("number of boards", 1, 100),
    "schools": ("schools of a board", 1, 200),
    "people_per_school": ("people in a school", 3, 200),
    "teams_per_school": ("teams (bouwen) of teachers in a school", 1, 12),
    "board_members": ("board members of a board", 0, 20),
    "policy_officers": ("policy officers of a board's office", 0, 20),
    "towns": ("towns", 1, 200),
    "swvs": ("samenwerkingsverbanden", 1, 200),
    "seed": ("of the sizes, where they are unequal", 0, 2**53),
}
"""Whole numbers that make a region: meaning and bounds; `unequal_sizes` is the only truth beside them."""
LEVERS = {
    "weeks": ("weeks of leading", 1, MOST_WEEKS, True),
    "after": ("weeks without leading that follow", 0, LAST_WEEK, True),
    "leader_hours": ("hours a school's leader has in a period of 8 weeks", SPECS["leader_hours"].low, SPECS["leader_hours"].high, False),
}
"""Numbers a leader can choose, beside the policy and its dials."""
TABLES = ("levers", "uncertainties", "region", "outcomes")
TOP = ("id", "extends", *WORDS, "sources", "beside", *TABLES, "events")
STAGE = ("policy", "weeks", "leader_hours", *SETTABLE)

Problem = tuple[str, str]
"""A key and the rule it breaks."""


def check(data: Mapping[str, Any]) -> list[Problem]:
    """Every rule that one file's content breaks by itself: unknown keys, kinds and bounds."""
    problems = list(_unknown(data, TOP, ""))
    problems += _check_names(data)
    problems += [found for name in WORDS if name in data for found in _check_words(name, data[name])]
    for table, rule in _RULES.items():
        if table not in data:
            continue
        if isinstance(data[table], Mapping):
            problems += rule(data[table])
        else:
            problems.append((table, f"must be a table, [{table}]"))
    return problems + list(_check_events(data.get("events", [])))


def _unknown(data: Mapping[str, Any], known: Iterable[str], where: str) -> Iterator[Problem]:
    for name in data:
        if name not in known:
            yield f"{where}{_shown(name)}", f"no such key (nearest: {nearest(name, known)!r})"


def _check_names(data: Mapping[str, Any]) -> Iterator[Problem]:
    if "id" in data and (rule := check_id(data["id"])):
        yield f"id = {shown(data['id'])}", rule
    if "extends" in data and (not isinstance(data["extends"], str) or not ID.fullmatch(data["extends"].removesuffix(".toml"))):
        yield f"extends = {shown(data['extends'])}", "must be the id of a scenario, or the name of a .toml file in the same folder"
    for name, most, kinds in (("sources", MOST_SOURCES, (str, Mapping)), ("beside", MOST_BESIDE, (str,))):
        value = data.get(name, [])
        if not isinstance(value, list) or len(value) > most or not all(isinstance(one, kinds) for one in value):
            yield name, f"must be a list of at most {most} texts"
            continue
        for one in value:
            yield from _check_words(name, one) if isinstance(one, Mapping) else ((name, rule) for rule in [_check_text(one)] if rule)


def check_id(name: object) -> str | None:
    """The rule that a scenario's id breaks."""
    if isinstance(name, str) and ID.fullmatch(name):
        return None
    return "must be 1 to 64 letters, digits, - and _, and begin with a letter or digit"


def _check_words(name: str, value: Any) -> Iterator[Problem]:
    if not isinstance(value, Mapping) or not value:
        yield name, f"must be a table with a text for {' and '.join(LANGUAGES)}"
        return
    yield from _unknown(value, LANGUAGES, f"{name}.")
    yield from ((f"{name}.{_shown(language)}", rule) for language, text in value.items() if (rule := _check_text(text)))


def _check_text(text: Any) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return "must be a text"
    if len(text) > MOST_LETTERS:
        return f"must be at most {MOST_LETTERS} characters"
    if not all(letter.isprintable() or letter == "\n" for letter in text):
        return "must hold no control characters"
    return None


def _check_number(value: Any, low: float, high: float, *, whole: bool = False) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return "must be a finite number"
    if not low <= value <= high:
        return f"must be {low:g} to {high:g}"
    return "must be a whole number" if whole and not isinstance(value, int) else None


def _check_levers(levers: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(levers, ("policy", "timeline", *LEVERS, *SETTABLE), "levers.")
    if "policy" in levers and "timeline" in levers:
        yield "levers", "must have a policy or a timeline, not both"
    if "policy" in levers and (rule := _check_policy(levers["policy"])):
        yield f"levers.policy = {shown(levers['policy'])}", rule
    if "timeline" in levers:
        yield from _check_timeline(levers["timeline"])
    for name, (_, low, high, whole) in LEVERS.items():
        if name in levers and (rule := _check_number(levers[name], low, high, whole=whole)):
            yield f"levers.{name} = {shown(levers[name])}", rule
    yield from _check_dials(levers, "levers.")


def _check_dials(table: Mapping[str, Any], where: str) -> Iterator[Problem]:
    for dial, (low, high) in SETTABLE.items():
        if dial in table and (rule := _check_number(table[dial], low, high)):
            yield f"{where}{dial} = {shown(table[dial])}", rule
    policy = POLICIES.get(table["policy"]) if isinstance(table.get("policy"), str) else None
    if policy is not None:
        missing = (dial for dial in TRIGGERS if dial in table and not hasattr(policy, dial))
        yield from ((f"{where}{dial}", f"{policy.id} has no such trigger") for dial in missing)


def _check_policy(name: Any) -> str | None:
    if not isinstance(name, str):
        return "must be the id of a policy"
    try:
        find_policy(name[:100])
    except ValueError as error:
        return str(error).partition(": ")[2]
    return None


def _check_timeline(timeline: Any) -> Iterator[Problem]:
    if isinstance(timeline, str):
        try:
            parse_timeline(timeline[:MOST_LETTERS])
        except ValueError as error:
            yield "levers.timeline", str(error)[:MOST_LETTERS]
        return
    if not isinstance(timeline, list) or not 1 <= len(timeline) <= MOST_STAGES:
        yield "levers.timeline", f"must be a text such as 'nurtured:40, on_its_own:20', or a list of 1 to {MOST_STAGES} tables"
        return
    for number, stage in enumerate(timeline, start=1):
        where = f"levers.timeline, stage {number}: "
        if not isinstance(stage, Mapping):
            yield where, "must be a table with a policy and weeks"
            continue
        yield from _unknown(stage, STAGE, where)
        yield from ((f"{where}{name}", "must be given") for name in ("policy", "weeks") if name not in stage)
        if "policy" in stage and (rule := _check_policy(stage["policy"])):
            yield f"{where}policy = {shown(stage['policy'])}", rule
        if "weeks" in stage and (rule := _check_number(stage["weeks"], 1, MOST_WEEKS, whole=True)):
            yield f"{where}weeks = {shown(stage['weeks'])}", rule
        if "leader_hours" in stage and (rule := _check_number(stage["leader_hours"], 0, 20)):
            yield f"{where}leader_hours = {shown(stage['leader_hours'])} (a factor)", rule
        yield from _check_dials(stage, where)


def _check_uncertainties(table: Mapping[str, Any]) -> Iterator[Problem]:
    for name, value in table.items():
        if name not in SPECS:
            yield f"uncertainties.{_shown(name)}", f"no such parameter (nearest: {nearest(name, SPECS)!r})"
        elif name == "leader_hours":
            yield "uncertainties.leader_hours", "is a lever: put it in [levers]"
        elif isinstance(value, Mapping):
            yield from _check_range(name, value)
        elif isinstance(value, bool) or not isinstance(value, (int, float)) or not _is_small(value):
            yield f"uncertainties.{name} = {shown(value)}", "must be a number, or a table with from and to"
        elif rule := SPECS[name].check(value):
            yield f"uncertainties.{name}", rule


def _check_range(name: str, value: Mapping[str, Any]) -> Iterator[Problem]:
    where = f"uncertainties.{name}"
    yield from _unknown(value, ("from", "to"), f"{where}.")
    low, high = value.get("from"), value.get("to")
    ends = [end for end in (low, high) if end is not None]
    rules = [SPECS[name].check(end) if _is_small(end) and not isinstance(end, str) else "must be finite numbers" for end in ends]
    if low is None or high is None:
        rules.append("must have from and to")
    broken = [rule for rule in rules if rule]
    if not broken and low is not None and high is not None and not low < high:
        broken = [f"from = {low:g} must be below to = {high:g}"]
    yield from ((where, rule) for rule in dict.fromkeys(broken))


def _is_small(value: Any) -> bool:
    """Whether a number is one that can be printed and compared as a float."""
    return not isinstance(value, int) or abs(value) < 2**63


def _check_region(region: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(region, (*REGION, "unequal_sizes"), "region.")
    for name, (_, low, high) in REGION.items():
        if name in region and (rule := _check_number(region[name], low, high, whole=True)):
            yield f"region.{name} = {shown(region[name])}", rule
    if not isinstance(region.get("unequal_sizes", True), bool):
        yield f"region.unequal_sizes = {shown(region['unequal_sizes'])}", "must be true or false"


def _check_outcomes(outcomes: Mapping[str, Any]) -> Iterator[Problem]:
    yield from _unknown(outcomes, ("watch",), "outcomes.")
    watch = outcomes.get("watch", [])
    if not isinstance(watch, list) or not all(isinstance(one, str) for one in watch) or len(watch) > len(MEASURES):
        yield "outcomes.watch", "must be a list of measures"
        return
    for one in watch:
        if one not in MEASURES:
            yield f"outcomes.watch: {shown(one)}", f"no such measure (nearest: {nearest(one, MEASURES)!r})"


def _check_events(events: Any) -> Iterator[Problem]:
    if not isinstance(events, list) or len(events) > MOST_EVENTS or not all(isinstance(event, Mapping) for event in events):
        yield "events", f"must be at most {MOST_EVENTS} tables, each begun by [[events]]"
        return
    for number, event in enumerate(events, start=1):
        values = {name: value for name, value in event.items() if name != "kind"}
        large = [name for name, value in values.items() if not _is_small(value)]
        rules = [f"{_shown(name)}: must be a finite number" for name in large] or check_event(_clipped(event.get("kind")), values)
        yield from ((f"events, number {number}", rule) for rule in rules)


def _clipped(value: Any) -> Any:
    return value[:100] if isinstance(value, str) else shown(value)


_RULES: Mapping[str, Callable[[Mapping[str, Any]], Iterator[Problem]]] = {
    "levers": _check_levers, "uncertainties": _check_uncertainties, "region": _check_region, "outcomes": _check_outcomes,
}  # fmt: skip


def nearest(name: str, names: Iterable[str]) -> str:
    """The name most like it."""
    return difflib.get_close_matches(name[:100], list(names), n=1, cutoff=0.0)[0]


def shown(value: Any) -> str:
    """A value as it may be repeated in a message: short, and without control characters."""
    if not _is_small(value):
        return "a number of many digits"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _shown(name: str) -> str:
    return shown(name)[1:-1]


def json_schema() -> dict[str, Any]:
    """The JSON schema of a scenario file (draft 2020-12), built from the same descriptions as the check."""
    name = {"type": "string"}
    events = {"oneOf": [_event_schema(kind) for kind in sorted(EVENTS)]}
    watch = _list_schema({"enum": sorted(MEASURES)}, "measures to look at, beside the usual ones", len(MEASURES))
    properties: dict[str, Any] = {
        "id": name | {"pattern": f"^{ID.pattern}$", "description": "what it is called; the same as the file"},
        "extends": name | {"description": "a scenario whose values hold where this one has none"},
        **{kind: _words_schema(meaning) for kind, meaning in WORDS.items()},
        "sources": _list_schema({"oneOf": [name, _words_schema("by language")]}, "where it comes from", MOST_SOURCES),
        "beside": _list_schema(name, "scenarios or policies it is compared with where none are named", MOST_BESIDE),
        "levers": _levers_schema(),
        "uncertainties": _table({one: _parameter_schema(one) for one in SPECS if one != "leader_hours"}, "what nobody knows"),
        "region": _region_schema(),
        "events": _list_schema(events, "what happens meanwhile", MOST_EVENTS),
        "outcomes": _table({"watch": watch}, "what one looks at"),
    }
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "learnweave scenario"}
    return schema | _table(properties, "a question, a story, and the world they are about")


def _region_schema() -> dict[str, Any]:
    properties: dict[str, Any] = {
        name: {"type": "integer", "minimum": low, "maximum": high, "description": meaning} for name, (meaning, low, high) in REGION.items()
    }
    properties["unequal_sizes"] = {"type": "boolean", "description": "sizes that differ as those of Dutch primary schools do"}
    return _table(properties, "who works where")


def _table(properties: dict[str, Any], description: str, required: Iterable[str] = ()) -> dict[str, Any]:
    table = {"type": "object", "description": description, "properties": properties, "additionalProperties": False}
    return table | ({"required": sorted(required)} if required else {})


def _list_schema(items: dict[str, Any], description: str, most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": most, "description": description}


def _words_schema(meaning: str) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1, "maxLength": MOST_LETTERS}
    return _table(dict.fromkeys(LANGUAGES, text), meaning) | {"minProperties": 1}


def _levers_schema() -> dict[str, Any]:
    dials = {
        dial: {"type": "number", "minimum": low, "maximum": high, "description": "trigger" if dial in TRIGGERS else "dial of pull"}
        for dial, (low, high) in SETTABLE.items()
    }
    policy = {"enum": sorted(POLICIES), "description": "way of leading"}
    weeks = {"type": "integer", "minimum": 1, "maximum": MOST_WEEKS}
    factor = {"type": "number", "minimum": 0, "maximum": 20, "description": "factor on leaders' hours"}
    stage = _table({"policy": policy, "weeks": weeks, "leader_hours": factor} | dials, "one stage", ("policy", "weeks"))
    numbers = {
        name: {"type": "integer" if whole else "number", "minimum": low, "maximum": high, "description": meaning}
        for name, (meaning, low, high, whole) in LEVERS.items()
    }
    timeline = {"oneOf": [{"type": "string"}, _list_schema(stage, "stages, in order", MOST_STAGES) | {"minItems": 1}]}
    return _table({"policy": policy, "timeline": timeline} | numbers | dials, "what a leader can choose")


def _parameter_schema(name: str) -> dict[str, Any]:
    spec = SPECS[name]
    number = {"type": "integer" if spec.whole else "number", "minimum": spec.low, "maximum": spec.high}
    span = _table({"from": number, "to": number}, "drawn between these two", ("from", "to"))
    return {"description": f"{spec.meaning} ({spec.unit})", "default": spec.default, "oneOf": [number, span]}


def _event_schema(kind: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"kind": {"const": kind}}
    for one in fields(EVENTS[kind]):
        facts = one.metadata
        number = {"type": "integer" if facts["whole"] else "number", "minimum": facts["low"], "maximum": facts["high"]}
        properties[one.name] = number | {"description": facts["meaning"]}
    needed = [one.name for one in fields(EVENTS[kind]) if one.default is MISSING]
    return _table(properties, (EVENTS[kind].__doc__ or "").strip(), ["kind", *needed])
