"""What Explore tells, as plain types in one language: what can be chosen, and the week that is on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.app.places import scene_of
from experiments.app.twins import SHOWN, Twins, facts_of, why
from experiments.catalogue import load_shipped
from experiments.page import looks
from experiments.texts import Texts
from experiments.words import capital, exact, listed, percent_or, policy_name, shown_per, tell_note, tell_quantity
from model.learning_network import LearningNetwork
from model.measures import MEASURES
from model.names import school_name
from model.parameters import SPECS, contested
from model.policies import POLICIES
from model.region import Region, Role
from model.ties import Origin

if TYPE_CHECKING:
    from experiments.app.session import Session

LEVERS = ("leader_hours", "team_hours", "own_hours")
"""Parameters that somebody could decide on."""
_MOST_TERMS = 6
_MOST_OFFERED = 6
"""Schools told of in a preview."""


def ways(words: Texts) -> dict[str, str]:
    """What can lead a world: id → what it is called, policies first."""
    scenarios = {name: capital(one.text("title", words.language) or name) for name, one in load_shipped().items()}
    return {name: capital(policy_name(name, words)) for name in POLICIES} | scenarios


def name_of(way: str, words: Texts) -> str:
    """What a way of leading is called, also one that begins half-way."""
    known = ways(words)
    return " → ".join(known.get(part, part) for part in way.split(" → "))


def tell_setting(session: Session) -> dict[str, Any]:
    """What changes seldom: people and places, words, what can be chosen and set."""
    words = session.words
    said = {name.removeprefix("app.say."): text for name, text in words.templates.items() if name.startswith("app.say.")}
    setting: dict[str, Any] = {
        "lang": words.language, "say": said, "ways": ways(words), "names": list(session.setup.names),
        "notice": words("general.thinking_tool"),
        "levers": [_slider(name, session, words) for name in LEVERS], "weeks": session.setup.weeks,
        "unknown": [_slider(spec.name, session, words) for spec in contested() if spec.name not in LEVERS],
        "policies": {name: capital(policy_name(name, words)) for name in POLICIES},
        "origins": [words(f"origins.{origin.name.lower()}") for origin in Origin], "worlds": _worlds(session, words),
        "number": session.setup.replicate + 1, "scene": None, "own": session.setup.region is not None,
    }  # fmt: skip
    if session.twins is not None:
        setting["scene"] = _scene(session.twins, words)
        setting["people"] = words("app.people", people=session.twins.region.people, schools=count_schools(session.twins.region))
    return setting


def _worlds(session: Session, words: Texts) -> dict[str, str]:
    """Both worlds: id → how it is led."""
    return {} if session.twins is None else {name: name_of(name, words) for name in session.twins.worlds}


def count_schools(region: Region) -> int:
    """Schools that are no office of a board."""
    return int((~region.school_office).sum())


def _offer(region: Region, words: Texts) -> dict[str, Any]:
    """What is in somebody's own files, under fictional names: counts, the first schools, and what was assumed."""
    ties = 0 if region.first_ties is None else len(region.first_ties.ego)
    schools = np.flatnonzero(~region.school_office)
    rows = []
    for school in schools[:_MOST_OFFERED].tolist():
        here = region.role[region.school == school]
        counts = words("app.own.row", people=len(here), teachers=int((here == Role.TEACHER).sum()))
        rows.append({"school": school_name(school), "told": counts})
    notes = [tell_note(name, dict(values), words) for name, values in region.notes]
    if len(schools) > _MOST_OFFERED:
        notes = [words("app.own.and_more", count=len(schools) - _MOST_OFFERED), *notes]
    count = words("app.own.count", people=region.people, schools=len(schools), ties=ties)
    return {"title": words("app.own.preview"), "count": count, "rows": rows, "notes": notes}


def _scene(twins: Twins, words: Texts) -> dict[str, Any]:
    made = scene_of(twins.region)
    return made | {"text": 17, "roles": [words(f"roles.{Role(int(role)).name.lower()}") for role in twins.region.role]}


def _slider(name: str, session: Session, words: Texts) -> dict[str, Any]:
    spec = SPECS[name]
    value = dict(session.setup.values).get(name, spec.default)
    low, high = spec.sweep
    return {
        "name": name, "label": _label(name, words), "low": low, "high": high, "value": value, "neutral": spec.neutral,
        "step": 1 if spec.whole else (high - low) / 40, "told": _value(name, value, words),
        "usual": spec.default,
    }  # fmt: skip


def _value(name: str, value: float, words: Texts) -> str:
    """What a slider stands at: short where somebody can choose it, else as in reports."""
    short = f"app.lever_values.{name}"
    return (
        words(short, value=exact(round(value, 1), words))
        if short in words
        else tell_quantity(percent_or(value, name, words, rounded=True), name, words)
    )


def _label(name: str, words: Texts) -> str:
    """What a slider is called: short where somebody can choose it, else by the parameter's own name."""
    short = f"app.levers.{name}"
    return words(short) if short in words else capital(words(f"parameters.{name}.name"))


def tell_state(session: Session) -> dict[str, Any]:
    """The week on the screen, and everything told beside it."""
    words, twins = session.words, session.twins
    state: dict[str, Any] = {
        "busy": session.busy, "playing": session.playing, "speed": session.speed, "jumped": session.jumped, "note": session.note,
        "problem": session.problem, "offer": None if session.offered is None else _offer(session.offered, words),
        "chosen": session.chosen, "tie": list(session.tie),
    }  # fmt: skip
    if twins is None:
        return state | {"week": 0, "last": 1, "stop": 1, "worlds": [], "charts": [], "person": None, "why": None}
    look, first = looks(list(twins.worlds)), next(iter(twins.worlds.values()))
    return state | {
        "week": twins.week, "last": twins.last, "stop": twins.job.lead_weeks,
        "worlds": [
            {
                "id": name, "name": name_of(name, words), "colour": look[name].colour, "text": look[name].text,
                "told": _summary(twins, name, words),
            }
            for name in twins.worlds
        ],
        "charts": [_chart(twins, outcome, words) for outcome in SHOWN],
        "names": [first.at(row).name for row in range(twins.region.people)],
        "person": _person(twins, session.chosen, words) if session.chosen >= 0 else None,
        "why": _why(twins, session.tie, words) if session.tie[0] >= 0 else None,
    }  # fmt: skip


def _summary(twins: Twins, name: str, words: Texts) -> str:
    """The picture in words, for who does not see it."""
    region, ties = twins.region, twins.seen[name][twins.week].ties
    strong = ties[ties["bits"] & 1 > 0]
    across = int((region.school[strong["a"]] != region.school[strong["b"]]).sum())
    return words("app.picture", name=name_of(name, words), week=twins.week, strong=len(strong), across=across)


def _chart(twins: Twins, outcome: str, words: Texts) -> dict[str, Any]:
    per = shown_per(outcome)
    lines = [[round(value * per, 3) for value in line] for line in twins.series(outcome).values()]
    digits = 1 if per == 10 and max(map(max, lines)) < 20 else 0
    return {
        "title": capital(words(f"app.charts.{outcome}")), "lines": lines,
        "whole": per == 100 and not MEASURES[outcome].unit.startswith("share"),
        "told": [words.number(line[-1], digits) for line in lines],
    }  # fmt: skip


def _person(twins: Twins, row: int, words: Texts) -> dict[str, Any]:
    facts = [facts_of(world, row) for world in twins.worlds.values()]
    role, school = Role(int(twins.region.role[row])), int(twins.region.school[row])
    place = words("app.office") if twins.region.school_office[school] else school_name(school)
    labels = ("ties", "strong", "outside", "asked", "energy")
    return {
        "row": row, "names": list(dict.fromkeys(str(one["name"]) for one in facts)), "role": role.name.lower(),
        "place": words("app.role_at", role=words(f"roles.{role.name.lower()}"), place=place),
        "facts": [{"label": words(f"app.facts.{name}"), "values": [one[name] for one in facts]} for name in labels],
        "alters": _alters(facts, words),
    }  # fmt: skip


def _alters(facts: Sequence[Mapping[str, Any]], words: Texts) -> list[dict[str, Any]]:
    """Everybody this person turns to in one world or the other, with how the tie came about."""
    known: dict[int, dict[str, Any]] = {}
    for at, one in enumerate(facts):
        for alter in one["alters"]:
            nowhere: dict[str, Any] = {"in": [False, False], "strong": [False, False]}
            entry = known.setdefault(alter["row"], {"row": alter["row"], "name": alter["name"]} | nowhere)
            entry["in"][at], entry["strong"][at] = True, bool(alter["strong"])
            entry["origin"] = words(f"origins.{alter['origin']}")
    return list(known.values())


def _why(twins: Twins, tie: tuple[int, int], words: Texts) -> dict[str, Any]:
    """Why somebody would turn to somebody: for each world a sentence and the terms."""
    one, other = tie
    first = next(iter(twins.worlds.values()))
    worlds = [_why_here(world, one, other, words) for world in twins.worlds.values()]
    return {"title": words("app.why.title", one=first.at(one).name, other=first.at(other).name), "worlds": worlds}


def _why_here(world: LearningNetwork, one: int, other: int, words: Texts) -> dict[str, Any]:
    terms = why(world, one, other)[:_MOST_TERMS]
    there = any(alter.alter.row == other for alter in world.at(one).ties)
    names = {"one": world.at(one).name, "other": world.at(other).name}
    told = [{"label": words(f"app.terms.{name}.{_side(value)}"), "value": round(float(value), 2)} for name, value in terms]
    return {"sentence": _sentence(terms, there, names, words), "terms": told}


def _side(value: float) -> str:
    return "plus" if value > 0 else "minus"


def _sentence(terms: Sequence[tuple[str, float]], there: bool, names: Mapping[str, str], words: Texts) -> str:
    for_it = [words(f"app.terms.{name}.plus") for name, value in terms if value > 0][:2]
    against = [words(f"app.terms.{name}.minus") for name, value in terms if value < 0][:1]
    start = words("app.why.there" if there else "app.why.not_there", **names)
    parts = [words("app.why.for", reasons=listed(for_it, words))] if for_it else []
    parts += [words("app.why.against", reasons=against[0])] if against else []
    return " ".join([start, *parts])
